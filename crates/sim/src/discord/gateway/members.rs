//! Request Guild Members (op 8): a guild's members in chunks.

use serde_json::{Value, json};

use crate::discord::ids::Snowflake;
use crate::discord::model::Guild;
use crate::discord::state::State;

use super::{Session, intent};

/// Members in one chunk.
const CHUNK_MOST: usize = 1_000;
/// Users that one request may name, and the most a search gives.
const NAMED_MOST: usize = 100;
/// The longest nonce, in bytes.
const NONCE_MOST_BYTES: usize = 32;
/// The whole list of one guild may be asked for so often, in milliseconds.
const WHOLE_EVERY_MS: i64 = 30_000;

impl State {
    /// Answers with chunks; with nothing at all where the request is not allowed.
    pub(in crate::discord) fn request_members(&mut self, session_id: &str, asked: &Value) {
        let now_ms = self.now_ms();
        let Some(session) = self.sessions.get(session_id) else { return };
        let guild_id = first_id(asked.get("guild_id"));
        let Some(guild) = guild_id.and_then(|id| self.guild_of(id, session.bot).ok()) else { return };
        let guild_id = guild.id;
        let whole = asks_for_all(asked);
        if whole && session.intents & intent::GUILD_MEMBERS == 0 {
            return;
        }
        if let (true, Some(wait_ms)) = (whole, self.wait_for_list(session, guild_id, now_ms)) {
            let told = rate_limited(guild_id, nonce(asked), wait_ms).to_string();
            if let Some(session) = self.sessions.get_mut(session_id) {
                session.dispatch("RATE_LIMITED", &told);
            }
            return;
        }
        let (found, missing) = self.find(guild, asked);
        let chunks = self.chunks(guild, &found, &missing, asked);
        if let Some(session) = self.sessions.get_mut(session_id) {
            if whole {
                session.listed_at_ms.insert(guild_id, now_ms);
            }
            for chunk in chunks {
                session.dispatch("GUILD_MEMBERS_CHUNK", &chunk.to_string());
            }
        }
    }

    fn wait_for_list(&self, session: &Session, guild: Snowflake, now_ms: i64) -> Option<i64> {
        let limits = &self.settings.limits;
        let every_ms = WHOLE_EVERY_MS / i64::from(limits.speed.max(1));
        let wait_ms = session.listed_at_ms.get(&guild)? + every_ms - now_ms;
        (limits.on && wait_ms > 0).then_some(wait_ms)
    }

    fn find(&self, guild: &Guild, asked: &Value) -> (Vec<Snowflake>, Vec<Snowflake>) {
        if let Some(named) = asked.get("user_ids") {
            let ids = ids(named);
            return ids.into_iter().take(NAMED_MOST).partition(|id| guild.members.contains_key(id));
        }
        if asks_for_all(asked) {
            return (guild.members.keys().copied().collect(), Vec::new());
        }
        let query = asked.get("query").and_then(Value::as_str).unwrap_or_default();
        let most = asked.get("limit").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
        let found = self.members_named(guild, query, most.unwrap_or(NAMED_MOST).clamp(1, NAMED_MOST));
        (found, Vec::new())
    }

    /// Members whose nickname, name or username begins with the query, whatever the case.
    pub(in crate::discord) fn members_named(
        &self,
        guild: &Guild,
        query: &str,
        most: usize,
    ) -> Vec<Snowflake> {
        let query = query.to_lowercase();
        let begins = |text: &str| text.to_lowercase().starts_with(&query);
        let fits = |(id, nick): (&Snowflake, Option<&String>)| {
            let user = self.users.get(id)?;
            let named = nick.is_some_and(|nick| begins(nick));
            (named || begins(&user.username) || begins(user.shown_name())).then_some(*id)
        };
        let members = guild.members.iter().map(|(id, member)| (id, member.nick.as_ref()));
        members.filter_map(fits).take(most).collect()
    }

    fn chunks(&self, guild: &Guild, found: &[Snowflake], missing: &[Snowflake], asked: &Value) -> Vec<Value> {
        let empty: [&[Snowflake]; 1] = [&[]];
        let groups: Vec<&[Snowflake]> = match found.is_empty() {
            true => empty.to_vec(),
            false => found.chunks(CHUNK_MOST).collect(),
        };
        let count = groups.len();
        let chunk = |(index, group): (usize, &[Snowflake])| {
            let members = group.iter().filter_map(|id| self.member_json(guild.id, *id).ok());
            let mut chunk = json!({
                "guild_id": guild.id,
                "members": members.collect::<Vec<_>>(),
                "chunk_index": index,
                "chunk_count": count,
            });
            if let Some(fields) = chunk.as_object_mut() {
                if !missing.is_empty() && index == 0 {
                    fields.insert("not_found".into(), json!(missing));
                }
                if let Some(nonce) = nonce(asked) {
                    fields.insert("nonce".into(), nonce.into());
                }
                if asked.get("presences").and_then(Value::as_bool) == Some(true) {
                    fields.insert("presences".into(), json!([]));
                }
            }
            chunk
        };
        groups.into_iter().enumerate().map(chunk).collect()
    }
}

/// One that is too long is left out, as if there were none.
fn nonce(asked: &Value) -> Option<&str> {
    asked.get("nonce").and_then(Value::as_str).filter(|nonce| nonce.len() <= NONCE_MOST_BYTES)
}

fn asks_for_all(asked: &Value) -> bool {
    asked.get("user_ids").is_none()
        && asked.get("query").and_then(Value::as_str).unwrap_or_default().is_empty()
        && asked.get("limit").and_then(Value::as_u64).unwrap_or(0) == 0
}

fn rate_limited(guild: Snowflake, nonce: Option<&str>, wait_ms: i64) -> Value {
    let meta = json!({ "guild_id": guild, "nonce": nonce });
    json!({ "opcode": 8, "retry_after": crate::discord::time::seconds(wait_ms), "meta": meta })
}

/// Libraries send the guild's id alone or as a list of one.
fn first_id(value: Option<&Value>) -> Option<Snowflake> {
    ids(value?).first().copied()
}

fn ids(value: &Value) -> Vec<Snowflake> {
    let id = |value: &Value| match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().map(Snowflake),
    };
    match value {
        Value::Array(list) => list.iter().filter_map(id).collect(),
        one => id(one).into_iter().collect(),
    }
}
