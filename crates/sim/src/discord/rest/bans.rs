//! Bans of a guild.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::discord::ids::Snowflake;
use crate::discord::model::User;
use crate::discord::permissions::bits;
use crate::discord::refusal::{Refusal, UNKNOWN_BAN};
use crate::discord::state::State;

/// Bans in one answer.
const LIST_MOST: usize = 1_000;

pub(super) fn list(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = state.allowed(call.guild(state)?, call.bot()?, bits::BAN_MEMBERS)?;
    let (limit, after) = (call.limit(1, LIST_MOST, LIST_MOST)?, call.asked::<Snowflake>("after")?);
    let rows = guild.bans.iter().filter(|(id, _)| after.is_none_or(|after| **id > after)).take(limit);
    Ok(Answer::ok(rows.map(|(id, reason)| row(state, *id, reason)).collect()))
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = state.allowed(call.guild(state)?, call.bot()?, bits::BAN_MEMBERS)?;
    let user = call.id("user")?;
    let reason = guild.bans.get(&user).ok_or(UNKNOWN_BAN)?;
    Ok(Answer::ok(row(state, user, reason)))
}

pub(super) fn put(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    state.ban(&call.actor()?, guild, call.id("user")?)?;
    Ok(Answer::Empty)
}

pub(super) fn delete(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    state.unban(&call.actor()?, guild, call.id("user")?)?;
    Ok(Answer::Empty)
}

fn row(state: &State, user: Snowflake, reason: &Option<String>) -> Value {
    json!({ "user": state.users.get(&user).map(User::json), "reason": reason })
}
