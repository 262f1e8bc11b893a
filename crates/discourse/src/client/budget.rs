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

/// One call in so many is kept from long readings, for what cannot wait.
const RESERVE_DIVISOR: usize = 5;

/// One call in so many is for what members ask for again and again, at most: the others are for hints.
const ASKED_DIVISOR: usize = 3;

/// Calls without the key in a minute. The forum counts them by address, 200 a minute, and apart from the key's.
const VISITOR_CALLS_MAX: usize = 30;

/// Whoever cannot wait is told to come back rather than kept for longer than this.
const URGENT_WAIT_MAX: Duration = Duration::from_secs(10);

/// How long a call that can wait steps aside for one that cannot.
const STEP_ASIDE: Duration = Duration::from_millis(200);

/// How important it is that a call goes out now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// One person, because a hint says so.
    Now,
    /// Somebody waits who may ask as often as they like.
    Asked,
    /// A page of a long reading.
    CanWait,
}

/// By what the forum counts a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CountedBy {
    /// With all admin keys of the forum together.
    Key,
    /// With whatever else comes from our address.
    Address,
}

/// Our calls of the last minute, and until when the forum asked to be left alone.
pub(crate) struct Budget {
    clock: Arc<dyn Clock>,
    key: Mutex<Ledger>,
    address: Mutex<Ledger>,
}

struct Ledger {
    calls_max: usize,
    /// How many of them may be asked for.
    asked_max: usize,
    calls: VecDeque<(Timestamp, Urgency)>,
    closed_until: Option<Timestamp>,
    /// How many wait: hints, and whoever asked.
    waiting: [usize; 2],
}

impl Budget {
    pub(crate) fn new(clock: Arc<dyn Clock>, calls_per_minute: u32) -> Self {
        let calls_max = usize::try_from(calls_per_minute).unwrap_or(usize::MAX).max(1);
        let ledger = |calls_max, asked_max| Mutex::new(Ledger::new(calls_max, asked_max));
        let key = ledger(calls_max, (calls_max / ASKED_DIVISOR).max(1));
        Self { clock, key, address: ledger(VISITOR_CALLS_MAX, VISITOR_CALLS_MAX) }
    }

    /// Waits for a turn and counts it. Refuses with the time to wait when somebody would wait too long.
    pub(crate) async fn turn(&self, urgency: Urgency, counted: CountedBy) -> Result<(), Duration> {
        let ledger = self.ledger(counted);
        let _place_in_line = Line::join(ledger, urgency);
        loop {
            let now = self.clock.now();
            let wait = locked(ledger).take(now, urgency);
            let Some(wait) = wait else { return Ok(()) };
            if urgency != Urgency::CanWait && wait > URGENT_WAIT_MAX {
                return Err(wait);
            }
            self.clock.sleep_until(now.after(wait)).await;
        }
    }

    /// Makes no call that is counted so for so long: the forum asked for it.
    pub(crate) fn close(&self, wait: Duration, counted: CountedBy) {
        let until = self.clock.now().after(wait);
        let mut ledger = locked(self.ledger(counted));
        ledger.closed_until = ledger.closed_until.max(Some(until));
    }

    fn ledger(&self, counted: CountedBy) -> &Mutex<Ledger> {
        match counted {
            CountedBy::Key => &self.key,
            CountedBy::Address => &self.address,
        }
    }
}

fn locked(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    fn new(calls_max: usize, asked_max: usize) -> Self {
        Self { calls_max, asked_max, calls: VecDeque::new(), closed_until: None, waiting: [0; 2] }
    }

    /// Counts a call when there is room for it now; else says how long there will be none.
    fn take(&mut self, now: Timestamp, urgency: Urgency) -> Option<Duration> {
        while self.calls.front().is_some_and(|(call, _)| now.since(*call) >= WINDOW || *call > now) {
            self.calls.pop_front();
        }
        let closed = self.closed_until.filter(|until| *until > now).map(|until| until.since(now));
        let most = self.calls_max;
        let (allowed, asked) = match urgency {
            Urgency::Now => (most, None),
            Urgency::Asked => (most, self.room_in(now, WINDOW, self.asked_max, is_asked)),
            Urgency::CanWait => (most - (most / RESERVE_DIVISOR).min(most - 1), None),
        };
        let minute = self.room_in(now, WINDOW, allowed, |_| true);
        let burst = self.room_in(now, BURST_WINDOW, BURST_CALLS_MAX, |_| true);
        let aside = self.steps_aside(urgency).then_some(STEP_ASIDE);
        let wait = closed.max(minute).max(burst).max(asked).max(aside);
        if wait.is_none() {
            self.calls.push_back((now, urgency));
        }
        wait
    }

    /// Hints go before whoever asked, and both before long readings.
    fn steps_aside(&self, urgency: Urgency) -> bool {
        let [hints, asked] = self.waiting;
        match urgency {
            Urgency::Now => false,
            Urgency::Asked => hints > 0,
            Urgency::CanWait => hints + asked > 0,
        }
    }

    /// How long until fewer than `allowed` of the calls that count lie within `window`.
    fn room_in(
        &self,
        now: Timestamp,
        window: Duration,
        allowed: usize,
        counts: fn(Urgency) -> bool,
    ) -> Option<Duration> {
        let counted = || self.calls.iter().filter(|(_, urgency)| counts(*urgency));
        let blocking = counted().count().checked_sub(allowed)?;
        let (call, _) = counted().nth(blocking)?;
        let free_at = call.after(window);
        (free_at > now).then(|| free_at.since(now))
    }
}

fn is_asked(urgency: Urgency) -> bool {
    urgency == Urgency::Asked
}

/// A place among those who wait and cannot; left when dropped, also when the waiting is given up.
struct Line<'a> {
    ledger: &'a Mutex<Ledger>,
    at: usize,
}

impl<'a> Line<'a> {
    fn join(ledger: &'a Mutex<Ledger>, urgency: Urgency) -> Option<Self> {
        let at = match urgency {
            Urgency::Now => 0,
            Urgency::Asked => 1,
            Urgency::CanWait => return None,
        };
        let line = Self { ledger, at };
        line.counts(|waiting| waiting.saturating_add(1));
        Some(line)
    }

    fn counts(&self, change: impl FnOnce(usize) -> usize) {
        if let Some(waiting) = locked(self.ledger).waiting.get_mut(self.at) {
            *waiting = change(*waiting);
        }
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.counts(|waiting| waiting.saturating_sub(1));
    }
}
