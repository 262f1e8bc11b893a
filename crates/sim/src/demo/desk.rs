//! The owner's desk: the plan that waits, what was agreed to and can be taken back, the overrides that stand.

use serde_json::{Value, json};

use super::acts::NotDone;
use super::memory::Memory;
use super::stage::{Stage, id_text};
use super::view::name_of;
use crate::cast::role_look;
use crate::discord::MemberView;

/// Runs that can be taken back here; older ones are forgotten.
const RUNS_MAX: usize = 5;

/// What was written because somebody agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    plan: i64,
    changes: i64,
    /// The plan by which it was taken back.
    undone_by: Option<i64>,
}

/// What the hall told last of what the owner has to do with.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// The hall's plan, while something of it waits.
    plan: Option<Value>,
    /// Oldest first.
    runs: Vec<Run>,
    overrides: Vec<Value>,
    /// The changes that the hall plans, as seen last, and whether it was asked which of them wait.
    changes: Value,
    asked: bool,
    /// Whether the overrides may be others by now.
    is_stale: bool,
}

impl Desk {
    /// Takes in an entry of the hall's log.
    pub(super) fn heard(&mut self, entry: &Value) {
        let number = |name: &str| entry.pointer(&format!("/details/{name}")).and_then(Value::as_i64);
        match (entry.get("act").and_then(Value::as_str).unwrap_or_default(), number("plan")) {
            ("apply", Some(plan)) => {
                let changes = number("changes").unwrap_or_default();
                self.runs.push(Run { plan, changes, undone_by: None });
                let over = self.runs.len().saturating_sub(RUNS_MAX);
                self.runs.drain(..over);
                self.plan = None;
                self.is_stale = true;
            }
            ("undo", Some(plan)) => {
                let run = self.runs.iter_mut().find(|run| run.plan == plan);
                if let Some(run) = run {
                    run.undone_by = number("by");
                }
                self.is_stale = true;
            }
            ("keep_role" | "remove_role" | "end_override" | "override_give" | "override_take", _) => {
                self.is_stale = true;
            }
            _ => {}
        }
    }

    /// Whether the hall should be asked what waits: once for changes that stay, since those that come and go are
    /// being written.
    fn should_ask(&mut self, changes: &Value) -> bool {
        if self.changes != *changes {
            self.changes = changes.clone();
            self.asked = changes.as_array().is_none_or(Vec::is_empty);
            if self.asked {
                self.plan = None;
            }
            return false;
        }
        !std::mem::replace(&mut self.asked, true)
    }

    /// Whether a change, as the hall's plan has it, waits for the owner.
    pub(super) fn holds(&self, user: &str, role: Option<&str>) -> bool {
        let parts = self.plan.iter().filter_map(|plan| plan.get("waits")?.as_array()).flatten();
        let mut same = parts.filter(|part| text(part, "role") == role.unwrap_or_default());
        same.any(|part| lines(part).any(|line| line.get("user").and_then(id_text).as_deref() == Some(user)))
    }
}

/// Asks the hall what it has not told yet.
pub(super) async fn look(stage: &Stage, plan: Option<&Value>) {
    let Some(changes) = plan.and_then(|plan| plan.get("changes")) else { return };
    let (asks_plan, asks_overrides) = {
        let mut memory = stage.memory();
        let is_stale = std::mem::take(&mut memory.desk.is_stale);
        (memory.desk.should_ask(changes), is_stale)
    };
    let guild = stage.harbor.guild.0;
    if asks_plan {
        let plan = stage.door.ask(&json!({ "ask": "plan", "guild": guild })).await.ok();
        let waits = |plan: &Value| plan.get("waits").and_then(Value::as_array).is_some_and(|w| !w.is_empty());
        stage.memory().desk.plan = plan.filter(waits);
    }
    if asks_overrides
        && let Ok(Value::Array(overrides)) =
            stage.door.ask(&json!({ "ask": "overrides", "guild": guild })).await
    {
        stage.memory().desk.overrides = overrides;
    }
}

/// The owner agrees to a plan by the number of its changes.
pub(super) async fn apply(stage: &Stage, plan: i64, count: u32) -> Result<Value, NotDone> {
    let guild = stage.harbor.guild.0;
    stage.door.ask(&json!({ "ask": "apply", "guild": guild, "plan": plan, "typed": count })).await
}

/// The owner takes back what was written under a plan.
pub(super) async fn undo(stage: &Stage, plan: i64) -> Result<Value, NotDone> {
    stage.door.ask(&json!({ "ask": "undo", "guild": stage.harbor.guild.0, "plan": plan })).await
}

/// The owner says that whoever holds a role keeps it.
pub(super) async fn keep(stage: &Stage, role: &str) -> Result<Value, NotDone> {
    let kept = stage.door.ask(&json!({ "ask": "keep", "guild": stage.harbor.guild.0, "role": role })).await?;
    Ok(json!({ "kept": kept }))
}

/// The owner ends an override. Without a role it is that of the nickname.
pub(super) async fn end_override(stage: &Stage, user: &str, role: Option<&str>) -> Result<Value, NotDone> {
    let user: u64 = user.parse().map_err(|_| NotDone::Nobody)?;
    let role = role.map(str::parse::<u64>).transpose().map_err(|_| NotDone::Nobody)?;
    let question =
        json!({ "ask": "end_override", "guild": stage.harbor.guild.0, "user": user, "role": role });
    stage.door.ask(&question).await.map(|_| json!({}))
}

/// The desk as the page shows it.
pub(super) fn view(stage: &Stage, memory: &Memory, members: &[MemberView]) -> Value {
    let desk = &memory.desk;
    let runs = desk.runs.iter().rev();
    let runs =
        runs.map(|run| json!({ "plan": run.plan, "changes": run.changes, "undone_by": run.undone_by }));
    // Whoever held a role before its rule came stands in the plan that waits.
    let overrides = desk.overrides.iter().filter(|known| text(known, "origin") != "before");
    json!({
        "waits": desk.plan.as_ref().map(|plan| waits(stage, members, plan)),
        "runs": runs.collect::<Vec<_>>(),
        "overrides": overrides.map(|known| shown(stage, members, known)).collect::<Vec<_>>(),
    })
}

fn waits(stage: &Stage, members: &[MemberView], plan: &Value) -> Value {
    let parts = plan.get("waits").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let part = |part: &Value| {
        let role = text(part, "role");
        let line = |line: &Value| {
            json!({
                "who": who(stage, members, line.get("user")),
                "nickname": line.get("nickname"),
                "because": line.get("because"),
            })
        };
        json!({
            "what": part.get("what"),
            "role": role,
            "color": role_look(role).map(|look| look.color),
            "lines": lines(part).map(line).collect::<Vec<_>>(),
        })
    };
    let held = plan.get("held_before").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    json!({
        "plan": plan.get("plan"),
        "count": parts.iter().map(|part| lines(part).count()).sum::<usize>(),
        "reasons": plan.get("reasons"),
        "parts": parts.iter().map(part).collect::<Vec<_>>(),
        "keep": held.iter().map(|held| text(held, "role")).collect::<Vec<_>>(),
    })
}

fn shown(stage: &Stage, members: &[MemberView], known: &Value) -> Value {
    let role = known.get("role_name").and_then(Value::as_str);
    json!({
        "user": known.get("user").and_then(id_text),
        "who": who(stage, members, known.get("user")),
        "role_id": known.get("role").and_then(id_text),
        "role": role,
        "color": role.and_then(role_look).map(|look| look.color),
        "has": known.get("has"),
        "origin": known.get("origin"),
        "by": known.get("by").and_then(id_text).map(|id| name_of(stage, members, &id)),
        "until_ms": known.get("until"),
    })
}

fn who(stage: &Stage, members: &[MemberView], user: Option<&Value>) -> String {
    name_of(stage, members, &user.and_then(id_text).unwrap_or_default())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn lines(part: &Value) -> impl Iterator<Item = &Value> {
    part.get("lines").and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests;
