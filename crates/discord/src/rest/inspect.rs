//! What only somebody who looks the settings over asks: the application, the bot's servers, who must have a
//! second factor. (Discord docs: Application, User, Guild.)

use std::num::NonZeroU64;

use domain::ids::GuildId;
use domain::plan::Importance;
use serde::Deserialize;

use super::{Call, Problem, Rest};
use crate::wire::{Guild, Snowflake, User};

/// The most servers that are listed; Discord has no more on one page.
const SERVERS_MAX: u32 = 200;

/// The bot's application, as the developer portal has it.
#[derive(Debug, Deserialize)]
pub(crate) struct Application {
    pub(crate) id: Snowflake,
    #[serde(default)]
    pub(crate) name: String,
    /// Which privileged intents it has, among others.
    #[serde(default)]
    pub(crate) flags: u64,
    /// The registered redirect addresses, letter by letter.
    pub(crate) redirect_uris: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) bot_require_code_grant: bool,
}

/// The bot's own account.
#[derive(Debug, Deserialize)]
pub(crate) struct OwnUser {
    #[serde(flatten)]
    pub(crate) user: User,
    /// Whether its owner signs in with a second factor.
    pub(crate) mfa_enabled: Option<bool>,
}

/// A server the bot is in.
#[derive(Debug, Deserialize)]
pub(crate) struct OwnServer {
    pub(crate) id: Snowflake,
    pub(crate) name: String,
}

/// A server with what it asks of moderators.
#[derive(Debug, Deserialize)]
pub(crate) struct StrictGuild {
    #[serde(flatten)]
    pub(crate) guild: Guild,
    /// Present and not 0 where moderators need a second factor.
    #[serde(default, deserialize_with = "level")]
    pub(crate) mfa_level: Option<NonZeroU64>,
}

fn level<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NonZeroU64>, D::Error> {
    Option::<u64>::deserialize(deserializer).map(|level| level.and_then(NonZeroU64::new))
}

impl Rest {
    /// The application of the bot token.
    pub(crate) async fn own_application(&self) -> Result<Application, Problem> {
        self.json(&Call::new("GET /applications/@me", &[], 0).important(Importance::Urgent)).await
    }

    /// The account of the bot token.
    pub(crate) async fn own_user(&self) -> Result<OwnUser, Problem> {
        self.json(&Call::new("GET /users/@me", &[], 0).important(Importance::Urgent)).await
    }

    /// The servers the bot is in, [`SERVERS_MAX`] at most.
    pub(crate) async fn own_servers(&self) -> Result<Vec<OwnServer>, Problem> {
        let call = Call::new("GET /users/@me/guilds", &[], 0).important(Importance::Urgent);
        self.json(&call.query("limit", &SERVERS_MAX)).await
    }

    /// Asks for one entry of a server's audit log, and forgets it.
    pub(crate) async fn reads_audit_log(&self, guild: GuildId) -> Result<(), Problem> {
        let call = Call::new("GET /guilds/{}/audit-logs", &[&guild], guild.0).important(Importance::Urgent);
        self.send(&call.query("limit", &1)).await.map(drop)
    }

    /// A server with its roles and what it asks of moderators.
    pub(crate) async fn strict_guild(&self, guild: GuildId) -> Result<StrictGuild, Problem> {
        self.json(&Call::new("GET /guilds/{}", &[&guild], guild.0).important(Importance::Urgent)).await
    }
}
