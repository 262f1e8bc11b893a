//! Messages, to people and to channels. (Discord docs: Channel, Message.)

use domain::ids::{ChannelId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Call, Problem, Rest};
use crate::wire::Snowflake;

impl Rest {
    /// The channel in which the bot and a person are alone.
    pub(crate) async fn direct_channel(&self, user: UserId) -> Result<ChannelId, Problem> {
        #[derive(Deserialize)]
        struct Channel {
            id: Snowflake,
        }
        let open = Call::new("POST /users/@me/channels", &[], 0);
        let channel: Channel = self.json(&open.body(&json!({ "recipient_id": user.to_string() }))?).await?;
        Ok(ChannelId(channel.id.0))
    }

    /// Sends a message.
    pub(crate) async fn message(&self, channel: ChannelId, message: &impl Serialize) -> Result<(), Problem> {
        let call = Call::new("POST /channels/{}/messages", &[&channel], channel.0);
        self.send(&call.body(message)?).await.map(drop)
    }
}
