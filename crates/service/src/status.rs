//! What the hall does and how it fares, for people and tools that watch it.

use domain::ids::{GuildId, SourceName, UserId};
use domain::time::Timestamp;
use serde::Serialize;

use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{Order, order, read_staff_log, refresh_source};

/// How many entries one answer holds.
const ACTIVITY_MAX: usize = 100;

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

impl Hall {
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
