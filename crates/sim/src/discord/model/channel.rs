//! A channel: of a guild, or the direct line between a bot and a person.

use serde_json::{Value, json};

use super::User;
use crate::discord::ids::Snowflake;

/// What may differ in one channel for a role or a member.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Overwrite {
    pub(in crate::discord) of: Snowflake,
    pub(in crate::discord) role: bool,
    pub(in crate::discord) allow: u64,
    pub(in crate::discord) deny: u64,
}

/// The kinds the simulator has.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::discord) enum ChannelKind {
    Text { guild: Snowflake },
    Direct { bot: Snowflake, person: Snowflake },
}

/// A place where messages are.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Channel {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) kind: ChannelKind,
    pub(in crate::discord) name: String,
    pub(in crate::discord) position: i64,
    pub(in crate::discord) topic: Option<String>,
    pub(in crate::discord) overwrites: Vec<Overwrite>,
    pub(in crate::discord) last_message: Option<Snowflake>,
}

impl Channel {
    pub(in crate::discord) fn guild(&self) -> Option<Snowflake> {
        match self.kind {
            ChannelKind::Text { guild } => Some(guild),
            ChannelKind::Direct { .. } => None,
        }
    }

    /// A guild's channel.
    pub(in crate::discord) fn guild_json(&self, guild: Snowflake) -> Value {
        let overwrites: Vec<Value> = self.overwrites.iter().map(Overwrite::json).collect();
        json!({
            "id": self.id,
            "type": 0,
            "last_message_id": self.last_message,
            "flags": 0,
            "guild_id": guild,
            "name": self.name,
            "parent_id": null,
            "rate_limit_per_user": 0,
            "topic": self.topic,
            "position": self.position,
            "permission_overwrites": overwrites,
            "nsfw": false,
        })
    }

    /// A direct line, as the bot sees it.
    pub(in crate::discord) fn direct_json(&self, with: &User) -> Value {
        json!({
            "id": self.id,
            "type": 1,
            "last_message_id": self.last_message,
            "flags": 0,
            "recipients": [with.json()],
        })
    }
}

impl Overwrite {
    fn json(&self) -> Value {
        json!({
            "id": self.of,
            "type": if self.role { 0 } else { 1 },
            "allow": self.allow.to_string(),
            "deny": self.deny.to_string(),
        })
    }
}
