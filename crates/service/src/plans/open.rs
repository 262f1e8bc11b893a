//! The plans of a guild that something is still to become of.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::{GuildId, PlanId, UserId};
use domain::plan::{Change, Plan, Reason};
use domain::time::Timestamp;
use store::Tx;
use store::plans::PlanRow;

use super::State;
use super::contents::{Contents, Deed, Deeds};
use super::unseen::Unseen;
use crate::error::Error;
use crate::hall::Hall;

/// How long a person's word is good for when nothing is written because of it.
pub(crate) const WORD_LASTS: Duration = Duration::from_secs(3_600);

/// How many plans are kept at hand.
const AT_HAND_MAX: usize = 16;

/// What plans do, read once: what a stored plan holds never changes.
#[derive(Debug, Default)]
pub(crate) struct Plans(Mutex<BTreeMap<PlanId, Arc<Deeds>>>);

impl Plans {
    fn at_hand(&self, id: PlanId) -> Option<Arc<Deeds>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn keep(&self, id: PlanId, deeds: Arc<Deeds>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(id, deeds);
        while known.len() > AT_HAND_MAX {
            known.pop_first();
        }
    }
}

/// A plan that waits, or is being written.
#[derive(Clone, Debug)]
pub(crate) struct OpenPlan {
    pub(crate) row: PlanRow,
    pub(crate) deeds: Arc<Deeds>,
    /// When a person's word for it was used last: given, or written by.
    used_at: Option<Timestamp>,
}

impl OpenPlan {
    pub(crate) fn id(&self) -> PlanId {
        self.row.id
    }

    pub(crate) fn is(&self, state: State) -> bool {
        self.row.plan.state == state.word()
    }

    pub(crate) fn does(&self, user: UserId, deed: Deed) -> bool {
        self.deeds.contains(&(user, deed))
    }

    /// Why it waits.
    pub(crate) fn reasons(&self) -> Vec<Reason> {
        reasons_of(&self.row)
    }

    /// Which limits it waits for still, as long as something of what they hold is needed, or may be.
    pub(crate) fn stands(&self, plan: &Plan, unseen: &Unseen) -> Vec<Reason> {
        let needed = |reason: &Reason| {
            let of_it = |change: &&Change| reason.is_about(&change.act);
            plan.changes.iter().filter(of_it).any(|change| self.does(change.user, Deed::of(change)))
                || unseen.keeps(self, reason)
        };
        self.reasons().into_iter().filter(needed).collect()
    }

    /// Whether nothing was written under it, and nobody decided about it.
    pub(super) fn is_unused(&self) -> bool {
        self.used_at.is_none()
    }

    /// Whether a person's word for it is too old.
    pub(crate) fn is_stale(&self, now: Timestamp) -> bool {
        self.is(State::Released) && self.used_at.is_none_or(|at| now.since(at) > WORD_LASTS)
    }
}

/// Why the plan that waits at a moment waits; and one of which nobody used the word in time, which is about to.
pub(crate) fn standing(open: &[OpenPlan], now: Timestamp) -> Vec<Reason> {
    let waits = |plan: &&OpenPlan| plan.is(State::Parked) || plan.is_stale(now);
    open.iter().filter(waits).flat_map(OpenPlan::reasons).collect()
}

/// Whether it is so long ago that a plan was shown that nobody means it any more.
pub(super) fn was_shown_long_ago(row: &PlanRow, now: Timestamp) -> bool {
    row.plan.state == State::Shown.word() && now.since(row.plan.made_at) > WORD_LASTS
}

/// The plan somebody means: that of the number, or the one that waits, or the one that was shown last, not long ago.
pub(super) async fn meant(
    tx: &mut Tx,
    guild: GuildId,
    plan: Option<PlanId>,
    now: Timestamp,
) -> Result<Option<PlanRow>, store::Error> {
    match plan {
        Some(id) => Ok(tx.plan(id).await?.filter(|row| row.plan.guild == guild)),
        None => match tx.plan_in_state(guild, State::Parked.word()).await? {
            Some(parked) => Ok(Some(parked)),
            None => {
                let shown = tx.plan_in_state(guild, State::Shown.word()).await?;
                Ok(shown.filter(|row| !was_shown_long_ago(row, now)))
            }
        },
    }
}

/// Why a stored plan waits.
pub(crate) fn reasons_of(row: &PlanRow) -> Vec<Reason> {
    reasons_in(&row.plan.reasons)
}

/// Reasons as the store has them.
pub(super) fn reasons_in(text: &str) -> Vec<Reason> {
    serde_json::from_str(text).unwrap_or_default()
}

/// Whether a person said yes to a change already.
pub(crate) fn is_released(open: &[OpenPlan], change: &Change, now: Timestamp) -> bool {
    let deed = Deed::of(change);
    let yes = |plan: &&OpenPlan| plan.is(State::Released) && !plan.is_stale(now);
    open.iter().filter(yes).any(|plan| plan.does(change.user, deed))
}

impl Hall {
    /// The open plans of a guild, newest first.
    pub(crate) async fn open_plans(&self, guild: GuildId) -> Result<Vec<OpenPlan>, Error> {
        let mut tx = self.store.read().await?;
        let mut open = Vec::new();
        for row in tx.open_plans(guild).await? {
            let deeds = match self.plans.at_hand(row.id) {
                Some(deeds) => deeds,
                None => {
                    let contents = tx.plan_contents(row.id).await?.unwrap_or_default();
                    let deeds = Arc::new(Contents::read(&contents)?.deeds());
                    self.plans.keep(row.id, Arc::clone(&deeds));
                    deeds
                }
            };
            let used_at = row.decided_at.max(tx.last_written(row.id).await?);
            open.push(OpenPlan { row, deeds, used_at });
        }
        Ok(open)
    }
}
