//! All of one simulated Discord: who and what there is, and the ways to look it up.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde_json::{Value, json};

use super::calls::Calls;
use super::faults::Faults;
use super::gateway::Sessions;
use super::ids::{Snowflake, Snowflakes};
use super::limits::Limits;
use super::model::{Application, Channel, ChannelKind, Guild, Interaction, Member, Message, Role, User};
use super::oauth::Grants;
use super::permissions::{in_channel, in_guild};
use super::refusal::{
    MISSING_ACCESS, MISSING_PERMISSIONS, Refusal, UNKNOWN_APPLICATION, UNKNOWN_CHANNEL, UNKNOWN_GUILD,
    UNKNOWN_MEMBER, UNKNOWN_ROLE, UNKNOWN_USER,
};
use super::secrets::Secrets;
use super::settings::DiscordSettings;
use crate::clock::Clock;

/// One Discord. Everything that happens in it happens while it is locked, one act after the other.
#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: DiscordSettings,
    pub(super) clock: Clock,
    pub(super) secrets: Secrets,
    pub(super) users: BTreeMap<Snowflake, User>,
    pub(super) guilds: BTreeMap<Snowflake, Guild>,
    pub(super) channels: BTreeMap<Snowflake, Channel>,
    pub(super) messages: BTreeMap<Snowflake, Message>,
    pub(super) applications: BTreeMap<Snowflake, Application>,
    pub(super) interactions: BTreeMap<Snowflake, Interaction>,
    pub(super) grants: Grants,
    pub(super) sessions: Sessions,
    pub(super) limits: Limits,
    pub(super) faults: Faults,
    pub(super) calls: Calls,
    /// `127.0.0.1:1234`, once it listens.
    pub(super) address: String,
    pub(super) listener: SocketAddr,
    ids: Snowflakes,
}

impl State {
    pub(super) fn new(settings: DiscordSettings, clock: Clock) -> Self {
        Self {
            secrets: Secrets::new(settings.seed),
            limits: Limits::new(settings.limits.clone()),
            settings,
            clock,
            users: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            applications: BTreeMap::new(),
            interactions: BTreeMap::new(),
            grants: Grants::default(),
            sessions: Sessions::default(),
            faults: Faults::default(),
            calls: Calls::default(),
            address: String::new(),
            listener: SocketAddr::from(([127, 0, 0, 1], 0)),
            ids: Snowflakes::default(),
        }
    }

    pub(super) fn listens_at(&mut self, listener: SocketAddr) {
        self.address = format!("{}:{}", self.settings.host, listener.port());
        self.listener = listener;
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub(super) fn new_id(&mut self) -> Snowflake {
        let now_ms = self.now_ms();
        self.ids.next(now_ms)
    }

    pub(super) fn user(&self, id: Snowflake) -> Result<&User, Refusal> {
        self.users.get(&id).ok_or(UNKNOWN_USER)
    }

    pub(super) fn application(&self, id: Snowflake) -> Result<&Application, Refusal> {
        self.applications.get(&id).ok_or(UNKNOWN_APPLICATION)
    }

    pub(super) fn application_mut(&mut self, id: Snowflake) -> Result<&mut Application, Refusal> {
        self.applications.get_mut(&id).ok_or(UNKNOWN_APPLICATION)
    }

    pub(super) fn guild(&self, id: Snowflake) -> Result<&Guild, Refusal> {
        self.guilds.get(&id).ok_or(UNKNOWN_GUILD)
    }

    pub(super) fn guild_mut(&mut self, id: Snowflake) -> Result<&mut Guild, Refusal> {
        self.guilds.get_mut(&id).ok_or(UNKNOWN_GUILD)
    }

    /// The guild, when `user` is in it and Discord can reach it.
    pub(super) fn guild_of(&self, id: Snowflake, user: Snowflake) -> Result<&Guild, Refusal> {
        let guild = self.guild(id)?;
        match guild.members.contains_key(&user) && !guild.unavailable {
            true => Ok(guild),
            false => Err(MISSING_ACCESS),
        }
    }

    pub(super) fn channel(&self, id: Snowflake) -> Result<&Channel, Refusal> {
        self.channels.get(&id).ok_or(UNKNOWN_CHANNEL)
    }

    pub(super) fn role(&self, guild: Snowflake, id: Snowflake) -> Result<&Role, Refusal> {
        self.guild(guild)?.roles.get(&id).ok_or(UNKNOWN_ROLE)
    }

    /// A member; tells a user who is not in the guild from one who does not exist.
    pub(super) fn member(&self, guild: Snowflake, user: Snowflake) -> Result<&Member, Refusal> {
        let member = self.guild(guild)?.members.get(&user);
        member.ok_or_else(|| if self.users.contains_key(&user) { UNKNOWN_MEMBER } else { UNKNOWN_USER })
    }

    pub(super) fn member_mut(&mut self, guild: Snowflake, user: Snowflake) -> Result<&mut Member, Refusal> {
        self.member(guild, user)?;
        self.guild_mut(guild)?.members.get_mut(&user).ok_or(UNKNOWN_MEMBER)
    }

    pub(super) fn member_json(&self, guild: Snowflake, user: Snowflake) -> Result<Value, Refusal> {
        Ok(self.member(guild, user)?.json(self.user(user)?))
    }

    /// The guild, when `user` is in it and may do all of `needed`.
    pub(super) fn allowed(&self, guild: Snowflake, user: Snowflake, needed: u64) -> Result<&Guild, Refusal> {
        let guild = self.guild_of(guild, user)?;
        match in_guild(guild, user, self.now_ms()) & needed == needed {
            true => Ok(guild),
            false => Err(MISSING_PERMISSIONS),
        }
    }

    /// What `user` may in a channel: everything in a direct line of its own, nothing in another's.
    pub(super) fn permissions_in(&self, channel: &Channel, user: Snowflake) -> u64 {
        match channel.kind {
            ChannelKind::Direct { bot, person } if user == bot || user == person => u64::MAX,
            ChannelKind::Direct { .. } => 0,
            ChannelKind::Text { guild } => {
                self.guilds.get(&guild).map_or(0, |guild| in_channel(guild, channel, user, self.now_ms()))
            }
        }
    }

    pub(super) fn channels_of(&self, guild: Snowflake) -> Vec<&Channel> {
        self.channels.values().filter(|channel| channel.guild() == Some(guild)).collect()
    }

    /// Guilds that `user` is a member of.
    pub(super) fn guilds_of(&self, user: Snowflake) -> Vec<&Guild> {
        self.guilds.values().filter(|guild| guild.members.contains_key(&user)).collect()
    }

    pub(super) fn application_json(&self, id: Snowflake) -> Result<Value, Refusal> {
        let application = self.application(id)?;
        let guilds = self.guilds_of(application.bot).len();
        Ok(application.json(self.user(application.owner)?, self.user(application.bot)?, guilds))
    }

    /// A message as everybody sees it who may.
    pub(super) fn message_json(&self, message: &Message) -> Value {
        let user = |id: &Snowflake| self.users.get(id).map(User::json);
        let author = user(&message.author).unwrap_or_default();
        let mentions: Vec<Value> = message.mentions.iter().filter_map(user).collect();
        let mut shown = message.json(&author, &mentions);
        if let (Some(replied), Some(fields)) = (message.replies_to, shown.as_object_mut()) {
            let guild = self.channels.get(&message.channel).and_then(Channel::guild);
            let mut named = json!({ "type": 0, "channel_id": message.channel, "message_id": replied });
            if let (Some(guild), Some(named)) = (guild, named.as_object_mut()) {
                named.insert("guild_id".into(), guild.to_string().into());
            }
            fields.insert("message_reference".into(), named);
            // A reply is shown with what it answers, but not with what that answered.
            let first =
                self.messages.get(&replied).map(|first| Message { replies_to: None, ..first.clone() });
            let first = first.map_or(Value::Null, |first| self.message_json(&first));
            fields.insert("referenced_message".into(), first);
        }
        shown
    }
}
