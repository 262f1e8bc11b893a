//! What a Discord client sends for what a person does: it offers only known commands and live components.

use serde_json::{Map, Value, json};

use super::acts::Use;
use super::client::Interaction;
use super::ids::Snowflake;
use super::model::{Application, Asked, Channel, Command, First};
use super::permissions::{bits, in_guild};
use super::state::State;

/// The frame of an input with a label (Discord docs: Component Reference).
const LABEL: u64 = 18;
/// The longest text that an input takes, in characters.
const TYPED_MOST: usize = 4_000;

/// The interaction that a client would send for it, or why the client would not.
pub(super) fn prepared(
    state: &State,
    user: Snowflake,
    channel: Snowflake,
    what: Interaction,
) -> Result<Use, String> {
    state.visible_channel(channel, user).map_err(|_| "You do not see that channel.".to_owned())?;
    let (asked, application, data, source) = match what {
        Interaction::Command { name, options } => {
            let (application, command) = usable(state, user, channel, &name)?;
            (
                Asked::Command,
                application.id,
                command_data(state, user, channel, command, &options, None)?,
                None,
            )
        }
        Interaction::Autocomplete { name, options, focused } => {
            let (application, command) = usable(state, user, channel, &name)?;
            let data = command_data(state, user, channel, command, &options, Some(&focused))?;
            (Asked::Autocomplete, application.id, data, None)
        }
        Interaction::Button { message, custom_id } => {
            let (application, component) = pressable(state, message, &custom_id)?;
            let data = json!({ "custom_id": custom_id, "component_type": 2, "id": component.get("id") });
            (Asked::Component, application, data, Some(message))
        }
        Interaction::Select { message, custom_id, values } => {
            let (application, component) = pressable(state, message, &custom_id)?;
            let kind = component.get("type").cloned().unwrap_or_default();
            let data = json!({ "custom_id": custom_id, "component_type": kind, "id": component.get("id"),
                "values": values, "resolved": resolved(state, user, channel, &values) });
            (Asked::Component, application, data, Some(message))
        }
        Interaction::Modal { custom_id, fields, message } => {
            let shown = state.interactions.values().rev().find(|found| {
                let Some((First::Modal(modal), _)) = &found.first else { return false };
                found.user == user && modal.get("custom_id").and_then(Value::as_str) == Some(&custom_id)
            });
            let shown = shown.ok_or("No such form is open.")?;
            let Some((First::Modal(form), _)) = &shown.first else {
                return Err("No such form is open.".into());
            };
            let rows = filled(form, &fields)?;
            let application = shown.application;
            (Asked::Modal, application, json!({ "custom_id": custom_id, "components": rows }), message)
        }
    };
    Ok(Use { asked, application, channel, user, data, source })
}

/// What the client sends of a form that was filled in: each input in the frame it was shown in. It lets nobody send
/// less or more than an input takes.
fn filled(form: &Value, fields: &[(String, String)]) -> Result<Vec<Value>, String> {
    let frames = form.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let known = |name: &str| frames.iter().any(|frame| input_id(frame) == name);
    if let Some((name, _)) = fields.iter().find(|(name, _)| !known(name)) {
        return Err(format!("There is no input {name}."));
    }
    let mut rows = Vec::new();
    for (frame, number) in frames.iter().zip(1..) {
        let kind = frame.get("type").and_then(Value::as_u64).unwrap_or_default();
        let (Some(input), id) = (input(frame), input_id(frame)) else { continue };
        let text = fields.iter().find(|(name, _)| name == id).map_or("", |(_, text)| text.as_str());
        fitting(input, text)?;
        let sent = json!({ "type": 4, "custom_id": id, "value": text, "id": number * 2 });
        rows.push(match kind {
            LABEL => json!({ "type": LABEL, "id": number * 2 - 1, "component": sent }),
            _ => json!({ "type": kind, "id": number * 2 - 1, "components": [sent] }),
        });
    }
    Ok(rows)
}

/// The input inside a label or a row.
fn input(frame: &Value) -> Option<&Value> {
    let inside = frame.get("components").and_then(|inside| inside.get(0));
    frame.get("component").or(inside)
}

fn input_id(frame: &Value) -> &str {
    input(frame).and_then(|input| input.get("custom_id")).and_then(Value::as_str).unwrap_or_default()
}

/// Refuses what an input does not take.
fn fitting(input: &Value, text: &str) -> Result<(), String> {
    let bound =
        |name: &str| input.get(name).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
    let required = input.get("required").and_then(Value::as_bool).unwrap_or(true);
    let count = text.chars().count();
    match () {
        () if count == 0 && !required => Ok(()),
        () if count < bound("min_length").unwrap_or(1) => Err("That is too short.".into()),
        () if count > bound("max_length").unwrap_or(TYPED_MOST) => Err("That is too long.".into()),
        () => Ok(()),
    }
}

/// The command that the client would offer under that name: the guild's own before the one for all.
fn usable<'a>(
    state: &'a State,
    user: Snowflake,
    channel: Snowflake,
    name: &str,
) -> Result<(&'a Application, &'a Command), String> {
    let guild = state.channel(channel).ok().and_then(Channel::guild);
    let here =
        |application: &&Application| guild.is_none_or(|guild| state.member(guild, application.bot).is_ok());
    let all = state.applications.values().filter(here);
    let mut found: Vec<(&Application, &Command)> = all
        .flat_map(|application| application.commands.iter().map(move |command| (application, command)))
        .filter(|(_, command)| command.kind == 1 && command.name == name)
        .filter(|(_, command)| command.guild.is_none() || command.guild == guild)
        .collect();
    found.sort_by_key(|(_, command)| command.guild.is_none());
    let (application, command) = *found.first().ok_or_else(|| format!("There is no command /{name}."))?;
    let held = guild
        .and_then(|id| state.guilds.get(&id))
        .map_or(bits::ALL, |guild| in_guild(guild, user, state.now_ms()));
    let needed = command.shown.get("default_member_permissions").and_then(Value::as_str);
    let shown = match needed.and_then(|needed| needed.parse::<u64>().ok()) {
        None => held & bits::USE_APPLICATION_COMMANDS != 0,
        Some(0) => held & bits::ADMINISTRATOR != 0,
        Some(needed) => held & needed == needed,
    };
    if shown { Ok((application, command)) } else { Err(format!("You do not see the command /{name}.")) }
}

fn command_data(
    state: &State,
    user: Snowflake,
    channel: Snowflake,
    command: &Command,
    given: &Value,
    focused: Option<&str>,
) -> Result<Value, String> {
    let known = command.shown.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut named = Vec::new();
    let options = options(known, given, focused, &mut named)?;
    let mut data =
        json!({ "id": command.id, "name": command.name, "type": command.kind, "options": options });
    if let Some(fields) = data.as_object_mut() {
        if options.is_empty() {
            fields.remove("options");
        }
        if let Some(guild) = command.guild {
            fields.insert("guild_id".into(), guild.to_string().into());
        }
        if !named.is_empty() {
            fields.insert("resolved".into(), resolved(state, user, channel, &named));
        }
    }
    Ok(data)
}

/// The given options with their types; ids of users, roles and channels are gathered in `named`.
fn options(
    known: &[Value],
    given: &Value,
    focused: Option<&str>,
    named: &mut Vec<String>,
) -> Result<Vec<Value>, String> {
    let empty = Map::new();
    let given = given.as_object().unwrap_or(&empty);
    let mut list = Vec::new();
    for option in known {
        let name = option.get("name").and_then(Value::as_str).unwrap_or_default();
        let kind = option.get("type").and_then(Value::as_u64).unwrap_or(0);
        let Some(value) = given.get(name) else {
            if option.get("required").and_then(Value::as_bool) == Some(true) && focused.is_none() {
                return Err(format!("The option {name} is required."));
            }
            continue;
        };
        if matches!(kind, 1 | 2) {
            let inside =
                option.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let inside = options(inside, value, focused, named)?;
            list.push(json!({ "name": name, "type": kind, "options": inside }));
            continue;
        }
        let value = if matches!(kind, 3 | 6..=9 | 11) { json!(plain(value)) } else { value.clone() };
        if matches!(kind, 6..=9) {
            named.push(plain(&value));
        }
        let mut row = json!({ "name": name, "type": kind, "value": value });
        if let (true, Some(fields)) = (focused == Some(name), row.as_object_mut()) {
            fields.insert("focused".into(), true.into());
        }
        list.push(row);
    }
    match given
        .keys()
        .find(|name| !known.iter().any(|option| option.get("name").and_then(Value::as_str) == Some(name)))
    {
        Some(name) => Err(format!("There is no option {name}.")),
        None => Ok(list),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), Into::into)
}

/// Users, members, roles and channels that were named, in full.
fn resolved(state: &State, asker: Snowflake, channel: Snowflake, named: &[String]) -> Value {
    let guild = state.channel(channel).ok().and_then(Channel::guild);
    let mut parts: [Map<String, Value>; 4] = Default::default();
    let [users, members, roles, channels] = &mut parts;
    for id in named.iter().filter_map(|text| text.parse::<Snowflake>().ok()) {
        if let Ok(user) = state.user(id) {
            users.insert(id.to_string(), user.json());
        }
        let Some(guild) = guild else { continue };
        if let (Ok(member), Ok(known)) = (state.member(guild, id), state.guild(guild)) {
            let mut member = member.bare_json();
            if let Some(fields) = member.as_object_mut() {
                fields.insert("permissions".into(), in_guild(known, id, state.now_ms()).to_string().into());
            }
            members.insert(id.to_string(), member);
        }
        if let Ok(role) = state.role(guild, id) {
            roles.insert(id.to_string(), role.json());
        }
        if let Ok(channel) = state.channel(id) {
            let mut shown = channel.guild_json(guild);
            if let Some(fields) = shown.as_object_mut() {
                let held = state.permissions_in(channel, asker);
                fields.insert("permissions".into(), held.to_string().into());
            }
            channels.insert(id.to_string(), shown);
        }
    }
    let names = ["users", "members", "roles", "channels"].into_iter().map(String::from);
    let parts = names.zip(parts).filter(|(_, part)| !part.is_empty());
    Value::Object(parts.map(|(name, part)| (name, Value::Object(part))).collect())
}

/// The application behind a message's component, unless it is disabled.
fn pressable(state: &State, message: Snowflake, custom_id: &str) -> Result<(Snowflake, Value), String> {
    let message = state.messages.get(&message).ok_or("There is no such message.")?;
    let all = all_components(&message.components);
    let found = all.into_iter().find(|one| one.get("custom_id").and_then(Value::as_str) == Some(custom_id));
    let component = found.ok_or_else(|| format!("There is no {custom_id} to press."))?;
    if component.get("disabled").and_then(Value::as_bool) == Some(true) {
        return Err(format!("{custom_id} is disabled."));
    }
    let application = state.applications.values().find(|application| application.bot == message.author);
    Ok((application.ok_or("No application made that message.")?.id, component.clone()))
}

/// Components with all that is inside them.
pub(super) fn all_components(components: &[Value]) -> Vec<&Value> {
    let mut all = Vec::new();
    for component in components {
        all.push(component);
        if let Some(inside) = component.get("components").and_then(Value::as_array) {
            all.extend(all_components(inside));
        }
        all.extend(component.get("accessory"));
    }
    all
}
