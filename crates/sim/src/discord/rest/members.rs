//! Members of a guild.

use std::collections::BTreeSet;
use std::ops::Bound;

use serde_json::Value;

use super::call::not_a_snowflake;
use super::{Answer, Call};
use crate::discord::acts::MemberEdit;
use crate::discord::gateway::intent;
use crate::discord::ids::Snowflake;
use crate::discord::model::Member;
use crate::discord::permissions::bits;
use crate::discord::refusal::{
    INVALID_OAUTH_TOKEN, MISSING_ACCESS, MISSING_PERMISSIONS, Refusal, UNAUTHORIZED, invalid,
};
use crate::discord::state::State;
use crate::discord::time::from_iso;

/// Members in one answer.
const LIST_MOST: usize = 1_000;

/// By id, after the one named; needs the members intent switched on for the application.
pub(super) fn list(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    let application = state.application(call.application().ok_or(UNAUTHORIZED)?)?;
    if application.privileged_intents & intent::GUILD_MEMBERS == 0 {
        return Err(MISSING_ACCESS);
    }
    let (limit, after) =
        (call.limit(1, 1, LIST_MOST)?, call.asked::<Snowflake>("after")?.unwrap_or_default());
    let members = state.guild(guild)?.members.range((Bound::Excluded(after), Bound::Unbounded));
    let shown = members.take(limit).filter_map(|(id, member)| Some(member.json(state.users.get(id)?)));
    Ok(Answer::ok(shown.collect()))
}

pub(super) fn search(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    let limit = call.limit(1, 1, LIST_MOST)?;
    let query: String = call.asked("query")?.unwrap_or_default();
    if query.is_empty() {
        return Err(invalid("query", "BASE_TYPE_REQUIRED", "This field is required"));
    }
    let found = state.members_named(state.guild(guild)?, &query, limit).into_iter();
    let shown: Vec<Value> = found.filter_map(|id| state.member_json(guild, id).ok()).collect();
    Ok(Answer::ok(shown.into()))
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    state.member_json(guild, call.id("user")?).map(Answer::ok)
}

/// 201 for a new member; 204, with nothing changed, for one who is there already.
pub(super) fn add(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (guild, user, bot) = (call.guild(state)?, call.id("user")?, call.bot()?);
    state.allowed(guild, bot, bits::CREATE_INSTANT_INVITE)?;
    let token = call.field("access_token").and_then(Value::as_str).unwrap_or_default();
    let grant = state.grants.by_access(token, state.now_ms()).ok_or(INVALID_OAUTH_TOKEN)?;
    let good =
        grant.user == user && Some(grant.application) == call.application() && grant.allows("guilds.join");
    if !good {
        return Err(INVALID_OAUTH_TOKEN);
    }
    let mut with = Member::new(state.now_ms());
    if let Some(Some(nick)) = call.text_field("nick")? {
        state.allowed(guild, bot, bits::MANAGE_NICKNAMES)?;
        with.nick = crate::discord::nickname::normalised(&nick)?;
    }
    if let Some(roles) = roles(call)? {
        let known = state.allowed(guild, bot, bits::MANAGE_ROLES)?;
        let own = crate::discord::permissions::rank_of(known, bot);
        let below = |id: &Snowflake| {
            let role = known.roles.get(id);
            role.is_some_and(|role| !role.managed && crate::discord::permissions::rank_of_role(role) < own)
        };
        if !roles.iter().all(below) {
            return Err(MISSING_PERMISSIONS);
        }
        with.roles = roles;
    }
    match state.join(guild, user, with)? {
        true => Ok(Answer::Json(201, state.member_json(guild, user)?)),
        false => Ok(Answer::Empty),
    }
}

pub(super) fn edit(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    call.form()?;
    let (guild, user) = (call.guild(state)?, call.id("user")?);
    in_voice(call)?;
    let edit = MemberEdit {
        nick: call.text_field("nick")?,
        roles: roles(call)?,
        timed_out_until_ms: timed_out_until(call)?,
        flags: call.field("flags").and_then(Value::as_u64),
    };
    state.edit_member(&call.actor()?, guild, user, &edit)?;
    state.member_json(guild, user).map(Answer::ok)
}

/// Nobody is in a voice channel here, so nobody can be muted, deafened or moved.
fn in_voice(call: &Call) -> Result<(), Refusal> {
    let asked =
        ["mute", "deaf", "channel_id"].iter().any(|name| call.field(name).is_some_and(|v| !v.is_null()));
    let message = "Target user is not connected to voice.";
    if asked { Err(Refusal { status: 400, code: 40032, message, errors: None }) } else { Ok(()) }
}

fn timed_out_until(call: &Call) -> Result<Option<Option<i64>>, Refusal> {
    let name = "communication_disabled_until";
    let Some(until) = call.text_field(name)? else { return Ok(None) };
    let parse = |text: String| {
        let message = format!("Could not parse {text}. Should be ISO8601.");
        from_iso(&text).ok_or_else(|| invalid(name, "DATE_TIME_TYPE_PARSE", &message))
    };
    until.map(parse).transpose().map(Some)
}

/// The list of roles, without @everyone: everybody has it, and libraries name it all the same.
fn roles(call: &Call) -> Result<Option<BTreeSet<Snowflake>>, Refusal> {
    let everyone = call.id("guild")?;
    let Some(sent) = call.field("roles") else { return Ok(None) };
    let list = sent.as_array().map(Vec::as_slice).unwrap_or_default();
    let id = |(index, id): (usize, &Value)| {
        let text = id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned);
        text.parse().map_err(|_| not_a_snowflake(&format!("roles.{index}"), &text))
    };
    let mut roles = list.iter().enumerate().map(id).collect::<Result<BTreeSet<Snowflake>, _>>()?;
    roles.remove(&everyone);
    Ok(Some(roles))
}

pub(super) fn edit_own(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    call.form()?;
    let (guild, bot) = (call.guild(state)?, call.bot()?);
    if call.field("nick").is_some() {
        state.allowed(guild, bot, bits::CHANGE_NICKNAME)?;
    }
    let edit = MemberEdit { nick: call.text_field("nick")?, ..MemberEdit::default() };
    state.edit_member(&call.actor()?, guild, bot, &edit)?;
    state.member_json(guild, bot).map(Answer::ok)
}

pub(super) fn kick(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    state.kick(&call.actor()?, guild, call.id("user")?)?;
    Ok(Answer::Empty)
}

pub(super) fn give_role(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    hand_role(state, call, true)
}

pub(super) fn take_role(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    hand_role(state, call, false)
}

fn hand_role(state: &mut State, call: &Call, gives: bool) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    state.hand_role(&call.actor()?, guild, call.id("user")?, call.id("role")?, gives)?;
    Ok(Answer::Empty)
}
