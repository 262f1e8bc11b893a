//! What somebody who asks may do, by Discord's own rules: nobody gets more through the hall than by hand.

use std::sync::Arc;

use domain::ids::{RoleId, UserId};
use domain::plan::{Permissions, Standing};
use domain::situation::GuildPicture;
use service::Error;

/// What Discord says of an asker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Powers {
    /// Who it is.
    user: UserId,
    /// What they may where they ask, as the question says.
    here: Permissions,
    /// Their roles, as the question says.
    roles: Vec<RoleId>,
    /// The guild as it is seen now.
    guild: Option<Arc<GuildPicture>>,
}

/// Who may do something. Commands and buttons name it; the dispatcher checks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// Everybody, on anybody.
    Everyone,
    /// Everybody on themselves; on others whoever may manage roles.
    ThemselvesOrManageRoles,
    /// One person alone: whoever it was made for.
    Only(UserId),
    /// Whoever could give this role by hand.
    AboveRole(RoleId),
    /// Whoever may manage the server, or could give this role by hand.
    ManageGuildOrAbove(RoleId),
    /// Whoever may manage the server, or could write every role that is written by hand. Which roles those are is
    /// known only to who reads the plan: [`Powers::may_write`] has the last word.
    ManageGuildOrAboveRoles,
}

impl Powers {
    pub(crate) fn new(
        user: UserId,
        here: Permissions,
        roles: Vec<RoleId>,
        guild: Option<Arc<GuildPicture>>,
    ) -> Self {
        Self { user, here, roles, guild }
    }

    /// Who it is.
    pub(crate) fn user(&self) -> UserId {
        self.user
    }

    /// What they may decide, for who knows which roles a plan writes.
    pub(crate) fn standing(&self) -> service::ports::Standing {
        service::ports::Standing {
            user: self.user,
            manages_guild: self.hold(Permissions::MANAGE_GUILD),
            manages_roles: self.manage_roles(),
            roles: self.roles.clone(),
        }
    }

    /// Whether they may manage roles. While the guild is not seen the question alone says so, which is enough to be
    /// told something.
    pub(crate) fn manage_roles(&self) -> bool {
        self.hold(Permissions::MANAGE_ROLES)
    }

    /// Refuses, in words for the asker, what they may not do to `whom`.
    pub(crate) fn permit(&self, allowed: Allowed, whom: UserId) -> Result<(), Error> {
        match allowed {
            Allowed::Everyone => Ok(()),
            Allowed::ThemselvesOrManageRoles => {
                refuse_unless(self.user == whom || self.manage_roles(), OTHERS)
            }
            Allowed::Only(user) => refuse_unless(self.user == user, SOMEBODY_ELSES),
            Allowed::AboveRole(role) => self.above(&[role], ABOVE_ROLE),
            Allowed::ManageGuildOrAbove(role) => self.may_write(&[role]),
            Allowed::ManageGuildOrAboveRoles => self.may_write(&[]),
        }
    }

    /// Refuses whoever may neither manage the server nor write all of these roles by hand.
    pub(crate) fn may_write(&self, roles: &[RoleId]) -> Result<(), Error> {
        if self.hold(Permissions::MANAGE_GUILD) { Ok(()) } else { self.above(roles, ABOVE_ROLES) }
    }

    /// Whether their word gives a role with power to somebody: they could give it by hand, and it is not themselves,
    /// unless they own the server.
    pub(crate) fn may_confirm(&self, user: UserId, role: RoleId) -> bool {
        let owns = self.guild.as_ref().is_some_and(|guild| guild.owner == self.user);
        (owns || user != self.user) && self.above(&[role], ABOVE_ROLE).is_ok()
    }

    /// Whether Discord would let them write all of these roles by hand.
    fn above(&self, roles: &[RoleId], otherwise: &'static str) -> Result<(), Error> {
        let Some(guild) = &self.guild else { return Err(Error::refused(NOT_SEEN)) };
        let standing = Standing::of_member(guild, self.user, &self.roles);
        let known = |id: &RoleId| guild.roles.iter().find(|role| role.id == *id);
        // A role that was deleted can be written by nobody, and keeps nobody from writing the others.
        let above = roles.iter().filter_map(known).all(|role| standing.above(role));
        refuse_unless(above && self.hold(Permissions::MANAGE_ROLES), otherwise)
    }

    /// Both here and in the whole guild: a channel may grant what has the same number and means only that channel,
    /// and somebody in a time-out holds nothing here.
    fn hold(&self, permission: Permissions) -> bool {
        let guild = self.guild.as_ref();
        let everywhere = guild.map(|guild| Standing::of_member(guild, self.user, &self.roles));
        self.here.holds(permission)
            && everywhere.is_none_or(|standing| standing.permissions().holds(permission))
    }
}

fn refuse_unless(may: bool, words: &'static str) -> Result<(), Error> {
    if may { Ok(()) } else { Err(Error::refused(words)) }
}

const OTHERS: &str =
    "For somebody else this needs the permission Manage Roles. Without a member it is about you.";
const SOMEBODY_ELSES: &str = "This button was made for somebody else.";
const ABOVE_ROLE: &str =
    "This needs the permission Manage Roles and a role of your own above the one it gives.";
/// They may not decide about some of the roles.
pub(crate) const ABOVE_ROLES: &str = "This needs the permission Manage Server, or Manage Roles and a role of your own above \
                           every role it changes.";
const NOT_SEEN: &str = "The server cannot be seen at the moment. Try again in a minute.";

#[cfg(test)]
mod tests;
