//! Plans at hand: what somebody reads page by page, so that turning a page makes no plan anew.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::GuildId;
use domain::time::Timestamp;
use service::plans::PlanView;

/// How long a plan stays at hand after it was made.
const LASTS: Duration = Duration::from_secs(600);
/// How many plans are at hand.
const PLANS_MAX: usize = 16;
/// How many changes they have together, unless one alone has more.
const CHANGES_MAX: usize = 200_000;

/// The plans that were shown lately, oldest first.
#[derive(Default)]
pub(crate) struct Shown(Mutex<VecDeque<Arc<PlanView>>>);

impl Shown {
    /// Keeps a plan at hand in place of an older one with its number.
    pub(crate) fn keep(&self, view: PlanView) -> Arc<PlanView> {
        let view = Arc::new(view);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|old| (old.guild, old.plan) != (view.guild, view.plan) && is_fresh(old, view.made_at));
        known.push_back(Arc::clone(&view));
        while known.len() > 1 && (known.len() > PLANS_MAX || changes(&known) > CHANGES_MAX) {
            known.pop_front();
        }
        view
    }

    /// A plan by its number as buttons carry it, while it is at hand.
    pub(crate) fn at_hand(&self, guild: GuildId, number: i64, now: Timestamp) -> Option<Arc<PlanView>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|view| view.guild == guild && number_of(view) == number);
        found.filter(|view| is_fresh(view, now)).cloned()
    }
}

/// The number of a plan as buttons carry it; zero where nothing is numbered.
pub(crate) fn number_of(view: &PlanView) -> i64 {
    view.plan.map_or(0, |plan| plan.0)
}

fn is_fresh(view: &PlanView, now: Timestamp) -> bool {
    now.since(view.made_at) < LASTS
}

fn changes(known: &VecDeque<Arc<PlanView>>) -> usize {
    known.iter().map(|view| view.takes + view.gives + view.renames).sum()
}

#[cfg(test)]
mod tests {
    use domain::ids::PlanId;

    use super::*;
    use crate::tests::empty_plan;

    fn view(plan: i64, changes: usize, second: i64) -> PlanView {
        let made_at = Timestamp(second * 1_000);
        PlanView { plan: Some(PlanId(plan)), takes: changes, made_at, ..empty_plan() }
    }

    fn at_hand(shown: &Shown, plan: i64, second: i64) -> bool {
        shown.at_hand(empty_plan().guild, plan, Timestamp(second * 1_000)).is_some()
    }

    #[test]
    fn a_plan_is_at_hand_for_ten_minutes_and_only_in_its_own_server() {
        let shown = Shown::default();
        shown.keep(view(3, 1, 0));
        assert!(at_hand(&shown, 3, 599) && !at_hand(&shown, 4, 1) && !at_hand(&shown, 3, 600));
        assert!(shown.at_hand(GuildId(99), 3, Timestamp(0)).is_none());
    }

    #[test]
    fn the_newest_plan_stays_however_large_and_older_ones_make_room() {
        let shown = Shown::default();
        for plan in 1..=20 {
            shown.keep(view(plan, 1, 0));
        }
        assert!(!at_hand(&shown, 4, 1) && at_hand(&shown, 5, 1) && at_hand(&shown, 20, 1));
        shown.keep(view(21, 1_000_000, 1));
        assert!(at_hand(&shown, 21, 1) && !at_hand(&shown, 20, 1));
    }

    #[test]
    fn what_is_shown_anew_under_its_number_takes_the_place_of_what_was() {
        let shown = Shown::default();
        shown.keep(view(3, 1, 0));
        shown.keep(view(3, 2, 1));
        let found = shown.at_hand(empty_plan().guild, 3, Timestamp(2_000)).unwrap();
        assert_eq!((found.takes, shown.0.lock().unwrap().len()), (2, 1));
    }
}
