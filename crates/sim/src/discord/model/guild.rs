//! A guild: what people call a server.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{AuditEntry, Member, Role};
use crate::discord::ids::Snowflake;

/// A guild with everything in it but its channels and messages.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Guild {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) name: String,
    pub(in crate::discord) owner: Snowflake,
    pub(in crate::discord) roles: BTreeMap<Snowflake, Role>,
    pub(in crate::discord) members: BTreeMap<Snowflake, Member>,
    pub(in crate::discord) bans: BTreeMap<Snowflake, Option<String>>,
    pub(in crate::discord) audit: Vec<AuditEntry>,
    pub(in crate::discord) system_channel: Option<Snowflake>,
    /// When Discord itself cannot reach the guild: an outage, not a goodbye.
    pub(in crate::discord) unavailable: bool,
    /// Whether moderators need a second factor.
    pub(in crate::discord) asks_second_factor: bool,
}

impl Guild {
    /// The guild as REST shows it; the gateway adds to it.
    pub(in crate::discord) fn json(&self) -> Value {
        let mut roles: Vec<&Role> = self.roles.values().collect();
        roles.sort_by_key(|role| (role.position, role.id));
        let roles: Vec<Value> = roles.into_iter().map(Role::json).collect();
        json!({
            "id": self.id,
            "name": self.name,
            "icon": null,
            "icon_hash": null,
            "description": null,
            "home_header": null,
            "splash": null,
            "discovery_splash": null,
            "features": ["COMMUNITY"],
            "banner": null,
            "owner_id": self.owner,
            "application_id": null,
            "region": "us-west",
            "afk_channel_id": null,
            "afk_timeout": 300,
            "system_channel_id": self.system_channel,
            "system_channel_flags": 0,
            "widget_enabled": false,
            "widget_channel_id": null,
            "verification_level": 1,
            "roles": roles,
            "default_message_notifications": 1,
            "mfa_level": u8::from(self.asks_second_factor),
            "explicit_content_filter": 2,
            "max_presences": null,
            "max_members": 25_000_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "vanity_url_code": null,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": "en-US",
            "rules_channel_id": null,
            "safety_alerts_channel_id": null,
            "public_updates_channel_id": null,
            "premium_progress_bar_enabled": false,
            "nsfw": false,
            "nsfw_level": 0,
            "emojis": [],
            "stickers": [],
            "incidents_data": null,
        })
    }
}
