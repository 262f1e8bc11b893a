//! The one limit that Discord documents in figures: fifty requests a second for a bot.

use std::collections::VecDeque;
use std::time::Duration;

use domain::time::Timestamp;

/// Requests a second (Discord docs: Global Rate Limit).
pub(super) const REQUESTS_MAX: usize = 50;

const WINDOW: Duration = Duration::from_secs(1);

/// When the last requests were sent, and until when Discord asked for silence.
#[derive(Debug, Default)]
pub(super) struct Global {
    sent: VecDeque<Timestamp>,
    closed_until: Option<Timestamp>,
}

impl Global {
    /// Counts a request.
    pub(super) fn sent(&mut self, now: Timestamp) {
        self.sent.push_back(now);
        if self.sent.len() > REQUESTS_MAX {
            self.sent.pop_front();
        }
    }

    /// Discord said that the limit is used up.
    pub(super) fn close(&mut self, now: Timestamp, wait: Duration) {
        self.closed_until = self.closed_until.max(Some(now.after(wait)));
    }

    /// When the next request may be sent.
    pub(super) fn opens_at(&self, now: Timestamp) -> Timestamp {
        let full = self.sent.len() >= REQUESTS_MAX;
        let window = self.sent.front().filter(|_| full).map_or(now, |oldest| oldest.after(WINDOW));
        window.max(self.closed_until.unwrap_or(now)).max(now)
    }
}
