//! A user: a person or a bot.

use serde_json::{Value, json};

use crate::discord::ids::Snowflake;

/// A person's or a bot's account.
#[derive(Clone, Debug)]
pub(in crate::discord) struct User {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) username: String,
    pub(in crate::discord) global_name: Option<String>,
    pub(in crate::discord) avatar: Option<String>,
    pub(in crate::discord) email: Option<String>,
    pub(in crate::discord) verified: bool,
    pub(in crate::discord) bot: bool,
    pub(in crate::discord) dms_closed: bool,
    /// Whether a bot's owner signs in with a second factor.
    pub(in crate::discord) second_factor: bool,
}

impl User {
    /// The user as everybody sees it.
    pub(in crate::discord) fn json(&self) -> Value {
        let mut user = json!({
            "id": self.id,
            "username": self.username,
            "avatar": self.avatar,
            "discriminator": if self.bot { "0001" } else { "0" },
            "public_flags": if self.bot { 65536 } else { 0 },
            "flags": if self.bot { 65536 } else { 0 },
            "banner": null,
            "accent_color": null,
            "global_name": self.global_name,
            "avatar_decoration_data": null,
            "collectibles": null,
            "display_name_styles": null,
            "banner_color": null,
            "clan": null,
            "primary_guild": null,
        });
        if let (true, Some(fields)) = (self.bot, user.as_object_mut()) {
            fields.insert("bot".into(), true.into());
        }
        user
    }

    /// The user as itself and, with the scope for it, an application it trusts sees it.
    pub(in crate::discord) fn own_json(&self, with_email: bool) -> Value {
        let mut user = self.json();
        if let Some(fields) = user.as_object_mut() {
            fields.insert("mfa_enabled".into(), self.second_factor.into());
            fields.insert("locale".into(), "en-US".into());
            fields.insert("premium_type".into(), 0.into());
            if with_email {
                fields.insert("email".into(), self.email.clone().into());
                fields.insert("verified".into(), self.verified.into());
            }
        }
        user
    }

    /// The name that is shown where a guild gives no nickname.
    pub(in crate::discord) fn shown_name(&self) -> &str {
        self.global_name.as_deref().unwrap_or(&self.username)
    }
}
