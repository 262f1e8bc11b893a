//! Webhooks that are forged, repeated, too large or lost: hints are never believed, and never needed.

use sim::forum::{Delivery, HookFaults};

use super::{Harbor, SWEEP, harbor};
use crate::forum_person;

/// The most that a delivery may hold, in bytes.
const DELIVERY_BYTES_MAX: usize = 1024 * 1024;

/// Sends a delivery as it was, but for what is changed of it; gives the status.
async fn sends(delivery: &Delivery, changed: impl FnOnce(&mut Vec<(String, String)>, &mut Vec<u8>)) -> u16 {
    let (mut headers, mut body) = (delivery.headers.clone(), delivery.body.clone().into_bytes());
    changed(&mut headers, &mut body);
    let client = reqwest::Client::builder().build().unwrap();
    let mut request = client.post(&delivery.url);
    for (name, value) in headers {
        let by_itself = ["host", "content-length", "connection"].contains(&name.to_lowercase().as_str());
        request = if by_itself { request } else { request.header(name, value) };
    }
    request.body(body).send().await.unwrap().status().as_u16()
}

fn put(headers: &mut [(String, String)], name: &str, value: &str) {
    let header = headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap();
    value.clone_into(&mut header.1);
}

/// The newest delivery that the hall took in.
fn taken_in(harbor: &Harbor) -> Delivery {
    let deliveries = harbor.forum().deliveries();
    deliveries.iter().rfind(|delivery| delivery.event == "user_updated").unwrap().clone()
}

stories! {
    async fn forged_repeated_and_oversized_deliveries_change_nothing(engine) {
        let harbor = harbor(&engine).await;
        forum_person(&harbor.world, "mira").calls_themselves("Mira V").unwrap();
        harbor.hall.settle().await;
        let delivery = taken_in(&harbor);
        assert_eq!(delivery.status, Some(200));
        let asked = harbor.forum().calls().len();
        let zeros = format!("sha256={}", "0".repeat(64));
        let forged = sends(&delivery, |headers, _| put(headers, "X-Discourse-Event-Signature", &zeros)).await;
        assert_eq!(forged, 403);
        let unsigned = sends(&delivery, |headers, _| {
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("X-Discourse-Event-Signature"));
        });
        assert_eq!(unsigned.await, 403);
        assert_eq!(sends(&delivery, |_, body| body.push(b' ')).await, 403);
        let oversized = sends(&delivery, |_, body| body.resize(DELIVERY_BYTES_MAX + 1, b' ')).await;
        assert_eq!(oversized, 413);
        // Word for word again, it is thanked for and nothing more.
        assert_eq!(sends(&delivery, |_, _| {}).await, 200);
        harbor.hall.settle().await;
        assert_eq!(harbor.forum().calls().len(), asked);
        assert_eq!(harbor.mira.roles(), ["Regular", "Maker"]);
    }

    async fn deliveries_that_come_twice_and_backwards_end_in_the_truth(engine) {
        let harbor = harbor(&engine).await;
        let mira = forum_person(&harbor.world, "mira");
        let hold = HookFaults { duplicate_next: 4, hold_next: 8, release_reversed: true, ..HookFaults::default() };
        harbor.forum().set_hook_faults(hold);
        for level in [1, 4, 2, 1] {
            mira.gets_level(level).unwrap();
        }
        harbor.forum().set_hook_faults(HookFaults { release_reversed: true, ..HookFaults::default() });
        harbor.forum().release_hooks();
        harbor.hall.passes(SWEEP).await;
        assert_eq!(harbor.mira.roles(), ["Maker"]);
        harbor.world.transcript();
    }
}
