//! The time of a story: the simulated world's, moved by the story and by nothing else but the machine.

use std::time::Duration;

use async_trait::async_trait;
use domain::time::Timestamp;
use service::ports::Clock;
use tokio::sync::watch;

/// The clock of a world, which wakes the hall when the story moves it.
#[derive(Debug)]
pub(crate) struct StoryClock {
    world: sim::clock::Clock,
    moved: watch::Sender<u64>,
}

impl StoryClock {
    pub(crate) fn new(world: sim::clock::Clock) -> Self {
        Self { world, moved: watch::Sender::new(0) }
    }

    /// Lets time pass in the whole world.
    pub(crate) fn passes(&self, span: Duration) {
        self.world.advance_ms(i64::try_from(span.as_millis()).unwrap());
        self.moved.send_modify(|count| *count += 1);
    }
}

#[async_trait]
impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.world.now_ms())
    }

    async fn sleep_until(&self, moment: Timestamp) {
        let mut moved = self.moved.subscribe();
        loop {
            let left = moment.since(self.now());
            if left.is_zero() {
                return;
            }
            // Woken or not, the answer is to look again.
            drop(tokio::time::timeout(left, moved.changed()).await);
        }
    }
}
