//! Harbor and its people: what `guildhall sim` and the demo begin with, something for every feature.

mod people;

use std::io;

use serde_json::{Map, Value, json};

use crate::clock::Clock;
use crate::discord::{DiscordSettings, DiscordSim, LimitSettings, RoleSpec, Snowflake, permission};
use crate::forum::{self, ForumSettings, ForumSim, GroupSpec, PersonId, PersonSpec, Refused};
use people::{PEOPLE, ROLES, Row, Standing};

pub use people::{GROUPS, RoleLook, role_look};

/// The password of everybody, so that a person who tries the demo can sign in as anybody.
pub const PASSWORD: &str = "harbor lights 9";
/// What signs the forum's webhooks.
pub const WEBHOOK_SECRET: &str = "harbor-webhook-secret";
/// What the hall's bot may do: what the hall needs, and what clients of every kind come to try.
const BOT_MAY: u64 = permission::MANAGE_ROLES
    | permission::MANAGE_NICKNAMES
    | permission::VIEW_AUDIT_LOG
    | permission::KICK_MEMBERS
    | permission::BAN_MEMBERS
    | permission::MODERATE_MEMBERS
    | permission::MANAGE_MESSAGES;
/// How long ago accounts were made.
const ACCOUNT_AGE_MS: i64 = 400 * DAY_MS;
/// How long a suspension lasts.
pub const SUSPENDED_MS: i64 = 7 * DAY_MS;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Where Harbor listens on 127.0.0.1 and how patient it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mooring {
    /// The port of Discord; 0 lets the system choose.
    pub discord_port: u16,
    /// The port of the forum; 0 lets the system choose.
    pub forum_port: u16,
    /// No limits on Discord, and the forum's a hundred times as high: for one person who clicks quickly.
    pub generous: bool,
}

/// A Discord and a forum with the same people. Clones are handles to the same ones.
#[derive(Clone, Debug)]
pub struct Harbor {
    /// The Discord.
    pub discord: DiscordSim,
    /// The forum.
    pub forum: ForumSim,
    /// The server.
    pub guild: Snowflake,
    /// The hall's application.
    pub application: Snowflake,
    /// Its people.
    pub people: Vec<CastPerson>,
    /// The time everything lives in.
    pub clock: Clock,
}

/// A person of the cast.
#[derive(Clone, Debug)]
pub struct CastPerson {
    /// On Discord; none for who is only in the forum.
    pub discord: Option<(Snowflake, &'static str)>,
    /// In the forum; none for who is only on Discord.
    pub forum: Option<(PersonId, &'static str)>,
    /// What somebody who looks at the demo should know about the person; empty when there is nothing.
    pub about: &'static str,
    /// Whether the person owns the server.
    pub owner: bool,
    /// Whether the demo begins with the two linked.
    pub begins_linked: bool,
    /// Whether the demo begins with the person suspended.
    pub begins_suspended: bool,
}

impl Harbor {
    /// Starts both with their people. Fails when a port is taken.
    pub async fn start(mooring: Mooring) -> io::Result<Self> {
        let clock = Clock::default();
        let discord = DiscordSim::start(discord_settings(mooring), clock.clone()).await?;
        let forum = ForumSim::start(forum_settings(mooring), clock.clone()).await?;
        found(discord, forum, clock).map_err(io::Error::other)
    }

    /// Suspends those of the cast who are.
    pub fn suspends(&self) -> Result<(), Refused> {
        let till_ms = self.clock.now_ms() + SUSPENDED_MS;
        let suspended = self.people.iter().filter(|person| person.begins_suspended);
        suspended
            .filter_map(|person| person.forum)
            .try_for_each(|(id, _)| self.forum.suspend(self.forum.admin(), id, till_ms, "spam"))
    }

    /// Puts everybody's standing in the forum back to what it was at the start, suspensions left out.
    pub fn begins_again(&self) -> Result<(), Refused> {
        self.people
            .iter()
            .zip(PEOPLE)
            .filter_map(|(person, row)| Some((person.forum?.0, row)))
            .try_for_each(|(id, row)| people::restore(&self.forum, id, row, self.clock.now_ms()))
    }

    /// All that a client of either needs to know, as one JSON object. Ids are strings.
    pub fn line(&self) -> Value {
        let roles: Map<String, Value> = self
            .discord
            .roles(self.guild)
            .into_iter()
            .map(|(name, id)| (name, id.to_string().into()))
            .collect();
        json!({
            "discord": {
                "api": self.discord.api_url(),
                "gateway": self.discord.gateway_url(),
                "bot_token": self.discord.bot_token(self.application),
                "application_id": self.application,
                "client_secret": self.discord.client_secret(self.application),
                "guild_id": self.guild,
                "roles": roles,
                "authorize_url": self.discord.authorize_url(),
                "token_url": self.discord.token_url(),
                "cdn": self.discord.cdn_url(),
                "control": format!("{}/_sim", self.discord.url()),
            },
            "forum": {
                "url": self.forum.url(),
                "api_key": self.forum.api_key(),
                "api_username": self.forum.admin_name(),
                "read_key": self.forum.read_key(),
                "connect_host": "*",
                "connect_secret": self.forum.connect_secret(),
                "webhook_secret": WEBHOOK_SECRET,
                "control": format!("{}/_sim", self.forum.url()),
            },
            "people": self.people.iter().map(CastPerson::line).collect::<Vec<Value>>(),
        })
    }
}

impl CastPerson {
    fn line(&self) -> Value {
        json!({
            "discord_id": self.discord.map(|(id, _)| id.to_string()),
            "discord_name": self.discord.map(|(_, name)| name),
            "forum_id": self.forum.map(|(id, _)| id.0.to_string()),
            "forum_name": self.forum.map(|(_, name)| name),
            "password": self.forum.map(|_| PASSWORD),
        })
    }
}

fn discord_settings(mooring: Mooring) -> DiscordSettings {
    let limits = LimitSettings { on: !mooring.generous, ..LimitSettings::default() };
    DiscordSettings { port: mooring.discord_port, limits, ..DiscordSettings::default() }
}

fn forum_settings(mooring: Mooring) -> ForumSettings {
    let factor = if mooring.generous { 100 } else { 1 };
    ForumSettings {
        port: mooring.forum_port,
        admin: "noor".to_owned(),
        password: PASSWORD.to_owned(),
        limits: forum::LimitSettings { factor, ..forum::LimitSettings::default() },
        ..ForumSettings::default()
    }
}

/// Why Harbor could not be founded. The cast is a table, so only a wrong table brings this.
#[derive(Debug, thiserror::Error)]
enum NotFounded {
    #[error("the simulated forum {0}")]
    Forum(#[from] Refused),
    #[error("the simulated Discord refused: {0:?}")]
    Discord(crate::discord::Refusal),
    #[error("nobody of the cast owns the server")]
    NoOwner,
}

fn found(discord: DiscordSim, forum: ForumSim, clock: Clock) -> Result<Harbor, NotFounded> {
    let in_forum = settle(&forum, clock.now_ms())?;
    let on_discord: Vec<Option<(Snowflake, &'static str)>> = PEOPLE
        .iter()
        .map(|row| row.discord.map(|(username, shown)| (discord.create_user(username, shown), username)))
        .collect();
    let owner = PEOPLE.iter().zip(&on_discord).find(|(row, _)| row.standing == Standing::Owner);
    let (owner, _) = owner.and_then(|(_, user)| *user).ok_or(NotFounded::NoOwner)?;
    let (guild, application) = open(&discord, owner, &on_discord).map_err(NotFounded::Discord)?;
    let people = PEOPLE.iter().zip(on_discord).zip(in_forum).map(|((row, discord), forum)| CastPerson {
        discord,
        forum,
        about: row.about,
        owner: row.standing == Standing::Owner,
        begins_linked: row.begins_linked,
        begins_suspended: row.begins_suspended,
    });
    Ok(Harbor { people: people.collect(), discord, forum, guild, application, clock })
}

/// Fills the forum.
fn settle(forum: &ForumSim, now_ms: i64) -> Result<Vec<Option<(PersonId, &'static str)>>, Refused> {
    for group in GROUPS {
        forum.create_group(forum.admin(), GroupSpec::new(group))?;
    }
    let mut people = Vec::new();
    for row in PEOPLE {
        let Some(username) = row.forum else {
            people.push(None);
            continue;
        };
        let known = forum.user_named(username).map(|person| person.id);
        let id = match known {
            Some(id) => id,
            None => forum.create_user(account(username, row, now_ms))?,
        };
        people::restore(forum, id, row, now_ms)?;
        people.push(Some((id, username)));
    }
    Ok(people)
}

fn account(username: &str, row: &Row, now_ms: i64) -> PersonSpec {
    PersonSpec {
        name: row.name.map(str::to_owned),
        title: row.title.map(str::to_owned),
        trust_level: row.trust_level,
        moderator: row.standing == Standing::Moderator,
        created_at_ms: Some(now_ms - ACCOUNT_AGE_MS),
        bio_raw: row.bio.map(str::to_owned),
        avatar: row.bio.is_some(),
        ..PersonSpec::new(username)
    }
}

/// Opens the server: roles from the lowest up, two bots, the members.
fn open(
    discord: &DiscordSim,
    owner: Snowflake,
    people: &[Option<(Snowflake, &'static str)>],
) -> Result<(Snowflake, Snowflake), crate::discord::Refusal> {
    let guild = discord.create_guild("Harbor", owner);
    let application = discord.create_application("Guildhall", owner);
    let dockhand = discord.create_application("Dockhand", owner);
    discord.invite_bot(guild, application, BOT_MAY)?;
    discord.invite_bot(guild, dockhand, permission::MANAGE_ROLES)?;
    // New roles go in just above @everyone, so the highest comes first and ends on top of the later ones.
    for role in ROLES.iter().filter(|role| !role.above_the_hall) {
        discord.add_role(guild, &spec(role, 1))?;
    }
    let top = i64::try_from(discord.roles(guild).len()).unwrap_or(i64::MAX);
    for role in ROLES.iter().filter(|role| role.above_the_hall) {
        discord.add_role(guild, &spec(role, top))?;
    }
    let role = |name: &str| discord.role_named(guild, name);
    for (row, user) in PEOPLE.iter().zip(people) {
        let Some((user, _)) = user else { continue };
        discord.join(guild, *user)?;
        let laid: Vec<Snowflake> = row.roles.iter().filter_map(|name| role(name)).collect();
        discord.lay_roles(guild, *user, &laid)?;
    }
    let night_watch: Vec<Snowflake> = role("Night Watch").into_iter().collect();
    discord.lay_roles(guild, dockhand, &night_watch)?;
    Ok((guild, application))
}

fn spec(role: &RoleLook, position: i64) -> RoleSpec {
    RoleSpec { position, color: role.color, hoist: role.hoisted, ..RoleSpec::named(role.name) }
}

#[cfg(test)]
mod tests;
