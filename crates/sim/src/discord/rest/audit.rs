//! The audit log, read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Call};
use crate::discord::ids::Snowflake;
use crate::discord::model::{AuditEntry, User};
use crate::discord::permissions::bits;
use crate::discord::refusal::Refusal;
use crate::discord::state::State;

/// Rows in one answer.
const LIST_MOST: usize = 100;

/// Newest first; oldest first after one.
pub(super) fn list(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let guild = state.allowed(call.guild(state)?, call.bot()?, bits::VIEW_AUDIT_LOG)?;
    let limit = call.limit(1, 50, LIST_MOST)?;
    let (actor, target) = (call.asked::<Snowflake>("user_id")?, call.asked::<Snowflake>("target_id")?);
    let action = call.asked::<u64>("action_type")?;
    let (before, after) = (call.asked::<Snowflake>("before")?, call.asked::<Snowflake>("after")?);
    let fits = |entry: &&AuditEntry| {
        actor.is_none_or(|actor| entry.actor == actor)
            && target.is_none_or(|target| entry.target == target)
            && action.is_none_or(|action| entry.action.number() == action)
            && before.is_none_or(|before| entry.id < before)
            && after.is_none_or(|after| entry.id > after)
    };
    let found = guild.audit.iter().filter(fits);
    let rows: Vec<&AuditEntry> = match after.is_some() {
        true => found.take(limit).collect(),
        false => found.rev().take(limit).collect(),
    };
    let named: BTreeSet<Snowflake> = rows.iter().flat_map(|row| [row.actor, row.target]).collect();
    let users: Vec<Value> = named.iter().filter_map(|id| state.users.get(id)).map(User::json).collect();
    let entries: Vec<Value> = rows.into_iter().map(AuditEntry::json).collect();
    Ok(Answer::ok(json!({
        "audit_log_entries": entries,
        "users": users,
        "application_commands": [],
        "auto_moderation_rules": [],
        "guild_scheduled_events": [],
        "integrations": [],
        "threads": [],
        "webhooks": [],
    })))
}
