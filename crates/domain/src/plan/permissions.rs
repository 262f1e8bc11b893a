//! What the hall's bot may do in a guild, by Discord's permission hierarchy.

use serde::Serialize;

use super::Finding;
use crate::ids::{RoleId, UserId};
use crate::situation::{GuildPicture, GuildRole, GuildRules};

/// Permission bits (Discord docs: Permissions).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Permissions(pub u64);

impl Permissions {
    /// Everything.
    pub const ADMINISTRATOR: Self = Self(1 << 3);
    /// See who did what.
    pub const VIEW_AUDIT_LOG: Self = Self(1 << 7);
    /// See a channel and what is written there.
    pub const VIEW_CHANNEL: Self = Self(1 << 10);
    /// Write in a channel.
    pub const SEND_MESSAGES: Self = Self(1 << 11);
    /// Rename others.
    pub const MANAGE_NICKNAMES: Self = Self(1 << 27);
    /// Give and take roles.
    pub const MANAGE_ROLES: Self = Self(1 << 28);
    /// Change the server.
    pub const MANAGE_GUILD: Self = Self(1 << 5);

    /// Whether all of `other` are held; administrators hold everything.
    pub fn holds(self, other: Self) -> bool {
        self.0 & Self::ADMINISTRATOR.0 != 0 || self.0 & other.0 == other.0
    }

    /// These without some. Whoever may administer may do everything else too.
    #[must_use]
    pub fn without(self, others: Self) -> Self {
        if others.holds(Self::ADMINISTRATOR) { Self(0) } else { Self(self.0 & !others.0) }
    }

    /// These and others.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// The permission over a community of that name, as settings and Discord say it; case does not matter.
    pub fn named(name: &str) -> Option<Self> {
        let found = DANGEROUS.iter().find(|(_, known)| known.eq_ignore_ascii_case(name));
        found.map(|(bit, _)| Self(1 << bit))
    }

    /// The names of all permissions over a community.
    pub fn names() -> impl Iterator<Item = &'static str> {
        DANGEROUS.iter().map(|(_, name)| *name)
    }

    /// The permissions over a community among these, as Discord names them.
    pub fn dangerous(self) -> Vec<&'static str> {
        DANGEROUS.iter().filter(|(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| *name).collect()
    }
}

/// Permissions that give power over a community or its members.
const DANGEROUS: [(u32, &str); 20] = [
    (1, "KICK_MEMBERS"),
    (2, "BAN_MEMBERS"),
    (3, "ADMINISTRATOR"),
    (4, "MANAGE_CHANNELS"),
    (5, "MANAGE_GUILD"),
    (7, "VIEW_AUDIT_LOG"),
    (13, "MANAGE_MESSAGES"),
    (17, "MENTION_EVERYONE"),
    (22, "MUTE_MEMBERS"),
    (23, "DEAFEN_MEMBERS"),
    (24, "MOVE_MEMBERS"),
    (27, "MANAGE_NICKNAMES"),
    (28, "MANAGE_ROLES"),
    (29, "MANAGE_WEBHOOKS"),
    (30, "MANAGE_GUILD_EXPRESSIONS"),
    (33, "MANAGE_EVENTS"),
    (34, "MANAGE_THREADS"),
    (40, "MODERATE_MEMBERS"),
    (41, "VIEW_CREATOR_MONETIZATION_ANALYTICS"),
    (19, "VIEW_GUILD_INSIGHTS"),
];

/// Where the hall, or a member, stands in a guild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    permissions: Permissions,
    top: Rank,
    owner: UserId,
}

/// A place in the order of roles: by position, and among equals the lower id stands higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(i64, std::cmp::Reverse<RoleId>);

impl Rank {
    const BOTTOM: Self = Self(i64::MIN, std::cmp::Reverse(RoleId(u64::MAX)));
    const TOP: Self = Self(i64::MAX, std::cmp::Reverse(RoleId(0)));

    fn of(role: &GuildRole) -> Self {
        Self(role.position, std::cmp::Reverse(role.id))
    }
}

impl Standing {
    /// Reads the bot's permissions and highest role.
    pub fn of(guild: &GuildPicture) -> Self {
        Self::of_member(guild, guild.bot, &guild.bot_roles)
    }

    /// Reads the permissions and the highest role of a member who holds these roles. The owner may do everything
    /// and stands above every role.
    pub fn of_member(guild: &GuildPicture, user: UserId, roles: &[RoleId]) -> Self {
        if user == guild.owner {
            return Self { permissions: Permissions::ADMINISTRATOR, top: Rank::TOP, owner: guild.owner };
        }
        let everyone = RoleId(guild.id.0);
        let held = |role: &&GuildRole| role.id == everyone || roles.contains(&role.id);
        let bits = guild.roles.iter().filter(held).fold(0, |bits, role| bits | role.permissions);
        Self { permissions: Permissions(bits), top: highest(guild, roles), owner: guild.owner }
    }

    /// What they may do in the whole guild.
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// Whether a role stands below their highest.
    pub fn above(&self, role: &GuildRole) -> bool {
        self.top > Rank::of(role)
    }

    /// Whether roles can be written at all.
    pub fn can_manage_roles(&self) -> bool {
        self.permissions.holds(Permissions::MANAGE_ROLES)
    }

    /// Whether nicknames can be written at all.
    pub fn can_manage_nicknames(&self) -> bool {
        self.permissions.holds(Permissions::MANAGE_NICKNAMES)
    }

    /// Why a member cannot be renamed: the owner never, nor anybody at or above the hall.
    pub fn cannot_rename(&self, guild: &GuildPicture, user: UserId, roles: &[RoleId]) -> Option<Finding> {
        if user == self.owner {
            return Some(Finding::NicknameCannotFollow { user, owner: true });
        }
        let at_or_above = highest(guild, roles) >= self.top;
        at_or_above.then_some(Finding::NicknameCannotFollow { user, owner: false })
    }

    /// The permissions that the rules need and the hall lacks.
    pub(super) fn findings(&self, rules: &GuildRules) -> Vec<Finding> {
        let mut findings = Vec::new();
        if !rules.roles.is_empty() && !self.can_manage_roles() {
            let loses = "roles can be neither given nor taken";
            findings.push(Finding::PermissionMissing { permission: "Manage Roles", loses });
        }
        if rules.nickname.is_some() && !self.can_manage_nicknames() {
            findings.push(Finding::nicknames_not_permitted());
        }
        findings
    }
}

/// Whether the highest of some roles stands above each of others. Roles that are gone stand nowhere.
pub fn stands_above(guild: &GuildPicture, held: &[RoleId], others: impl IntoIterator<Item = RoleId>) -> bool {
    let top = highest(guild, held);
    others.into_iter().all(|other| highest(guild, &[other]) < top)
}

fn highest(guild: &GuildPicture, roles: &[RoleId]) -> Rank {
    guild.roles.iter().filter(|role| roles.contains(&role.id)).map(Rank::of).max().unwrap_or(Rank::BOTTOM)
}
