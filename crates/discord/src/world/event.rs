//! What each event of the gateway changes. (Discord docs: Gateway Events.)

use domain::ids::{GuildId, RoleId, UserId};
use domain::roster::Completeness;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use service::hint::Hint;

use super::{Seat, State};
use crate::roster::{entry, picture, role};
use crate::wire::{Guild, Member, Role, Snowflake, User, role_ids};

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
    user: User,
    guilds: Vec<ReadyGuild>,
}

impl Ready {
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

impl State {
    pub(super) fn apply(&mut self, event: Event) -> News {
        let (guild, changed) = match event {
            Event::Ready(ready) => return self.ready(&ready),
            Event::GuildCreate(guild) => return self.guild_create(&guild),
            Event::Member(guild, member) => return self.member(guild, &member),
            Event::MemberRemove(guild, user) => return self.member_remove(guild, user),
            Event::Members(guild, members) => {
                let hints = members.iter().flat_map(|member| self.member(guild, member).hints).collect();
                return News { hints, read_members: None };
            }
            Event::GuildUnavailable(guild) => {
                self.seat(guild).becomes_unavailable();
                return News::default();
            }
            Event::GuildRemoved(guild) => {
                self.seats.remove(&guild);
                (guild, true)
            }
            Event::GuildUpdate(update) => (update.id(), self.guild_update(&update)),
            Event::Role(guild, new) => {
                let new = role(&new);
                let change = self.seat(guild).change_picture(|picture| {
                    picture.roles.retain(|known| known.id != new.id);
                    picture.roles.push(new);
                    picture.roles.sort_by_key(|role| role.id);
                });
                (guild, change)
            }
            Event::RoleDelete(guild, gone) => {
                let change = |picture: &mut domain::situation::GuildPicture| {
                    picture.roles.retain(|known| known.id != gone);
                    picture.bot_roles.retain(|known| *known != gone);
                };
                (guild, self.seat(guild).change_picture(change))
            }
        };
        News { hints: changed.then_some(Hint::Guild { guild }).into_iter().collect(), read_members: None }
    }

    pub(super) fn seat(&mut self, guild: GuildId) -> &mut Seat {
        self.seats.entry(guild).or_default()
    }

    pub(super) fn put_guild(&mut self, guild: &Guild, bot_member: &Member) -> Vec<Hint> {
        let bot = bot_member.user.id();
        let (id, all_members) = (guild.id(), self.all_members);
        let seat = self.seat(id);
        let changed = seat.set_picture(picture(guild, bot, role_ids(&bot_member.roles)));
        seat.put(entry(bot_member));
        if !all_members {
            seat.only_linked_members();
        }
        changed.then_some(Hint::Guild { guild: id }).into_iter().collect()
    }

    pub(super) fn put_member(&mut self, guild: GuildId, user: UserId, member: Option<&Member>) {
        let seat = self.seat(guild);
        match member {
            Some(member) => seat.put(entry(member)),
            None => seat.remove(user),
        };
    }

    /// What is not in the list is a guild the bot was removed from while nobody listened.
    fn ready(&mut self, ready: &Ready) -> News {
        self.bot = Some(ready.user.id());
        let here: Vec<GuildId> = ready.guilds.iter().map(|guild| GuildId(guild.id.0)).collect();
        let gone: Vec<GuildId> = self.seats.keys().filter(|guild| !here.contains(guild)).copied().collect();
        self.seats.retain(|guild, _| here.contains(guild));
        for guild in here {
            self.seat(guild).becomes_unavailable();
        }
        let hints = gone.into_iter().map(|guild| Hint::Guild { guild }).collect();
        News { hints, read_members: None }
    }

    fn guild_create(&mut self, guild: &Guild) -> News {
        let Some(bot) = self.bot else { return News::default() };
        let (id, all_members) = (guild.id(), self.all_members);
        let own = guild.members.iter().find(|member| member.user.id() == bot);
        let bot_roles = own.map(|own| role_ids(&own.roles)).unwrap_or_default();
        let seat = self.seat(id);
        seat.set_picture(picture(guild, bot, bot_roles));
        let entries: Vec<_> = guild.members.iter().map(entry).collect();
        if !all_members {
            let kept: Vec<_> = seat.roster().iter().map(super::seat::owned).collect();
            seat.set_members(Completeness::LinkedOnly, kept.into_iter().chain(entries).collect());
            return News { hints: vec![Hint::Guild { guild: id }], read_members: None };
        }
        let here = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        if guild.member_count == Some(here) {
            seat.set_members(Completeness::Full, entries);
            return News { hints: vec![Hint::Guild { guild: id }], read_members: None };
        }
        seat.set_members(Completeness::Partial, entries);
        News { hints: Vec::new(), read_members: Some(id) }
    }

    fn guild_update(&mut self, update: &Guild) -> bool {
        let Some(bot) = self.bot else { return false };
        let seat = self.seat(update.id());
        seat.change_picture(|known| {
            let bot_roles = std::mem::take(&mut known.bot_roles);
            *known = picture(update, bot, bot_roles);
        })
    }

    fn member(&mut self, guild: GuildId, member: &Member) -> News {
        let own = self.bot == Some(member.user.id());
        let (user, entry) = (member.user.id(), entry(member));
        let seat = self.seat(guild);
        let roles = entry.roles.clone();
        let changed = seat.put(entry);
        let hint = if own {
            seat.change_picture(|picture| picture.bot_roles = roles).then_some(Hint::Guild { guild })
        } else {
            changed.then_some(Hint::Member { guild, user })
        };
        News { hints: hint.into_iter().collect(), read_members: None }
    }

    fn member_remove(&mut self, guild: GuildId, user: UserId) -> News {
        let known = self.seat(guild).remove(user);
        let hint = known.then_some(Hint::Member { guild, user });
        News { hints: hint.into_iter().collect(), read_members: None }
    }
}
