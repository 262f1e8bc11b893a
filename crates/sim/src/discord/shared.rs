//! The one lock around a simulated Discord, and a way to wait for something to be true in it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::settings::DiscordSettings;
use super::state::State;
use crate::clock::Clock;

/// How often a wait looks at the clock, which tests may have moved.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A simulated Discord that its tasks, its pages and its tests hold together.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    state: Arc<Mutex<State>>,
    changed: watch::Sender<u64>,
    clock: Clock,
}

impl Shared {
    pub(super) fn new(settings: DiscordSettings, clock: Clock) -> Self {
        let state = State::new(settings, clock.clone());
        Self { state: Arc::new(Mutex::new(state)), changed: watch::Sender::new(0), clock }
    }

    /// Looks without changing anything.
    pub(super) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does something, and tells all who wait that something may have changed.
    pub(super) fn act<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let done = act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_modify(|count| *count += 1);
        done
    }

    /// A number that grows with every act.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until `found` finds something; none when the simulated clock passes `until_ms` first.
    pub(super) async fn wait<T>(&self, until_ms: i64, found: impl Fn(&State) -> Option<T>) -> Option<T> {
        let mut changes = self.changes();
        loop {
            if let Some(thing) = self.read(&found) {
                return Some(thing);
            }
            if self.clock.now_ms() >= until_ms {
                return None;
            }
            // Either way the answer is to look again.
            drop(tokio::time::timeout(LOOK_EVERY, changes.changed()).await);
        }
    }
}

/// Lets so much of the machine's own time pass: for faults on sockets, which know no simulated clock.
pub(super) async fn pause(span: Duration) {
    drop(tokio::time::timeout(span, std::future::pending::<()>()).await);
}
