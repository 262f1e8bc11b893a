//! Banning and lifting bans.

use serde_json::json;

use super::Actor;
use crate::discord::gateway::{Event, intent};
use crate::discord::ids::Snowflake;
use crate::discord::model::{AuditAction, User};
use crate::discord::permissions::bits;
use crate::discord::refusal::{Refusal, UNKNOWN_BAN};
use crate::discord::state::State;

impl State {
    /// Bans a user, who need not be a member.
    pub(in crate::discord) fn ban(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
    ) -> Result<(), Refusal> {
        self.allowed(guild, actor.user, bits::BAN_MEMBERS)?;
        self.user(target)?;
        if self.member(guild, target).is_ok() {
            self.may_act_on(actor, guild, target, bits::BAN_MEMBERS)?;
            self.part(guild, target)?;
        }
        let known = self.guild_mut(guild)?;
        if known.bans.insert(target, actor.reason.clone()).is_none() {
            self.tell_ban("GUILD_BAN_ADD", guild, target);
            self.log(guild, actor, AuditAction::MemberBanAdd, target, Vec::new());
        }
        Ok(())
    }

    pub(in crate::discord) fn unban(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        target: Snowflake,
    ) -> Result<(), Refusal> {
        self.allowed(guild, actor.user, bits::BAN_MEMBERS)?;
        self.guild_mut(guild)?.bans.remove(&target).ok_or(UNKNOWN_BAN)?;
        self.tell_ban("GUILD_BAN_REMOVE", guild, target);
        self.log(guild, actor, AuditAction::MemberBanRemove, target, Vec::new());
        Ok(())
    }

    fn tell_ban(&mut self, name: &'static str, guild: Snowflake, target: Snowflake) {
        let user = self.users.get(&target).map(User::json);
        let data = json!({ "guild_id": guild, "user": user });
        self.emit(Event::in_guild(name, guild, intent::GUILD_MODERATION, data));
    }
}
