//! What a key may do: reading, one person's, some rights, none any more.

use serde_json::json;
use sim::forum::{ApiKey, Scope};

use crate::harbor::{Harbor, read};

fn key(secret: &str) -> ApiKey {
    ApiKey {
        id: 0,
        secret: secret.to_owned(),
        description: String::new(),
        only: None,
        scopes: Vec::new(),
        created_at_ms: 0,
        last_used_at_ms: None,
        revoked_at_ms: None,
    }
}

#[tokio::test]
async fn a_key_that_may_read_reads_everything_and_changes_nothing() {
    let harbor = Harbor::plain().await;
    let reading = harbor.sim.read_key();
    for path in [
        "/admin/users/2.json",
        "/admin/users/list/active.json",
        "/admin/logs/staff_action_logs.json",
        "/admin/api/web_hooks.json",
        "/admin/api/keys.json",
        "/groups.json",
        "/groups/makers/members.json",
        "/u/mira.json",
        "/u/mira/emails.json",
        "/latest.json",
        "/site.json",
        "/session/current.json",
    ] {
        assert_eq!(harbor.ask("GET", path, &reading).await.status, 200, "{path}");
    }
    for (method, path, status) in [
        // To a key that does not count, what admins may ask does not exist.
        ("PUT", "/admin/users/2/suspend.json", 404),
        ("PUT", "/admin/users/2/trust_level.json", 404),
        ("PUT", "/admin/users/2/grant_moderation.json", 404),
        ("POST", "/admin/users/2/log_out.json", 404),
        ("DELETE", "/admin/users/2.json", 404),
        ("POST", "/admin/groups.json", 404),
        ("POST", "/admin/api/keys.json", 404),
        ("POST", "/admin/api/web_hooks.json", 404),
        ("PUT", "/groups/41/members.json", 403),
        ("DELETE", "/groups/41/members.json", 403),
        ("PUT", "/u/mira.json", 403),
        ("PUT", "/u/mira/preferences/username.json", 403),
        ("POST", "/users.json", 403),
        ("POST", "/posts.json", 403),
    ] {
        let seen = harbor.ask(method, path, &reading).await;
        assert_eq!(seen.status, status, "{method} {path}: {}", seen.text);
        assert!(seen.headers.get("X-Discourse-Username").is_none(), "{method} {path}: nobody asked");
    }
    let mira = harbor.sim.user(harbor.mira).unwrap();
    assert_eq!((mira.username.as_str(), mira.trust_level, mira.moderator), ("mira", 2, false));
}

#[tokio::test]
async fn a_narrow_key_opens_its_doors_for_the_names_it_is_made_for() {
    let harbor = Harbor::plain().await;
    let scope = |resource: &str, action: &str, allowed| Scope {
        resource: resource.to_owned(),
        action: action.to_owned(),
        allowed,
    };
    let of_mira = vec![("username".to_owned(), "mira".to_owned())];
    let scopes = vec![scope("users", "show", of_mira), scope("topics", "read", Vec::new())];
    harbor.sim.add_key(ApiKey { scopes, ..key("narrow") });
    let topic =
        harbor.sim.begin_topic(harbor.mira, 1, "A topic of mira's own", "And its words", None).unwrap();
    for (path, status) in [
        ("/u/mira.json", 200),
        ("/u/MIRA.json", 200),
        ("/u/captain.json", 403),
        ("/groups.json", 403),
        ("/admin/users/list/active.json", 404),
        (&format!("/t/{topic}.json"), 200),
        ("/latest.json", 200),
    ] {
        assert_eq!(harbor.ask("GET", path, "narrow").await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_key_counts_for_its_person_until_it_is_taken_back() {
    let harbor = Harbor::plain().await;
    let only = Some(harbor.mira);
    harbor.sim.add_key(ApiKey { only, ..key("of-mira") });
    let ask = |username: &'static str| {
        let request = harbor.http.get(format!("{}/session/current.json", harbor.sim.url()));
        read(request.header("Api-Key", "of-mira").header("Api-Username", username))
    };
    let own = ask("mira").await.unwrap();
    assert_eq!((own.status, own.header("X-Discourse-Username")), (200, "mira"));
    assert_eq!(own.json()["current_user"]["id"], json!(harbor.mira));
    assert_eq!(ask("captain").await.unwrap().status, 403, "in another's name");
    harbor.sim.suspend(harbor.sim.admin(), harbor.mira, i64::MAX / 4, "Loud").unwrap();
    assert_eq!(ask("mira").await.unwrap().json()["error_type"], "invalid_access", "suspended");
    harbor.sim.unsuspend(harbor.sim.admin(), harbor.mira).unwrap();
    harbor.sim.revoke_key("of-mira");
    assert_eq!(ask("mira").await.unwrap().status, 403, "revoked");
}
