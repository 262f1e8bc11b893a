//! How many calls the hall makes, and which go first: our share of a limit that the forum counts for all keys.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::time::Timestamp;
use service::ports::Clock;

/// The forum counts a minute.
const WINDOW: Duration = Duration::from_secs(60);

/// It counts ten seconds too, for each address: 50 requests, of which we leave most to others behind it.
const BURST_WINDOW: Duration = Duration::from_secs(10);
const BURST_CALLS_MAX: usize = 20;

/// One call in so many is kept for what cannot wait.
const RESERVE_DIVISOR: usize = 5;

/// Whoever cannot wait is told to come back rather than kept for longer than this.
const URGENT_WAIT_MAX: Duration = Duration::from_secs(10);

/// How long a call that can wait steps aside for one that cannot.
const STEP_ASIDE: Duration = Duration::from_millis(200);

/// How important it is that a call goes out now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// One person, while somebody waits or a hint says so.
    Now,
    /// A page of a long reading.
    CanWait,
}

/// Our calls of the last minute, and until when the forum asked to be left alone.
pub(crate) struct Budget {
    clock: Arc<dyn Clock>,
    calls_max: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    calls: VecDeque<Timestamp>,
    closed_until: Option<Timestamp>,
    urgent_waiting: usize,
}

impl Budget {
    pub(crate) fn new(clock: Arc<dyn Clock>, calls_per_minute: u32) -> Self {
        let calls_max = usize::try_from(calls_per_minute).unwrap_or(usize::MAX).max(1);
        Self { clock, calls_max, state: Mutex::default() }
    }

    /// Waits for a turn and counts it. Refuses with the time to wait when something urgent would wait too long.
    pub(crate) async fn turn(&self, urgency: Urgency) -> Result<(), Duration> {
        let _place_in_line = (urgency == Urgency::Now).then(|| Line::join(&self.state));
        loop {
            let now = self.clock.now();
            let wait = self.locked().take(now, urgency, self.calls_max);
            let Some(wait) = wait else { return Ok(()) };
            if urgency == Urgency::Now && wait > URGENT_WAIT_MAX {
                return Err(wait);
            }
            self.clock.sleep_until(now.after(wait)).await;
        }
    }

    /// Makes no call for so long: the forum asked for it.
    pub(crate) fn close(&self, wait: Duration) {
        let until = self.clock.now().after(wait);
        let mut state = self.locked();
        state.closed_until = state.closed_until.max(Some(until));
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts a call when there is room for it now; else says how long there will be none.
    fn take(&mut self, now: Timestamp, urgency: Urgency, calls_max: usize) -> Option<Duration> {
        while self.calls.front().is_some_and(|call| now.since(*call) >= WINDOW || *call > now) {
            self.calls.pop_front();
        }
        let closed = self.closed_until.filter(|until| *until > now).map(|until| until.since(now));
        let allowed = match urgency {
            Urgency::Now => calls_max,
            Urgency::CanWait => calls_max - (calls_max / RESERVE_DIVISOR).min(calls_max - 1),
        };
        let minute = self.room_in(now, WINDOW, allowed);
        let burst = self.room_in(now, BURST_WINDOW, BURST_CALLS_MAX);
        let aside = (urgency == Urgency::CanWait && self.urgent_waiting > 0).then_some(STEP_ASIDE);
        let wait = closed.max(minute).max(burst).max(aside);
        if wait.is_none() {
            self.calls.push_back(now);
        }
        wait
    }

    /// How long until fewer than `allowed` calls lie within `window`.
    fn room_in(&self, now: Timestamp, window: Duration, allowed: usize) -> Option<Duration> {
        let blocking = self.calls.len().checked_sub(allowed)?;
        let free_at = self.calls.get(blocking)?.after(window);
        (free_at > now).then(|| free_at.since(now))
    }
}

/// A place among the urgent who wait; left when dropped, also when the waiting is given up.
struct Line<'a>(&'a Mutex<State>);

impl<'a> Line<'a> {
    fn join(state: &'a Mutex<State>) -> Self {
        state.lock().unwrap_or_else(PoisonError::into_inner).urgent_waiting += 1;
        Self(state)
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.urgent_waiting = state.urgent_waiting.saturating_sub(1);
    }
}
