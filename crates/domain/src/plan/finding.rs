//! What cannot or must not be done, and why: found before it is tried.

use serde::Serialize;

use crate::ids::{RoleId, UserId};

/// Something a person should know. Findings never stop the rest of a plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "finding")]
pub enum Finding {
    /// No role of that name, and none was bound before.
    RoleMissing {
        /// The name in the settings.
        role: String,
    },
    /// Several roles have that name.
    RoleAmbiguous {
        /// The name in the settings.
        role: String,
        /// How many there are.
        count: usize,
    },
    /// The role is owned by an integration: Discord lets nobody else give it.
    RoleOwnedByIntegration {
        /// The role's name.
        role: String,
        /// The role.
        id: RoleId,
    },
    /// The role stands at or above the hall's own highest role.
    RoleTooHigh {
        /// The role's name.
        role: String,
        /// The role.
        id: RoleId,
    },
    /// The role carries permissions over the community.
    RoleDangerous {
        /// The role's name.
        role: String,
        /// The role.
        id: RoleId,
        /// The permissions, as Discord names them.
        permissions: Vec<&'static str>,
    },
    /// The role has another name than the settings say; the rule goes on.
    RoleRenamed {
        /// The name in the settings.
        role: String,
        /// The name on Discord.
        now: String,
        /// The role.
        id: RoleId,
    },
    /// Several rules mean one role, since it was renamed: none of them writes it.
    RoleShared {
        /// The names in the settings.
        rules: Vec<String>,
        /// The name on Discord.
        now: String,
        /// The role.
        id: RoleId,
    },
    /// The hall lacks a permission in the guild.
    PermissionMissing {
        /// The permission, as Discord names it.
        permission: &'static str,
        /// What cannot be done without it.
        loses: &'static str,
    },
    /// Discord lets nobody rename the owner, nor a bot rename a member at or above it.
    NicknameCannotFollow {
        /// Who.
        user: UserId,
        /// Whether it is the owner.
        owner: bool,
    },
    /// Somebody who unlinked still has a role that the hall answered for and cannot take now.
    RoleNotTakenBack {
        /// The role's name.
        role: String,
        /// The role.
        id: RoleId,
        /// Why not.
        why: OutOfReach,
    },
    /// Somebody who unlinked still has the nickname that the hall wrote, and cannot be renamed now.
    NicknameNotGivenBack {
        /// Who.
        user: UserId,
        /// Whether it is the owner.
        owner: bool,
    },
    /// The guild is not readable at the moment: nothing is planned.
    GuildUnreadable,
}

/// Why a role cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutOfReach {
    /// It stands at or above the hall's own highest role.
    TooHigh,
    /// It came to be owned by an integration.
    OwnedByIntegration,
    /// The hall may not manage roles.
    PermissionMissing,
}

impl Finding {
    pub(super) fn nicknames_not_permitted() -> Self {
        Self::PermissionMissing { permission: "Manage Nicknames", loses: "nicknames cannot follow" }
    }

    /// What it is, in one sentence.
    pub fn says(&self) -> String {
        match self {
            Self::RoleMissing { role } => format!("There is no role named “{role}”."),
            Self::RoleAmbiguous { role, count } => format!("{count} roles are named “{role}”."),
            Self::RoleOwnedByIntegration { role, .. } => {
                format!("The role “{role}” is owned by an integration: Discord lets nobody else give it.")
            }
            Self::RoleTooHigh { role, .. } => format!("The role “{role}” stands above the hall's own role."),
            Self::RoleDangerous { role, permissions, .. } => {
                format!("The role “{role}” carries permissions over the community: {}.", permissions.join(", "))
            }
            Self::RoleRenamed { role, now, .. } => {
                format!("The role “{role}” is called “{now}” on Discord now; the rule goes on.")
            }
            Self::RoleShared { rules, now, .. } => {
                let rules: Vec<String> = rules.iter().map(|rule| format!("“{rule}”")).collect();
                let rules = rules.join(" and ");
                format!("The rules for {rules} all mean the role that is called “{now}” on Discord now; none of them changes it.")
            }
            Self::PermissionMissing { permission, loses } => {
                format!("The hall lacks the permission {permission}: {loses}.")
            }
            Self::NicknameCannotFollow { owner: true, .. } => {
                "The nickname stays as it is: Discord lets nobody rename the owner. Roles follow all the same."
                    .to_owned()
            }
            Self::NicknameCannotFollow { owner: false, .. } => {
                "The nickname stays as it is: Discord lets the hall rename only members below its own role. \
                 Roles follow all the same."
                    .to_owned()
            }
            Self::RoleNotTakenBack { role, why, .. } => {
                format!("Somebody who unlinked still has the role “{role}”: {}.", why.says())
            }
            Self::NicknameNotGivenBack { user, owner } => {
                let why = if *owner { "Discord lets nobody rename the owner" } else { "the hall cannot rename them" };
                format!("The member {user}, who unlinked, still has the nickname that the hall wrote: {why}.")
            }
            Self::GuildUnreadable => "The server cannot be read at the moment; nothing is changed.".to_owned(),
        }
    }

    /// What the owner can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::RoleMissing { .. } => "Create the role, or correct its name in guildhall.toml.",
            Self::RoleAmbiguous { .. } => {
                "Rename all but one of them; once bound, the name may be used again."
            }
            Self::RoleOwnedByIntegration { .. } => "Choose another role for this rule.",
            Self::RoleTooHigh { .. } => "In Server Settings → Roles, drag the hall's role above it.",
            Self::RoleDangerous { .. } => {
                "Take these permissions from the role, or name them in the rule (`permits`), if whoever the rule means is to have \
                 them. Until then the rule changes nothing."
            }
            Self::RoleRenamed { .. } => "Write the new name into guildhall.toml when it suits you.",
            Self::RoleShared { .. } => {
                "Rename the role back, or name another role in all but one of these rules in guildhall.toml."
            }
            Self::PermissionMissing { .. } => {
                "Invite the hall again with `guildhall invite`, or give it the permission."
            }
            Self::NicknameCannotFollow { owner: true, .. } => {
                "The owner may change it by hand, or leave it so."
            }
            Self::NicknameCannotFollow { owner: false, .. } => {
                "In Server Settings → Roles, drag the hall's role above theirs, or leave it so."
            }
            Self::RoleNotTakenBack { why, .. } => why.remedy(),
            Self::NicknameNotGivenBack { owner: true, .. } => "Ask the owner to change it.",
            Self::NicknameNotGivenBack { owner: false, .. } => {
                "Rename them by hand; or see that the hall may manage nicknames and stands above them, then it does."
            }
            Self::GuildUnreadable => "Wait; the hall goes on by itself.",
        }
    }
}

impl OutOfReach {
    fn says(self) -> &'static str {
        match self {
            Self::TooHigh => "it stands above the hall's own role",
            Self::OwnedByIntegration => "it is owned by an integration, and Discord lets nobody else take it",
            Self::PermissionMissing => "the hall lacks the permission Manage Roles",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::TooHigh => {
                "In Server Settings → Roles, drag the hall's role above it; then the hall takes it back."
            }
            Self::OwnedByIntegration => "End it in the integration that owns the role.",
            Self::PermissionMissing => {
                "Invite the hall again with `guildhall invite`, or give it the permission; then it takes it back."
            }
        }
    }
}
