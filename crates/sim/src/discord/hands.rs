//! What tests and the demo do in the simulated Discord: build a world, and act in it as its people.

use super::DiscordSim;
use super::acts::{Actor, MemberEdit, RoleEdit, plain_role};
use super::forms::draft;
use super::gateway::intent;
use super::ids::Snowflake;
use super::model::Member;
use super::refusal::{Refusal, UNKNOWN_ROLE};
use super::state::State;

/// A role to be put into a guild.
#[derive(Clone, Debug, Default)]
pub struct RoleSpec {
    /// Its name.
    pub name: String,
    /// From 1 up; what is there or above moves up by one. 0 means just above @everyone.
    pub position: i64,
    /// Bits, see [`super::permission`].
    pub permissions: u64,
    /// 24 bits of colour.
    pub color: u32,
    /// Shown apart from others.
    pub hoist: bool,
    /// Belongs to an integration: nobody can give or take it.
    pub managed: bool,
}

impl RoleSpec {
    /// A role of that name without permissions, just above @everyone.
    pub fn named(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// Building.
impl DiscordSim {
    /// A person. Usernames are lowercase; the global name is what others see.
    pub fn create_user(&self, username: &str, global_name: Option<&str>) -> Snowflake {
        self.shared.act(|state| state.create_user(username, global_name))
    }

    /// An application with a bot; all privileged intents are switched on. The bot's id is the same.
    pub fn create_application(&self, name: &str, owner: Snowflake) -> Snowflake {
        self.shared.act(|state| state.create_application(name, owner))
    }

    /// A guild with one channel, `general`.
    pub fn create_guild(&self, name: &str, owner: Snowflake) -> Snowflake {
        self.shared.act(|state| state.create_guild(name, owner))
    }

    /// A text channel.
    pub fn create_channel(&self, guild: Snowflake, name: &str) -> Snowflake {
        self.shared.act(|state| state.create_channel(guild, name))
    }

    /// A channel goes.
    pub fn delete_channel(&self, channel: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| state.delete_channel(channel))
    }

    /// What a role or a member may and may not in one channel.
    pub fn overwrite(&self, channel: Snowflake, of: Snowflake, allow: u64, deny: u64) {
        self.shared.act(|state| state.overwrite(channel, of, allow, deny));
    }

    /// Puts a role into a guild, whoever may.
    pub fn add_role(&self, guild: Snowflake, spec: &RoleSpec) -> Result<Snowflake, Refusal> {
        self.shared.act(|state| {
            let id = state.new_id();
            let mut role = plain_role(id, &spec.name, spec.position.max(1), spec.permissions);
            role.color = spec.color;
            role.hoist = spec.hoist;
            role.managed = spec.managed;
            if spec.position > 0 {
                make_room(state, guild, spec.position)?;
            }
            state.add_role(guild, role)?;
            Ok(id)
        })
    }

    /// The bot joins with a managed role of its own that has the permissions.
    pub fn invite_bot(
        &self,
        guild: Snowflake,
        application: Snowflake,
        permissions: u64,
    ) -> Result<(), Refusal> {
        self.shared.act(|state| {
            let owner = state.guild(guild)?.owner;
            state.invite_bot(&Actor::silent(owner), guild, application, permissions)
        })
    }

    /// A person joins; does nothing when it is there. Refuses the banned.
    pub fn join(&self, guild: Snowflake, user: Snowflake) -> Result<(), Refusal> {
        self.join_as(guild, user, false)
    }

    /// The same, perhaps with the guild's membership screening still to pass.
    pub fn join_as(&self, guild: Snowflake, user: Snowflake, pending: bool) -> Result<(), Refusal> {
        self.shared.act(|state| {
            let mut member = Member::new(state.now_ms());
            member.pending = pending;
            state.join(guild, user, member).map(|_| ())
        })
    }

    /// The person accepts the guild's rules.
    pub fn pass_screening(&self, guild: Snowflake, user: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| {
            state.member_mut(guild, user)?.pending = false;
            state.tell_member(guild, user);
            Ok(())
        })
    }

    /// Gives roles without asking who may and without a word in the audit log, managed ones too: for
    /// laying out a world and for integrations.
    pub fn lay_roles(&self, guild: Snowflake, user: Snowflake, roles: &[Snowflake]) -> Result<(), Refusal> {
        self.shared.act(|state| {
            roles.iter().try_for_each(|role| state.role(guild, *role).map(|_| ()))?;
            state.member_mut(guild, user)?.roles.extend(roles);
            state.tell_member(guild, user);
            Ok(())
        })
    }

    /// Takes roles the same way.
    pub fn lift_roles(&self, guild: Snowflake, user: Snowflake, roles: &[Snowflake]) -> Result<(), Refusal> {
        self.shared.act(|state| {
            state.member_mut(guild, user)?.roles.retain(|held| !roles.contains(held));
            state.tell_member(guild, user);
            Ok(())
        })
    }
}

/// Acting. `actor` is who does it, with that person's permissions.
impl DiscordSim {
    /// A member leaves.
    pub fn leave(&self, guild: Snowflake, user: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| state.part(guild, user))
    }

    /// A moderator gives a role by hand.
    pub fn give_role_by_hand(
        &self,
        actor: Snowflake,
        guild: Snowflake,
        user: Snowflake,
        role: Snowflake,
    ) -> Result<(), Refusal> {
        self.shared.act(|state| state.hand_role(&Actor::silent(actor), guild, user, role, true))
    }

    /// A moderator takes a role by hand.
    pub fn take_role_by_hand(
        &self,
        actor: Snowflake,
        guild: Snowflake,
        user: Snowflake,
        role: Snowflake,
    ) -> Result<(), Refusal> {
        self.shared.act(|state| state.hand_role(&Actor::silent(actor), guild, user, role, false))
    }

    /// Sets or, with none, removes a nickname.
    pub fn set_nick(
        &self,
        actor: Snowflake,
        guild: Snowflake,
        user: Snowflake,
        nick: Option<&str>,
    ) -> Result<(), Refusal> {
        let edit = MemberEdit { nick: Some(nick.map(Into::into)), ..MemberEdit::default() };
        self.shared.act(|state| state.edit_member(&Actor::silent(actor), guild, user, &edit))
    }

    /// Times a member out until a moment in milliseconds since 1970, or ends it.
    pub fn time_out(
        &self,
        actor: Snowflake,
        guild: Snowflake,
        user: Snowflake,
        until_ms: Option<i64>,
    ) -> Result<(), Refusal> {
        let edit = MemberEdit { timed_out_until_ms: Some(until_ms), ..MemberEdit::default() };
        self.shared.act(|state| state.edit_member(&Actor::silent(actor), guild, user, &edit))
    }

    /// Kicks a member, bots too.
    pub fn kick(&self, actor: Snowflake, guild: Snowflake, user: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| state.kick(&Actor::silent(actor), guild, user))
    }

    /// Bans a user.
    pub fn ban(
        &self,
        actor: Snowflake,
        guild: Snowflake,
        user: Snowflake,
        reason: &str,
    ) -> Result<(), Refusal> {
        self.shared.act(|state| state.ban(&Actor { user: actor, reason: Some(reason.into()) }, guild, user))
    }

    /// Lifts a ban.
    pub fn unban(&self, actor: Snowflake, guild: Snowflake, user: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| state.unban(&Actor::silent(actor), guild, user))
    }

    /// Renames a role.
    pub fn rename_role(
        &self,
        actor: Snowflake,
        guild: Snowflake,
        role: Snowflake,
        name: &str,
    ) -> Result<(), Refusal> {
        let edit = RoleEdit { name: Some(name.into()), ..RoleEdit::default() };
        self.shared.act(|state| state.change_role(&Actor::silent(actor), guild, role, &edit))
    }

    /// Sets a role's permissions.
    pub fn set_permissions(
        &self,
        actor: Snowflake,
        guild: Snowflake,
        role: Snowflake,
        permissions: u64,
    ) -> Result<(), Refusal> {
        let edit = RoleEdit { permissions: Some(permissions), ..RoleEdit::default() };
        self.shared.act(|state| state.change_role(&Actor::silent(actor), guild, role, &edit))
    }

    /// Moves a role to a position.
    pub fn move_role(
        &self,
        actor: Snowflake,
        guild: Snowflake,
        role: Snowflake,
        position: i64,
    ) -> Result<(), Refusal> {
        self.shared.act(|state| state.move_roles(&Actor::silent(actor), guild, &[(role, position)]))
    }

    /// Deletes a role.
    pub fn delete_role(&self, actor: Snowflake, guild: Snowflake, role: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| state.delete_role(&Actor::silent(actor), guild, role))
    }

    /// Writes into a channel.
    pub fn say(&self, user: Snowflake, channel: Snowflake, text: &str) -> Result<Snowflake, Refusal> {
        let draft = draft(&serde_json::json!({ "content": text }), "", true)?.not_empty()?;
        self.shared.act(|state| state.post(user, channel, draft))
    }

    /// Opens or closes a person's direct messages.
    pub fn close_dms(&self, user: Snowflake, closed: bool) {
        self.shared.act(|state| {
            if let Some(user) = state.users.get_mut(&user) {
                user.dms_closed = closed;
            }
        });
    }

    /// Another username and global name.
    pub fn rename_user(
        &self,
        user: Snowflake,
        username: &str,
        global_name: Option<&str>,
    ) -> Result<(), Refusal> {
        self.shared.act(|state| state.rename_user(user, username, global_name))
    }

    /// Another name of a guild.
    pub fn rename_guild(&self, guild: Snowflake, name: &str) -> Result<(), Refusal> {
        self.shared.act(|state| state.rename_guild(guild, name))
    }

    /// The guild changes hands.
    pub fn set_owner(&self, guild: Snowflake, owner: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| {
            state.member(guild, owner)?;
            state.guild_mut(guild)?.owner = owner;
            state.tell_guild(guild)
        })
    }
}

/// In the developer portal.
impl DiscordSim {
    /// Registers an address to which people may be sent back.
    pub fn add_redirect(&self, application: Snowflake, address: &str) -> Result<(), Refusal> {
        self.shared.act(|state| {
            state.application_mut(application)?.redirects.push(address.into());
            Ok(())
        })
    }

    /// Whether moderators of a guild need a second factor, and whether the owner of a bot has one.
    pub fn set_second_factors(
        &self,
        guild: Snowflake,
        asked: bool,
        bot: Snowflake,
        has: bool,
    ) -> Result<(), Refusal> {
        self.shared.act(|state| {
            state.guild_mut(guild)?.asks_second_factor = asked;
            if let Some(user) = state.users.get_mut(&bot) {
                user.second_factor = has;
            }
            Ok(())
        })
    }

    /// Switches the members intent, the presences intent and the message content intent on or off. Who
    /// loses one is disconnected with 4014.
    pub fn set_intents(
        &self,
        application: Snowflake,
        members: bool,
        presences: bool,
        content: bool,
    ) -> Result<(), Refusal> {
        let wanted = [
            (members, intent::GUILD_MEMBERS),
            (presences, intent::GUILD_PRESENCES),
            (content, intent::MESSAGE_CONTENT),
        ];
        let wanted = wanted.iter().filter(|(on, _)| *on).fold(0, |sum, (_, bit)| sum | bit);
        self.shared.act(|state| {
            let found = state.application_mut(application)?;
            let lost = found.privileged_intents & !wanted;
            found.privileged_intents = wanted;
            if state
                .sessions
                .all()
                .any(|session| session.application == application && session.intents & lost != 0)
            {
                state.close_sessions(application, 4014, "Disallowed intent(s).");
            }
            Ok(())
        })
    }

    /// Ends the bot's token; REST says 401 and the gateway closes with 4004.
    pub fn revoke_token(&self, application: Snowflake) -> Result<(), Refusal> {
        self.shared.act(|state| {
            state.application_mut(application)?.token = None;
            state.close_sessions(application, 4004, "Authentication failed.");
            Ok(())
        })
    }

    /// A new token; the old one ends.
    pub fn renew_token(&self, application: Snowflake) -> Result<String, Refusal> {
        self.revoke_token(application)?;
        self.shared.act(|state| {
            let token = state.secrets.bot_token(application);
            state.application_mut(application)?.token = Some(token.clone());
            Ok(token)
        })
    }

    /// A person takes back what was granted to an application.
    pub fn withdraw_grant(&self, user: Snowflake, application: Snowflake) {
        self.shared.act(|state| state.grants.withdraw(user, application));
    }
}

/// Moves the roles at and above a position up by one.
fn make_room(state: &mut State, guild: Snowflake, position: i64) -> Result<(), Refusal> {
    let roles = &mut state.guild_mut(guild)?.roles;
    let above: Vec<Snowflake> =
        roles.values().filter(|role| role.position >= position).map(|role| role.id).collect();
    for role in above {
        state.guild_mut(guild)?.roles.get_mut(&role).ok_or(UNKNOWN_ROLE)?.position += 1;
        state.tell_role(guild, role);
    }
    Ok(())
}
