//! The forum's strings for programs in any language: `/_sim/…`.

use serde_json::{Value, json};

use crate::harbor::{Harbor, read};
use crate::receiver::Receiver;

async fn pull(harbor: &Harbor, path: &str, body: Value) -> (u16, Value) {
    let request = harbor.http.post(format!("{}/_sim/{path}", harbor.sim.url()));
    let seen = read(request.json(&body)).await.unwrap();
    (seen.status, seen.json())
}

async fn look(harbor: &Harbor, path: &str) -> Value {
    harbor.visit(&format!("/_sim/{path}")).await.json()
}

async fn mira(harbor: &Harbor) -> Value {
    let state = look(harbor, "state").await;
    let people = state["people"].as_array().unwrap();
    people.iter().find(|person| person["id"] == json!(harbor.mira)).cloned().unwrap_or_default()
}

#[tokio::test]
async fn each_act_is_done_and_shows() {
    let harbor = Harbor::plain().await;
    let far_ms = harbor.clock.now_ms() + 1_000_000;
    for (act, body, field, expected) in [
        ("trust_level", json!({"person": "mira", "level": 3}), "trust_level", json!(3)),
        ("lock_trust_level", json!({"person": "mira", "locked": true}), "locked", json!(true)),
        ("grant_moderation", json!({"person": "mira"}), "moderator", json!(true)),
        ("revoke_moderation", json!({"person": "mira"}), "moderator", json!(false)),
        ("grant_admin", json!({"person": "mira"}), "admin", json!(true)),
        ("revoke_admin", json!({"person": "mira"}), "admin", json!(false)),
        ("suspend", json!({"person": "mira", "till_ms": far_ms}), "suspended_till_ms", json!(far_ms)),
        ("unsuspend", json!({"person": "mira"}), "suspended_till_ms", Value::Null),
        ("silence", json!({"person": "mira", "till_ms": far_ms}), "silenced_till_ms", json!(far_ms)),
        ("unsilence", json!({"person": "mira"}), "silenced_till_ms", Value::Null),
        ("deactivate", json!({"person": "mira"}), "active", json!(false)),
        ("activate", json!({"person": "mira"}), "active", json!(true)),
        ("log_out", json!({"person": "mira"}), "active", json!(true)),
        ("profile", json!({"person": "mira", "name": "Mira L."}), "name", json!("Mira L.")),
        ("create_group", json!({"name": "divers"}), "groups", json!(["makers"])),
        ("add_to_group", json!({"person": "mira", "group": "divers"}), "groups", json!(["makers", "divers"])),
        (
            "rename_group",
            json!({"group": "divers", "name": "swimmers"}),
            "groups",
            json!(["makers", "swimmers"]),
        ),
        ("remove_from_group", json!({"person": "mira", "group": "swimmers"}), "groups", json!(["makers"])),
        ("delete_group", json!({"group": "swimmers"}), "groups", json!(["makers"])),
        ("rename", json!({"person": "mira", "username": "mira_l"}), "username", json!("mira_l")),
    ] {
        let (status, told) = pull(&harbor, &format!("acts/{act}"), body).await;
        assert_eq!((status, &told["ok"]), (200, &json!(true)), "{act}: {told}");
        assert_eq!(mira(&harbor).await[field], expected, "{act}");
    }
}

#[tokio::test]
async fn people_come_and_go() {
    let harbor = Harbor::plain().await;
    let newcomer = json!({"username": "leo", "password": "a long password", "trust_level": 4});
    let (_, made) = pull(&harbor, "acts/create_user", newcomer).await;
    assert_eq!(harbor.sim.user_named("leo").map(|leo| json!(leo.id)), Some(made["outcome"].clone()));
    let (_, anonymous) = pull(&harbor, "acts/anonymize", json!({"person": "leo"})).await;
    let username = anonymous["outcome"].as_str().unwrap();
    assert!(harbor.sim.user_named(username).is_some() && harbor.sim.user_named("leo").is_none());
    let gone = json!({"person": username, "into": "mira"});
    assert_eq!(pull(&harbor, "acts/merge", gone).await.0, 200);
    assert_eq!(pull(&harbor, "acts/destroy", json!({"person": "mira"})).await.0, 200);
    assert_eq!(look(&harbor, "state").await["people_total"], 1, "captain alone");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_in_words() {
    let harbor = Harbor::plain().await;
    for (path, body, words) in [
        ("acts/dance", json!({"person": "mira"}), "no such act"),
        ("acts/trust_level", json!({"person": "nobody", "level": 1}), "could not find it"),
        ("acts/trust_level", json!({"person": "mira", "level": 9}), "could not do it"),
        ("acts/suspend", json!({"person": "captain", "by": "mira"}), "not permitted"),
        ("faults", json!({"fault": "earthquake"}), "no such fault"),
    ] {
        let (status, told) = pull(&harbor, path, body).await;
        let error = told["error"].as_str().unwrap_or_default();
        assert!(status == 422 && error.contains(words), "{path}: {status} {told}");
    }
    assert_eq!(pull(&harbor, "nothing", json!({})).await.0, 404);
    assert_eq!(harbor.visit("/_sim/nothing").await.status, 404);
}

#[tokio::test]
async fn each_fault_can_be_set_and_all_be_taken_away() {
    let harbor = Harbor::plain().await;
    for (fault, amount, status) in [
        ("too_many_admin_key", 7, 429),
        ("too_many_address", 7, 429),
        ("too_many_front", 0, 429),
        ("too_many_sign_in", 7, 429),
        ("status", 502, 502),
        ("html", 0, 200),
        ("empty_list", 0, 200),
        ("truncated", 10, 200),
        ("late", 5, 200),
        ("slow", 1, 200),
        ("key_revoked", 0, 403),
    ] {
        let body = json!({"path": "/groups", "fault": fault, "amount": amount});
        assert_eq!(pull(&harbor, "faults", body).await.0, 200, "{fault}");
        assert_eq!(harbor.ask("GET", "/groups.json", &harbor.sim.read_key()).await.status, status, "{fault}");
    }
    for fault in ["broken", "reset"] {
        pull(&harbor, "faults", json!({"path": "/groups", "fault": fault, "amount": 10})).await;
        assert!(harbor.try_ask("GET", "/groups.json", "").await.is_err(), "{fault}");
    }
    pull(&harbor, "faults", json!({"fault": "hang", "times": 9})).await;
    assert_eq!(harbor.ask("DELETE", "/_sim/faults", "").await.status, 200);
    assert_eq!(harbor.visit("/groups.json").await.status, 200);
}

#[tokio::test]
async fn switches_and_the_clock_move_the_world() {
    let harbor = Harbor::plain().await;
    let before = look(&harbor, "state").await["now_ms"].as_i64().unwrap();
    let (_, told) = pull(&harbor, "clock", json!({"advance_ms": 3_600_000})).await;
    assert!(told["now_ms"].as_i64().unwrap() >= before + 3_600_000);
    let all = json!({"login_required": true, "connect_enabled": false, "read_only": true,
        "limits": true, "limit_factor": 3});
    assert_eq!(pull(&harbor, "switches", all.clone()).await.0, 200);
    let state = look(&harbor, "state").await;
    for (name, value) in all.as_object().unwrap() {
        assert_eq!(&state[name], value, "{name}");
    }
    assert_eq!(harbor.visit("/groups.json").await.status, 403);
}

#[tokio::test]
async fn calls_and_deliveries_can_be_read_from_where_one_left_off() {
    let harbor = Harbor::plain().await;
    let mut receiver = Receiver::answering(&[]).await;
    let body = json!({"url": receiver.url, "secret": "", "event_types": ["user"]});
    assert_eq!(pull(&harbor, "webhooks", body).await.1["id"], 1);
    pull(&harbor, "acts/profile", json!({"person": "mira", "title": "Old Salt"})).await;
    pull(&harbor, "acts/profile", json!({"person": "mira", "title": "Older Salt"})).await;
    harbor.sim.quiet().await;
    assert_eq!(receiver.events(), ["user_updated", "user_updated"]);
    let all = look(&harbor, "deliveries").await["deliveries"].clone();
    assert_eq!((all[0]["event"].as_str(), all[0]["status"].as_i64()), (Some("user_updated"), Some(200)));
    let later = look(&harbor, "deliveries?after=1").await;
    assert_eq!(later["deliveries"].as_array().map(Vec::len), Some(1));
    harbor.visit("/about.json").await;
    harbor.get("/groups.json").await;
    let calls = look(&harbor, "calls").await;
    assert_eq!((&calls["total"], calls["calls"][1]["target"].as_str()), (&json!(2), Some("/groups.json")));
    assert_eq!((&calls["calls"][0]["key"], &calls["calls"][1]["key"]), (&Value::Null, &json!(1)));
    assert_eq!(look(&harbor, "calls?after=1").await["calls"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn people_are_shown_page_by_page() {
    let harbor = Harbor::plain().await;
    let page = look(&harbor, "state?offset=1&limit=1").await;
    assert_eq!((page["people"].as_array().map(Vec::len), &page["people_total"]), (Some(1), &json!(2)));
    assert_eq!(page["people"][0]["username"], "mira");
}
