//! Events of the gateway, as far as they change what is known. (Discord docs: Gateway Events.)

use domain::ids::{ChannelId, GuildId, RoleId, UserId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use service::hint::Hint;

use crate::wire::{AuditEntry, Channel, Guild, Member, Role, Snowflake, User};

/// An event that changes what is known of guilds.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A new session: who the bot is, and which guilds it is in.
    Ready(Ready),
    /// A guild that can be read.
    GuildCreate(Box<Guild>),
    /// A guild that exists and cannot be read at the moment.
    GuildUnavailable(GuildId),
    /// The bot is not in the guild any more.
    GuildRemoved(GuildId),
    /// Name, owner or roles of a guild.
    GuildUpdate(Box<Guild>),
    /// A role was made or changed.
    Role(GuildId, Role),
    /// A role was deleted.
    RoleDelete(GuildId, RoleId),
    /// A channel was made or changed.
    Channel(GuildId, Channel),
    /// A channel was deleted.
    ChannelDelete(GuildId, ChannelId),
    /// Somebody did something that the audit log has.
    Audited(GuildId, AuditEntry),
    /// Somebody joined or changed.
    Member(GuildId, Box<Member>),
    /// Somebody left.
    MemberRemove(GuildId, UserId),
    /// Members that were asked for.
    Members(GuildId, Vec<Member>),
}

/// The start of a session.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Ready {
    pub(super) user: User,
    guilds: Vec<ReadyGuild>,
}

impl Ready {
    /// The servers the bot is in.
    pub(super) fn guilds(&self) -> Vec<GuildId> {
        self.guilds.iter().map(|guild| GuildId(guild.id.0)).collect()
    }

    /// The name of the bot's account.
    pub(crate) fn name(&self) -> &str {
        self.user.display_name()
    }

    /// How many servers the bot is in.
    pub(crate) fn guild_count(&self) -> usize {
        self.guilds.len()
    }
}

#[derive(Clone, Debug, Deserialize)]
struct ReadyGuild {
    id: Snowflake,
}

/// What an event asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// What the hall should look at again.
    pub(crate) hints: Vec<Hint>,
    /// The guild's members must be read one by one.
    pub(crate) read_members: Option<GuildId>,
}

impl Event {
    /// The guild it is about.
    pub(crate) fn guild(&self) -> Option<GuildId> {
        match self {
            Self::Ready(_) => None,
            Self::GuildCreate(guild) | Self::GuildUpdate(guild) => Some(guild.id()),
            Self::GuildUnavailable(guild)
            | Self::GuildRemoved(guild)
            | Self::Role(guild, _)
            | Self::RoleDelete(guild, _)
            | Self::Channel(guild, _)
            | Self::ChannelDelete(guild, _)
            | Self::Audited(guild, _)
            | Self::Member(guild, _)
            | Self::MemberRemove(guild, _)
            | Self::Members(guild, _) => Some(*guild),
        }
    }

    /// Reads an event by its name; `None` for one that changes nothing here.
    pub(crate) fn read(name: &str, json: &str) -> Option<Result<Self, serde_json::Error>> {
        #[derive(Deserialize)]
        struct Of<T> {
            guild_id: Snowflake,
            #[serde(flatten)]
            what: T,
        }
        #[derive(Deserialize)]
        struct Changed {
            role: Role,
        }
        #[derive(Deserialize)]
        struct Deleted {
            role_id: Snowflake,
        }
        #[derive(Deserialize)]
        struct Left {
            user: User,
        }
        #[derive(Deserialize)]
        struct Chunk {
            members: Vec<Member>,
        }
        let guild = |id: Snowflake| GuildId(id.0);
        Some(match name {
            "READY" => data(json).map(Self::Ready),
            "GUILD_CREATE" => guild_create(json),
            "GUILD_DELETE" => guild_delete(json),
            "GUILD_UPDATE" => data(json).map(|guild| Self::GuildUpdate(Box::new(guild))),
            "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => {
                data(json).map(|of: Of<Changed>| Self::Role(guild(of.guild_id), of.what.role))
            }
            "GUILD_ROLE_DELETE" => data(json)
                .map(|of: Of<Deleted>| Self::RoleDelete(guild(of.guild_id), RoleId(of.what.role_id.0))),
            "CHANNEL_CREATE" | "CHANNEL_UPDATE" => {
                data(json).map(|of: Of<Channel>| Self::Channel(guild(of.guild_id), of.what))
            }
            "CHANNEL_DELETE" => {
                data(json).map(|of: Of<Channel>| Self::ChannelDelete(guild(of.guild_id), of.what.id()))
            }
            "GUILD_AUDIT_LOG_ENTRY_CREATE" => {
                data(json).map(|of: Of<AuditEntry>| Self::Audited(guild(of.guild_id), of.what))
            }
            "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE" => {
                data(json).map(|of: Of<Member>| Self::Member(guild(of.guild_id), Box::new(of.what)))
            }
            "GUILD_MEMBER_REMOVE" => {
                data(json).map(|of: Of<Left>| Self::MemberRemove(guild(of.guild_id), of.what.user.id()))
            }
            "GUILD_MEMBERS_CHUNK" => {
                data(json).map(|of: Of<Chunk>| Self::Members(guild(of.guild_id), of.what.members))
            }
            _ => return None,
        })
    }
}

/// The `d` of an event.
pub(crate) fn data<T: DeserializeOwned>(json: &str) -> Result<T, serde_json::Error> {
    #[derive(Deserialize)]
    struct Envelope<T> {
        d: T,
    }
    serde_json::from_str::<Envelope<T>>(json).map(|envelope| envelope.d)
}

#[derive(Deserialize)]
struct Availability {
    id: Snowflake,
    #[serde(default)]
    unavailable: bool,
}

fn guild_create(json: &str) -> Result<Event, serde_json::Error> {
    let availability: Availability = data(json)?;
    if availability.unavailable {
        return Ok(Event::GuildUnavailable(GuildId(availability.id.0)));
    }
    data(json).map(|guild| Event::GuildCreate(Box::new(guild)))
}

/// "unavailable" means an outage; without it the bot was removed.
fn guild_delete(json: &str) -> Result<Event, serde_json::Error> {
    let availability: Availability = data(json)?;
    let guild = GuildId(availability.id.0);
    Ok(if availability.unavailable { Event::GuildUnavailable(guild) } else { Event::GuildRemoved(guild) })
}
