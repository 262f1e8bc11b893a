//! The plan of a world, and its start.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

use super::journal::Journal;
use super::{Inner, World};
use crate::clock::Clock;
use crate::discord::{DiscordSettings, DiscordSim, Refusal, RoleSpec, Snowflake, permission};
use crate::forum::{ForumSettings, ForumSim, GroupSpec, PersonSpec, Refused};

/// A role given out at the start of a world: who, which role.
type Laid = (String, String);

/// What a world will be made of.
#[derive(Debug, Default)]
pub struct WorldPlan {
    forums: Vec<ForumPlan>,
    guilds: Vec<GuildPlan>,
}

/// A forum to come.
#[derive(Debug)]
pub struct ForumPlan {
    settings: ForumSettings,
    users: Vec<PersonSpec>,
    groups: Vec<(GroupSpec, Vec<String>)>,
}

/// A guild to come.
#[derive(Debug)]
pub struct GuildPlan {
    name: String,
    owner: String,
    above: Vec<RoleSpec>,
    below: Vec<RoleSpec>,
    members: Vec<String>,
    laid: Vec<Laid>,
}

/// What the hall asks for when it is invited.
const BOT_MAY: u64 = permission::MANAGE_ROLES | permission::MANAGE_NICKNAMES | permission::VIEW_AUDIT_LOG;

impl WorldPlan {
    /// Adds a forum of that title.
    #[must_use]
    pub fn forum(mut self, title: &str, plan: impl FnOnce(ForumPlan) -> ForumPlan) -> Self {
        let settings = ForumSettings { title: title.to_owned(), ..ForumSettings::default() };
        self.forums.push(plan(ForumPlan { settings, users: Vec::new(), groups: Vec::new() }));
        self
    }

    /// Adds a guild of that name, owned by `owner`.
    #[must_use]
    pub fn guild(mut self, name: &str, plan: impl FnOnce(GuildPlan) -> GuildPlan) -> Self {
        let empty = GuildPlan {
            name: name.to_owned(),
            owner: "owner".to_owned(),
            above: Vec::new(),
            below: Vec::new(),
            members: Vec::new(),
            laid: Vec::new(),
        };
        self.guilds.push(plan(empty));
        self
    }

    /// Starts everything on loopback. Fails when a port is taken, or when a part of the plan cannot be.
    pub async fn start(self) -> io::Result<World> {
        let clock = Clock::default();
        let settings = DiscordSettings { host: "discord.localhost".to_owned(), ..DiscordSettings::default() };
        let discord = DiscordSim::start(settings, clock.clone()).await?;
        let builder = discord.create_user("builder", Some("The builder"));
        let application = discord.create_application("Guildhall", builder);
        let mut forums = Vec::new();
        for plan in self.forums {
            forums.push((plan.settings.title.clone(), plan.start(clock.clone()).await?));
        }
        let mut guilds = Vec::new();
        for plan in self.guilds {
            guilds.push((plan.name.clone(), plan.build(&discord, application)?));
        }
        let mut journal = Journal::default();
        journal.begin(&discord, &guilds.iter().map(|(_, guild)| *guild).collect::<Vec<_>>());
        let (journal, browsers) = (Mutex::new(journal), Mutex::default());
        let inner = Inner { clock, discord, application, forums, guilds, journal, browsers };
        Ok(World { inner: Arc::new(inner) })
    }
}

impl ForumPlan {
    /// Adds somebody; `with` changes what they start with: an active member of level 1.
    #[must_use]
    pub fn user(mut self, username: &str, with: impl FnOnce(&mut PersonSpec)) -> Self {
        let mut spec = PersonSpec::new(username);
        with(&mut spec);
        self.users.push(spec);
        self
    }

    /// Adds a group with members.
    #[must_use]
    pub fn group(mut self, name: &str, members: &[&str]) -> Self {
        let members = members.iter().map(|&name| name.to_owned()).collect();
        self.groups.push((GroupSpec::new(name), members));
        self
    }

    /// Changes how the forum is set up.
    #[must_use]
    pub fn set(mut self, change: impl FnOnce(&mut ForumSettings)) -> Self {
        change(&mut self.settings);
        self
    }

    async fn start(self, clock: Clock) -> io::Result<ForumSim> {
        let forum = ForumSim::start(self.settings, clock).await?;
        for spec in self.users {
            forum.create_user(spec).map_err(io::Error::other)?;
        }
        for (mut spec, members) in self.groups {
            for name in members {
                let person = forum.user_named(&name).ok_or(Refused::NotFound).map_err(io::Error::other)?;
                spec.members.push(person.id);
            }
            forum.create_group(forum.admin(), spec).map_err(io::Error::other)?;
        }
        Ok(forum)
    }
}

impl GuildPlan {
    /// Whose guild it is.
    #[must_use]
    pub fn owner(mut self, username: &str) -> Self {
        username.clone_into(&mut self.owner);
        self
    }

    /// Adds a role that the bot can give; the first is the highest of them.
    #[must_use]
    pub fn role(self, name: &str) -> Self {
        self.role_with(name, |_| {})
    }

    /// The same with permissions, a colour, …; its position stays what the plan makes it.
    #[must_use]
    pub fn role_with(mut self, name: &str, with: impl FnOnce(&mut RoleSpec)) -> Self {
        let mut spec = RoleSpec::named(name);
        with(&mut spec);
        self.below.push(spec);
        self
    }

    /// Adds a role above the bot.
    #[must_use]
    pub fn role_above_bot(mut self, name: &str) -> Self {
        self.above.push(RoleSpec::named(name));
        self
    }

    /// Adds a member.
    #[must_use]
    pub fn member(mut self, username: &str) -> Self {
        self.members.push(username.to_owned());
        self
    }

    /// Adds a member who has a role from the start.
    #[must_use]
    pub fn member_with(mut self, username: &str, role: &str) -> Self {
        self.laid.push((username.to_owned(), role.to_owned()));
        self.member(username)
    }

    fn build(self, discord: &DiscordSim, application: Snowflake) -> io::Result<Snowflake> {
        let person = |username: &str| {
            let known = discord.user_named(username);
            known.unwrap_or_else(|| discord.create_user(username, None))
        };
        let guild = discord.create_guild(&self.name, person(&self.owner));
        discord.invite_bot(guild, application, BOT_MAY).map_err(refused)?;
        // Each new role pushes those before it up, the bot's own among them: put in from the top down.
        for spec in self.below {
            discord.add_role(guild, &RoleSpec { position: 1, ..spec }).map_err(refused)?;
        }
        let top = i64::try_from(discord.roles(guild).len()).unwrap_or(i64::MAX);
        for (spec, position) in self.above.into_iter().rev().zip(top..) {
            discord.add_role(guild, &RoleSpec { position, ..spec }).map_err(refused)?;
        }
        for username in self.members.iter().collect::<BTreeSet<_>>() {
            discord.join(guild, person(username)).map_err(refused)?;
        }
        for (username, role) in self.laid {
            let role = discord.role_named(guild, &role).ok_or(Refused::NotFound).map_err(io::Error::other)?;
            discord.lay_roles(guild, person(&username), &[role]).map_err(refused)?;
        }
        Ok(guild)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn refused(refusal: Refusal) -> io::Error {
    io::Error::other(format!("Discord refuses: {}", refusal.message))
}
