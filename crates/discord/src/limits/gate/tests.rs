//! Requests that wait at the gate, on a clock that jumps.

use std::time::Duration;

use super::super::{Headers, Outcome};
use super::*;
use crate::tests::JumpingClock;

const GIVE: Route = Route { shape: "PUT /guilds/{}/members/{}/roles/{}", top: 1 };

fn with_bucket(remaining: u64, reset_after_ms: u64) -> Answered {
    let reset_after = Duration::from_millis(reset_after_ms);
    let headers = Headers { bucket: Some("b".into()), remaining: Some(remaining), reset_after };
    Answered { outcome: Outcome::Answered, forbidden: false, headers }
}

#[tokio::test]
async fn whoever_waits_goes_on_when_the_window_opens() {
    let clock = Arc::new(JumpingClock::default());
    let gate = Gate::new(clock.clone());
    gate.pass(GIVE, Importance::Give).await.unwrap().answered(&with_bucket(0, 2_000));
    let pass = gate.pass(GIVE, Importance::Give).await.unwrap();
    assert_eq!(clock.now(), Timestamp(2_000));
    pass.answered(&with_bucket(1, 1_000));
    assert_eq!(gate.in_hand(), 0);
}

#[tokio::test]
async fn the_urgent_overtake_those_who_wait_already() {
    let gate = Gate::new(Arc::new(JumpingClock::default()));
    let first = gate.pass(GIVE, Importance::Give).await.unwrap();
    let order: Arc<Mutex<Vec<Importance>>> = Arc::default();
    let mut waiting = tokio::task::JoinSet::new();
    for importance in [Importance::Nickname, Importance::Give, Importance::Urgent] {
        let (gate, order) = (gate.clone(), order.clone());
        waiting.spawn(async move {
            let pass = gate.pass(GIVE, importance).await.unwrap();
            order.lock().unwrap().push(importance);
            pass.answered(&with_bucket(5, 1_000));
        });
    }
    while gate.in_hand() < 4 {
        tokio::task::yield_now().await;
    }
    first.answered(&with_bucket(5, 1_000));
    waiting.join_all().await;
    assert_eq!(*order.lock().unwrap(), [Importance::Urgent, Importance::Give, Importance::Nickname]);
}

#[tokio::test]
async fn who_gives_up_makes_room_whether_it_waited_or_was_under_way() {
    let gate = Gate::new(Arc::new(JumpingClock::default()));
    let under_way = gate.pass(GIVE, Importance::Give).await.unwrap();
    let waiting = tokio::spawn({
        let gate = gate.clone();
        async move { gate.pass(GIVE, Importance::Give).await.map(drop) }
    });
    while gate.in_hand() < 2 {
        tokio::task::yield_now().await;
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert_eq!(gate.in_hand(), 1);
    drop(under_way);
    assert!(gate.pass(GIVE, Importance::Give).await.is_ok());
}

#[tokio::test]
async fn a_clock_that_is_turned_back_a_day_closes_nothing_for_a_day() {
    let clock = Arc::new(JumpingClock::default());
    clock.set(Timestamp(100_000_000));
    let gate = Gate::new(clock.clone());
    gate.pass(GIVE, Importance::Give).await.unwrap().answered(&with_bucket(0, 2_000));
    clock.set(Timestamp(100_000_000 - 86_400_000));
    assert!(gate.pass(GIVE, Importance::Give).await.is_ok());
    assert_eq!(clock.now(), Timestamp(100_000_000 - 86_400_000 + 2_000), "two seconds, as Discord said");
}
