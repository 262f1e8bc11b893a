//! The part of the limits that waits: requests queue here until their turn has come.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::plan::Importance;
use domain::time::Timestamp;
use service::ports::Clock;
use tokio::sync::oneshot;

use super::{Answered, Closed, Limits, Route, Ticket};

/// Where requests wait for their turn.
pub(crate) struct Gate {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    limits: Limits,
    waiting: HashMap<Ticket, oneshot::Sender<Result<(), Closed>>>,
    /// The moment for which somebody already waits on the clock.
    timer: Option<Timestamp>,
    /// The latest moment that was, and by how many milliseconds the machine's clock was turned back since.
    latest: Option<Timestamp>,
    turned_back_ms: i64,
}

/// The right to send one request. Dropped without an answer, it makes room for the next.
pub(crate) struct Pass {
    gate: Arc<Gate>,
    ticket: Option<Ticket>,
}

impl Gate {
    /// An open gate that knows nothing yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { clock, state: Mutex::default() })
    }

    /// Waits until the request may be sent, or says that it may not.
    pub(crate) async fn pass(self: &Arc<Self>, route: Route, importance: Importance) -> Result<Pass, Closed> {
        let (turn_has_come, turn) = oneshot::channel();
        let ticket = {
            let mut state = self.state();
            let now = state.now(&*self.clock);
            let ticket = state.limits.enqueue(route, importance, now)?;
            state.waiting.insert(ticket, turn_has_come);
            ticket
        };
        let pass = Pass { gate: self.clone(), ticket: Some(ticket) };
        self.pump();
        match turn.await {
            Ok(Ok(())) => Ok(pass),
            Ok(Err(closed)) => Err(closed),
            Err(_) => Err(Closed::Later(super::PATIENCE)),
        }
    }

    /// Counts what became of a request that did not queue.
    pub(crate) fn passed_beside(&self, answered: &Answered) {
        let mut state = self.state();
        let now = state.now(&*self.clock);
        state.limits.passed_beside(answered, now);
    }

    /// Whether the bot token was refused: nothing more is sent then.
    pub(crate) fn token_refused(&self) -> bool {
        self.state().limits.token_refused()
    }

    /// How many requests wait or are under way.
    pub(crate) fn in_hand(&self) -> usize {
        self.state().limits.in_hand()
    }

    /// Lets those go whose turn it is, and sees to it that somebody looks again in time.
    fn pump(self: &Arc<Self>) {
        let look_again = {
            let mut state = self.state();
            let now = state.now(&*self.clock);
            let turn = state.limits.turn(now);
            let go = turn.go.into_iter().map(|ticket| (ticket, Ok(())));
            let closed = turn.closed.into_iter().map(|(ticket, closed)| (ticket, Err(closed)));
            for (ticket, said) in go.chain(closed) {
                // A receiver that is gone has dropped its pass, which takes the ticket back.
                if let Some(waiting) = state.waiting.remove(&ticket) {
                    _ = waiting.send(said);
                }
            }
            let earlier = turn.look_again.filter(|at| state.timer.is_none_or(|timer| *at < timer));
            if earlier.is_some() {
                state.timer = earlier;
            }
            earlier
        };
        if let Some(at) = look_again {
            self.look_again_at(at);
        }
    }

    fn look_again_at(self: &Arc<Self>, at: Timestamp) {
        let (clock, gate) = (self.clock.clone(), Arc::downgrade(self));
        let on_the_wall = Timestamp(at.0.saturating_sub(self.state().turned_back_ms));
        tokio::spawn(async move {
            clock.sleep_until(on_the_wall).await;
            if let Some(gate) = gate.upgrade() {
                let mut state = gate.state();
                state.timer = state.timer.filter(|timer| *timer != at);
                drop(state);
                gate.pump();
            }
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The moment it is, which never goes back: a clock that is turned back a day must not close Discord for one.
    fn now(&mut self, clock: &dyn Clock) -> Timestamp {
        let shown = Timestamp(clock.now().0.saturating_add(self.turned_back_ms));
        let latest = self.latest.unwrap_or(shown);
        self.turned_back_ms = self.turned_back_ms.saturating_add(latest.0.saturating_sub(shown.0).max(0));
        let now = latest.max(shown);
        self.latest = Some(now);
        now
    }
}

impl Pass {
    /// Hands in the answer.
    pub(crate) fn answered(mut self, answered: &Answered) {
        if let Some(ticket) = self.ticket.take() {
            let mut state = self.gate.state();
            let now = state.now(&*self.gate.clock);
            state.limits.answered(ticket, answered, now);
            drop(state);
            self.gate.pump();
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let mut state = self.gate.state();
            state.waiting.remove(&ticket);
            state.limits.abandon(ticket);
            drop(state);
            self.gate.pump();
        }
    }
}

#[cfg(test)]
mod tests;
