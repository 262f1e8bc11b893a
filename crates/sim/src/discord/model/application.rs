//! An application: what a bot belongs to, with its settings in the developer portal and its commands.

use serde_json::{Map, Value, json};

use super::User;
use crate::discord::ids::Snowflake;

/// A slash command, a user command or a message command.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Command {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) guild: Option<Snowflake>,
    pub(in crate::discord) name: String,
    pub(in crate::discord) kind: u64,
    /// All of it, as it is shown.
    pub(in crate::discord) shown: Map<String, Value>,
}

impl Command {
    pub(in crate::discord) fn json(&self) -> Value {
        Value::Object(self.shown.clone())
    }
}

/// An application and its bot.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Application {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) name: String,
    pub(in crate::discord) owner: Snowflake,
    /// The bot's user; its id is the application's, as with every application made today.
    pub(in crate::discord) bot: Snowflake,
    /// None after it was revoked and until a new one is made.
    pub(in crate::discord) token: Option<String>,
    pub(in crate::discord) client_secret: String,
    pub(in crate::discord) redirects: Vec<String>,
    /// The toggles for privileged intents, as bits of gateway intents.
    pub(in crate::discord) privileged_intents: u64,
    pub(in crate::discord) commands: Vec<Command>,
    /// Moments of recent identifies, for the budget of 1,000 a day.
    pub(in crate::discord) identified_at_ms: Vec<i64>,
}

/// The intents that must be switched on in the portal, and the application flags that say so for a
/// small bot.
const PRIVILEGED: [(u64, u64); 3] = [(1 << 8, 1 << 13), (1 << 1, 1 << 15), (1 << 15, 1 << 19)];

impl Application {
    /// Flags of the application: which privileged intents it may have.
    pub(in crate::discord) fn flags(&self) -> u64 {
        let on = PRIVILEGED.iter().filter(|(intent, _)| self.privileged_intents & intent != 0);
        on.fold(0, |sum, (_, flag)| sum | flag)
    }

    pub(in crate::discord) fn json(&self, owner: &User, bot: &User, guilds: usize) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "icon": null,
            "description": "",
            "type": null,
            "bot": bot.json(),
            "summary": "",
            "bot_public": true,
            "bot_require_code_grant": false,
            "integration_types_config": { "0": {} },
            "verify_key": "0".repeat(64),
            "flags": self.flags(),
            "flags_new": self.flags().to_string(),
            "hook": true,
            "is_monetized": false,
            "storefront_available": false,
            "redirect_uris": self.redirects,
            "interactions_endpoint_url": null,
            "role_connections_verification_url": null,
            "owner": owner.json(),
            "approximate_guild_count": guilds,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": null,
            "eligible_oauth2_scopes": [],
            "tags": [],
            "rpc_origins": [],
        })
    }
}
