//! The routes about channels.

use super::{Answer, Call};
use crate::discord::model::ChannelKind;
use crate::discord::refusal::Refusal;
use crate::discord::state::State;

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let channel = state.visible_channel(call.id("channel")?, call.bot()?)?;
    let shown = match channel.kind {
        ChannelKind::Text { guild } => channel.guild_json(guild),
        ChannelKind::Direct { person, .. } => channel.direct_json(state.user(person)?),
    };
    Ok(Answer::ok(shown))
}

pub(super) fn typing(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    state.visible_channel(call.id("channel")?, call.bot()?).map(|_| Answer::Empty)
}
