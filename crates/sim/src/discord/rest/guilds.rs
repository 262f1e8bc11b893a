//! A guild and its channels.

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::discord::refusal::Refusal;
use crate::discord::state::State;

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = state.guild(call.guild(state)?)?;
    let mut shown = guild.json();
    if let (true, Some(fields)) = (call.flag("with_counts"), shown.as_object_mut()) {
        fields.insert("approximate_member_count".into(), guild.members.len().into());
        fields.insert("approximate_presence_count".into(), guild.members.len().into());
    }
    Ok(Answer::ok(shown))
}

pub(super) fn preview(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = state.guild(call.guild(state)?)?;
    Ok(Answer::ok(json!({
        "id": guild.id,
        "name": guild.name,
        "icon": null,
        "description": null,
        "home_header": null,
        "splash": null,
        "discovery_splash": null,
        "features": ["COMMUNITY"],
        "approximate_member_count": guild.members.len(),
        "approximate_presence_count": guild.members.len(),
        "emojis": [],
        "stickers": [],
    })))
}

pub(super) fn channels(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    let all: Vec<Value> = state.channels_of(guild).iter().map(|channel| channel.guild_json(guild)).collect();
    Ok(Answer::ok(all.into()))
}

pub(super) fn threads(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    call.guild(state).map(|_| Answer::ok(json!({ "threads": [], "members": [], "has_more": false })))
}

/// Lists that are empty here: emoji, stickers, webhooks, invites, integrations.
pub(super) fn nothing(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    call.guild(state).map(|_| Answer::ok(json!([])))
}
