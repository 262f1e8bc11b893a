//! Answers that are none: walls, limits, pages, broken data. None of them is ever somebody's standing.

use std::time::Duration;

use crate::{Discourse, Patience};
use domain::ids::Subject;
use service::Metrics;
use service::ports::{Source, SourceError};

use super::stand_in::{Ending, Forum, Reply, TestClock, recorded, recordings_here};

const HTML: &[(&str, &str)] = &[("Content-Type", "text/html")];
const JSON_OF_PAGE: &[(&str, &str)] = &[
    ("Content-Type", "application/json"),
    ("X-Discourse-Route", "users/show"),
    ("X-Discourse-Username", "captain"),
];

async fn error_for(reply: Reply) -> SourceError {
    let forum = Forum::with([("/admin/users/4.json", reply)]).await;
    forum.source().one(&Subject("4".to_owned())).await.unwrap_err()
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

#[tokio::test]
async fn each_wall_is_told_apart_and_says_what_to_do() {
    let cloudflare =
        Reply::new(403, &[("Content-Type", "text/html"), ("cf-mitigated", "challenge")], "<html>");
    let login = |place: &str| Reply::new(302, &[("Location", place)], "");
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let deep_inside = format!(r#"{{"id":4,"title":{deep}}}"#);
    let cases: Vec<(&str, Reply, &str, &str)> = vec![
        ("HTML with 200", Reply::new(200, HTML, "<html><body>Hello"), "nonsense", "a page came instead"),
        (
            "sign-in page with 200",
            Reply::new(200, HTML, "<form action='/login'>"),
            "forbidden",
            "sign-in page",
        ),
        ("Cloudflare", cloudflare, "nonsense", "firewall"),
        ("to its sign-in", login("/login"), "forbidden", "sign-in"),
        ("to another host", login("https://other.example/x"), "nonsense", "other.example"),
        ("to https", login("https://127.0.0.1/admin/users/4.json"), "nonsense", "https://"),
        ("bad gateway", Reply::new(502, HTML, "<html>"), "unreachable", "502"),
        ("maintenance", Reply::new(503, HTML, "<html>"), "unreachable", "maintenance"),
        ("maintenance with an end", Reply::new(503, &[("Retry-After", "90")], ""), "busy", "90 s"),
        ("[] with 200", Reply::new(200, JSON_OF_PAGE, "[]"), "nonsense", "shape"),
        ("wrong types", Reply::new(200, JSON_OF_PAGE, r#"{"id":"4"}"#), "nonsense", "shape"),
        ("half of the data", Reply::new(200, JSON_OF_PAGE, r#"{"id":4,"userna"#), "nonsense", "breaks off"),
        ("deep data", Reply::new(200, JSON_OF_PAGE, deep_inside), "nonsense", "shape"),
        (
            "data of nobody",
            Reply::new(200, JSON_OF_PAGE, "{}").without("X-Discourse-Username"),
            "forbidden",
            "api_username",
        ),
        (
            "data of no page",
            Reply::new(200, JSON_OF_PAGE, "{}").without("X-Discourse-Route"),
            "nonsense",
            "X-Discourse-Route",
        ),
    ];
    for (case, reply, expected, words) in cases {
        let error = error_for(reply).await;
        assert_eq!(kind(&error), expected, "{case}: {error}");
        assert!(error.to_string().contains(words), "{case}: {error}");
    }
}

#[tokio::test]
async fn each_recorded_refusal_is_told_apart() {
    if !recordings_here() {
        return;
    }
    let cases = [
        ("errors/limit-admin-key-per-minute.json", "busy", Some(48)),
        ("errors/limit-admin-other-key-shares-it.json", "busy", Some(48)),
        ("errors/limit-per-address-10-seconds.json", "busy", Some(9)),
        ("errors/limit-front-proxy.json", "busy", Some(30)),
        ("errors/read-only-mode-write.json", "busy", Some(60)),
        ("errors/key-wrong-on-public-page.json", "forbidden", None),
        ("errors/scoped-key-refused.json", "forbidden", None),
        ("errors/login-required-anonymous.json", "forbidden", None),
        ("errors/login-required-anonymous-html.json", "forbidden", None),
        ("errors/api-call-without-json-suffix.json", "forbidden", None),
        ("errors/key-wrong.json", "forbidden", None),
        ("localised-de/key-wrong.json", "forbidden", None),
        ("errors/missing-parameter.json", "nonsense", None),
    ];
    for (file, expected, wait) in cases {
        let error = error_for(recorded(file)).await;
        let is_page = file.contains("json-suffix") && kind(&error) == "nonsense";
        assert!(kind(&error) == expected || is_page, "{file}: {error}");
        assert_eq!(error.wait().map(|wait| wait.as_secs()), wait, "{file}");
    }
}

#[tokio::test]
async fn a_forum_that_is_not_there_is_unreachable() {
    let forum = Forum::with([]).await;
    let mut settings = forum.settings();
    settings.address = "http://127.0.0.1:1".parse().unwrap();
    let source = Discourse::new(&settings, TestClock::new(), Metrics::default()).unwrap();
    let error = source.one(&Subject("4".to_owned())).await.unwrap_err();
    assert_eq!(kind(&error), "unreachable", "{error}");
}

#[tokio::test]
async fn a_forum_that_is_slow_is_given_up() {
    let slow = Reply { ending: Ending::NeverComes, ..Reply::new(200, JSON_OF_PAGE, "") };
    let forum = Forum::with([("/admin/users/4.json", slow)]).await;
    let mut settings = forum.settings();
    let soon = Duration::from_millis(200);
    settings.patience = Patience { connect: soon, silence: soon, answer: soon };
    let source = Discourse::new(&settings, TestClock::new(), Metrics::default()).unwrap();
    let error = source.one(&Subject("4".to_owned())).await.unwrap_err();
    assert!(error.to_string().contains("in time"), "{error}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_unreachable() {
    let cut = Reply { ending: Ending::BreaksOff, ..Reply::new(200, JSON_OF_PAGE, r#"{"id":4,"#) };
    assert_eq!(kind(&error_for(cut).await), "unreachable");
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let huge = Reply::new(200, JSON_OF_PAGE, vec![b' '; 9 * 1024 * 1024]);
    let error = error_for(huge).await;
    assert!(error.to_string().contains("larger than 8 MiB"), "{error}");
}

#[tokio::test]
async fn the_key_is_in_no_error_and_no_debug_output() {
    let forum = Forum::with([]).await;
    let error = forum.source().one(&Subject("4".to_owned())).await.unwrap_err();
    for text in [format!("{error}"), format!("{error:?}"), format!("{:?}", forum.settings())] {
        assert!(!text.contains("harbor-read-key") && !text.contains("harbor-provider"), "{text}");
    }
}
