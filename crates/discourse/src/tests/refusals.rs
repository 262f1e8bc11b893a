//! Whatever the hall reads, an answer that is none is never somebody's standing, and never nobody's.

use std::fmt::Debug;
use std::time::Duration;

use crate::Discourse;
use domain::ids::{GroupId, Subject};
use serde_json::json;
use service::Metrics;
use service::ports::{ActsCursor, Clock, Person, ProfileViewer, Source, SourceError, Wanted, WhoseProfile};

use super::limits::kinds;
use super::stand_in::{Forum, Reply, TestClock, fact, recorded, recordings_here};

const HTML: (&str, &str) = ("Content-Type", "text/html; charset=utf-8");
const JSON: (&str, &str) = ("Content-Type", "application/json; charset=utf-8");

/// An hour, after which no forum wants to be left alone any more.
const LATER: Duration = Duration::from_secs(3600);

/// Each way of reading, against a forum that always answers the same; the last as a visitor.
async fn readings(reply: Reply) -> Vec<(&'static str, Result<String, SourceError>)> {
    let forum = Forum::answering(move |_| reply.clone()).await;
    let clock = TestClock::new();
    let source = Discourse::new(&forum.settings(), clock.clone(), Metrics::default()).unwrap();
    let later = async || clock.sleep_until(clock.now().after(LATER)).await;
    let wanted = Wanted { facts: vec![fact("trust_level"), fact("joined_at")], groups: vec![GroupId(41)] };
    let mira = WhoseProfile::Username("mira".to_owned());
    let mut outcomes = vec![("one", source.one(&Subject("4".to_owned())).await.map(|it| said(&it)))];
    later().await;
    outcomes.push(("everybody", source.everybody(&wanted, &|_| true).await.map(|it| said(&it))));
    later().await;
    outcomes.push(("groups", source.groups().await.map(|it| said(&it))));
    later().await;
    outcomes.push(("members", source.members_of(GroupId(41)).await.map(|it| said(&it))));
    for cursor in [None, Some(ActsCursor(1))] {
        later().await;
        outcomes.push(("staff log", source.acts_since(cursor).await.map(|it| said(&it))));
    }
    later().await;
    let own = source.profile(&mira, ProfileViewer::Themselves).await;
    outcomes.push(("own profile", own.map(|it| said(&it))));
    later().await;
    let shown = source.profile(&mira, ProfileViewer::Visitor).await;
    outcomes.push(("visitor", shown.map(|it| said(&it))));
    outcomes
}

fn said(value: &dyn Debug) -> String {
    format!("{value:?}")
}

fn kind(error: &SourceError) -> &'static str {
    match error {
        SourceError::Unreachable { .. } => "unreachable",
        SourceError::Busy { .. } => "busy",
        SourceError::Forbidden { .. } => "forbidden",
        SourceError::Nonsense { .. } => "nonsense",
        SourceError::Missing { .. } => "missing",
    }
}

async fn each_reading_ends_as(case: &str, reply: Reply, expected: &str) {
    for (reading, outcome) in readings(reply).await {
        match outcome {
            Err(error) => assert_eq!(kind(&error), expected, "{case}, {reading}: {error}"),
            // To a visitor a wall shows nothing, which is no error.
            Ok(nothing) if reading == "visitor" && expected == "forbidden" => {
                assert_eq!(nothing, "None", "{case}");
            }
            Ok(value) => panic!("{case}, {reading}: {value}"),
        }
    }
}

#[tokio::test]
async fn too_many_calls_are_busy_for_every_reading() {
    for (case, reply, _) in kinds() {
        each_reading_ends_as(case, reply, "busy").await;
    }
}

#[tokio::test]
async fn a_login_wall_is_forbidden_for_every_reading() {
    let sent_to = |place: &str| Reply::new(302, &[HTML, ("Location", place)], "<html>redirected</html>");
    let data = json!({"errors": ["You need to be logged in to do that."], "error_type": "not_logged_in"});
    let form = "<html><form action=\"/enter\"><input type=\"password\"></form></html>";
    for (case, reply) in [
        ("to the forum's own sign-in", sent_to("/login")),
        ("to the sign-in of a forum in a folder", sent_to("https://forum.test/talk/login")),
        ("to a single sign-on", sent_to("/session/sso?return_path=%2F")),
        ("to an identity provider", sent_to("https://id.example/auth/realms/harbor")),
        ("refused in data", Reply::new(403, &[JSON], data.to_string())),
        ("refused as unauthorised", Reply::new(401, &[JSON], "{}")),
        ("a sign-in page with 200", Reply::new(200, &[HTML], form)),
    ] {
        each_reading_ends_as(case, reply, "forbidden").await;
    }
}

#[tokio::test]
async fn html_is_nonsense_for_every_reading() {
    for (case, status, page) in [
        ("a page with 200", 200, "<html><body>We moved</body></html>"),
        ("a page that says there is nothing", 404, "<html><body>Oops! That page doesn’t exist</body></html>"),
        ("a page that says it is gone", 410, "<html></html>"),
        ("an empty page", 200, ""),
    ] {
        each_reading_ends_as(case, Reply::new(status, &[HTML], page), "nonsense").await;
    }
}

#[tokio::test]
async fn a_forum_that_is_down_is_unreachable_for_every_reading() {
    for (case, status) in [("broken", 500), ("a bad gateway", 502), ("maintenance", 503), ("a slow one", 504)]
    {
        each_reading_ends_as(case, Reply::new(status, &[HTML], "<html>Oops</html>"), "unreachable").await;
    }
}

#[tokio::test]
async fn a_refusal_for_read_only_mode_is_busy_for_every_reading() {
    let data = json!({"errors": ["The site is in read only mode."], "error_type": "read_only"});
    each_reading_ends_as("in data", Reply::new(503, &[JSON], data.to_string()), "busy").await;
    let page = Reply::new(503, &[HTML, ("Discourse-Readonly", "true")], "<html>");
    each_reading_ends_as("in a header", page, "busy").await;
}

#[tokio::test]
async fn read_only_mode_is_no_obstacle_to_reading() {
    let read_only = |mut reply: Reply| {
        reply.headers.push(("Discourse-Readonly".to_owned(), "true".to_owned()));
        reply
    };
    let user = json!({"id": 4, "username": "mira", "trust_level": 2, "admin": false, "moderator": false});
    let groups = json!({"groups": [{"id": 41, "name": "makers"}], "total_rows_groups": 1});
    let forum = Forum::with([
        ("/admin/users/4.json", read_only(Reply::keyed("users/show", &user))),
        ("/groups.json?page=0", read_only(Reply::keyed("groups/index", &groups))),
    ])
    .await;
    let read = forum.source().one(&Subject("4".to_owned())).await.unwrap();
    assert!(matches!(read, Person::Here(person) if person.username == "mira"));
    assert_eq!(forum.source().groups().await.unwrap().len(), 1);
}

#[tokio::test]
async fn each_recorded_wrong_key_is_forbidden_for_every_reading() {
    if !recordings_here() {
        return;
    }
    for file in [
        "errors/key-wrong.json",
        "errors/key-revoked.json",
        "errors/admin-user-with-wrong-key.json",
        "errors/key-wrong-on-public-page.json",
        "localised-de/key-wrong.json",
    ] {
        for (reading, outcome) in readings(recorded(file)).await {
            let is_refused = matches!(outcome, Err(SourceError::Forbidden { .. }));
            assert!(is_refused || reading == "visitor", "{file}, {reading}: {outcome:?}");
        }
    }
}
