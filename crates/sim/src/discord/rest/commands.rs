//! Commands of an application, for all guilds or for one.

use serde_json::{Map, Value, json};

use super::applications::own_id;
use super::{Answer, Call};
use crate::discord::forms::{command, commands};
use crate::discord::ids::Snowflake;
use crate::discord::model::Command;
use crate::discord::refusal::{COMMANDS_FULL, Refusal, UNKNOWN_COMMAND};
use crate::discord::state::State;

/// Slash commands for all guilds, or for one.
const SLASH_MOST: usize = 100;

/// The application and the guild, if the path names one.
fn place(state: &State, call: &Call) -> Result<(Snowflake, Option<Snowflake>), Refusal> {
    let guild = if call.has("guild") { Some(call.guild(state)?) } else { None };
    Ok((own_id(call)?, guild))
}

pub(super) fn list(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (application, guild) = place(state, call)?;
    let all = &state.application(application)?.commands;
    let shown: Vec<Value> = all.iter().filter(|one| one.guild == guild).map(Command::json).collect();
    Ok(Answer::ok(shown.into()))
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (application, guild) = place(state, call)?;
    let id = call.id("command")?;
    let all = &state.application(application)?.commands;
    let found = all.iter().find(|one| one.id == id && one.guild == guild);
    found.map(|one| Answer::ok(one.json())).ok_or(UNKNOWN_COMMAND)
}

/// The whole list anew; a command of the same name and kind keeps its id.
pub(super) fn replace(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (application, guild) = place(state, call)?;
    let sent = commands(&call.body)?;
    let before = state.application(application)?.commands.clone();
    let (here, elsewhere): (Vec<Command>, Vec<Command>) =
        before.into_iter().partition(|one| one.guild == guild);
    let mut after = elsewhere;
    let mut shown = Vec::new();
    for fields in sent {
        let command = registered(state, application, guild, fields, &here);
        shown.push(command.json());
        after.push(command);
    }
    full(&after, guild)?;
    state.application_mut(application)?.commands = after;
    Ok(Answer::ok(shown.into()))
}

/// 201 for a new one, 200 where one of the same name was replaced.
pub(super) fn create(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (application, guild) = place(state, call)?;
    let fields = command(&call.body)?;
    let mut all = state.application(application)?.commands.clone();
    let here: Vec<Command> = all.iter().filter(|one| one.guild == guild).cloned().collect();
    let made = registered(state, application, guild, fields, &here);
    let replaces = here.iter().any(|one| one.id == made.id);
    all.retain(|one| one.id != made.id);
    let shown = made.json();
    all.push(made);
    full(&all, guild)?;
    state.application_mut(application)?.commands = all;
    Ok(Answer::Json(if replaces { 200 } else { 201 }, shown))
}

pub(super) fn edit(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (application, guild) = place(state, call)?;
    let id = call.id("command")?;
    let mut all = state.application(application)?.commands.clone();
    let found = all.iter_mut().find(|one| one.id == id && one.guild == guild).ok_or(UNKNOWN_COMMAND)?;
    let mut merged = found.shown.clone();
    merged.extend(call.body.as_object().cloned().unwrap_or_default());
    let fields = command(&Value::Object(merged))?;
    let version = state.new_id();
    *found = numbered(id, version, application, guild, fields);
    let shown = found.json();
    state.application_mut(application)?.commands = all;
    Ok(Answer::ok(shown))
}

pub(super) fn delete(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (application, guild) = place(state, call)?;
    let id = call.id("command")?;
    let all = &mut state.application_mut(application)?.commands;
    let before = all.len();
    all.retain(|one| one.id != id || one.guild != guild);
    if all.len() == before { Err(UNKNOWN_COMMAND) } else { Ok(Answer::Empty) }
}

pub(super) fn permissions(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    place(state, call).map(|_| Answer::ok(json!([])))
}

fn registered(
    state: &mut State,
    application: Snowflake,
    guild: Option<Snowflake>,
    fields: Map<String, Value>,
    here: &[Command],
) -> Command {
    let name = fields.get("name").and_then(Value::as_str).unwrap_or_default();
    let kind = fields.get("type").and_then(Value::as_u64).unwrap_or(1);
    let known = here.iter().find(|one| one.name == name && one.kind == kind).map(|one| one.id);
    let version = state.new_id();
    numbered(known.unwrap_or(version), version, application, guild, fields)
}

fn numbered(
    id: Snowflake,
    version: Snowflake,
    application: Snowflake,
    guild: Option<Snowflake>,
    fields: Map<String, Value>,
) -> Command {
    let name = fields.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let kind = fields.get("type").and_then(Value::as_u64).unwrap_or(1);
    let mut shown = fields;
    shown.insert("id".into(), id.to_string().into());
    shown.insert("application_id".into(), application.to_string().into());
    shown.insert("version".into(), version.to_string().into());
    if let Some(guild) = guild {
        shown.insert("guild_id".into(), guild.to_string().into());
        // A guild's command has no say in where else it shows.
        for name in ["dm_permission", "contexts", "integration_types"] {
            shown.remove(name);
        }
    }
    Command { id, guild, name, kind, shown }
}

fn full(all: &[Command], guild: Option<Snowflake>) -> Result<(), Refusal> {
    let slash = all.iter().filter(|one| one.guild == guild && one.kind == 1).count();
    if slash > SLASH_MOST { Err(COMMANDS_FULL) } else { Ok(()) }
}
