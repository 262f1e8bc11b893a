//! Bans of a guild.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::discord::ids::Snowflake;
use crate::discord::model::User;
use crate::discord::permissions::bits;
use crate::discord::refusal::{Refusal, UNKNOWN_BAN, invalid};
use crate::discord::state::State;

/// Bans in one answer.
const LIST_MOST: usize = 1_000;

/// The longest span of messages that a ban may delete, in seconds.
const DELETE_MOST_SECONDS: u64 = 604_800;

/// By id, rising; before one: those nearest to it.
pub(super) fn list(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = state.allowed(call.guild(state)?, call.bot()?, bits::BAN_MEMBERS)?;
    let limit = call.limit(1, LIST_MOST, LIST_MOST)?;
    let (before, after) = (call.asked::<Snowflake>("before")?, call.asked::<Snowflake>("after")?);
    let all = guild.bans.iter();
    let rows: Vec<_> = match before {
        Some(before) => {
            let mut rows: Vec<_> = all.filter(|(id, _)| **id < before).collect();
            rows.split_off(rows.len().saturating_sub(limit))
        }
        None => all.filter(|(id, _)| after.is_none_or(|after| **id > after)).take(limit).collect(),
    };
    Ok(Answer::ok(rows.into_iter().map(|(id, reason)| row(state, *id, reason)).collect()))
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = state.allowed(call.guild(state)?, call.bot()?, bits::BAN_MEMBERS)?;
    let user = call.id("user")?;
    let reason = guild.bans.get(&user).ok_or(UNKNOWN_BAN)?;
    Ok(Answer::ok(row(state, user, reason)))
}

pub(super) fn put(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    if call
        .field("delete_message_seconds")
        .and_then(Value::as_u64)
        .is_some_and(|span| span > DELETE_MOST_SECONDS)
    {
        let text = format!("int value should be less than or equal to {DELETE_MOST_SECONDS}.");
        return Err(invalid("delete_message_seconds", "NUMBER_TYPE_MAX", &text));
    }
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
