//! Signed webhooks that somebody sends again: the signature covers the body alone, not its number.

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use sim::forum::{Delivery, HookFaults};

use super::{Harbor, MINUTE, harbor};
use crate::forum_person;
use crate::hall::WEBHOOK_SECRET;

/// How many numbers from the future a captured delivery is sent under.
const REPLAYS: u64 = 39;
/// How long the same words are not looked into again, in milliseconds.
const PAUSE_MS: i64 = 5_000;
/// The header with the number.
const EVENT_ID: &str = "X-Discourse-Event-Id";

/// Sends a delivery as it was, under another number.
async fn sends_as(delivery: &Delivery, number: u64) {
    let client = reqwest::Client::builder().build().unwrap();
    let mut request = client.post(&delivery.url).header(EVENT_ID, number);
    for (name, value) in &delivery.headers {
        let by_itself = ["host", "content-length", "connection", &EVENT_ID.to_lowercase()]
            .contains(&&*name.to_lowercase());
        request = if by_itself { request } else { request.header(name, value) };
    }
    assert_eq!(request.body(delivery.body.clone()).send().await.unwrap().status().as_u16(), 200);
}

fn number_of(delivery: &Delivery) -> u64 {
    let header = delivery.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(EVENT_ID));
    header.unwrap().1.parse().unwrap()
}

/// A delivery with another body, as the forum would sign it.
fn signed(delivery: &Delivery, body: String) -> Delivery {
    let key = hmac::Key::new(hmac::HMAC_SHA256, WEBHOOK_SECRET.as_bytes());
    let signature = format!("sha256={}", HEXLOWER.encode(hmac::sign(&key, body.as_bytes()).as_ref()));
    let mut delivery = Delivery { body, ..delivery.clone() };
    let is_signature = |name: &str| name.eq_ignore_ascii_case("X-Discourse-Event-Signature");
    delivery.headers.iter_mut().find(|(name, _)| is_signature(name)).unwrap().1 = signature;
    delivery
}

/// The newest delivery about the profile of somebody.
fn captured(harbor: &Harbor) -> Delivery {
    let deliveries = harbor.forum().deliveries();
    deliveries.iter().rfind(|delivery| delivery.event == "user_updated").unwrap().clone()
}

/// How often the hall asked about single people.
fn readings(harbor: &Harbor) -> usize {
    let calls = harbor.forum().calls();
    calls
        .iter()
        .filter(|call| call.target.starts_with("/admin/users/") && !call.target.contains("list"))
        .count()
}

stories! {
    async fn a_replayed_webhook_under_other_ids_costs_one_reading(engine) {
        let harbor = harbor(&engine).await;
        forum_person(&harbor.world, "mira").calls_themselves("Mira V").unwrap();
        harbor.hall.settle().await;
        let (delivery, before) = (captured(&harbor), readings(&harbor));
        let mut replays = tokio::task::JoinSet::new();
        let began_ms = harbor.world.clock().now_ms();
        for next in 1..=REPLAYS {
            let delivery = delivery.clone();
            replays.spawn(async move { sends_as(&delivery, number_of(&delivery) + next).await });
        }
        replays.join_all().await;
        // One for every pause that went by, on a machine that needs long for them.
        let pauses = usize::try_from((harbor.world.clock().now_ms() - began_ms) / PAUSE_MS).unwrap();
        harbor.hall.passes(MINUTE).await;
        let cost = readings(&harbor) - before;
        assert!((1..=1 + pauses).contains(&cost), "{cost} readings, {pauses} pauses");
        // The numbers that were used up are the forum's next ones.
        forum_person(&harbor.world, "mira").leaves("makers").unwrap();
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.world.transcript();
    }

    async fn ids_that_start_again_after_a_restore_are_not_dropped(engine) {
        let harbor = harbor(&engine).await;
        let mira = forum_person(&harbor.world, "mira");
        mira.calls_themselves("Mira V").unwrap();
        harbor.hall.settle().await;
        let first = captured(&harbor);
        harbor.forum().set_hook_faults(HookFaults { drop_next: 100, ..HookFaults::default() });
        mira.leaves("makers").unwrap();
        let second = signed(&first, first.body.replace("Mira V", "Mira W"));
        assert_ne!(second.body, first.body);
        sends_as(&second, number_of(&first)).await;
        harbor.hall.settle().await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.world.transcript();
    }

    async fn a_storm_of_hints_is_answered_by_one_reading_of_everybody(engine) {
        let harbor = harbor(&engine).await;
        harbor.hall.passes(MINUTE).await;
        let mira = forum_person(&harbor.world, "mira");
        let before = readings(&harbor);
        for number in 0..90 {
            mira.calls_themselves(&format!("Mira the {number}th")).unwrap();
        }
        mira.leaves("makers").unwrap();
        harbor.forum().quiet().await;
        harbor.hall.settle().await;
        assert!(readings(&harbor) - before <= 60, "{}", readings(&harbor) - before);
        harbor.hall.passes(MINUTE).await;
        assert_eq!(harbor.mira.roles(), ["Regular"]);
        harbor.world.transcript();
    }
}
