//! The rules that held before: each revision with when, why, by whom, and what it changed. And what rules left behind.

use std::collections::BTreeSet;

use domain::ids::{GuildId, RevisionId, RoleId};
use domain::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use store::revisions::Revision;

use super::difference;
use super::text::Written;
use crate::audit::{RULES, details};
use crate::error::Error;
use crate::hall::Hall;

/// How many revisions one answer tells of.
pub const REVISIONS_MAX: usize = 100;

/// A revision, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevisionTold {
    /// Its number.
    pub revision: RevisionId,
    /// When its rules were read from the settings file.
    pub made_at: Timestamp,
    /// Why they were read: `start`, `SIGHUP`, `file changed`. `None` once the audit log has forgotten it.
    pub cause: Option<String>,
    /// Who owned the file then. `None` where the system did not tell, or the audit log has forgotten it.
    pub owner: Option<String>,
    /// What it changed of the revision before, a line each; nothing for the first.
    pub difference: Vec<String>,
}

/// A role whose rule is gone: whoever holds it keeps it until the owner decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReleasedRole {
    /// What the rule called it.
    pub name: String,
    /// Which role that was.
    pub role: RoleId,
}

impl Hall {
    /// The latest revisions of a guild's rules, newest first; [`REVISIONS_MAX`] at most.
    pub async fn revisions(&self, guild: GuildId, most: usize) -> Result<Vec<RevisionTold>, Error> {
        let most = most.min(REVISIONS_MAX);
        let mut tx = self.store.read().await?;
        // One more, with which the last is compared.
        let rows = tx.revisions(guild, None, most + 1).await?;
        let entries = tx.audit_of_act(guild, RULES, most).await?;
        let noted: Vec<Value> = entries.iter().map(|row| details(&row.entry)).collect();
        let told = rows.iter().zip(1..).take(most).map(|(row, next)| told(row, rows.get(next), &noted));
        Ok(told.collect())
    }

    /// The roles of a guild that a rule named once and none names now, by name.
    pub async fn released_roles(&self, guild: GuildId) -> Result<Vec<ReleasedRole>, Error> {
        let rules = self.rules.now();
        let is = Written::of(rules.guild(guild)?.as_ref());
        let mut tx = self.store.read().await?;
        let is = match &rules.origin {
            Some(_) => is,
            // Rules that could not be read leave nothing behind: those before them are followed.
            None => tx.latest_revision(guild).await?.map_or(is, |latest| Written::from_text(&latest.rules)),
        };
        let mut bound = tx.role_bindings(guild).await?;
        // A rule that says the role's new name means the same role.
        let ruled: BTreeSet<RoleId> = is.roles.keys().filter_map(|role| bound.get(role).copied()).collect();
        bound.retain(|_, role| !ruled.contains(role));
        Ok(bound.into_iter().map(|(name, role)| ReleasedRole { name, role }).collect())
    }
}

fn told(row: &Revision, before: Option<&Revision>, noted: &[Value]) -> RevisionTold {
    let is_it = |entry: &&Value| entry.get("revision").and_then(Value::as_i64) == Some(row.id.0);
    let entry = noted.iter().find(is_it);
    let word = |name: &str| Some(entry?.get(name)?.as_str()?.to_owned());
    let is = Written::from_text(&row.rules);
    RevisionTold {
        revision: row.id,
        made_at: row.made_at,
        cause: word("cause"),
        owner: word("owner"),
        difference: before
            .map(|before| difference::lines(&Written::from_text(&before.rules), &is))
            .unwrap_or_default(),
    }
}
