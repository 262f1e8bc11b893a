//! What no one in the guild does: users, applications and guilds come to be.

use std::collections::BTreeMap;

use serde_json::json;

use super::Actor;
use super::log::change;
use crate::discord::gateway::{Audience, Event, Out, intent};
use crate::discord::ids::Snowflake;
use crate::discord::model::{
    Application, AuditAction, Channel, ChannelKind, Guild, Member, Overwrite, Role, User,
};
use crate::discord::permissions::bits;
use crate::discord::refusal::Refusal;
use crate::discord::secrets::fingerprint;
use crate::discord::state::State;

impl State {
    pub(in crate::discord) fn create_user(&mut self, username: &str, global_name: Option<&str>) -> Snowflake {
        let id = self.new_id();
        let user = User {
            id,
            username: username.into(),
            global_name: global_name.map(Into::into),
            avatar: Some(fingerprint(username)),
            email: Some(format!("{username}@discord.invalid")),
            verified: true,
            bot: false,
            dms_closed: false,
            second_factor: false,
        };
        self.users.insert(id, user);
        id
    }

    pub(in crate::discord) fn create_application(&mut self, name: &str, owner: Snowflake) -> Snowflake {
        let id = self.new_id();
        let bot = User {
            id,
            username: name.into(),
            global_name: None,
            avatar: None,
            email: None,
            verified: true,
            bot: true,
            dms_closed: true,
            second_factor: true,
        };
        self.users.insert(id, bot);
        let application = Application {
            id,
            name: name.into(),
            owner,
            bot: id,
            token: Some(self.secrets.bot_token(id)),
            client_secret: self.secrets.text(),
            redirects: Vec::new(),
            privileged_intents: intent::PRIVILEGED,
            commands: Vec::new(),
            identified_at_ms: Vec::new(),
        };
        self.applications.insert(id, application);
        id
    }

    pub(in crate::discord) fn create_guild(&mut self, name: &str, owner: Snowflake) -> Snowflake {
        let (id, now_ms) = (self.new_id(), self.now_ms());
        let channel = self.create_channel(id, "general");
        let guild = Guild {
            id,
            name: name.into(),
            owner,
            roles: BTreeMap::from([(id, plain_role(id, "@everyone", 0, bits::EVERYONE))]),
            members: BTreeMap::from([(owner, Member::new(now_ms))]),
            bans: BTreeMap::new(),
            audit: Vec::new(),
            system_channel: Some(channel),
            unavailable: false,
            asks_second_factor: false,
        };
        self.guilds.insert(id, guild);
        id
    }

    pub(in crate::discord) fn create_channel(&mut self, guild: Snowflake, name: &str) -> Snowflake {
        let id = self.new_id();
        let position = i64::try_from(self.channels_of(guild).len()).unwrap_or(0);
        let channel = Channel {
            id,
            kind: ChannelKind::Text { guild },
            name: name.into(),
            position,
            topic: None,
            overwrites: Vec::new(),
            last_message: None,
        };
        let data = channel.guild_json(guild);
        self.channels.insert(id, channel);
        self.emit(Event::in_guild("CHANNEL_CREATE", guild, intent::GUILDS, data));
        id
    }

    /// A channel goes, with what was written in it.
    pub(in crate::discord) fn delete_channel(&mut self, channel: Snowflake) -> Result<(), Refusal> {
        let gone = self.channel(channel)?.clone();
        self.channels.remove(&channel);
        self.messages.retain(|_, message| message.channel != channel);
        if let Some(guild) = gone.guild() {
            self.emit(Event::in_guild("CHANNEL_DELETE", guild, intent::GUILDS, gone.guild_json(guild)));
        }
        Ok(())
    }

    /// What a role or member may and may not in one channel.
    pub(in crate::discord) fn overwrite(&mut self, channel: Snowflake, of: Snowflake, allow: u64, deny: u64) {
        let role = self.guilds.values().any(|guild| guild.roles.contains_key(&of));
        let Some(found) = self.channels.get_mut(&channel) else { return };
        found.overwrites.retain(|overwrite| overwrite.of != of);
        found.overwrites.push(Overwrite { of, role, allow, deny });
        if let Some(guild) = found.guild() {
            let data = found.guild_json(guild);
            self.emit(Event::in_guild("CHANNEL_UPDATE", guild, intent::GUILDS, data));
        }
    }

    /// A bot comes into a guild with a role of its own, which nobody can give or take.
    pub(in crate::discord) fn invite_bot(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        application: Snowflake,
        permissions: u64,
    ) -> Result<(), Refusal> {
        let found = self.application(application)?;
        let (bot, name) = (found.bot, found.name.clone());
        let mut member = Member::new(self.now_ms());
        if permissions != 0 && self.member(guild, bot).is_err() {
            let id = self.new_id();
            let mut role = plain_role(id, &name, 1, permissions & bits::ALL);
            role.managed = true;
            role.bot = Some(bot);
            self.add_role(guild, role)?;
            member.roles.insert(id);
        }
        if self.join(guild, bot, member)? {
            self.log(guild, actor, AuditAction::BotAdd, bot, Vec::new());
        }
        Ok(())
    }

    pub(in crate::discord) fn rename_guild(&mut self, guild: Snowflake, name: &str) -> Result<(), Refusal> {
        let known = self.guild_mut(guild)?;
        let (owner, before) = (known.owner, std::mem::replace(&mut known.name, name.into()));
        self.tell_guild(guild)?;
        let row = change("name", &json!(before), &json!(name));
        self.log(guild, &Actor::silent(owner), AuditAction::GuildUpdate, guild, row.into_iter().collect());
        Ok(())
    }

    pub(in crate::discord) fn tell_guild(&mut self, guild: Snowflake) -> Result<(), Refusal> {
        let data = self.guild(guild)?.json();
        self.emit(Event::in_guild("GUILD_UPDATE", guild, intent::GUILDS, data));
        Ok(())
    }

    /// Discord loses a guild for a while, or has it again.
    pub(in crate::discord) fn set_unavailable(
        &mut self,
        guild: Snowflake,
        lost: bool,
    ) -> Result<(), Refusal> {
        let known = self.guild_mut(guild)?;
        let changes = std::mem::replace(&mut known.unavailable, lost) != lost;
        let members: Vec<Snowflake> = known.members.keys().copied().collect();
        let bots = members.into_iter().filter(|id| self.applications.contains_key(id)).collect::<Vec<_>>();
        for bot in bots.into_iter().filter(|_| changes) {
            match lost {
                true => {
                    let data = json!({ "id": guild, "unavailable": true });
                    self.emit(Event::new("GUILD_DELETE", Audience::BotInGuild { bot, guild }, data));
                }
                false => self.show_guild(bot, guild),
            }
        }
        Ok(())
    }

    /// A new name for a user, seen by bots in every guild they share.
    pub(in crate::discord) fn rename_user(
        &mut self,
        user: Snowflake,
        username: &str,
        global_name: Option<&str>,
    ) -> Result<(), Refusal> {
        self.user(user)?;
        if let Some(user) = self.users.get_mut(&user) {
            user.username = username.into();
            user.global_name = global_name.map(Into::into);
        }
        let guilds: Vec<Snowflake> = self.guilds_of(user).iter().map(|guild| guild.id).collect();
        for guild in guilds {
            self.tell_member(guild, user);
        }
        Ok(())
    }

    /// Ends every session of an application with a close code.
    pub(in crate::discord) fn close_sessions(
        &mut self,
        application: Snowflake,
        code: u16,
        why: &'static str,
    ) {
        let mut gone = Vec::new();
        for session in self.sessions.all_mut().filter(|session| session.application == application) {
            session.send(Out::Close(code, why));
            gone.push(session.id.clone());
        }
        for id in gone {
            self.sessions.forget(&id);
        }
    }
}

/// A role without colour or anything else special.
pub(in crate::discord) fn plain_role(id: Snowflake, name: &str, position: i64, permissions: u64) -> Role {
    Role {
        id,
        name: name.into(),
        color: 0,
        hoist: false,
        position,
        permissions,
        managed: false,
        mentionable: false,
        flags: 0,
        bot: None,
        booster: false,
        linked: false,
    }
}
