//! What a plan would do: one change for one member, with its because.

use std::sync::Arc;

use serde::Serialize;

use super::Permissions;
use crate::exception::RoleOverride;
use crate::ids::{MemberId, RoleId, UserId};
use crate::rules::Explanation;
use crate::situation::GuildRole;
use crate::time::Timestamp;

/// A role that a rule names and that may be written. Only a plan can make one: the write layer has no
/// other way to name a role, so a role nobody manages cannot be written by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ManagedRole {
    id: RoleId,
    name: Arc<str>,
    color: u32,
    dangerous: bool,
}

impl ManagedRole {
    pub(super) fn of(role: &GuildRole) -> Self {
        let dangerous = !Permissions(role.permissions).dangerous().is_empty();
        Self { id: role.id, name: role.name.as_str().into(), color: role.color, dangerous }
    }

    /// The role's id.
    pub fn id(&self) -> RoleId {
        self.id
    }

    /// The role's name on Discord at the moment of the plan.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `0xRRGGBB`, 0 for none.
    pub fn color(&self) -> u32 {
        self.color
    }

    /// Whether it carries permissions over the community.
    pub fn is_dangerous(&self) -> bool {
        self.dangerous
    }
}

/// What is done to a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The role is given.
    Give(ManagedRole),
    /// The role is taken.
    Take(ManagedRole),
    /// The nickname is written; `None` clears it.
    Nickname(Option<String>),
}

/// Why a change is made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The rule's condition, with the facts that decided it.
    Rule {
        /// The condition as everybody may read it ([`crate::rules::Condition::public_text`]).
        condition: Arc<str>,
        /// What decided it: the same for all of whom the rule heard the same.
        explanation: Arc<Explanation>,
    },
    /// The nickname follows the template.
    Template,
    /// The member unlinked.
    Unlinked,
    /// The owner takes away a role whose rule was deleted.
    Released,
    /// People decided it for this member.
    Override(RoleOverride),
    /// People decided on this nickname.
    NameOverride {
        /// Until when.
        until: Option<Timestamp>,
    },
}

/// One change for one member.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Who, on Discord.
    pub user: UserId,
    /// Who, in the hall; `None` after unlinking.
    pub member: Option<MemberId>,
    /// What is done.
    pub act: Act,
    /// Why.
    pub because: Because,
}

/// How soon a change must be written: lower comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Importance {
    /// Somebody waits for it, or should lose something at once.
    Urgent,
    /// Something is taken.
    Take,
    /// Something is given.
    Give,
    /// A nickname.
    Nickname,
}

impl Importance {
    /// The number jobs are ordered by.
    pub fn priority(self) -> i64 {
        match self {
            Self::Urgent => 0,
            Self::Take => 10,
            Self::Give => 20,
            Self::Nickname => 30,
        }
    }
}

impl Act {
    /// How soon it must be written when nobody waits for it.
    pub fn importance(&self) -> Importance {
        match self {
            Self::Take(_) => Importance::Take,
            Self::Give(_) => Importance::Give,
            Self::Nickname(_) => Importance::Nickname,
        }
    }
}
