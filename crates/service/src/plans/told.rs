//! What the staff was told last of what waits: it hears of what is new or has grown, and not of every hint.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::{Change, Reason};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::cursors::Cursor;

use super::contents::{Deed, Deeds};
use crate::error::Error;
use crate::hall::Hall;

/// How long the staff is left alone when what waits grows: thirty people demoted within a minute are one message.
const GROWTH_TOLD_AFTER: Duration = Duration::from_secs(600);

/// How long what waited, was needed no more and waits again is no news.
const RETURN_TOLD_AFTER: Duration = Duration::from_secs(86_400);

/// How many people are remembered by name of whom the staff was told; of more only their number is news.
const PEOPLE_MAX: usize = 200;

/// What a guild's staff was told last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastTold {
    kinds: BTreeSet<String>,
    /// Whether too many removals were among them.
    #[serde(default)]
    removals: bool,
    changes: usize,
    at: Timestamp,
    /// Who waited for power over the community, as many as [`PEOPLE_MAX`].
    #[serde(default)]
    empowered: BTreeSet<(UserId, RoleId)>,
    /// Whether nothing of it was needed any more, without anybody's word.
    #[serde(default)]
    lapsed: bool,
}

/// Who a plan gives which role that carries power over the community; at most [`PEOPLE_MAX`].
pub(crate) fn empowered(deeds: impl IntoIterator<Item = (UserId, Deed)>) -> BTreeSet<(UserId, RoleId)> {
    let given = |(user, deed)| match deed {
        Deed::Empower(role) => Some((user, role)),
        Deed::Give(_) | Deed::Take(_) | Deed::Rename => None,
    };
    let mut given: BTreeSet<(UserId, RoleId)> = deeds.into_iter().filter_map(given).collect();
    while given.len() > PEOPLE_MAX {
        given.pop_last();
    }
    given
}

impl LastTold {
    /// What it was; `None` where nothing was told yet.
    pub(crate) async fn of(hall: &Hall, tx: &mut Tx, guild: GuildId) -> Result<Option<Self>, Error> {
        let cursor = tx.cursor(hall.discord_place, &name(guild)).await?;
        Ok(cursor.and_then(|cursor| serde_json::from_str(&cursor.value).ok()))
    }

    /// Notes that these changes were told of, for these reasons.
    pub(crate) async fn note(
        hall: &Hall,
        tx: &mut Tx,
        guild: GuildId,
        reasons: &[Reason],
        deeds: Deeds,
    ) -> Result<(), Error> {
        let at = hall.clock.now();
        let (changes, removals) = (deeds.len(), reasons.iter().any(is_removal));
        let empowered = empowered(deeds);
        let told = Self { kinds: kinds(reasons), removals, changes, at, empowered, lapsed: false };
        told.put(hall, tx, guild).await
    }

    /// Notes whether what the staff was told of is needed no more.
    pub(super) async fn set_lapsed(
        mut self,
        hall: &Hall,
        tx: &mut Tx,
        guild: GuildId,
        lapsed: bool,
    ) -> Result<(), Error> {
        if self.lapsed == lapsed {
            return Ok(());
        }
        self.lapsed = lapsed;
        self.put(hall, tx, guild).await
    }

    /// What waits next is news, whatever was told before: a person's word for it ended.
    pub(super) async fn forget(hall: &Hall, tx: &mut Tx, guild: GuildId) -> Result<(), Error> {
        let (value, at) = (String::new(), hall.clock.now());
        Ok(tx.put_cursor(hall.discord_place, &name(guild), &Cursor { value, at }).await?)
    }

    async fn put(&self, hall: &Hall, tx: &mut Tx, guild: GuildId) -> Result<(), Error> {
        // Words and numbers: they always serialise.
        let (value, at) = (serde_json::to_string(self).unwrap_or_default(), hall.clock.now());
        Ok(tx.put_cursor(hall.discord_place, &name(guild), &Cursor { value, at }).await?)
    }

    /// Whether it is still what the staff knows once nothing waits: it went by itself, and not long ago.
    pub(super) fn may_return(&self, now: Timestamp) -> bool {
        self.lapsed && now.since(self.at) <= RETURN_TOLD_AFTER
    }

    /// Whether the staff should hear again: of another reason and of another person who waits for power at once, of
    /// twice as much after a while. That too many lose a role, and that too many lose their last one, are one thing
    /// that grows.
    pub(super) fn leaves_out(&self, reasons: &[Reason], parked: &[&Change], now: Timestamp) -> bool {
        let is_new = |reason: &&Reason| !self.kinds.contains(&reason.kind());
        let new: Vec<&Reason> = reasons.iter().filter(is_new).collect();
        let has_grown = parked.len() >= 2 * self.changes.max(1) || !new.is_empty();
        let is_growth = |reason: &&Reason| self.removals && is_removal(reason);
        let people = empowered(parked.iter().map(|change| (change.user, Deed::of(change))));
        (has_grown && now.since(self.at) > GROWTH_TOLD_AFTER)
            || !new.iter().all(is_growth)
            || !people.is_subset(&self.empowered)
    }
}

fn is_removal(reason: &Reason) -> bool {
    matches!(reason, Reason::Removals { .. } | Reason::Stripped { .. })
}

/// What reasons are, apart from how many.
pub(super) fn kinds(reasons: &[Reason]) -> BTreeSet<String> {
    reasons.iter().map(Reason::kind).collect()
}

fn name(guild: GuildId) -> String {
    format!("told what waits in {guild}")
}
