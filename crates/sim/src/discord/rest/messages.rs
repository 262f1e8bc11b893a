//! Messages in channels.

use serde_json::Value;

use super::{Answer, Call};
use crate::discord::forms::draft;
use crate::discord::ids::Snowflake;
use crate::discord::model::{Message, flag};
use crate::discord::refusal::{Refusal, UNKNOWN_MESSAGE};
use crate::discord::state::State;

/// Messages in one answer.
const LIST_MOST: usize = 100;

/// Newest first, except after one: `Discord docs: Get Channel Messages`.
pub(super) fn list(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let channel = state.visible_channel(call.id("channel")?, call.bot()?)?.id;
    let limit = call.limit(1, 50, LIST_MOST)?;
    let (after, before) = (call.asked::<Snowflake>("after")?, call.asked::<Snowflake>("before")?);
    let here = |message: &&Message| message.channel == channel && !message.is(flag::EPHEMERAL);
    let mut found: Vec<&Message> = state.messages.values().filter(here).collect();
    found.retain(|message| after.is_none_or(|after| message.id > after));
    found.retain(|message| before.is_none_or(|before| message.id < before));
    let spare = found.len().saturating_sub(limit);
    if after.is_some() {
        found.truncate(limit);
    } else {
        found.drain(..spare);
    }
    let shown: Vec<Value> = found.into_iter().rev().map(|message| state.message_json(message)).collect();
    Ok(Answer::ok(shown.into()))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    call.form()?;
    let draft = draft(&call.body, "", true)?.not_empty()?;
    let message = state.post(call.bot()?, call.id("channel")?, draft)?;
    shown(state, message, call.field("nonce"))
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let channel = state.visible_channel(call.id("channel")?, call.bot()?)?.id;
    let message = state.message_in(channel, call.id("message")?)?.id;
    shown(state, message, None)
}

pub(super) fn edit(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    call.form()?;
    let message = call.id("message")?;
    state.edit_own(call.bot()?, call.id("channel")?, message, draft(&call.body, "", true)?)?;
    shown(state, message, None)
}

pub(super) fn delete(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    state.delete_message(&call.actor()?, call.id("channel")?, call.id("message")?)?;
    Ok(Answer::Empty)
}

fn shown(state: &State, message: Snowflake, nonce: Option<&Value>) -> Result<Answer, Refusal> {
    let mut shown = state.message_json(state.messages.get(&message).ok_or(UNKNOWN_MESSAGE)?);
    if let (Some(nonce), Some(fields)) = (nonce.filter(|nonce| !nonce.is_null()), shown.as_object_mut()) {
        fields.insert("nonce".into(), nonce.clone());
    }
    Ok(Answer::ok(shown))
}
