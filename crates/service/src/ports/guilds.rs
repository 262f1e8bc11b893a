//! The servers that follow: what they look like now, and the few things the hall writes.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::{Act, Importance};
use domain::roster::Roster;
use domain::situation::GuildPicture;
use thiserror::Error;

/// Discord, as far as the hall needs it. Writes wait for their turn inside Discord's limits.
#[async_trait]
pub trait Guilds: Send + Sync {
    /// The guild as last seen; `None` while it has not been seen or is unavailable.
    fn picture(&self, guild: GuildId) -> Option<Arc<GuildPicture>>;

    /// Its members as last seen, with how complete that is.
    fn roster(&self, guild: GuildId) -> Arc<Roster>;

    /// What keeps the hall from following Discord at all, and what the owner can do; `None` when nothing does.
    fn trouble(&self) -> Option<String> {
        None
    }

    /// Reads the guild anew: its picture and, where the hall may read it, its member list. Where it may not
    /// ([`domain::roster::Completeness::LinkedOnly`]) members are read one by one, by [`Guilds::member`].
    async fn refresh(&self, guild: GuildId) -> Result<(), GuildError>;

    /// Asks Discord for one member now; `None` when they are not in the guild. Updates the roster.
    async fn member(&self, guild: GuildId, user: UserId) -> Result<Option<MemberNow>, GuildError>;

    /// Writes one act, most important first among those that wait. `reason` goes into Discord's audit log.
    /// Gives back what the member's nickname became, where that was written.
    async fn write(
        &self,
        guild: GuildId,
        user: UserId,
        act: &Act,
        importance: Importance,
        reason: &str,
    ) -> Result<Option<MemberNow>, GuildError>;

    /// Sends a direct message. Mentions in it notify nobody.
    async fn tell(&self, user: UserId, text: &str) -> Result<Told, GuildError>;
}

/// One member as Discord has them at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberNow {
    /// The nickname in this guild.
    pub nickname: Option<String>,
    /// The roles, sorted by id.
    pub roles: Vec<RoleId>,
    /// The name people see without a nickname.
    pub display_name: String,
    /// The account's name.
    pub username: String,
}

/// Whether a direct message arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It did.
    Delivered,
    /// The person takes no direct messages from the hall.
    Closed,
}

/// Why Discord could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GuildError {
    /// No answer, or 5xx, or a limit: later.
    #[error("could not reach Discord: {why}")]
    Later {
        /// What happened.
        why: String,
        /// How long Discord asked to be left alone, where it did.
        wait: Option<Duration>,
    },
    /// The bot's token is not accepted: nothing more is sent until a new one is set.
    #[error(
        "Discord does not accept the bot token; put a new one where bot_token in [discord] points, and restart"
    )]
    TokenRefused,
    /// Discord forbids this one thing (hierarchy, permission).
    #[error("Discord forbids it: {why}")]
    Forbidden {
        /// Discord's words.
        why: String,
    },
    /// Not sent, since Discord forbade several changes of this guild in a row.
    #[error("Discord forbade several changes in a row; trying again after the next look at the server")]
    HeldBack,
    /// The member, role or guild is gone.
    #[error("{what} is not there any more")]
    Gone {
        /// What.
        what: String,
    },
    /// Discord does not take it as it is; trying again would not help.
    #[error("Discord does not take it: {why}")]
    Refused {
        /// Discord's words.
        why: String,
    },
}
