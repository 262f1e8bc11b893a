//! How often one person may ask for what has to be asked of a forum, so that nobody uses up what is for all.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::ids::UserId;
use domain::time::Timestamp;
use service::Error;

/// So many questions within [`WINDOW`].
const QUESTIONS_MAX: usize = 8;
const WINDOW: Duration = Duration::from_secs(60);
/// How many askers are remembered; with more than that at once everybody begins anew.
const ASKERS_MAX: usize = 10_000;

/// What answering a command costs others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Costs {
    /// The hall knows the answer.
    Nothing,
    /// Calls to a forum, which has few of them.
    Calls,
}

/// When each asker asked a forum something.
#[derive(Default)]
pub(crate) struct Pace(Mutex<HashMap<UserId, VecDeque<Timestamp>>>);

impl Pace {
    /// Counts a question; refuses, and says when to try again, when the asker asked too often.
    pub(crate) fn count(&self, asker: UserId, now: Timestamp) -> Result<(), Error> {
        let mut askers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_past = |at: &Timestamp| now.since(*at) >= WINDOW || *at > now;
        if askers.len() >= ASKERS_MAX && !askers.contains_key(&asker) {
            askers.retain(|_, asked| asked.back().is_some_and(|at| !is_past(at)));
            if askers.len() >= ASKERS_MAX {
                askers.clear();
            }
        }
        let asked = askers.entry(asker).or_default();
        while asked.front().is_some_and(is_past) {
            asked.pop_front();
        }
        if let Some(first) = asked.front().filter(|_| asked.len() >= QUESTIONS_MAX) {
            let again = first.after(WINDOW).0.saturating_add(999).div_euclid(1_000);
            return Err(Error::refused(format!(
                "You asked the forum {QUESTIONS_MAX} times within a minute, and it has others to answer, too. Try \
                 again <t:{again}:R>."
            )));
        }
        asked.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(pace: &Pace, asker: u64, second: i64) -> Result<(), String> {
        pace.count(UserId(asker), Timestamp(second * 1_000)).map_err(|error| error.to_string())
    }

    #[test]
    fn who_asks_too_often_is_told_when_to_try_again_and_others_are_not_held_up() {
        let pace = Pace::default();
        for second in 0..8 {
            assert_eq!(asks(&pace, 7, second), Ok(()));
        }
        assert!(asks(&pace, 7, 59).unwrap_err().contains("<t:60:R>"));
        assert_eq!(asks(&pace, 8, 59), Ok(()));
        assert_eq!(asks(&pace, 7, 60), Ok(()));
        assert!(asks(&pace, 7, 60).unwrap_err().contains("<t:61:R>"));
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let pace = Pace::default();
        for asker in 0..25_000 {
            assert_eq!(asks(&pace, asker, 0), Ok(()));
        }
        assert!(pace.0.lock().unwrap().len() <= ASKERS_MAX);
    }
}
