//! Too many calls: each of the four ways in which a forum says so is understood, obeyed and waited out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::Discourse;
use domain::ids::Subject;
use domain::time::Timestamp;
use serde_json::json;
use service::Metrics;
use service::ports::{Clock, Source, SourceError, Wanted};

use super::stand_in::{Forum, Reply, TestClock, fact};
use super::town::Town;

/// How long a forum is left alone that does not say for how long.
const UNSAID: Duration = Duration::from_secs(30);

const JSON: (&str, &str) = ("Content-Type", "application/json; charset=utf-8");

fn in_data(seconds: u64, code: Option<&str>) -> Reply {
    let wait = seconds.to_string();
    let mut headers = vec![JSON, ("Retry-After", wait.as_str())];
    headers.extend(code.map(|code| ("Discourse-Rate-Limit-Error-Code", code)));
    let body = json!({
        "errors": [format!("Please wait {seconds} seconds before trying again.")],
        "error_type": "rate_limit",
        "extras": {"wait_seconds": seconds},
    });
    Reply::new(429, &headers, body.to_string())
}

fn in_plain_text(seconds: u64, code: &str) -> Reply {
    let wait = seconds.to_string();
    let headers = [("Retry-After", wait.as_str()), ("Discourse-Rate-Limit-Error-Code", code)];
    let body = format!("Slow down, too many requests from this IP address.\nError code: {code}.\n");
    Reply::new(429, &headers, body)
}

/// Each kind as recorded, and how long it asks to wait.
pub(crate) fn kinds() -> Vec<(&'static str, Reply, Duration)> {
    let page = "<html>\r\n<head><title>429 Too Many Requests</title></head></html>";
    let seconds = Duration::from_secs;
    vec![
        ("the budget of all keys", in_data(48, Some("admin_api_key_rate_limit")), seconds(48)),
        ("the address, ten seconds", in_plain_text(9, "ip_10_secs_limit"), seconds(9)),
        ("the address, a minute", in_plain_text(51, "ip_60_secs_limit"), seconds(51)),
        ("the web server before it", Reply::new(429, &[("Content-Type", "text/html")], page), UNSAID),
        ("sign-ins", in_data(56, None), seconds(56)),
    ]
}

fn mira() -> Reply {
    let user = json!({"id": 4, "username": "mira", "trust_level": 2, "admin": false, "moderator": false});
    Reply::keyed("users/show", &user)
}

#[tokio::test]
async fn each_kind_of_too_many_closes_the_budget_for_as_long_as_it_says_and_no_longer() {
    for (kind, reply, wait) in kinds() {
        let forum = Forum::with([("/admin/users/4.json", reply), ("/admin/users/4.json", mira())]).await;
        let clock = TestClock::new();
        let source = Discourse::new(&forum.settings(), clock.clone(), Metrics::default()).unwrap();
        let mira_there = Subject("4".to_owned());
        let read = || source.one(&mira_there);
        match read().await {
            Err(SourceError::Busy { wait: told, .. }) => assert_eq!(told, wait, "{kind}"),
            other => panic!("{kind}: {other:?}"),
        }
        if wait > Duration::from_secs(10) {
            assert!(read().await.unwrap_err().wait().is_some(), "{kind}");
            assert_eq!(forum.calls().len(), 1, "{kind}: nothing is asked meanwhile");
        }
        let over: Timestamp = clock.now().after(wait);
        clock.sleep_until(over).await;
        assert!(read().await.is_ok(), "{kind}");
        assert_eq!(forum.calls().len(), 2, "{kind}");
    }
}

#[tokio::test]
async fn a_long_reading_waits_each_kind_out_and_ends_complete() {
    for (kind, reply, wait) in kinds() {
        let town = Town::of(2500);
        let calls = AtomicUsize::new(0);
        let forum = Forum::answering(move |call| match calls.fetch_add(1, Ordering::SeqCst) {
            2 => reply.clone(),
            _ => town.answer(call),
        })
        .await;
        let clock = TestClock::new();
        let source = Discourse::new(&forum.settings(), clock.clone(), Metrics::default()).unwrap();
        let wanted = Wanted { facts: vec![fact("trust_level")], groups: Vec::new() };
        let snapshot = source.everybody(&wanted, &|_| true).await.unwrap();
        assert_eq!((snapshot.incomplete, snapshot.population), (None, 2500), "{kind}");
        assert!(clock.elapsed() >= wait, "{kind}: {:?}", clock.elapsed());
    }
}

#[tokio::test]
async fn the_longer_of_two_waits_is_believed_and_an_absurd_one_is_not() {
    let both = |header: &str, extras: serde_json::Value| {
        let body = json!({"error_type": "rate_limit", "extras": extras});
        Reply::new(429, &[JSON, ("Retry-After", header)], body.to_string())
    };
    for (case, reply, seconds) in [
        ("the header is longer", both("20", json!({"wait_seconds": 5})), 20),
        ("the data is longer", both("5", json!({"wait_seconds": 20})), 20),
        ("a header that is a date", both("Sat, 21 Nov 2026 09:00:30 GMT", json!({})), 30),
        ("nothing", both("", json!({"wait_seconds": "soon"})), 30),
        ("at once", both("0", json!({"wait_seconds": 0})), 1),
        ("for years", both("99999999", json!({"wait_seconds": 1e300})), 3600),
        ("before now", both("-5", json!({"wait_seconds": -5})), 30),
    ] {
        let forum = Forum::with([("/admin/users/4.json", reply)]).await;
        let refused = forum.source().one(&Subject("4".to_owned())).await.unwrap_err();
        assert_eq!(refused.wait(), Some(Duration::from_secs(seconds)), "{case}");
    }
}
