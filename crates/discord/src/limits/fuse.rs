//! The fuse: Discord bans an address that sends 10,000 invalid requests in ten minutes, and asks to stay far
//! below (Discord docs: Invalid Request Limit).

use std::collections::VecDeque;
use std::time::Duration;

use domain::time::Timestamp;

/// Over how long invalid requests are counted.
const WINDOW: Duration = Duration::from_secs(600);

/// How many invalid requests a window takes before everything stops: a tenth of what gets an address banned,
/// less what may be under way meanwhile.
pub(super) const INVALID_MAX: usize = 900;

/// When the invalid requests of the last ten minutes were sent.
#[derive(Debug, Default)]
pub(super) struct Fuse {
    counted: VecDeque<Timestamp>,
}

impl Fuse {
    /// Counts one.
    pub(super) fn count(&mut self, now: Timestamp) {
        self.counted.push_back(now);
        if self.counted.len() > INVALID_MAX {
            self.counted.pop_front();
        }
    }

    /// When requests may be sent again; now, while the fuse holds.
    pub(super) fn opens_at(&self, now: Timestamp) -> Timestamp {
        let blown = self.counted.len() >= INVALID_MAX;
        self.counted.front().filter(|_| blown).map_or(now, |oldest| oldest.after(WINDOW).max(now))
    }
}
