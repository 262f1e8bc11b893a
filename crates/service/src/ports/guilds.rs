//! The servers that follow: what they look like now, and the few things the hall writes.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::ids::{ChannelId, GuildId, RoleId, UserId};
use domain::plan::{Act, Importance};
use domain::roster::Roster;
use domain::situation::GuildPicture;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
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

    /// Who changed members' roles by hand since an entry of the guild's audit log, oldest first; whoever did it
    /// is not the hall's own bot. Without an entry to begin after: the newest page of the log only.
    async fn by_hand(&self, guild: GuildId, after: Option<u64>) -> Result<ByHand, GuildError>;

    /// Sends a direct message, without what it offers: buttons work in a server alone. Mentions in it notify nobody.
    async fn tell(&self, user: UserId, notice: &Notice) -> Result<Told, GuildError>;

    /// Posts to a channel of the guild, notifying nobody. What is known to be closed is not tried.
    async fn post(&self, guild: GuildId, channel: ChannelId, notice: &Notice) -> Result<Told, GuildError>;

    /// Why the hall cannot post in a channel, as a sentence with what the owner can do; `None` when nothing is
    /// known to be in the way.
    fn cannot_post(&self, guild: GuildId, channel: ChannelId) -> Option<String>;
}

/// What the audit log says of roles that were given and taken by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// The hall may not read the audit log.
    Forbidden,
    /// It was read.
    Read {
        /// What was done, oldest first.
        acts: Vec<HandAct>,
        /// Where the next call begins: at the newest entry seen, or at a later one that would have been seen, too;
        /// `None` while the log is empty.
        cursor: Option<u64>,
        /// The log reaches less far back than what was asked for: entries between are missing.
        gap: bool,
        /// There is more behind the cursor than one call reads: call again.
        more: bool,
    },
}

/// Roles that somebody other than the hall gave to, or took from, a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandAct {
    /// The entry of the audit log; a later one has a greater number.
    pub entry: u64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it: a person or another bot.
    pub who: UserId,
    /// To whom.
    pub user: UserId,
    /// The roles given.
    pub given: Vec<RoleId>,
    /// The roles taken.
    pub taken: Vec<RoleId>,
}

/// Something to be told, with what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The words, as they stand: nothing in them is markdown or a mention; at most 2,000 characters are shown. Where
    /// they are more, lines make room before the last one, which says what to do.
    pub text: String,
    /// Buttons below; of more than [`Notice::OFFERS_MAX`] only the first are shown.
    pub offers: Vec<Offer>,
}

impl Notice {
    /// The most offers that one notice makes.
    pub const OFFERS_MAX: usize = 4;

    /// Words alone.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), offers: Vec::new() }
    }
}

/// A button of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What stands on it; at most 80 characters are shown.
    pub label: String,
    /// What it does.
    pub does: Offered,
}

/// What a button of a notice does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offered {
    /// Gives a role that needs an admin's word.
    Confirm {
        /// To whom.
        user: UserId,
        /// Which role.
        role: RoleId,
    },
    /// Opens a plan.
    Show {
        /// Its number.
        plan: i64,
    },
    /// Ends an override.
    End {
        /// For whom.
        user: UserId,
        /// For which role.
        role: RoleId,
    },
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
    /// Since when they are in this guild, the last time that they came; `None` where Discord does not say.
    pub joined_at: Option<Timestamp>,
}

/// What somebody in Discord may decide, as the question itself says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who they are.
    pub user: UserId,
    /// Whether they may manage the server.
    pub manages_guild: bool,
    /// Whether they may manage roles.
    pub manages_roles: bool,
    /// The roles they hold.
    pub roles: Vec<RoleId>,
}

/// Whether a notice arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It did.
    Delivered,
    /// The person takes no direct messages from the hall, or the hall may not write in the channel.
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
