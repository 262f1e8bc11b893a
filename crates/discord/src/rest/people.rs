//! The bot itself, and direct messages. (Discord docs: User, Application, Gateway, Channel.)

use std::time::Duration;

use domain::ids::UserId;
use domain::plan::Importance;
use serde::Deserialize;
use serde_json::json;
use twilight_gateway::queue::InMemoryQueue;
use twilight_model::channel::message::AllowedMentions;

use super::{Call, Problem, Rest};
use crate::wire::{Snowflake, User};

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

    /// Sends a direct message that notifies nobody but its reader.
    pub(crate) async fn message(&self, user: UserId, text: &str) -> Result<(), Problem> {
        #[derive(Deserialize)]
        struct Channel {
            id: Snowflake,
        }
        let open = Call::new("POST /users/@me/channels", &[], 0);
        let channel: Channel = self.json(&open.body(&json!({ "recipient_id": user.to_string() }))?).await?;
        let call = Call::new("POST /channels/{}/messages", &[&channel.id.0], channel.id.0);
        let message = json!({ "content": text, "allowed_mentions": AllowedMentions::default() });
        self.send(&call.body(&message)?).await.map(drop)
    }
}
