//! What the hall does and how it fares, for people and tools that watch it.

use std::collections::HashMap;

use domain::ids::{GuildId, RoleId, SourceName, Subject, UserId};
use domain::time::Timestamp;
use serde::Serialize;
use store::audit::{AuditEntry, AuditRow};

use crate::audit;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{Order, order, read_staff_log, refresh_source};

/// How many entries one answer holds.
const ACTIVITY_MAX: usize = 100;
/// How many entries of the log are looked at for one question.
pub const LOG_MAX: usize = 10_000;

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// Its place in the log.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// By whom: `hall`, or a user's id.
    pub actor: String,
    /// What: `link`, `unlink`, `give_role`, `take_role`, `nickname`, `refused`.
    pub act: String,
    /// In which guild.
    pub guild: Option<GuildId>,
    /// To whom.
    pub user: Option<UserId>,
    /// The rest, by act.
    pub details: serde_json::Value,
}

/// One entry of the log, for people to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Logged {
    /// Its place in the log.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// By whom: `hall`, `settings file`, `user ID`, or `command NAME`.
    pub actor: String,
    /// What the forum calls them, where they are linked. Untrusted.
    pub actor_name: Option<String>,
    /// What, in one word.
    pub act: String,
    /// In which guild.
    pub guild: Option<GuildId>,
    /// To whom.
    pub user: Option<UserId>,
    /// What the forum calls them, where they are linked. Untrusted.
    pub name: Option<String>,
    /// What the role is called that it is about, where a rule names it.
    pub role: Option<String>,
    /// The source of the account that it is about.
    pub source: Option<SourceName>,
    /// The account there.
    pub subject: Option<Subject>,
    /// The rest, by act.
    pub details: serde_json::Value,
}

/// Which entries of the log.
#[derive(Clone, Debug, Default)]
pub struct LogQuestion {
    /// Only those of one guild.
    pub guild: Option<GuildId>,
    /// Only those about somebody: a Discord id, or a name in the forum.
    pub member: Option<String>,
    /// How many at most, 10,000 at the most.
    pub last: usize,
}

impl Hall {
    /// The latest entries of the log, newest first. Refuses a name that nobody who is linked has.
    pub async fn log(&self, question: &LogQuestion) -> Result<Vec<Logged>, Error> {
        let most = question.last.min(LOG_MAX);
        let user = match &question.member {
            Some(member) => Some(self.somebody(member).await?),
            None => None,
        };
        let mut tx = self.store.read().await?;
        let rows = match (user, question.guild) {
            (Some(user), None) => tx.audit_of(user, None, most).await?,
            (Some(user), Some(_)) => tx.audit_of(user, None, LOG_MAX).await?,
            (None, Some(guild)) => tx.audit_in(guild, None, most).await?,
            (None, None) => tx.latest_audit(None, most).await?,
        };
        let mut roles = HashMap::new();
        for guild in self.guild_ids() {
            roles.extend(tx.role_bindings(guild).await?.into_iter().map(|(name, id)| (id, name)));
        }
        drop(tx);
        let here =
            |row: &AuditRow| user.is_none() || question.guild.is_none() || row.entry.guild == question.guild;
        let rows: Vec<AuditRow> = rows.into_iter().filter(here).take(most).collect();
        let people = rows.iter().flat_map(|row| [row.entry.user, acting(&row.entry)]).flatten();
        let names = self.names_of(people).await?;
        Ok(rows.into_iter().map(|row| self.logged(row, &names, &roles)).collect())
    }

    fn logged(
        &self,
        row: AuditRow,
        names: &HashMap<UserId, String>,
        roles: &HashMap<RoleId, String>,
    ) -> Logged {
        let details = audit::details(&row.entry);
        let who = acting(&row.entry);
        let AuditEntry { at, actor, act, guild, user, place, subject, .. } = row.entry;
        let role: Option<RoleId> =
            details.get("role").and_then(|role| serde_json::from_value(role.clone()).ok());
        let role_name = details.get("role_name").and_then(|name| name.as_str()).map(str::to_owned);
        Logged {
            id: row.id,
            at,
            actor_name: who.and_then(|who| names.get(&who).cloned()),
            actor,
            act,
            guild,
            name: user.and_then(|user| names.get(&user).cloned()),
            user,
            role: role_name.or_else(|| role.and_then(|role| roles.get(&role).cloned())),
            source: place.and_then(|place| self.source_at(place)).map(|seat| seat.name.clone()),
            subject,
            details,
        }
    }

    /// What was done since an entry of the log, oldest first.
    pub async fn activity(&self, after: i64) -> Result<Vec<Activity>, Error> {
        let rows = self.store.read().await?.audit_after(after, ACTIVITY_MAX).await?;
        let activity = rows.into_iter().map(|row| Activity {
            id: row.id,
            at: row.entry.at,
            actor: row.entry.actor,
            act: row.entry.act,
            guild: row.entry.guild,
            user: row.entry.user,
            details: serde_json::from_str(&row.entry.details).unwrap_or_default(),
        });
        Ok(activity.collect())
    }

    /// Reads the staff log of every source now instead of when its time comes.
    pub async fn read_logs_now(&self) -> Result<(), Error> {
        self.read_now(read_staff_log::order).await
    }

    /// Reads everybody of every source now instead of at the next sweep.
    pub async fn read_everybody_now(&self) -> Result<(), Error> {
        self.read_now(refresh_source::order).await
    }

    async fn read_now(&self, what: fn(&SourceName, Timestamp) -> Order) -> Result<(), Error> {
        let mut tx = self.store.write().await?;
        for seat in &self.sources {
            order(&mut tx, what(&seat.name, self.clock.now())).await?;
        }
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Whether the hall can remember what it is told.
    pub async fn ready(&self) -> Result<(), Error> {
        self.store.read().await?.jobs_due(self.clock.now()).await?;
        Ok(())
    }

    /// How many days ids stay in the log.
    pub fn audit_keep_days(&self) -> u64 {
        self.audit_keep.as_secs().div_ceil(86_400)
    }
}

/// Who did it, where that was a person of Discord.
fn acting(entry: &AuditEntry) -> Option<UserId> {
    entry.actor.strip_prefix("user ")?.parse().ok()
}
