//! What the hall did, in words: its log joined with the reasons in Discord's audit log.

use serde_json::{Value, json};

use super::stage::{Memory, Stage, id_text, user_of};
use crate::cast::role_look;
use crate::discord::{AuditView, Snowflake};

/// How far apart a row of Discord's log and the hall's own entry about it may be, in milliseconds.
const SAME_MS: i64 = 15_000;
/// After so long a change is not counted from the act before it any more, in milliseconds.
const FOLLOWS_WITHIN_MS: i64 = 120_000;
/// Entries that are shown.
const SHOWN_MAX: usize = 9;

/// A member of the server by id, as the page names people.
pub(super) type NameOf<'a> = &'a dyn Fn(&str) -> String;

/// The newest first.
pub(super) fn deeds(stage: &Stage, memory: &Memory, audit: &[AuditView], name_of: NameOf<'_>) -> Vec<Value> {
    let roles = stage.harbor.discord.roles(stage.harbor.guild);
    let role_name =
        |id: &str| roles.iter().find(|(_, known)| known.to_string() == id).map(|(name, _)| name.as_str());
    let entries = memory.activity.iter().rev().take(SHOWN_MAX);
    let deed = |entry: &Value| -> Option<Value> {
        let user = user_of(entry)?;
        let at_ms = entry.get("at").and_then(Value::as_i64)?;
        let act = entry.get("act").and_then(Value::as_str)?;
        let role_id = entry.pointer("/details/role").and_then(id_text);
        let role = role_id.as_deref().and_then(role_name);
        let row = audit.iter().rev().find(|row| is_about(row, &user, act, role_id.as_deref(), at_ms));
        Some(json!({
            "id": entry.get("id"),
            "act": act,
            "who": name_of(&user),
            "role": role,
            "color": role.and_then(role_look).map(|look| look.color),
            "nick": row.and_then(new_nick),
            "rule": entry.pointer("/details/because/rule"),
            "because": row.and_then(|row| row.reason.as_deref()).map(without_community),
            "refused": entry.pointer("/details/refused"),
            "after": after(stage, memory, &user, at_ms),
        }))
    };
    entries.filter_map(deed).collect()
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

/// How long after what: the last act about that person, or their linking or unlinking.
fn after(stage: &Stage, memory: &Memory, user: &str, at_ms: i64) -> Option<Value> {
    let person = user.parse().ok().map(Snowflake).and_then(|id| stage.on_discord(id));
    let in_forum = memory
        .moments
        .iter()
        .filter(|moment| moment.person.is_none() || moment.person == person)
        .map(|moment| (moment.at_ms, "the forum's change"));
    let by_themselves = memory.activity.iter().filter(|entry| user_of(entry).as_deref() == Some(user));
    let by_themselves = by_themselves.filter_map(|entry| {
        let what = match entry.get("act")?.as_str()? {
            "link" => "linking",
            "unlink" => "unlinking",
            _ => return None,
        };
        Some((entry.get("at")?.as_i64()?, what))
    });
    let (before_ms, what) = in_forum
        .chain(by_themselves)
        .filter(|(moment, _)| *moment <= at_ms)
        .max_by_key(|(moment, _)| *moment)?;
    let took = at_ms - before_ms;
    (took < FOLLOWS_WITHIN_MS).then(|| json!({ "ms": took, "what": what }))
}
