//! The audit log as Discord sends it, and what is read out of it.

use std::sync::Arc;

use domain::time::Timestamp;
use serde_json::{Value, json};
use service::ports::Guilds as _;

use super::*;
use crate::tests::{JumpingClock, Peer, answer, refreshed, settings};

const GUILD: GuildId = GuildId(10);

fn ok(body: &Value) -> String {
    answer("200 OK", &[], &body.to_string())
}

fn bot() -> String {
    ok(&json!({"id": "5", "username": "hall", "bot": true}))
}

fn entry(id: u64, by: u64, changes: &Value) -> Value {
    json!({"id": id.to_string(), "action_type": 25, "user_id": by.to_string(), "target_id": "7", "changes": changes})
}

fn given(id: u64, by: u64) -> Value {
    entry(id, by, &json!([{"key": "$add", "new_value": [{"name": "Regular", "id": "20"}]}]))
}

fn log(entries: &[Value]) -> String {
    ok(&json!({"audit_log_entries": entries, "users": [], "integrations": [], "webhooks": [],
        "guild_scheduled_events": [], "threads": [], "application_commands": [], "auto_moderation_rules": []}))
}

async fn reading(answers: &[String]) -> (Peer, Discord) {
    let peer = Peer::saying(&[&[bot()], answers].concat()).await;
    let discord =
        Discord::new(settings(&peer.address), Arc::new(JumpingClock::default()), service::Metrics::default())
            .unwrap();
    (peer, discord)
}

fn entries(read: &ByHand) -> Vec<u64> {
    let ByHand::Read { acts, .. } = read else { panic!("read") };
    acts.iter().map(|act| act.entry).collect()
}

#[tokio::test]
async fn who_gave_and_took_which_roles_is_read_and_the_halls_own_acts_are_left_out() {
    let changes = json!([
        {"key": "$add", "new_value": [{"name": "Regular", "id": "20"}, {"name": "Crew", "id": "22"}]},
        {"key": "$remove", "new_value": [{"name": "Muted", "id": "23"}]},
        {"key": "something_new", "new_value": 1},
    ]);
    let id = 1_000 << 22;
    let newest_first = log(&[given(id + 2, 5), given(id + 1, 9), entry(id, 8, &changes)]);
    let (peer, discord) = reading(&[newest_first]).await;
    let read = discord.by_hand(GUILD, None).await.unwrap();
    let ByHand::Read { acts, cursor, gap, more } = read else { panic!("read") };
    assert!(peer.asked()[1].starts_with("GET /api/v10/guilds/10/audit-logs?action_type=25&limit=100 "));
    assert_eq!((cursor, gap, more), (Some(id + 2), false, false));
    let first = HandAct {
        entry: id,
        at: Timestamp(1_420_070_401_000),
        who: UserId(8),
        user: UserId(7),
        given: vec![RoleId(20), RoleId(22)],
        taken: vec![RoleId(23)],
    };
    assert_eq!((&acts[0], acts[1].who, acts.len()), (&first, UserId(9), 2), "another bot is a hand too");
}

#[tokio::test]
async fn entries_that_say_nothing_of_roles_or_of_who_did_it_are_no_acts() {
    let changes = json!([{"key": "$add", "new_value": "nonsense"}, {"key": null}]);
    let mut nobody = given(3, 8);
    nobody["user_id"] = Value::Null;
    let mut nowhere = given(4, 8);
    nowhere["target_id"] = Value::Null;
    let mut other = given(5, 8);
    other["action_type"] = json!(24);
    let (_peer, discord) = reading(&[log(&[other, nowhere, nobody, entry(2, 8, &changes)])]).await;
    assert_eq!(entries(&discord.by_hand(GUILD, None).await.unwrap()), Vec::<u64>::new());
}

#[tokio::test]
async fn a_log_with_many_entries_is_read_page_by_page_from_the_oldest_on() {
    let first: Vec<Value> = (101..=200).map(|id| given(id, 8)).collect();
    let (peer, discord) = reading(&[log(&first), log(&[given(201, 8)])]).await;
    let read = discord.by_hand(GUILD, Some(100)).await.unwrap();
    assert_eq!(entries(&read), (101..=201).collect::<Vec<u64>>());
    assert!(matches!(read, ByHand::Read { cursor: Some(201), more: false, .. }));
    let asked = peer.asked();
    assert!(asked[1].starts_with("GET /api/v10/guilds/10/audit-logs?action_type=25&limit=100&after=100 "));
    assert!(asked[2].starts_with("GET /api/v10/guilds/10/audit-logs?action_type=25&limit=100&after=200 "));
}

#[tokio::test]
async fn a_log_without_end_is_left_off_and_gone_on_with() {
    let page = |number: u64| {
        let entries: Vec<Value> = (1..=100).map(|id| given(number * 100 + id, 5)).collect();
        log(&entries)
    };
    let pages: Vec<String> = (0..20).map(page).collect();
    let (_peer, discord) = reading(&pages).await;
    let read = discord.by_hand(GUILD, Some(0)).await.unwrap();
    let ByHand::Read { acts, cursor, more, .. } = read else { panic!("read") };
    assert_eq!((acts.len(), cursor, more), (0, Some(2_000), true));
}

#[tokio::test]
async fn an_empty_log_leaves_the_cursor_where_it_was() {
    let (_peer, discord) = reading(&[log(&[]), log(&[])]).await;
    let nothing = |cursor| Ok(ByHand::Read { acts: Vec::new(), cursor, gap: false, more: false });
    assert_eq!(discord.by_hand(GUILD, None).await, nothing(None));
    assert_eq!(discord.by_hand(GUILD, Some(7 << 22)).await, nothing(Some(7 << 22)));
}

#[tokio::test]
async fn entries_that_discord_keeps_no_more_are_a_gap_and_a_quiet_server_has_none() {
    let clock = Arc::new(JumpingClock::default());
    let peer = Peer::saying(&[bot(), log(&[]), log(&[]), log(&[])]).await;
    let discord = Discord::new(settings(&peer.address), clock.clone(), service::Metrics::default()).unwrap();
    let now = Timestamp(1_800_000_000_000);
    clock.set(now);
    let days_ago = |days: u64| Snowflake::at_first(now.before(Duration::from_secs(days * 86_400))).0;
    for (days, lost) in [(44, false), (46, true)] {
        let read = discord.by_hand(GUILD, Some(days_ago(days))).await.unwrap();
        assert!(matches!(read, ByHand::Read { gap, .. } if gap == lost), "{days} days ago: {read:?}");
        let ByHand::Read { cursor, .. } = read else { panic!("read") };
        assert_eq!(cursor, Some(days_ago(1)), "what was read is not missed later");
    }
    let newer = days_ago(0);
    let read = discord.by_hand(GUILD, Some(newer)).await.unwrap();
    assert!(
        matches!(read, ByHand::Read { cursor: Some(cursor), gap: false, .. } if cursor == newer),
        "{read:?}"
    );
}

#[tokio::test]
async fn without_the_permission_the_log_is_not_asked_for_and_a_refusal_is_no_failure() {
    let server = |permissions: u64| {
        ok(&json!({"id": "10", "name": "Harbor", "owner_id": "1", "roles": [
            {"id": "10", "name": "@everyone", "permissions": permissions.to_string()}]}))
    };
    let member = ok(&json!({"user": {"id": "5", "username": "hall", "bot": true}, "roles": []}));
    let first = |permissions| [bot(), server(permissions), member.clone(), ok(&json!([])), ok(&json!([]))];
    let (peer, discord) = refreshed(&first(0), &[]).await;
    assert_eq!(discord.by_hand(GUILD, None).await, Ok(ByHand::Forbidden));
    assert_eq!(peer.asked().len(), 5);
    let refused = answer("403 Forbidden", &[], r#"{"message":"Missing Permissions","code":50013}"#);
    let (_peer, discord) = refreshed(&first(1 << 7), &[refused]).await;
    assert_eq!(discord.by_hand(GUILD, None).await, Ok(ByHand::Forbidden));
}
