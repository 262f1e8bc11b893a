//! Who has yet to be read. Where the hall may not read the member list, somebody whom the roster lacks is not known to
//! be gone until they were asked for: what was to be done to them is needed still.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use domain::ids::{GuildId, UserId};
use domain::plan::Reason;
use domain::roster::Completeness;
use domain::situation::Situation;

use super::contents::Deed;
use super::open::OpenPlan;
use crate::hall::Hall;

/// Who was asked for one by one, and is no member.
#[derive(Debug, Default)]
pub(crate) struct Absent(Mutex<BTreeMap<GuildId, BTreeSet<UserId>>>);

impl Absent {
    /// Notes what Discord said of somebody.
    pub(crate) fn note(&self, guild: GuildId, user: UserId, absent: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.entry(guild).or_default();
        match absent {
            true => known.insert(user),
            false => known.remove(&user),
        };
    }

    fn of(&self, guild: GuildId) -> BTreeSet<UserId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&guild).cloned().unwrap_or_default()
    }
}

/// The people of a guild who have yet to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unseen(BTreeSet<UserId>);

impl Unseen {
    /// Those of a situation.
    pub(super) fn of(hall: &Hall, guild: GuildId, situation: &Situation<'_>) -> Self {
        if situation.roster.completeness == Completeness::Full {
            return Self::default();
        }
        let absent = hall.absent.of(guild);
        let linked = situation.members.iter().map(|member| member.user);
        let users = linked.chain(situation.departures.iter().map(|departure| departure.user));
        let unseen = |user: &UserId| situation.roster.get(*user).is_none() && !absent.contains(user);
        Self(users.filter(unseen).collect())
    }

    pub(super) fn has(&self, user: UserId) -> bool {
        self.0.contains(&user)
    }

    pub(super) fn users(&self) -> &BTreeSet<UserId> {
        &self.0
    }

    /// Whether a plan does something to one of them.
    pub(super) fn is_in(&self, plan: &OpenPlan) -> bool {
        !self.0.is_empty() && plan.deeds.iter().any(|(user, _)| self.has(*user))
    }

    /// Whether a plan does something to one of them that waits for a reason.
    pub(super) fn keeps(&self, plan: &OpenPlan, reason: &Reason) -> bool {
        let of_it = |(user, deed): &(UserId, Deed)| self.has(*user) && holds(reason, *deed);
        !self.0.is_empty() && plan.deeds.iter().any(of_it)
    }
}

/// Whether something may have waited for a reason.
fn holds(reason: &Reason, deed: Deed) -> bool {
    match reason {
        Reason::Removals { id, .. } | Reason::HeldBefore { id, .. } => deed == Deed::Take(*id),
        Reason::Stripped { .. } => matches!(deed, Deed::Take(_)),
        Reason::Nicknames { .. } => deed == Deed::Rename,
        Reason::Dangerous { .. } => matches!(deed, Deed::Empower(_)),
        Reason::Unconfirmed { id, .. } => deed == Deed::Empower(*id),
        Reason::Asked { .. } => true,
        // What a source has is known without anybody in Discord.
        Reason::SourceShrank { .. } => false,
    }
}
