//! What the page shows, as one JSON value: the forum, the hall, Discord.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::deeds::new_nick;
use super::desk;
use super::memory::Memory;
use super::stage::{Stage, id_text};
use crate::cast::{GROUPS, role_look};
use crate::discord::{AuditView, MemberView, Snowflake};
use crate::forum::Person;

/// Rows of Discord's audit log that are shown.
const AUDIT_SHOWN_MAX: usize = 12;
/// Discord docs: Audit Log Events.
const MEMBER_UPDATE: u64 = 24;
const MEMBER_ROLE_UPDATE: u64 = 25;

/// Everything, given what the hall plans; none while it cannot say.
pub(super) fn view(stage: &Stage, plan: Option<&Value>) -> Value {
    let discord = &stage.harbor.discord;
    let members = discord.members(stage.harbor.guild);
    let audit = discord.audit_log(stage.harbor.guild);
    let name_of = |id: &str| name_of(stage, &members, id);
    let memory = stage.memory();
    json!({
        "busy": memory.busy,
        "forum": forum(stage, &memory),
        "hall": {
            "answers": plan.is_some(),
            "changes": changes(plan, &memory, &name_of),
            "desk": desk::view(stage, &memory, &members),
            "findings": findings(plan, &name_of),
            "deeds": memory.deeds.iter().rev().collect::<Vec<_>>(),
            "rules": stage.rules,
            "read_at_ms": memory.read_at_ms,
            "next_log_at_ms": memory.log_asked_at_ms.map(|asked| asked + stage.staff_log_every_ms),
            "waits_for_log": memory.waits_for_log(),
            "paced": memory.is_paced(stage.now_ms()),
            "unread": unread(stage, &memory),
        },
        "discord": {
            "name": "Harbor",
            "groups": groups(stage, &memory, &members),
            "audit": audit_rows(stage, &audit, &members),
        },
    })
}

/// The name by which the page speaks of somebody: the full name in the forum, else the username there, else the
/// one on Discord.
pub(super) fn name_of(stage: &Stage, members: &[MemberView], id: &str) -> String {
    let user = id.parse().map(Snowflake).unwrap_or_default();
    let cast = stage.on_discord(user).and_then(|place| stage.person(place));
    let in_forum = cast.and_then(|person| person.forum).and_then(|(id, _)| stage.harbor.forum.user(id));
    let in_forum = in_forum.map(|person| person.name.unwrap_or(person.username));
    let on_discord = members.iter().find(|member| member.user == user).map(|member| member.username.clone());
    in_forum.or(on_discord).unwrap_or_else(|| id.to_owned())
}

/// Usernames of those of whom the hall has not read the last change.
fn unread<'a>(stage: &'a Stage, memory: &Memory) -> BTreeSet<&'a str> {
    let people = memory.unread.iter().filter_map(|unread| stage.person(unread.person)?.forum);
    people.map(|(_, username)| username).collect()
}

fn forum(stage: &Stage, memory: &Memory) -> Value {
    let now_ms = stage.now_ms();
    let people: Vec<Value> =
        stage.harbor.forum.users().iter().map(|one| person(stage, memory, one, now_ms)).collect();
    json!({ "url": stage.harbor.forum.url(), "broken": memory.broken, "people": people })
}

fn person(stage: &Stage, memory: &Memory, person: &Person, now_ms: i64) -> Value {
    let place = stage.in_forum(person.id);
    let cast = place.and_then(|place| stage.person(place));
    let user = cast.and_then(|cast| cast.discord);
    let is_in = |name: &&str| {
        stage.harbor.forum.group_named(name).is_some_and(|group| person.membership(group.id).is_some())
    };
    json!({
        "id": person.id.0.to_string(),
        "username": person.username,
        "name": person.name,
        "title": person.title.as_deref().unwrap_or_default(),
        "level": person.trust_level,
        "groups": GROUPS.iter().filter(|name| is_in(name)).collect::<Vec<_>>(),
        "admin": person.admin,
        "moderator": person.moderator,
        "suspended": person.suspension(now_ms).is_some(),
        "silenced": person.silence(now_ms).is_some(),
        "on_discord": user.is_some(),
        "linked": user.is_some_and(|(id, _)| memory.linked.contains(&id.to_string())),
        "user": user.map(|(id, _)| id),
        "about": cast.map(|cast| cast.about),
        "unread": place.is_some_and(|place| memory.unread.iter().any(|unread| unread.person == place)),
        "fixed": person.id == stage.harbor.forum.admin(),
    })
}

/// What is about to be written. What waits for the owner is not.
fn changes(plan: Option<&Value>, memory: &Memory, name_of: &dyn Fn(&str) -> String) -> Vec<Value> {
    let changes = plan.and_then(|plan| plan.get("changes")).and_then(Value::as_array);
    let change = |change: &Value| -> Option<Value> {
        let user = change.get("user").and_then(id_text)?;
        let (act, what) = change.get("act")?.as_object()?.iter().next()?;
        let role = what.get("name").and_then(Value::as_str);
        if memory.desk.holds(&user, role) {
            return None;
        }
        Some(json!({
            "act": act,
            "who": name_of(&user),
            "role": role,
            "color": what.get("color"),
            "nick": what.as_str(),
            "rule": change.pointer("/because/rule/condition"),
        }))
    };
    changes.into_iter().flatten().filter_map(change).collect()
}

fn findings(plan: Option<&Value>, name_of: &dyn Fn(&str) -> String) -> Vec<Value> {
    let findings = plan.and_then(|plan| plan.get("findings")).and_then(Value::as_array);
    let finding = |finding: &Value| {
        let who = finding.get("user").and_then(id_text).map(|id| name_of(&id));
        json!({
            "finding": finding.get("finding"),
            "who": who,
            "owner": finding.get("owner"),
            "role": finding.get("role"),
            "now": finding.get("now"),
            "permission": finding.get("permission"),
        })
    };
    findings.into_iter().flatten().map(finding).collect()
}

/// Members under the highest of their roles that is shown apart, as Discord's own list has them.
fn groups(stage: &Stage, memory: &Memory, members: &[MemberView]) -> Vec<Value> {
    let heading = |member: &MemberView| {
        let apart = member.roles.iter().find(|name| role_look(name).is_some_and(|look| look.hoisted));
        apart.cloned().unwrap_or_else(|| "Online".to_owned())
    };
    let order = stage.harbor.discord.roles(stage.harbor.guild).into_iter().map(|(name, _)| name);
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for name in order.chain(["Online".to_owned()]) {
        let mut inside: Vec<&MemberView> = members.iter().filter(|member| heading(member) == name).collect();
        inside.sort_by_key(|member| member.shown.to_lowercase());
        if inside.is_empty() || !seen.insert(name.clone()) {
            continue;
        }
        let people: Vec<Value> = inside.into_iter().map(|one| member(stage, memory, one)).collect();
        groups.push(json!({ "name": name, "members": people }));
    }
    groups
}

fn member(stage: &Stage, memory: &Memory, member: &MemberView) -> Value {
    let roles = member.roles.iter().map(|name| {
        let look = role_look(name);
        json!({ "name": name, "color": look.map(|look| look.color) })
    });
    let color = member.roles.iter().find_map(|name| role_look(name)).map(|look| look.color);
    let cast = stage.on_discord(member.user).and_then(|place| stage.harbor.people.get(place));
    let last = stage.harbor.discord.dms(member.user).pop();
    json!({
        "id": member.user,
        "username": member.username,
        "shown": member.shown,
        "bot": member.bot,
        "owner": cast.is_some_and(|person| person.owner),
        "color": color,
        "roles": roles.collect::<Vec<_>>(),
        "linked": memory.linked.contains(&member.user.to_string()),
        "in_forum": cast.and_then(|person| person.forum).map(|(_, name)| name),
        "message": last.map(|message| json!(message)),
    })
}

fn audit_rows(stage: &Stage, audit: &[AuditView], members: &[MemberView]) -> Vec<Value> {
    let username = |id: Snowflake| {
        let found = members.iter().find(|member| member.user == id).map(|member| member.username.clone());
        found.unwrap_or_else(|| id.to_string())
    };
    let row = |row: &AuditView| -> Option<Value> {
        let what = match row.action {
            MEMBER_UPDATE => new_nick(row).map(|nick| json!({ "sign": "✎", "what": nick })),
            MEMBER_ROLE_UPDATE => row.changes.iter().find_map(role_change),
            _ => None,
        }?;
        Some(json!({
            "id": row.id,
            "actor": username(row.actor),
            "target": username(row.target),
            "did": what,
            "reason": row.reason,
            "hall": row.actor == stage.harbor.application,
        }))
    };
    audit.iter().rev().filter_map(row).take(AUDIT_SHOWN_MAX).collect()
}

fn role_change(change: &Value) -> Option<Value> {
    let sign = match change.get("key")?.as_str()? {
        "$add" => "+",
        "$remove" => "−",
        _ => return None,
    };
    let names = change.get("new_value")?.as_array()?.iter().filter_map(|role| role.get("name")?.as_str());
    Some(json!({ "sign": sign, "what": names.collect::<Vec<_>>().join(", ") }))
}
