//! What of one member's changes waits for a person, for whoever reads about that member.

use std::collections::BTreeMap;
use std::fmt;

use domain::ids::{PlanId, RoleId, UserId};
use domain::plan::{Change, Plan};
use domain::situation::Situation;
use serde::{Deserialize, Serialize};

use super::State;
use super::contents::Deed;
use super::open::{OpenPlan, standing};
use crate::error::Error;
use crate::hall::{GuildSeat, Hall};

/// That something waits for the staff's word, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The plan that has it; `None` where none was made yet.
    pub plan: Option<PlanId>,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("waits for the staff's word")?;
        match self.plan {
            Some(plan) => write!(f, " (plan {plan})"),
            None => Ok(()),
        }
    }
}

/// What of somebody's changes waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits(BTreeMap<Deed, Waiting>);

impl Waits {
    /// Whether a change waits.
    pub fn of(&self, change: &Change) -> Option<Waiting> {
        self.0.get(&Deed::of(change)).copied()
    }

    /// Whether giving or taking a role waits.
    pub(crate) fn role(&self, role: RoleId) -> Option<Waiting> {
        let deeds = [Deed::Give(role), Deed::Empower(role), Deed::Take(role)];
        deeds.iter().find_map(|deed| self.0.get(deed)).copied()
    }

    /// Whether a new nickname waits.
    pub(crate) fn nickname(&self) -> Option<Waiting> {
        self.0.get(&Deed::Rename).copied()
    }
}

impl Hall {
    /// What of a plan for one member waits: the brake is asked as it is when their turn comes.
    pub(crate) async fn waits_of(
        &self,
        seat: &GuildSeat,
        situation: &Situation<'_>,
        plan: &Plan,
        user: UserId,
    ) -> Result<Waits, Error> {
        if plan.changes.is_empty() {
            return Ok(Waits::default());
        }
        let weights = self.weights(seat, situation, plan, Some(user)).await?;
        let open = self.open_plans(seat.id).await?;
        let standing = standing(&open, situation.now);
        let braked = weights.part(seat, situation, plan, &open, &standing);
        let parked = |plan: &&OpenPlan| plan.is(State::Parked);
        let numbered = |deed| open.iter().filter(parked).find(|plan| plan.does(user, deed)).map(OpenPlan::id);
        let deeds = braked.parked.iter().map(Deed::of);
        Ok(Waits(deeds.map(|deed| (deed, Waiting { plan: numbered(deed) })).collect()))
    }
}
