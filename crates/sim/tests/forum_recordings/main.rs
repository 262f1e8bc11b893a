//! Replays what was recorded from a real Discourse 2.9 against the simulated forum and compares the
//! answers: status, headers that matter, fields and their types.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::indexing_slicing, reason = "what a recording lacks fails the test")]
#![expect(clippy::print_stdout, reason = "what is left out is said")]

mod compare;
mod connect;
mod known;
mod recording;
mod topics;
mod world;

use std::collections::BTreeSet;

use compare::{headers, shape, shape_of_hook};
use known::{Ledger, left_out};
use recording::{Recording, folder, recordings};
use world::World;

/// Folders whose exchanges are one request each.
const FOLDERS: [&str; 6] = ["read", "errors", "actions", "setup", "localised-de", "topics"];

#[tokio::test]
async fn the_forum_answers_as_the_recorded_one_did() {
    let Some(root) = folder() else { return };
    let mut ledger = Ledger::default();
    let mut hooks_seen = Vec::new();
    let client = world::client();
    for name in FOLDERS {
        for recording in recordings(&root, name) {
            if left_out(&recording.name) {
                ledger.left_out(&recording.name);
                continue;
            }
            hooks_seen.extend(replay(&recording, &client, &mut ledger).await);
        }
    }
    hooks_seen.extend(beside(&client).await);
    compare_hooks(&root, &hooks_seen, &mut ledger);
    ledger.settle();
}

#[tokio::test]
async fn the_provider_answers_as_the_recorded_one_did() {
    let Some(root) = folder() else { return };
    let mut ledger = Ledger::default();
    let client = world::client();
    for recording in recordings(&root, "connect") {
        connect::replay(&recording, &client, &mut ledger).await;
    }
    ledger.settle_steps();
}

/// Asks what was asked, and says the deliveries that followed.
async fn replay(
    recording: &Recording,
    client: &reqwest::Client,
    ledger: &mut Ledger,
) -> Vec<(String, String)> {
    let world = World::for_recording(&recording.name, client).await;
    let answer = world.ask(&recording.request).await;
    ledger.note(&recording.name, answer.status != recording.response.status, || {
        format!("status is {} and not {}", answer.status, recording.response.status)
    });
    for difference in headers(&recording.response, &answer) {
        ledger.differs(&recording.name, &difference);
    }
    if let (Some(recorded), Some(ours)) = (&recording.response.json, &answer.json) {
        for difference in shape(recorded, ours) {
            ledger.differs(&recording.name, &difference);
        }
    }
    world.sim.quiet().await;
    let delivered: Vec<(String, String)> =
        world.sim.deliveries().into_iter().map(|delivery| (delivery.event, delivery.body)).collect();
    if let Some(expected) = &recording.hooks {
        let kinds = |names: Vec<&str>| -> BTreeSet<String> {
            names.into_iter().filter(|name| known::is_compared(name)).map(str::to_owned).collect()
        };
        let expected = kinds(expected.iter().map(String::as_str).collect());
        let ours = kinds(delivered.iter().map(|(event, _)| event.as_str()).collect());
        ledger.note(&recording.name, expected != ours, || {
            format!("webhooks are {ours:?} and not {expected:?}")
        });
    }
    delivered
}

/// The deliveries of acts that were not recorded themselves.
async fn beside(client: &reqwest::Client) -> Vec<(String, String)> {
    let world = World::for_recording("actions/beside", client).await;
    topics::acts_beside(&world.sim);
    world.sim.quiet().await;
    world.sim.deliveries().into_iter().map(|delivery| (delivery.event, delivery.body)).collect()
}

/// Every recorded delivery has the shape of one that the simulated forum sent.
fn compare_hooks(root: &std::path::Path, sent: &[(String, String)], ledger: &mut Ledger) {
    for (name, event, body) in recording::deliveries(root) {
        if left_out(&name) {
            ledger.left_out(&name);
            continue;
        }
        let of_kind = sent.iter().filter(|(sent_event, _)| *sent_event == event);
        match of_kind.map(|(_, ours)| shape_of_hook(&body, ours)).min_by_key(Vec::len) {
            Some(differences) => {
                for difference in differences {
                    ledger.differs(&name, &difference);
                }
            }
            None => ledger.differs(&name, "no delivery of that kind was sent"),
        }
    }
}
