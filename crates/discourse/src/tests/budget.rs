//! The budget of calls: ours alone, part of it kept for what cannot wait, and closed when the forum says so.

use std::time::Duration;

use crate::Discourse;
use domain::ids::Subject;
use serde_json::json;
use service::Metrics;
use service::ports::{Source, SourceError, Wanted};

use super::stand_in::{Forum, Reply, TestClock, recorded, recordings_here};
use super::town::Town;

fn mira() -> Reply {
    let user = json!({"id": 4, "username": "mira", "trust_level": 2, "admin": false, "moderator": false});
    Reply::keyed("users/show", &user)
}

#[tokio::test]
async fn no_more_than_the_budget_goes_out_in_a_minute() {
    let forum = Forum::with([("/admin/users/4.json", mira())]).await;
    let clock = TestClock::new();
    let mut settings = forum.settings();
    settings.calls_per_minute = 5;
    let source = Discourse::new(&settings, clock.clone(), Metrics::default()).unwrap();
    for _ in 0..5 {
        source.one(&Subject("4".to_owned())).await.unwrap();
    }
    let refused = source.one(&Subject("4".to_owned())).await.unwrap_err();
    assert_eq!(refused.wait(), Some(Duration::from_secs(60)));
    assert_eq!(forum.calls().len(), 5);
}

#[tokio::test]
async fn a_long_reading_leaves_room_for_one_person() {
    let town = Town::of(1500);
    let forum = town.serve().await;
    let clock = TestClock::new();
    let mut settings = forum.settings();
    settings.calls_per_minute = 5;
    let source = Discourse::new(&settings, clock.clone(), Metrics::default()).unwrap();
    let wanted = Wanted { facts: vec![0, 1, 2], groups: Vec::new() };
    source.everybody(&wanted, &|_| true).await.unwrap();
    assert_eq!(forum.calls().len(), 5, "groups, two pages of everybody, admins, moderators");
    assert!(clock.elapsed() >= Duration::from_secs(60), "the fifth call waited for the next minute");
}

#[tokio::test]
async fn a_limit_of_the_forum_closes_the_budget_for_as_long_as_it_says() {
    if !recordings_here() {
        return;
    }
    let limited = recorded("errors/limit-admin-key-per-minute.json");
    let forum = Forum::with([("/admin/users/4.json", limited), ("/admin/users/4.json", mira())]).await;
    let source = forum.source();
    for _ in 0..2 {
        let busy = source.one(&Subject("4".to_owned())).await.unwrap_err();
        assert!(
            matches!(busy, SourceError::Busy { wait, .. } if wait == Duration::from_secs(48)),
            "{busy:?}"
        );
    }
    assert_eq!(forum.calls().len(), 1, "nothing is asked while the forum wants to be left alone");
}
