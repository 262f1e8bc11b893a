//! A message in a channel, or an answer to an interaction that only one person sees.

use serde_json::{Map, Value, json};

use crate::discord::ids::Snowflake;
use crate::discord::time::iso;

/// Message flags: `Discord docs: Message Flags`.
pub(in crate::discord) mod flag {
    /// No embeds for links.
    pub(in crate::discord) const SUPPRESS_EMBEDS: u64 = 1 << 2;
    /// Only the person who asked sees it.
    pub(in crate::discord) const EPHEMERAL: u64 = 1 << 6;
    /// A deferred answer that has not come yet: "is thinking…".
    pub(in crate::discord) const LOADING: u64 = 1 << 7;
    /// No notification.
    pub(in crate::discord) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    /// Built of components alone.
    pub(in crate::discord) const COMPONENTS_V2: u64 = 1 << 15;
}

/// What somebody wrote.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Message {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) channel: Snowflake,
    pub(in crate::discord) author: Snowflake,
    pub(in crate::discord) content: String,
    pub(in crate::discord) embeds: Vec<Value>,
    pub(in crate::discord) components: Vec<Value>,
    pub(in crate::discord) flags: u64,
    pub(in crate::discord) edited_at_ms: Option<i64>,
    /// Users who are told of it.
    pub(in crate::discord) mentions: Vec<Snowflake>,
    pub(in crate::discord) mention_roles: Vec<Snowflake>,
    pub(in crate::discord) mention_everyone: bool,
    /// Whether the sender, at any time, let it notify somebody, had its text named them.
    pub(in crate::discord) may_notify: bool,
    /// The message it replies to, which may be gone.
    pub(in crate::discord) replies_to: Option<Snowflake>,
    pub(in crate::discord) attachments: Vec<Value>,
    /// The interaction it answers, and that interaction's application.
    pub(in crate::discord) answers: Option<Snowflake>,
    pub(in crate::discord) application: Option<Snowflake>,
    /// More fields that are shown as they stand, such as `interaction_metadata`.
    pub(in crate::discord) more: Map<String, Value>,
}

impl Message {
    /// The message with its author and the users it mentions, each as JSON.
    pub(in crate::discord) fn json(&self, author: &Value, mentions: &[Value]) -> Value {
        let mut message = json!({
            "type": self.kind(),
            "content": self.content,
            "mentions": mentions,
            "mention_roles": self.mention_roles,
            "attachments": self.attachments,
            "embeds": self.embeds,
            "timestamp": iso(self.id.made_at_ms()),
            "edited_timestamp": self.edited_at_ms.map(iso),
            "flags": self.flags,
            "components": self.components,
            "id": self.id,
            "channel_id": self.channel,
            "author": author,
            "pinned": false,
            "mention_everyone": self.mention_everyone,
            "tts": false,
        });
        if let Some(fields) = message.as_object_mut() {
            if let Some(application) = self.application {
                fields.insert("application_id".into(), application.to_string().into());
                fields.insert("webhook_id".into(), application.to_string().into());
            }
            fields.extend(self.more.clone());
        }
        message
    }

    /// `Discord docs: Message Types`: an answer to a command, a reply, or neither.
    fn kind(&self) -> u8 {
        match (self.answers, self.replies_to) {
            (Some(_), _) => 20,
            (None, Some(_)) => 19,
            (None, None) => 0,
        }
    }

    pub(in crate::discord) fn is(&self, flag: u64) -> bool {
        self.flags & flag != 0
    }
}
