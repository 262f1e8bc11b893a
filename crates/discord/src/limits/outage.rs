//! When Discord does not answer: one look now and then instead of everybody knocking.

use std::time::Duration;

use domain::time::Timestamp;

use super::Outcome;

/// How many failures in a row make an outage.
const FAILURES_MIN: u32 = 3;

/// The longest pause between two looks.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// How often in a row Discord gave no usable answer.
#[derive(Debug, Default)]
pub(super) struct Outage {
    failures: u32,
    closed_until: Option<Timestamp>,
    looking: bool,
}

impl Outage {
    /// A request was sent: in an outage it is the one look.
    pub(super) fn sent(&mut self) {
        self.looking = self.failures >= FAILURES_MIN;
    }

    /// The request was given up before it was answered.
    pub(super) fn abandoned(&mut self) {
        self.looking = false;
    }

    /// Any answer from Discord itself ends an outage, a refusal too.
    pub(super) fn answered(&mut self, outcome: Outcome, now: Timestamp) {
        self.looking = false;
        if outcome != Outcome::Broken {
            self.failures = 0;
            self.closed_until = None;
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES_MIN {
            let doublings = (self.failures - FAILURES_MIN).min(6);
            let pause = Duration::from_secs(1 << doublings).min(PAUSE_MAX);
            self.closed_until = Some(now.after(pause));
        }
    }

    /// When the next request may be sent.
    pub(super) fn opens_at(&self, now: Timestamp) -> Timestamp {
        let look = self.looking.then(|| now.after(Duration::from_secs(1)));
        self.closed_until.max(look).unwrap_or(now).max(now)
    }
}
