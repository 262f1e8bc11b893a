//! What the hall did, in words: its log joined with the reasons in Discord's audit log.

use serde_json::{Value, json};

use super::memory::Memory;
use super::stage::{Stage, id_text, user_of};
use super::view::name_of;
use crate::cast::role_look;
use crate::discord::{AuditView, MemberView, Snowflake};

/// How far apart a row of Discord's log and the hall's own entry about it may be, in milliseconds.
const SAME_MS: i64 = 15_000;
/// After so long a change is not counted from the act before it any more, in milliseconds.
const FOLLOWS_WITHIN_MS: i64 = 120_000;

/// The acts that are told; what is decided has a place of its own.
const TOLD: [&str; 10] = [
    "give_role",
    "take_role",
    "nickname",
    "refused",
    "link",
    "unlink",
    "override_give",
    "override_take",
    "end_override",
    "confirm_role",
];

/// What a deed is told from.
pub(super) struct Scene<'a> {
    pub(super) stage: &'a Stage,
    pub(super) members: &'a [MemberView],
    pub(super) audit: &'a [AuditView],
}

/// An entry of the hall's log in words, as things are now: said once, they stay.
pub(super) fn deed(scene: &Scene<'_>, memory: &mut Memory, entry: &Value) -> Option<Value> {
    let user = user_of(entry)?;
    let at_ms = entry.get("at").and_then(Value::as_i64)?;
    let act = entry.get("act").and_then(Value::as_str).filter(|act| TOLD.contains(act))?;
    let role_id = entry.pointer("/details/role").and_then(id_text);
    let roles = scene.stage.harbor.discord.roles(scene.stage.harbor.guild);
    let role = role_id.as_deref().and_then(|id| roles.iter().find(|(_, known)| known.to_string() == id));
    let role = role.map(|(name, _)| name.as_str());
    // Entries come in the order of the writing, so the oldest row that no other has is its own.
    let row = scene.audit.iter().find(|row| {
        row.actor == scene.stage.harbor.application
            && !memory.rows_told.contains(&row.id)
            && is_about(row, &user, act, role_id.as_deref(), at_ms)
    });
    memory.rows_told.extend(row.map(|row| row.id));
    let nick = row.and_then(new_nick);
    Some(json!({
        "id": entry.get("id"),
        "act": act,
        "who": name_of(scene.stage, scene.members, &user),
        "role": role,
        "color": role.and_then(role_look).map(|look| look.color),
        "title_left_out": nick.as_deref().and_then(|nick| title_left_out(scene.stage, &user, nick)),
        "nick": nick,
        "rule": entry.pointer("/details/because/rule"),
        "because": row.and_then(|row| row.reason.as_deref()).map(without_community),
        "refused": entry.pointer("/details/refused"),
        "after": after(scene.stage, memory, &user, at_ms),
    }))
}

/// The title that the person has in the forum and that did not fit into this nickname.
fn title_left_out(stage: &Stage, user: &str, nick: &str) -> Option<String> {
    let place = stage.on_discord(user.parse().map(Snowflake).ok()?)?;
    let (id, _) = stage.person(place)?.forum?;
    let title = stage.harbor.forum.user(id)?.title.filter(|title| !title.is_empty())?;
    (!nick.is_empty() && !nick.contains(title.as_str())).then_some(title)
}

fn is_about(row: &AuditView, user: &str, act: &str, role: Option<&str>, at_ms: i64) -> bool {
    let wanted = match act {
        "give_role" => "$add",
        "take_role" => "$remove",
        "nickname" => "nick",
        _ => return false,
    };
    let names_role = |change: &Value| {
        let named = change.get("new_value").and_then(Value::as_array);
        let mut ids = named.into_iter().flatten().filter_map(|role| id_text(role.get("id")?));
        role.is_none_or(|role| ids.any(|id| id == role))
    };
    let fits = |change: &Value| {
        change.get("key").and_then(Value::as_str) == Some(wanted) && (wanted == "nick" || names_role(change))
    };
    row.target.to_string() == user
        && (row.id.made_at_ms() - at_ms).abs() < SAME_MS
        && row.changes.iter().any(fits)
}

/// The nickname that a row of Discord's log tells of; empty when it was taken away.
pub(super) fn new_nick(row: &AuditView) -> Option<String> {
    let change =
        row.changes.iter().find(|change| change.get("key").and_then(Value::as_str) == Some("nick"))?;
    Some(change.get("new_value").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// Reasons begin with the community's name, which is the same on every line here.
fn without_community(reason: &str) -> &str {
    reason.split_once(": ").map_or(reason, |(_, words)| words)
}

/// How long after what: the last act about that person. What the demo did itself is not counted from.
fn after(stage: &Stage, memory: &Memory, user: &str, at_ms: i64) -> Option<Value> {
    let person = stage.on_discord(user.parse().map(Snowflake).ok()?)?;
    let before = memory.moments.iter().filter(|moment| moment.person == person && moment.at_ms <= at_ms);
    let moment = before.max_by_key(|moment| moment.at_ms)?;
    let took = at_ms - moment.at_ms;
    (took < FOLLOWS_WITHIN_MS).then(|| json!({ "ms": took, "what": moment.what }))
}
