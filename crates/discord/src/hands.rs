//! What moderators do by hand, read from the audit log.

use std::time::Duration;

use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::Permissions;
use serde::Deserialize;
use service::ports::{ByHand, GuildError, HandAct};

use crate::discord::Discord;
use crate::rest::PAGE_ENTRIES_MAX;
use crate::wire::{AuditChange, AuditEntry, Snowflake};

/// How many pages one call reads: the hall's own writes stand between those of others.
const PAGES_MAX: usize = 20;

/// How long Discord keeps the log. (Discord docs: Audit Logs Resource.)
const KEPT: Duration = Duration::from_secs(45 * 86_400);

/// How far this machine's clock may be ahead of Discord's.
const CLOCKS_DIFFER: Duration = Duration::from_secs(86_400);

impl Discord {
    /// Who changed roles by hand since an entry; see the port.
    pub(crate) async fn hands_since(&self, guild: GuildId, after: Option<u64>) -> Result<ByHand, GuildError> {
        let (rest, world) = (&self.inner.rest, &self.inner.world);
        if world.lacks(guild, Permissions::VIEW_AUDIT_LOG) {
            return Ok(ByHand::Forbidden);
        }
        let bot = self.bot().await?;
        let now = self.inner.clock.now();
        let mut gap = after.is_some_and(|after| Snowflake(after).at() < now.before(KEPT));
        let (mut acts, mut cursor, mut more) = (Vec::new(), after, after.is_some());
        for _ in 0..PAGES_MAX {
            let mut page = match rest.role_changes(guild, cursor.filter(|_| after.is_some())).await {
                Ok(page) => page,
                Err(problem) if problem.is_forbidden() => return Ok(ByHand::Forbidden),
                Err(problem) => return Err(problem.into()),
            };
            more &= page.len() >= PAGE_ENTRIES_MAX;
            // After an entry the oldest come first; a full page the other way round would have left some out.
            gap |= more && !page.is_sorted_by_key(|entry| entry.id);
            page.sort_by_key(|entry| entry.id);
            cursor = page.last().map(|entry| entry.id.0).max(cursor);
            acts.extend(page.iter().filter_map(|entry| act(entry, bot)));
            if !more {
                break;
            }
        }
        // All was read until now: a server in which nobody does anything for weeks has lost nothing.
        let read_until = Snowflake::at_first(now.before(CLOCKS_DIFFER)).0;
        let cursor = cursor.map(|cursor| if more { cursor } else { cursor.max(read_until) });
        Ok(ByHand::Read { acts, cursor, gap, more })
    }
}

/// What an entry says of roles; `None` for what the hall did itself, and where Discord does not say who did it.
fn act(entry: &AuditEntry, bot: UserId) -> Option<HandAct> {
    let who = entry.by().filter(|who| *who != bot && entry.is_about_roles())?;
    let named = |key| entry.changes.iter().filter(move |change| change.key.as_deref() == Some(key));
    let act = HandAct {
        entry: entry.id.0,
        at: entry.id.at(),
        who,
        user: UserId(entry.target_id?.0),
        given: named("$add").flat_map(roles).collect(),
        taken: named("$remove").flat_map(roles).collect(),
    };
    Some(act).filter(|act| !act.given.is_empty() || !act.taken.is_empty())
}

fn roles(change: &AuditChange) -> Vec<RoleId> {
    #[derive(Deserialize)]
    struct Named {
        id: Snowflake,
    }
    let named = Vec::<Named>::deserialize(&change.new_value).unwrap_or_else(|error| {
        tracing::warn!(%error, "an entry of the audit log names roles in a way that cannot be read");
        Vec::new()
    });
    named.into_iter().map(|role| RoleId(role.id.0)).collect()
}

#[cfg(test)]
mod tests;
