//! Roles of a guild.

use serde_json::{Map, Value};

use super::call::not_a_snowflake;
use super::{Answer, Call};
use crate::discord::acts::RoleEdit;
use crate::discord::ids::Snowflake;
use crate::discord::refusal::{Refusal, invalid};
use crate::discord::state::State;

/// A colour has 24 bits.
const COLOR_MOST: u64 = 0xFF_FFFF;

pub(super) fn list(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    shown(state, guild)
}

fn shown(state: &State, guild: Snowflake) -> Result<Answer, Refusal> {
    Ok(Answer::ok(state.guild(guild)?.json().get("roles").cloned().unwrap_or_default()))
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    Ok(Answer::ok(state.role(guild, call.id("role")?)?.json()))
}

/// How many hold each role; @everyone is not counted.
pub(super) fn member_counts(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = state.guild(call.guild(state)?)?;
    let count =
        |role: &Snowflake| guild.members.values().filter(|member| member.roles.contains(role)).count();
    let roles = guild.roles.keys().filter(|role| **role != guild.id);
    let counts: Map<String, Value> = roles.map(|role| (role.to_string(), count(role).into())).collect();
    Ok(Answer::ok(counts.into()))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (guild, edit) = (call.guild(state)?, edit_of(call)?);
    let role = state.create_role(&call.actor()?, guild, &edit)?;
    Ok(Answer::ok(state.role(guild, role)?.json()))
}

pub(super) fn edit(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (guild, role, edit) = (call.guild(state)?, call.id("role")?, edit_of(call)?);
    state.change_role(&call.actor()?, guild, role, &edit)?;
    Ok(Answer::ok(state.role(guild, role)?.json()))
}

pub(super) fn delete(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    state.delete_role(&call.actor()?, guild, call.id("role")?)?;
    Ok(Answer::Empty)
}

/// PATCH of the whole list: new positions.
pub(super) fn place(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    let sent = call.body.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut moves = Vec::new();
    for (index, row) in sent.iter().enumerate() {
        let text = row.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned));
        let text = text.unwrap_or_default();
        let id = text.parse().map_err(|_| not_a_snowflake(&format!("{index}.id"), &text))?;
        if let Some(position) = row.get("position").and_then(Value::as_i64) {
            moves.push((id, position));
        }
    }
    state.move_roles(&call.actor()?, guild, &moves)?;
    shown(state, guild)
}

fn edit_of(call: &Call) -> Result<RoleEdit, Refusal> {
    call.form()?;
    let flag = |name: &str| call.field(name).and_then(Value::as_bool);
    let color = call.field("color").or_else(|| call.field("colors")?.get("primary_color"));
    let color = color.and_then(Value::as_u64);
    if color.is_some_and(|color| color > COLOR_MOST) {
        return Err(invalid(
            "color",
            "NUMBER_TYPE_MAX",
            "int value should be less than or equal to 16777215.",
        ));
    }
    Ok(RoleEdit {
        name: call.text_field("name")?.flatten(),
        permissions: permissions(call.field("permissions"))?,
        color: color.and_then(|color| u32::try_from(color).ok()),
        hoist: flag("hoist"),
        mentionable: flag("mentionable"),
    })
}

fn permissions(sent: Option<&Value>) -> Result<Option<u64>, Refusal> {
    match sent {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(bits)) => Ok(bits.as_u64()),
        Some(Value::String(bits)) if bits.parse::<u64>().is_ok() => Ok(bits.parse().ok()),
        Some(_) => {
            Err(invalid("permissions", "PERMISSIONS_TYPE_INVALID", "Permissions must be a string of bits."))
        }
    }
}
