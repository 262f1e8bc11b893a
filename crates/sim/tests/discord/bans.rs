//! Bans: put, read, lifted.

use serde_json::{Value, json};
use sim::discord::{Snowflake, permission};

use crate::harbor::Harbor;

fn users(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|ban| ban["user"]["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_ban_is_put_read_and_lifted() {
    let harbor = Harbor::quiet_with(permission::BAN_MEMBERS).await;
    let one = |user: Snowflake| harbor.at(&format!("/bans/{user}"));
    let mira = one(harbor.mira);
    let table = [
        ("GET", mira.clone(), Value::Null, (404, 10026), "before there is one"),
        ("DELETE", mira.clone(), Value::Null, (404, 10026), "lifted before there is one"),
        ("PUT", one(harbor.owner), Value::Null, (403, 50013), "the owner"),
        ("PUT", one(harbor.below), Value::Null, (404, 10013), "nobody"),
        ("PUT", mira.clone(), json!({ "delete_message_seconds": 604_801 }), (400, 50035), "too much deleted"),
        ("PUT", mira.clone(), json!({ "delete_message_seconds": 0 }), (204, 0), "a member"),
        ("PUT", mira.clone(), Value::Null, (204, 0), "again"),
        ("GET", harbor.member(harbor.mira), Value::Null, (404, 10007), "the banned are no members"),
        ("GET", mira.clone(), Value::Null, (200, 0), "read"),
        ("DELETE", mira.clone(), Value::Null, (204, 0), "lifted"),
        ("GET", mira, Value::Null, (404, 10026), "after it was lifted"),
    ];
    for (method, path, body, expected, what) in table {
        assert_eq!(harbor.call(method, &path, body).await, expected, "{what}");
    }
    let acts: Vec<_> = harbor.sim.audit_log(harbor.guild).into_iter().rev().take(2).collect();
    let told: Vec<_> = acts.iter().map(|row| (row.action, row.reason.as_deref())).collect();
    assert_eq!(
        told,
        [(23, Some("rule é")), (22, Some("rule é"))],
        "one ban and its end are in the audit log"
    );
    harbor.sim.join(harbor.guild, harbor.mira).unwrap();
}

#[tokio::test]
async fn the_list_of_bans_is_read_in_pages_by_id() {
    let harbor = Harbor::quiet_with(permission::BAN_MEMBERS).await;
    let mut ids = Vec::new();
    for name in ["ana", "bo", "cy", "di"] {
        let user = harbor.sim.create_user(name, None);
        harbor.sim.ban(harbor.owner, harbor.guild, user, "spam").unwrap();
        ids.push(user);
    }
    let table = [
        ("".to_owned(), vec!["ana", "bo", "cy", "di"]),
        ("?limit=2".to_owned(), vec!["ana", "bo"]),
        (format!("?limit=2&after={}", ids[1]), vec!["cy", "di"]),
        (format!("?limit=2&before={}", ids[3]), vec!["bo", "cy"]),
        (format!("?before={}&after={}", ids[1], ids[2]), vec!["ana"]),
    ];
    for (query, expected) in table {
        let list = harbor.body("GET", &harbor.at(&format!("/bans{query}")), Value::Null).await;
        assert_eq!(users(&list), expected, "{query}");
        assert!(list.as_array().unwrap().iter().all(|ban| ban["reason"] == "spam"));
    }
    assert_eq!(harbor.call("GET", &harbor.at("/bans?limit=1001"), Value::Null).await, (400, 50035));
}
