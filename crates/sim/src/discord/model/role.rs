//! A role of a guild.

use serde_json::{Value, json};

use crate::discord::ids::Snowflake;

/// A role. The one whose id is the guild's is @everyone.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Role {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) name: String,
    pub(in crate::discord) color: u32,
    pub(in crate::discord) hoist: bool,
    pub(in crate::discord) position: i64,
    pub(in crate::discord) permissions: u64,
    pub(in crate::discord) managed: bool,
    pub(in crate::discord) mentionable: bool,
    pub(in crate::discord) flags: u64,
    /// The bot the role belongs to.
    pub(in crate::discord) bot: Option<Snowflake>,
    /// The role of those who boost the guild.
    pub(in crate::discord) booster: bool,
    /// A role people get by linked accounts alone.
    pub(in crate::discord) linked: bool,
}

impl Role {
    pub(in crate::discord) fn json(&self) -> Value {
        let mut role = json!({
            "id": self.id,
            "name": self.name,
            "description": null,
            "permissions": self.permissions.to_string(),
            "position": self.position,
            "color": self.color,
            "colors": { "primary_color": self.color, "secondary_color": null, "tertiary_color": null },
            "hoist": self.hoist,
            "managed": self.managed,
            "mentionable": self.mentionable,
            "icon": null,
            "unicode_emoji": null,
            "flags": self.flags,
        });
        if let (Some(tags), Some(fields)) = (self.tags(), role.as_object_mut()) {
            fields.insert("tags".into(), tags);
        }
        role
    }

    /// A tag that is there and null means yes.
    fn tags(&self) -> Option<Value> {
        if let Some(bot) = self.bot {
            return Some(json!({ "bot_id": bot }));
        }
        if self.booster {
            return Some(json!({ "premium_subscriber": null }));
        }
        self.linked.then(|| json!({ "guild_connections": null }))
    }
}
