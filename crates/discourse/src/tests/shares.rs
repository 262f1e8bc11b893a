//! Whose calls are whose: what members ask for leaves the rest to hints, and a visitor's calls are no key's.

use std::time::Duration;

use domain::ids::Subject;
use serde_json::json;
use service::Metrics;
use service::ports::{ProfileViewer, Source, SourceError, WhoseProfile};

use super::stand_in::{Call, Forum, Reply, TestClock, recorded, recordings_here};
use crate::Discourse;

/// Answers everybody about Mira, as whoever asks may see her.
fn mira(call: &Call) -> Reply {
    if call.target.starts_with("/admin/") {
        let user = json!({"id": 4, "username": "mira", "trust_level": 2, "admin": false, "moderator": false});
        return Reply::keyed("users/show", &user);
    }
    Reply::keyed("users/show", &json!({"user": {"id": 4, "username": "mira"}}))
}

fn subject() -> Subject {
    Subject("4".to_owned())
}

async fn visits(source: &Discourse) -> Result<(), SourceError> {
    let whose = WhoseProfile::Username("mira".to_owned());
    source.profile(&whose, ProfileViewer::Visitor).await.map(|profile| assert!(profile.is_some()))
}

#[tokio::test]
async fn what_members_ask_for_leaves_two_thirds_of_the_calls_to_hints() {
    let forum = Forum::answering(mira).await;
    let mut settings = forum.settings();
    settings.calls_per_minute = 9;
    let source = Discourse::new(&settings, TestClock::new(), Metrics::default()).unwrap();
    for _ in 0..3 {
        source.one_asked(&subject()).await.unwrap();
    }
    assert_eq!(source.one_asked(&subject()).await.unwrap_err().wait(), Some(Duration::from_secs(60)));
    for _ in 0..6 {
        source.one(&subject()).await.unwrap();
    }
    source.one(&subject()).await.unwrap_err();
}

#[tokio::test]
async fn a_visitors_calls_and_the_keys_are_counted_apart() {
    let forum = Forum::answering(mira).await;
    let mut settings = forum.settings();
    settings.calls_per_minute = 1;
    let source = Discourse::new(&settings, TestClock::new(), Metrics::default()).unwrap();
    for _ in 0..20 {
        visits(&source).await.unwrap();
    }
    source.one(&subject()).await.unwrap();
    visits(&source).await.unwrap();
}

#[tokio::test]
async fn a_limit_that_met_one_of_them_does_not_close_the_other() {
    if !recordings_here() {
        return;
    }
    let by_address = recorded("errors/limit-per-address-10-seconds.json");
    let forum = Forum::answering(move |call| match &call.key {
        Some(_) => mira(call),
        None => by_address.clone(),
    })
    .await;
    let source = forum.source();
    assert!(visits(&source).await.unwrap_err().wait().is_some());
    source.one(&subject()).await.unwrap();

    let by_key = recorded("errors/limit-admin-key-per-minute.json");
    let forum = Forum::answering(move |call| match &call.key {
        Some(_) => by_key.clone(),
        None => mira(call),
    })
    .await;
    let source = forum.source();
    assert!(source.one(&subject()).await.unwrap_err().wait().is_some());
    visits(&source).await.unwrap();
}
