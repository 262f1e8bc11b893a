//! Answers to interactions: the first one, and what follows by webhook.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::discord::forms::draft;
use crate::discord::ids::Snowflake;
use crate::discord::model::{First, Interaction, flag};
use crate::discord::refusal::{Refusal, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK};
use crate::discord::state::State;

pub(super) fn answer(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let id = call.id("interaction").map_err(|_| UNKNOWN_INTERACTION)?;
    state.answer(id, call.text("token"), &call.body)?;
    if !call.flag("with_response") {
        return Ok(Answer::Empty);
    }
    let interaction = state.interactions.get(&id).ok_or(UNKNOWN_INTERACTION)?;
    Ok(Answer::ok(response(state, interaction, call.field("type"))))
}

fn response(state: &State, interaction: &Interaction, kind: Option<&Value>) -> Value {
    let mut about = json!({ "id": interaction.id, "type": interaction.asked.number() });
    if let Some(fields) = about.as_object_mut() {
        fields.insert("channel_id".into(), interaction.channel.to_string().into());
        if let Some(guild) = interaction.guild {
            fields.insert("guild_id".into(), guild.to_string().into());
        }
    }
    let shows = matches!(interaction.first, Some((First::Message | First::Update, _)));
    let message = interaction.original.filter(|_| shows).and_then(|id| state.messages.get(&id));
    if let (Some(message), Some(fields)) = (message, about.as_object_mut()) {
        fields.insert("response_message_id".into(), message.id.to_string().into());
        fields.insert("response_message_loading".into(), message.is(flag::LOADING).into());
        fields.insert("response_message_ephemeral".into(), message.is(flag::EPHEMERAL).into());
    }
    let mut whole = json!({ "interaction": about });
    if let (Some(message), Some(fields)) = (message, whole.as_object_mut()) {
        let resource = json!({ "type": kind, "message": state.message_json(message) });
        fields.insert("resource".into(), resource);
    }
    whole
}

pub(super) fn follow_up(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let interaction = interaction(state, call)?.id;
    let message = state.follow_up(interaction, draft(&call.body, "", false)?)?;
    shown(state, message)
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let message = state.answer_named(interaction(state, call)?, call.text("answer"))?;
    shown(state, message)
}

pub(super) fn edit(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let found = interaction(state, call)?;
    let (id, message) = (found.id, state.answer_named(found, call.text("answer"))?);
    state.edit_answer(id, message, draft(&call.body, "", false)?)?;
    shown(state, message)
}

pub(super) fn delete(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let message = state.answer_named(interaction(state, call)?, call.text("answer"))?;
    state.drop_message(message);
    Ok(Answer::Empty)
}

fn interaction<'a>(state: &'a State, call: &Call) -> Result<&'a Interaction, Refusal> {
    let application = call.id("webhook").map_err(|_| UNKNOWN_WEBHOOK)?;
    if !state.applications.contains_key(&application) {
        return Err(UNKNOWN_WEBHOOK);
    }
    state.by_webhook(application, call.text("token"))
}

fn shown(state: &State, message: Snowflake) -> Result<Answer, Refusal> {
    let message = state.messages.get(&message).ok_or(UNKNOWN_MESSAGE)?;
    Ok(Answer::ok(state.message_json(message)))
}
