//! Everything a plan is made from, as one value that does not change while it is read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::exception::Overrides;
use crate::facts::{Facts, Schema};
use crate::ids::{GuildId, MemberId, RoleId, UserId};
use crate::nickname::{Prefer, Template};
use crate::plan::Permissions;
use crate::roster::Roster;
use crate::rules::{Bindings, Condition};
use crate::time::Timestamp;

/// What a rule does beside giving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Gives the role when the condition holds and takes it when it does not.
    #[default]
    Exact,
    /// Gives the role and never takes it.
    Grant,
}

/// "Give this role when this condition on facts holds."
#[derive(Clone, Debug)]
pub struct RoleRule {
    /// The role as the settings name it.
    pub role: String,
    /// The condition.
    pub when: Condition,
    /// Whether it also takes.
    pub mode: Mode,
    /// The permissions over the community that the role may carry all the same.
    pub permits: Permissions,
}

/// How members are called in a guild.
#[derive(Clone, Debug)]
pub struct NicknameRule {
    /// The template, `{forum.title} {forum.name}`.
    pub template: Template,
    /// What stands where the template says name.
    pub prefer: Prefer,
}

/// The rules of one guild.
#[derive(Clone, Debug, Default)]
pub struct GuildRules {
    /// The roles it gives, each named once.
    pub roles: Vec<RoleRule>,
    /// The nickname it writes, if it does.
    pub nickname: Option<NicknameRule>,
}

/// A role as Discord has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuildRole {
    /// Its id.
    pub id: RoleId,
    /// Its name, which may change and need not be unique.
    pub name: String,
    /// `0xRRGGBB`, 0 for none.
    pub color: u32,
    /// Its place in the order; equal places are ordered by id, the lower id standing higher.
    pub position: i64,
    /// Owned by an integration (a bot, boosting, linked roles): nobody else can give it.
    pub managed: bool,
    /// Permission bits.
    pub permissions: u64,
}

/// A guild as the hall sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuildPicture {
    /// Its id.
    pub id: GuildId,
    /// Its name.
    pub name: String,
    /// Who owns it: nobody can rename the owner.
    pub owner: UserId,
    /// The hall's own bot user.
    pub bot: UserId,
    /// The roles the bot holds, `@everyone` left out.
    pub bot_roles: Vec<RoleId>,
    /// All roles.
    pub roles: Vec<GuildRole>,
}

/// What the hall wrote as a nickname last, by fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NicknameWritten {
    /// What the hall asked for.
    pub asked: u64,
    /// What Discord made of it.
    pub became: u64,
}

/// A linked member with everything the rules may ask.
#[derive(Clone, Debug)]
pub struct LinkedMember {
    /// Who, in the hall.
    pub member: MemberId,
    /// Who, on Discord.
    pub user: UserId,
    /// What is known of them.
    pub facts: Facts,
    /// The nickname written last in this guild.
    pub nickname: Option<NicknameWritten>,
    /// Since when they are linked; of several links the first.
    pub linked_at: Timestamp,
    /// The sources at which a second factor was shown when they linked.
    pub second_factors: Vec<usize>,
}

/// What is still to be taken back from somebody who unlinked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// Who, on Discord.
    pub user: UserId,
    /// The roles the hall answered for.
    pub roles: Vec<RoleId>,
    /// The nickname to give back, if the hall had written one.
    pub nickname: Option<NicknameBack>,
    /// Whether the person did not unlink: the owner takes a role away whose rule was deleted.
    #[serde(default)]
    pub released: bool,
}

impl Departure {
    /// Two departures of one person as one: nothing of the first is forgotten because they left again before it
    /// was done. The nickname to give back is the earliest, which was there before the hall wrote any.
    #[must_use]
    pub fn and(self, later: Self) -> Self {
        let roles: BTreeSet<RoleId> = self.roles.into_iter().chain(later.roles).collect();
        let nickname = match (self.nickname, later.nickname) {
            (Some(first), Some(last)) => Some(NicknameBack { before: first.before, ..last }),
            (first, last) => last.or(first),
        };
        let released = self.released && later.released;
        Self { user: self.user, roles: roles.into_iter().collect(), nickname, released }
    }
}

/// A nickname to give back, unless it was changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NicknameBack {
    /// The fingerprint it must still have …
    pub became: u64,
    /// … or that of what was asked for last, where nobody knows whether that was written.
    #[serde(default)]
    pub asked: Option<u64>,
    /// What it was before; `None` for no nickname.
    pub before: Option<String>,
}

/// Everything a plan is made from.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// The moment it is made for.
    pub now: Timestamp,
    /// The facts rules may name.
    pub schema: &'a Schema,
    /// The rules of the guild.
    pub rules: &'a GuildRules,
    /// Which group each group name in the rules is.
    pub groups: &'a Bindings,
    /// Which role each role name in the rules is, as remembered from the first match.
    pub remembered_roles: &'a BTreeMap<String, RoleId>,
    /// The guild.
    pub guild: &'a GuildPicture,
    /// Its members.
    pub roster: &'a Roster,
    /// The linked members to plan for.
    pub members: Vec<LinkedMember>,
    /// Those who unlinked and still hold what the hall gave.
    pub departures: Vec<Departure>,
    /// What people decided against the rules.
    pub overrides: &'a Overrides,
}
