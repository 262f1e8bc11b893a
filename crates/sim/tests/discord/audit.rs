//! The audit log, read with filters.

use serde_json::{Value, json};
use sim::discord::Snowflake;

use crate::ear::Ear;
use crate::harbor::Harbor;

/// MEMBER_UPDATE, MEMBER_ROLE_UPDATE and ROLE_UPDATE (Discord docs: Audit Log Events).
const MEMBER_UPDATE: u64 = 24;
const MEMBER_ROLE_UPDATE: u64 = 25;
const ROLE_UPDATE: u64 = 31;
/// GUILD_MODERATION (Discord docs: Gateway Intents).
const MODERATION: u64 = 1 << 2;
const ENTRY: &str = "GUILD_AUDIT_LOG_ENTRY_CREATE";

async fn actions(harbor: &Harbor, query: &str) -> Vec<u64> {
    let log = harbor.body("GET", &harbor.at(&format!("/audit-logs{query}")), Value::Null).await;
    let rows = log["audit_log_entries"].as_array().unwrap();
    rows.iter().map(|row| row["action_type"].as_u64().unwrap()).collect()
}

/// A role given by hand, a role given by the bot, a nickname and a new name of a role, in that order.
async fn busy() -> (Harbor, Vec<Snowflake>) {
    let harbor = Harbor::quiet().await;
    let before = harbor.sim.audit_log(harbor.guild).len();
    let (sim, guild, owner, mira) = (&harbor.sim, harbor.guild, harbor.owner, harbor.mira);
    sim.give_role_by_hand(owner, guild, mira, harbor.above).unwrap();
    let role = format!("{}/roles/{}", harbor.member(mira), harbor.below);
    assert_eq!(harbor.call("PUT", &role, Value::Null).await.0, 204);
    sim.set_nick(owner, guild, mira, Some("M")).unwrap();
    sim.rename_role(owner, guild, harbor.below, "Lower").unwrap();
    let rows = sim.audit_log(guild).split_off(before).into_iter().map(|row| row.id).collect();
    (harbor, rows)
}

#[tokio::test]
async fn rows_are_found_by_actor_kind_target_and_place() {
    let (harbor, rows) = busy().await;
    let (bot, owner) = (harbor.application, harbor.owner);
    let newest = [ROLE_UPDATE, MEMBER_UPDATE, MEMBER_ROLE_UPDATE, MEMBER_ROLE_UPDATE];
    let table = [
        ("the newest first", "?limit=4".to_owned(), newest.to_vec()),
        ("by the bot", format!("?user_id={bot}"), vec![MEMBER_ROLE_UPDATE]),
        ("nicknames", "?action_type=24".to_owned(), vec![MEMBER_UPDATE]),
        ("roles given by the owner", format!("?action_type=25&user_id={owner}"), vec![MEMBER_ROLE_UPDATE]),
        ("about the role", format!("?target_id={}&action_type=31", harbor.below), vec![ROLE_UPDATE]),
        ("before the third", format!("?before={}&limit=2", rows[2]), vec![MEMBER_ROLE_UPDATE; 2]),
        (
            "after the second, the oldest first",
            format!("?after={}", rows[1]),
            vec![MEMBER_UPDATE, ROLE_UPDATE],
        ),
        ("after the last", format!("?after={}", rows[3]), vec![]),
    ];
    for (what, query, expected) in table {
        assert_eq!(actions(&harbor, &query).await, expected, "{what}");
    }
}

#[tokio::test]
async fn a_row_says_who_did_what_to_whom_and_why() {
    let (harbor, rows) = busy().await;
    let log = harbor
        .body("GET", &harbor.at(&format!("/audit-logs?user_id={}", harbor.application)), Value::Null)
        .await;
    let row = &log["audit_log_entries"][0];
    let told =
        [&row["id"], &row["user_id"], &row["target_id"], &row["reason"]].map(|value| value.as_str().unwrap());
    let expected = [rows[1].to_string(), harbor.application.to_string(), harbor.mira.to_string()];
    assert_eq!(told[..3], expected);
    assert_eq!((told[3], &row["changes"][0]["key"]), ("rule é", &Value::from("$add")));
    let named = log["users"].as_array().unwrap().len();
    assert_eq!(named, 2, "the accounts that are named come with it");
}

#[tokio::test]
async fn a_wrong_page_or_a_missing_permission_is_refused() {
    let harbor = Harbor::quiet().await;
    for (query, expected) in
        [("?limit=0", (400, 50035)), ("?limit=101", (400, 50035)), ("?before=x", (400, 50035))]
    {
        assert_eq!(
            harbor.call("GET", &harbor.at(&format!("/audit-logs{query}")), Value::Null).await,
            expected,
            "{query}"
        );
    }
    let own = harbor.sim.role_named(harbor.guild, "hall").unwrap();
    harbor.sim.set_permissions(harbor.owner, harbor.guild, own, 0).unwrap();
    assert_eq!(harbor.call("GET", &harbor.at("/audit-logs"), Value::Null).await, (403, 50013));
}

#[tokio::test]
async fn a_row_that_comes_late_stands_where_it_would_have_stood() {
    let harbor = Harbor::quiet().await;
    let (sim, guild, owner, mira) = (&harbor.sim, harbor.guild, harbor.owner, harbor.mira);
    let (mut ear, _) = Ear::arrives(&harbor, MODERATION).await;
    sim.late_audit(1);
    sim.give_role_by_hand(owner, guild, mira, harbor.above).unwrap();
    sim.set_nick(owner, guild, mira, Some("M")).unwrap();
    assert_eq!(actions(&harbor, "?limit=1").await, [MEMBER_UPDATE]);
    assert_eq!(actions(&harbor, "?action_type=25").await, Vec::<u64>::new());
    sim.write_late_rows();
    assert_eq!(actions(&harbor, "?limit=2").await, [MEMBER_UPDATE, MEMBER_ROLE_UPDATE]);
    let told = [ear.event(ENTRY).await, ear.event(ENTRY).await];
    assert_eq!(
        told.map(|event| event["d"]["action_type"].as_u64()),
        [Some(MEMBER_UPDATE), Some(MEMBER_ROLE_UPDATE)]
    );
}

#[tokio::test]
async fn rows_are_lost_or_kept_without_a_word() {
    let harbor = Harbor::quiet().await;
    let (sim, guild, owner, mira) = (&harbor.sim, harbor.guild, harbor.owner, harbor.mira);
    let (mut ear, _) = Ear::arrives(&harbor, MODERATION).await;
    sim.lose_audit(1);
    sim.give_role_by_hand(owner, guild, mira, harbor.above).unwrap();
    assert_eq!(actions(&harbor, "?action_type=25").await, Vec::<u64>::new());
    assert_eq!(sim.roles_of(guild, mira), ["Above"], "the role was given all the same");
    sim.untold_audit(1);
    sim.take_role_by_hand(owner, guild, mira, harbor.above).unwrap();
    sim.set_nick(owner, guild, mira, Some("M")).unwrap();
    assert_eq!(actions(&harbor, "?limit=2").await, [MEMBER_UPDATE, MEMBER_ROLE_UPDATE]);
    assert_eq!(ear.event(ENTRY).await["d"]["action_type"], MEMBER_UPDATE, "the first that is told of");
}

#[tokio::test]
async fn clients_in_other_languages_make_the_log_late_too() {
    let harbor = Harbor::quiet().await;
    let (sim, guild, owner, mira) = (&harbor.sim, harbor.guild, harbor.owner, harbor.mira);
    let moods = [
        (json!({ "late": 1 }), 200),
        (json!({ "write": true }), 200),
        (json!({ "lost": 1 }), 200),
        (json!({ "late": 1, "lost": 1 }), 400),
        (json!({}), 400),
    ];
    for (number, (mood, status)) in moods.into_iter().enumerate() {
        let answer = harbor.http.post(format!("{}/_sim/audit", sim.url())).json(&mood).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{mood}");
        if number != 1 {
            sim.set_nick(owner, guild, mira, Some(&number.to_string())).unwrap();
        }
    }
    assert_eq!(actions(&harbor, "?action_type=24").await.len(), 3, "one came late, and one was lost");
}
