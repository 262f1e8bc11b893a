//! What the pages say, from samples; that they run no script and load nothing from elsewhere.

use askama::Template;
use axum::http::StatusCode;
use domain::ids::SourceName;
use service::linking::Stopped;

use crate::linking::Confirm;
use crate::page::{Button, Kept};
use crate::stopped;
use crate::words::{Kind, Line, Role};

fn back() -> Button {
    Button { words: "Back to Discord", address: "https://discord.com/channels/1".to_owned() }
}

fn confirm(name: &str) -> Confirm {
    let role = |name: &str, color: &str| Some(Role { name: name.to_owned(), color: color.to_owned() });
    Confirm {
        community: "Harbor".to_owned(),
        guild: "Harbor".to_owned(),
        discord_name: name.to_owned(),
        discord_username: "mira_d".to_owned(),
        forum_name: "Mira Lind".to_owned(),
        forum_username: "mira".to_owned(),
        forum_host: "forum.harbor.example".to_owned(),
        plan_known: true,
        lines: vec![
            Line {
                kind: Kind::Get,
                role: role("Regular", "#3b82c4"),
                because: "because your trust level is 2".to_owned(),
            },
            Line {
                kind: Kind::NotYet,
                role: role("Harbour Staff", ""),
                because: "that role stands above".to_owned(),
            },
        ],
        form_token: "token".to_owned(),
        audit_keep_days: 90,
    }
}

/// A page may hold no script, no inline style, and no address of anybody else's but links to follow.
fn keeps_to_itself(html: &str) {
    for forbidden in [
        "<script",
        "style=\"",
        "onclick",
        "javascript:",
        "src=\"http",
        "<link rel=\"stylesheet\" href=\"http",
    ] {
        assert!(!html.contains(forbidden), "{forbidden} in {html}");
    }
}

#[test]
fn the_page_before_linking_names_both_and_says_what_changes() {
    let html = confirm("Mira").render().unwrap();
    for text in [
        "Are both of these you?",
        "mira_d",
        "@<bdi>mira</bdi> on forum.harbor.example",
        "Regular",
        "because your trust level is 2",
        "Not yet",
        "Link my accounts",
        "This is not me",
    ] {
        assert!(html.contains(text), "{text} is missing");
    }
    keeps_to_itself(&html);
}

#[test]
fn names_from_outside_stay_text() {
    let html = confirm("<script>alert(1)</script>\" onclick=\"x").render().unwrap();
    assert!(html.contains("&#60;script&#62;"));
    assert!(!html.contains("<script"));
}

#[test]
fn every_stop_says_that_nothing_was_changed_or_linked_and_what_to_do_next() {
    let name = || SourceName::new("forum").unwrap();
    let stops = [
        (Stopped::Used, StatusCode::UNAUTHORIZED),
        (Stopped::OtherBrowser { again: Some("/l/x".to_owned()) }, StatusCode::UNAUTHORIZED),
        (Stopped::OtherBrowser { again: None }, StatusCode::UNAUTHORIZED),
        (
            Stopped::NotYours { made_for: "ana".to_owned(), signed_in_as: "mira".to_owned() },
            StatusCode::FORBIDDEN,
        ),
        (Stopped::Declined, StatusCode::OK),
        (Stopped::Taken { source_name: name(), username: "mira".to_owned() }, StatusCode::CONFLICT),
        (Stopped::Already { source_name: name(), username: "mira".to_owned() }, StatusCode::CONFLICT),
        (Stopped::Refused("There is no such forum.".to_owned()), StatusCode::FORBIDDEN),
        (Stopped::Unreachable("x".to_owned()), StatusCode::SERVICE_UNAVAILABLE),
        (Stopped::Misconfigured("x".to_owned()), StatusCode::BAD_GATEWAY),
        (Stopped::Failed(service::Failed::Broken("x".to_owned())), StatusCode::INTERNAL_SERVER_ERROR),
    ];
    for (stop, expected) in stops {
        let (status, page) = stopped::message("Harbor".to_owned(), &stop, back());
        assert_eq!(status, expected, "{stop:?}");
        let html = page.render().unwrap();
        let text = html.to_lowercase();
        assert!(
            text.contains("nothing was changed") || text.contains("nothing was linked"),
            "{stop:?}: {html}"
        );
        assert!(
            ["/link", "/unlink", "start again"].iter().any(|next| text.contains(next))
                || text.contains("tell"),
            "{stop:?}: {html}"
        );
        keeps_to_itself(&html);
    }
}

#[test]
fn what_is_kept_says_for_how_long() {
    let html = Kept { community: "Harbor".to_owned(), audit_keep_days: 90 }.render().unwrap();
    assert!(html.contains("for 90 days"));
    keeps_to_itself(&html);
}
