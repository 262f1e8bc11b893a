//! The bot itself. (Discord docs: User, Application, Gateway.)

use std::time::Duration;

use domain::plan::Importance;
use serde::Deserialize;
use twilight_gateway::queue::InMemoryQueue;

use super::{Call, Problem, Rest};
use crate::wire::User;

/// How often a session may still be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct GatewayBot {
    session_start_limit: SessionStartLimit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct SessionStartLimit {
    total: u32,
    remaining: u32,
    /// In milliseconds.
    reset_after: u64,
    max_concurrency: u16,
}

impl GatewayBot {
    /// How long to wait until a session may be begun; nothing when it may be now.
    pub(crate) fn wait(&self) -> Option<Duration> {
        let limit = self.session_start_limit;
        (limit.remaining == 0).then(|| Duration::from_millis(limit.reset_after))
    }

    /// Whose turn it is to begin a session: one in five seconds, and no more than Discord has left for the day.
    pub(crate) fn turns(&self) -> InMemoryQueue {
        let SessionStartLimit { total, remaining, reset_after, max_concurrency } = self.session_start_limit;
        let total = total.max(remaining);
        InMemoryQueue::new(max_concurrency.max(1), remaining, Duration::from_millis(reset_after), total)
    }
}

impl Rest {
    /// The bot's own account.
    pub(crate) async fn me(&self) -> Result<User, Problem> {
        self.json(&Call::new("GET /users/@me", &[], 0).important(Importance::Urgent)).await
    }

    /// What the gateway says of the bot's sessions.
    pub(crate) async fn gateway_bot(&self) -> Result<GatewayBot, Problem> {
        self.json(&Call::new("GET /gateway/bot", &[], 0).important(Importance::Urgent)).await
    }
}
