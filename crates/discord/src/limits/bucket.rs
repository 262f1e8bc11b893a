//! One bucket: who waits for it, who is under way, and when it opens again.

use std::collections::BTreeSet;

use domain::time::Timestamp;

use super::{Headers, Ticket};

/// How many requests may be under way at once on a route that says it has no limit of its own.
const UNLIMITED_UNDER_WAY_MAX: usize = 8;

/// One bucket.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    waiting: BTreeSet<Ticket>,
    under_way: BTreeSet<Ticket>,
    opens_at: Option<Timestamp>,
    unlimited: bool,
}

impl Bucket {
    /// Queues a request.
    pub(super) fn wait(&mut self, ticket: Ticket) {
        self.waiting.insert(ticket);
    }

    /// Takes over a request that was sent already.
    pub(super) fn under_way(&mut self, ticket: Ticket) {
        self.under_way.insert(ticket);
    }

    /// Who waits.
    pub(super) fn waiting(&self) -> impl Iterator<Item = Ticket> {
        self.waiting.iter().copied()
    }

    /// Who would be sent now.
    pub(super) fn next(&self, now: Timestamp) -> Option<Ticket> {
        let open = self.opens_at() <= now && self.has_room();
        self.waiting.first().copied().filter(|_| open)
    }

    /// Sends the first.
    pub(super) fn send(&mut self) -> Option<Ticket> {
        let ticket = self.waiting.pop_first()?;
        self.under_way.insert(ticket);
        Some(ticket)
    }

    /// Lets one go, done or given up; says whether it was under way.
    pub(super) fn leave(&mut self, ticket: Ticket) -> bool {
        self.waiting.remove(&ticket);
        self.under_way.remove(&ticket)
    }

    /// When the window opens; the beginning of time when it is open.
    pub(super) fn opens_at(&self) -> Timestamp {
        self.opens_at.unwrap_or(Timestamp(i64::MIN))
    }

    /// When the first would be sent, if only time stands between.
    pub(super) fn would_send_at(&self) -> Option<Timestamp> {
        (!self.waiting.is_empty() && self.has_room()).then(|| self.opens_at())
    }

    /// Nothing is sent before this moment.
    pub(super) fn close(&mut self, until: Timestamp) {
        self.opens_at = Some(self.opens_at().max(until));
    }

    /// Notes what the headers of an answer say.
    pub(super) fn note(&mut self, headers: &Headers, now: Timestamp) {
        self.unlimited = false;
        if headers.remaining == Some(0) {
            self.close(now.after(headers.reset_after));
        }
    }

    /// The route answered without limit headers.
    pub(super) fn has_no_limit(&mut self) {
        self.unlimited = true;
    }

    /// Whether nothing would be lost by forgetting it.
    pub(super) fn is_idle(&self, now: Timestamp) -> bool {
        self.waiting.is_empty() && self.under_way.is_empty() && self.opens_at() <= now
    }

    fn has_room(&self) -> bool {
        let room = if self.unlimited { UNLIMITED_UNDER_WAY_MAX } else { 1 };
        self.under_way.len() < room
    }
}
