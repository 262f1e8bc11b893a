//! Acts on members: roles, nicknames, time-outs, joining and leaving.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Actor;
use super::log::change;
use crate::discord::gateway::{Audience, Event, intent};
use crate::discord::ids::Snowflake;
use crate::discord::model::{AuditAction, Member};
use crate::discord::nickname::normalised;
use crate::discord::permissions::{bits, in_guild, rank_of, rank_of_role};
use crate::discord::refusal::{
    INVALID_ROLE, MISSING_PERMISSIONS, Refusal, UNKNOWN_ROLE, USER_BANNED, invalid,
};
use crate::discord::state::State;
use crate::discord::time::iso;

/// The longest time-out, in milliseconds.
const TIME_OUT_MOST_MS: i64 = 28 * 86_400_000;
/// Member flags that may be edited: past verification.
const EDITABLE_FLAGS: u64 = 1 << 2;

/// What to change about a member; what is none stays.
#[derive(Clone, Debug, Default)]
pub(in crate::discord) struct MemberEdit {
    pub(in crate::discord) nick: Option<Option<String>>,
    pub(in crate::discord) roles: Option<BTreeSet<Snowflake>>,
    pub(in crate::discord) timed_out_until_ms: Option<Option<i64>>,
    pub(in crate::discord) flags: Option<u64>,
}

impl State {
    /// Gives a role, or takes it. Nothing happens, and nothing is said, when it is so already.
    pub(in crate::discord) fn hand_role(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
        role: Snowflake,
        gives: bool,
    ) -> Result<(), Refusal> {
        self.allowed(guild, actor.user, bits::MANAGE_ROLES)?;
        self.member(guild, target)?;
        self.may_hand(actor, guild, role)?;
        let mut roles = self.member(guild, target)?.roles.clone();
        let changes = if gives { roles.insert(role) } else { roles.remove(&role) };
        if changes {
            self.set_roles(actor, guild, target, &roles)?;
        }
        Ok(())
    }

    /// Whether the actor may give and take the role at all. It depends on the role, never on the member.
    fn may_hand(&self, actor: &Actor, guild: Snowflake, role: Snowflake) -> Result<(), Refusal> {
        let known = self.guild(guild)?;
        let role = known.roles.get(&role).ok_or(UNKNOWN_ROLE)?;
        if role.id == guild {
            return Err(INVALID_ROLE);
        }
        if rank_of_role(role) >= rank_of(known, actor.user) {
            return Err(MISSING_PERMISSIONS);
        }
        if role.managed { Err(INVALID_ROLE) } else { Ok(()) }
    }

    /// Changes several things at once, or none when one of them is not allowed.
    pub(in crate::discord) fn edit_member(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
        edit: &MemberEdit,
    ) -> Result<(), Refusal> {
        self.guild_of(guild, actor.user)?;
        let nick =
            edit.nick.as_ref().map(|nick| normalised(nick.as_deref().unwrap_or_default())).transpose()?;
        self.may_edit(actor, guild, target, edit)?;
        self.may_replace_roles(actor, guild, target, edit.roles.as_ref())?;
        let before = self.member(guild, target)?.clone();
        let member = self.member_mut(guild, target)?;
        if let Some(nick) = nick {
            member.nick = nick;
        }
        if let Some(until) = edit.timed_out_until_ms {
            member.timed_out_until_ms = until;
        }
        if let Some(flags) = edit.flags {
            member.flags = member.flags & !EDITABLE_FLAGS | flags & EDITABLE_FLAGS;
        }
        let after = member.clone();
        let changes = member_changes(&before, &after);
        if !changes.is_empty() {
            self.log(guild, actor, AuditAction::MemberUpdate, target, changes);
        }
        match &edit.roles {
            Some(roles) if *roles != before.roles => self.set_roles(actor, guild, target, roles)?,
            _ if before != after => self.tell_member(guild, target),
            _ => {}
        }
        Ok(())
    }

    fn may_edit(
        &self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
        edit: &MemberEdit,
    ) -> Result<(), Refusal> {
        let own = actor.user == target;
        if edit.nick.is_some() && !(own && self.allowed(guild, target, bits::CHANGE_NICKNAME).is_ok()) {
            self.may_act_on(actor, guild, target, bits::MANAGE_NICKNAMES)?;
        }
        if let Some(until) = edit.timed_out_until_ms {
            self.may_act_on(actor, guild, target, bits::MODERATE_MEMBERS)?;
            if in_guild(self.guild(guild)?, target, self.now_ms()) & bits::ADMINISTRATOR != 0 {
                return Err(MISSING_PERMISSIONS);
            }
            if until.is_some_and(|until| until > self.now_ms() + TIME_OUT_MOST_MS) {
                let text = "Timeout cannot be longer than 28 days.";
                return Err(invalid("communication_disabled_until", "TIMEOUT_TOO_LONG", text));
            }
        }
        if edit.flags.is_some() {
            self.allowed(guild, actor.user, bits::MANAGE_GUILD)
                .or_else(|_| self.allowed(guild, actor.user, bits::MANAGE_ROLES))?;
        }
        self.member(guild, target).map(|_| ())
    }

    /// Whether the actor has the permission and stands above the member; nobody stands above the owner.
    pub(super) fn may_act_on(
        &self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
        needed: u64,
    ) -> Result<(), Refusal> {
        let known = self.allowed(guild, actor.user, needed)?;
        self.member(guild, target)?;
        let own = actor.user == target && needed == bits::MANAGE_NICKNAMES;
        match own || rank_of(known, actor.user) > rank_of(known, target) {
            true => Ok(()),
            false => Err(MISSING_PERMISSIONS),
        }
    }

    /// Each role that would come or go must be one that the actor may hand out.
    fn may_replace_roles(
        &self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
        roles: Option<&BTreeSet<Snowflake>>,
    ) -> Result<(), Refusal> {
        let Some(roles) = roles else { return Ok(()) };
        self.allowed(guild, actor.user, bits::MANAGE_ROLES)?;
        let has = &self.member(guild, target)?.roles;
        has.symmetric_difference(roles).try_for_each(|role| self.may_hand(actor, guild, *role))
    }

    fn set_roles(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
        roles: &BTreeSet<Snowflake>,
    ) -> Result<(), Refusal> {
        let before = std::mem::replace(&mut self.member_mut(guild, target)?.roles, roles.clone());
        let named = |ids: Vec<&Snowflake>| -> Vec<Value> {
            let name = |id| self.role(guild, id).map(|role| role.name.clone()).unwrap_or_default();
            ids.into_iter().map(|id| json!({ "id": id, "name": name(*id) })).collect()
        };
        let added = named(roles.difference(&before).collect());
        let removed = named(before.difference(roles).collect());
        let changes =
            [("$add", added), ("$remove", removed)].into_iter().filter(|(_, list)| !list.is_empty());
        let changes = changes.map(|(key, list)| json!({ "key": key, "new_value": list })).collect();
        self.log(guild, actor, AuditAction::MemberRoleUpdate, target, changes);
        self.tell_member(guild, target);
        Ok(())
    }

    /// GUILD_MEMBER_UPDATE.
    pub(in crate::discord) fn tell_member(&mut self, guild: Snowflake, target: Snowflake) {
        if let Ok(data) = self.member_json(guild, target) {
            let data = with_guild(data, guild);
            self.emit(Event::of_member("GUILD_MEMBER_UPDATE", guild, target, data));
        }
    }

    /// A user becomes a member; false when it is one already. Refuses the banned.
    pub(in crate::discord) fn join(
        &mut self,
        guild: Snowflake,
        user: Snowflake,
        with: Member,
    ) -> Result<bool, Refusal> {
        self.user(user)?;
        let known = self.guild_mut(guild)?;
        if known.bans.contains_key(&user) {
            return Err(USER_BANNED);
        }
        if known.members.contains_key(&user) {
            return Ok(false);
        }
        known.members.insert(user, with);
        if self.users.get(&user).is_some_and(|user| user.bot) {
            self.show_guild(user, guild);
        }
        self.tell_join(guild, user)?;
        Ok(true)
    }

    /// GUILD_MEMBER_ADD, which Discord also sends for somebody who is there already.
    pub(in crate::discord) fn tell_join(&mut self, guild: Snowflake, user: Snowflake) -> Result<(), Refusal> {
        let data = with_guild(self.member_json(guild, user)?, guild);
        self.emit(Event::in_guild("GUILD_MEMBER_ADD", guild, intent::GUILD_MEMBERS, data));
        Ok(())
    }

    /// A member goes, by its own will or not; bots are told that the guild is gone.
    pub(in crate::discord) fn part(&mut self, guild: Snowflake, user: Snowflake) -> Result<(), Refusal> {
        self.member(guild, user)?;
        self.guild_mut(guild)?.members.remove(&user);
        let shown = self.user(user)?.json();
        let bot = self.user(user)?.bot;
        if bot {
            let own =
                self.guild(guild)?.roles.values().find(|role| role.bot == Some(user)).map(|role| role.id);
            if let Some(own) = own {
                self.drop_role(guild, own);
            }
            let audience = Audience::BotInGuild { bot: user, guild };
            self.emit(Event::new("GUILD_DELETE", audience, json!({ "id": guild })));
        }
        let data = json!({ "guild_id": guild, "user": shown });
        self.emit(Event::in_guild("GUILD_MEMBER_REMOVE", guild, intent::GUILD_MEMBERS, data));
        Ok(())
    }

    pub(in crate::discord) fn kick(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
    ) -> Result<(), Refusal> {
        self.may_act_on(actor, guild, target, bits::KICK_MEMBERS)?;
        self.part(guild, target)?;
        self.log(guild, actor, AuditAction::MemberKick, target, Vec::new());
        Ok(())
    }
}

fn member_changes(before: &Member, after: &Member) -> Vec<Value> {
    let until = |member: &Member| json!(member.timed_out_until_ms.map(iso));
    let rows = [
        change("nick", &json!(before.nick), &json!(after.nick)),
        change("communication_disabled_until", &until(before), &until(after)),
        change("flags", &json!(before.flags), &json!(after.flags)),
    ];
    rows.into_iter().flatten().collect()
}

fn with_guild(mut data: Value, guild: Snowflake) -> Value {
    if let Some(fields) = data.as_object_mut() {
        fields.insert("guild_id".into(), guild.to_string().into());
    }
    data
}
