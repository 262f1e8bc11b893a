//! What the staff was told last of what waits: it hears of what is new or has grown, and not of every hint.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ids::GuildId;
use domain::plan::Reason;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::cursors::Cursor;

use crate::error::Error;
use crate::hall::Hall;

/// How long the staff is left alone when what waits grows: thirty people demoted within a minute are one message.
const GROWTH_TOLD_AFTER: Duration = Duration::from_secs(600);

/// What a guild's staff was told last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastTold {
    kinds: BTreeSet<String>,
    changes: usize,
    at: Timestamp,
}

impl LastTold {
    /// What it was; `None` where nothing was told yet.
    pub(crate) async fn of(hall: &Hall, tx: &mut Tx, guild: GuildId) -> Result<Option<Self>, Error> {
        let cursor = tx.cursor(hall.discord_place, &name(guild)).await?;
        Ok(cursor.and_then(|cursor| serde_json::from_str(&cursor.value).ok()))
    }

    /// Notes that so many changes were told of, for these reasons.
    pub(crate) async fn note(
        hall: &Hall,
        tx: &mut Tx,
        guild: GuildId,
        reasons: &[Reason],
        changes: usize,
    ) -> Result<(), Error> {
        let at = hall.clock.now();
        let told = Self { kinds: kinds(reasons), changes, at };
        // Words and numbers: they always serialise.
        let value = serde_json::to_string(&told).unwrap_or_default();
        Ok(tx.put_cursor(hall.discord_place, &name(guild), &Cursor { value, at }).await?)
    }

    /// Whether the staff should hear again: of another reason at once, of twice as much after a while.
    pub(super) fn leaves_out(&self, reasons: &[Reason], changes: usize, now: Timestamp) -> bool {
        let has_grown = changes >= 2 * self.changes.max(1) && now.since(self.at) > GROWTH_TOLD_AFTER;
        has_grown || !kinds(reasons).is_subset(&self.kinds)
    }
}

/// What reasons are, apart from how many.
pub(super) fn kinds(reasons: &[Reason]) -> BTreeSet<String> {
    reasons.iter().map(Reason::kind).collect()
}

fn name(guild: GuildId) -> String {
    format!("told what waits in {guild}")
}
