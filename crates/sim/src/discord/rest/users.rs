//! Users: oneself, others, and the direct line to them.

use serde_json::{Value, json};

use super::call::not_a_snowflake;
use super::{Answer, Call, Caller};
use crate::discord::ids::Snowflake;
use crate::discord::model::Guild;
use crate::discord::permissions::in_guild;
use crate::discord::refusal::{Refusal, TOKEN_LACKS_SCOPE, UNAUTHORIZED, UNKNOWN_GUILD, invalid};
use crate::discord::state::State;

/// Guilds in one answer.
const GUILDS_MOST: usize = 200;

pub(super) fn own(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let (user, email) = match &call.caller {
        Caller::Bot { bot, .. } => (*bot, true),
        Caller::Person { user, scopes, .. } => (*user, scopes.iter().any(|scope| scope == "email")),
        Caller::Nobody => return Err(UNAUTHORIZED),
    };
    scope(call, "identify")?;
    Ok(Answer::ok(state.user(user)?.own_json(email)))
}

pub(super) fn edit_own(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let bot = call.bot()?;
    if let Some(Some(name)) = call.text_field("username")? {
        if !(2..=32).contains(&name.chars().count()) {
            return Err(invalid("username", "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 32 in length."));
        }
        state.rename_user(bot, &name, None)?;
    }
    own(state, call)
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok(state.user(call.id("user")?)?.json()))
}

pub(super) fn guilds(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    scope(call, "guilds")?;
    let user = who(call)?;
    let (limit, after) = (call.limit(1, GUILDS_MOST, GUILDS_MOST)?, call.asked::<Snowflake>("after")?);
    let before = call.asked::<Snowflake>("before")?;
    let mine = state.guilds_of(user).into_iter();
    let wanted = mine.filter(|guild| after.is_none_or(|after| guild.id > after));
    let wanted = wanted.filter(|guild| before.is_none_or(|before| guild.id < before)).take(limit);
    let shown: Vec<Value> =
        wanted.map(|guild| partial(guild, user, state.now_ms(), call.flag("with_counts"))).collect();
    Ok(Answer::ok(shown.into()))
}

fn partial(guild: &Guild, user: Snowflake, now_ms: i64, counts: bool) -> Value {
    let mut shown = json!({
        "id": guild.id,
        "name": guild.name,
        "icon": null,
        "banner": null,
        "owner": guild.owner == user,
        "permissions": in_guild(guild, user, now_ms).to_string(),
        "features": ["COMMUNITY"],
    });
    if let (true, Some(fields)) = (counts, shown.as_object_mut()) {
        fields.insert("approximate_member_count".into(), guild.members.len().into());
        fields.insert("approximate_presence_count".into(), guild.members.len().into());
    }
    shown
}

pub(super) fn own_member(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    scope(call, "guilds.members.read")?;
    let (user, guild) = (who(call)?, call.id("guild")?);
    // Somebody who is not in the guild is told that there is none.
    state.member_json(guild, user).map(Answer::ok).map_err(|_| UNKNOWN_GUILD)
}

pub(super) fn leave(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = call.guild(state)?;
    state.part(guild, call.bot()?)?;
    Ok(Answer::Empty)
}

pub(super) fn connections(_: &mut State, call: &Call) -> Result<Answer, Refusal> {
    scope(call, "connections").map(|()| Answer::ok(json!([])))
}

pub(super) fn direct_line(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let sent = call.field("recipient_id").or_else(|| call.field("recipients")?.get(0));
    let text = match sent {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let person: Snowflake = text.parse().map_err(|_| not_a_snowflake("recipient_id", &text))?;
    let bot = call.bot()?;
    if person == bot {
        return Err(crate::discord::refusal::DMS_CLOSED);
    }
    let channel = state.direct_line(bot, person)?;
    Ok(Answer::ok(state.channel(channel)?.direct_json(state.user(person)?)))
}

fn who(call: &Call) -> Result<Snowflake, Refusal> {
    match &call.caller {
        Caller::Bot { bot, .. } => Ok(*bot),
        Caller::Person { user, .. } => Ok(*user),
        Caller::Nobody => Err(UNAUTHORIZED),
    }
}

/// A person's token must have the scope; a bot's needs none.
fn scope(call: &Call, needed: &str) -> Result<(), Refusal> {
    match &call.caller {
        Caller::Person { scopes, .. } if !scopes.iter().any(|scope| scope == needed) => {
            Err(TOKEN_LACKS_SCOPE)
        }
        _ => Ok(()),
    }
}
