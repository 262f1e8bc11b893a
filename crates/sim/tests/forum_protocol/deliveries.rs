//! Webhooks on their way: pings, signatures, what is lost, doubled, held back, late, and sent again.

use aws_lc_rs::hmac;
use serde_json::json;
use sim::forum::HookFaults;

use crate::harbor::{Harbor, read};
use crate::receiver::{Got, Receiver};

const SECRET: &str = "a secret of some length";
const MINUTE_MS: i64 = 60_000;

async fn told(types: &[&str], answers: &[u16]) -> (Harbor, Receiver, i64) {
    let harbor = Harbor::open(|settings| settings.retry_webhooks = !answers.is_empty()).await;
    let receiver = Receiver::answering(answers).await;
    let hook = harbor.sim.add_webhook(&receiver.url, SECRET, types);
    (harbor, receiver, hook)
}

/// Something that sends exactly one delivery (`user_updated`).
fn one_act(harbor: &Harbor, title: &str) {
    harbor.sim.set_title(harbor.sim.admin(), harbor.mira, title).unwrap();
}

fn is_signed(got: &Got) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let digits = data_encoding::HEXLOWER.encode(hmac::sign(&key, got.body.as_bytes()).as_ref());
    got.header("X-Discourse-Event-Signature") == format!("sha256={digits}")
}

#[tokio::test]
async fn a_ping_reaches_whoever_asked_for_it_also_where_nothing_else_would() {
    let (harbor, mut receiver, hook) = told(&["user"], &[]).await;
    harbor.sim.edit_webhook(hook, |hook| hook.active = false);
    one_act(&harbor, "Old Salt");
    let path = format!("/admin/api/web_hooks/{hook}/ping.json");
    let seen = harbor.ask("POST", &path, &harbor.sim.api_key()).await;
    assert_eq!((seen.status, seen.json()), (200, json!({"success": "OK"})));
    harbor.sim.quiet().await;
    let all = receiver.all();
    assert_eq!(all.len(), 1, "a webhook that is switched off only answers pings");
    let ping = &all[0];
    assert_eq!((ping.event().as_str(), ping.body.as_str()), ("ping", r#"{"ping":"OK"}"#));
    assert!(is_signed(ping));
    assert!(!ping.header("Host").contains(':'), "no port: {}", ping.header("Host"));
    assert_eq!(ping.header("X-Discourse-Instance"), harbor.sim.url());
    assert!(!harbor.sim.ping(99), "no such webhook");
}

#[tokio::test]
async fn a_webhook_for_everything_that_names_no_types_never_fires() {
    let (harbor, mut receiver, _) = told(&[], &[]).await;
    let request = harbor.http.post(format!("{}/admin/api/web_hooks.json", harbor.sim.url()));
    let request = request.header("Api-Key", harbor.sim.api_key()).header("Api-Username", "captain");
    let form = json!({"web_hook": {"payload_url": receiver.url, "secret": SECRET, "active": "true",
        "wildcard_web_hook": "true", "content_type": 1}});
    let made = read(request.json(&form)).await.unwrap();
    assert_eq!((made.status, &made.json()["web_hook"]["active"]), (200, &json!(true)));
    one_act(&harbor, "Old Salt");
    assert!(harbor.sim.ping(made.json()["web_hook"]["id"].as_i64().unwrap()));
    harbor.sim.quiet().await;
    assert_eq!(receiver.events(), ["ping"]);
}

#[tokio::test]
async fn json_comes_under_both_content_types_and_is_signed_as_it_stands() {
    for (number, kind) in [(1, "application/json"), (2, "application/x-www-form-urlencoded")] {
        let (harbor, mut receiver, hook) = told(&["user"], &[]).await;
        harbor.sim.edit_webhook(hook, |hook| hook.content_type = number);
        one_act(&harbor, "Old Salt");
        let got = receiver.next().await;
        assert_eq!(got.header("Content-Type"), kind);
        assert!(is_signed(&got), "{kind}");
        let body: serde_json::Value = serde_json::from_str(&got.body).unwrap();
        assert_eq!(body["user"]["title"], "Old Salt", "{kind}");
    }
}

#[tokio::test]
async fn deliveries_are_lost_doubled_and_held_back_as_often_as_said() {
    let (harbor, mut receiver, _) = told(&["user"], &[]).await;
    let faults = HookFaults { drop_next: 1, hold_next: 2, ..HookFaults::default() };
    harbor.sim.set_hook_faults(HookFaults { duplicate_next: 1, release_reversed: true, ..faults });
    for title in ["lost", "held first", "held second", "doubled", "plain"] {
        one_act(&harbor, title);
    }
    harbor.sim.quiet().await;
    let titles = |all: Vec<Got>| -> Vec<String> {
        let title = |got: Got| -> String {
            let body: serde_json::Value = serde_json::from_str(&got.body).unwrap();
            body["user"]["title"].as_str().unwrap().to_owned()
        };
        all.into_iter().map(title).collect()
    };
    assert_eq!(titles(receiver.all()), ["doubled", "doubled", "plain"]);
    harbor.sim.release_hooks();
    harbor.sim.quiet().await;
    assert_eq!(titles(receiver.all()), ["held second", "held first"], "newest first, as was asked");
}

#[tokio::test]
async fn a_delay_keeps_deliveries_and_loses_none() {
    let (harbor, mut receiver, _) = told(&["user"], &[]).await;
    harbor.sim.set_hook_faults(HookFaults { delay_ms: 30, ..HookFaults::default() });
    one_act(&harbor, "one");
    one_act(&harbor, "two");
    harbor.sim.quiet().await;
    assert_eq!(receiver.events(), ["user_updated", "user_updated"]);
}

#[tokio::test]
async fn a_failed_delivery_stays_failed_unless_the_forum_is_set_to_repeat() {
    let (harbor, mut receiver, hook) = told(&["user"], &[503]).await;
    harbor.sim.set(|settings| settings.retry_webhooks = false);
    one_act(&harbor, "Old Salt");
    harbor.sim.quiet().await;
    assert_eq!(harbor.sim.retries_waiting(), 0);
    one_act(&harbor, "Older Salt");
    harbor.sim.quiet().await;
    assert_eq!(receiver.all().len(), 2, "each once");
    let statuses: Vec<_> = harbor.sim.deliveries().iter().map(|delivery| delivery.status).collect();
    assert_eq!(statuses, [Some(503), Some(200)]);
    let shown = harbor.get(&format!("/admin/api/web_hooks/{hook}.json")).await.json();
    assert_eq!(shown["web_hook"]["last_delivery_status"], 3, "the last one went well");
}

#[tokio::test]
async fn failed_deliveries_are_repeated_after_1_5_25_and_125_minutes_and_then_no_more() {
    let (harbor, mut receiver, _) = told(&["user"], &[500, 502, 429, 503, 500]).await;
    one_act(&harbor, "Old Salt");
    let mut got = vec![receiver.next().await];
    for minutes in [1, 5, 25, 125] {
        harbor.sim.quiet().await;
        harbor.clock.advance_ms(minutes * MINUTE_MS);
        got.push(receiver.next().await);
    }
    harbor.sim.quiet().await;
    assert_eq!(harbor.sim.retries_waiting(), 0, "after four repetitions it is given up");
    assert!(got.iter().all(|delivery| delivery.body == got[0].body && is_signed(delivery)));
    let ids: Vec<i64> = got.iter().map(Got::id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "each attempt is an event of its own: {ids:?}");
}

#[tokio::test]
async fn what_is_gone_is_not_tried_again() {
    for (status, repeated) in [(404, 0), (410, 0), (500, 1)] {
        let (harbor, _receiver, _) = told(&["user"], &[status]).await;
        one_act(&harbor, "Old Salt");
        harbor.sim.quiet().await;
        assert_eq!(harbor.sim.retries_waiting(), repeated, "{status}");
    }
}

#[tokio::test]
async fn sent_again_by_hand_a_delivery_keeps_number_body_and_signature() {
    let (harbor, mut receiver, hook) = told(&["user"], &[]).await;
    one_act(&harbor, "Old Salt");
    let first = receiver.next().await;
    harbor.sim.quiet().await;
    let path = format!("/admin/api/web_hooks/{hook}/events/{}/redeliver.json", first.id());
    assert_eq!(harbor.ask("POST", &path, &harbor.sim.api_key()).await.status, 200);
    let again = receiver.next().await;
    assert_eq!((again.id(), &again.body), (first.id(), &first.body));
    assert_eq!(again.header("X-Discourse-Event-Signature"), first.header("X-Discourse-Event-Signature"));
    assert!(!harbor.sim.redeliver(99), "no such event");
}

#[tokio::test]
async fn nobody_there_is_written_down_as_no_answer() {
    let harbor = Harbor::open(|settings| settings.retry_webhooks = true).await;
    harbor.sim.add_webhook("http://127.0.0.1:1/hooks", SECRET, &["user"]);
    one_act(&harbor, "Old Salt");
    harbor.sim.quiet().await;
    let deliveries = harbor.sim.deliveries();
    assert_eq!((deliveries.len(), deliveries[0].status), (1, None));
    assert_eq!(harbor.sim.retries_waiting(), 0, "and nobody knocks again");
}
