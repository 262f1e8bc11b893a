//! The machine's own time and randomness: the only place that asks for them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use aws_lc_rs::rand;
use domain::time::Timestamp;
use service::ports::{Clock, Entropy};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineClock;

/// The longest sleep before looking at the clock again: it may be set meanwhile.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

#[async_trait]
impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
    async fn sleep_until(&self, moment: Timestamp) {
        loop {
            let left = moment.since(self.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK_AGAIN)).await;
        }
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineEntropy;

impl Entropy for MachineEntropy {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // Without randomness every secret would be guessable: nothing may go on.
        assert!(rand::fill(&mut bytes).is_ok(), "the operating system gives no randomness");
        bytes
    }
}
