//! The circuit breaker of a guild: what Discord forbids again and again is tried no more until something changed.

use std::sync::atomic::{AtomicU8, Ordering};

/// After so many writes in a row that Discord forbade, nothing is written until the guild was read again or its
/// roles changed: what is forbidden is planned around, so the hall lost a permission it does not know of.
const FORBIDDEN_MAX: u8 = 3;

/// Counts how often in a row Discord forbade a write in one guild.
///
/// Writes of one guild wait in a queue together, so it is asked when the turn of one has come, not when it is
/// put into the queue: those behind the third must not be sent.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    forbidden: AtomicU8,
}

impl Breaker {
    /// Notes an answer to a write.
    pub(crate) fn answered(&self, forbidden: bool) {
        let count = |before: u8| if forbidden { before.saturating_add(1) } else { 0 };
        self.forbidden.update(Ordering::Relaxed, Ordering::Relaxed, count);
    }

    /// The guild was seen anew: what was forbidden may be allowed now.
    pub(crate) fn close(&self) {
        self.forbidden.store(0, Ordering::Relaxed);
    }

    /// Whether nothing may be written.
    pub(crate) fn is_open(&self) -> bool {
        self.forbidden.load(Ordering::Relaxed) >= FORBIDDEN_MAX
    }
}
