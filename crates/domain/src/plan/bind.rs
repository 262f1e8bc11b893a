//! Which role of the guild each rule means: bound by id, once, after one unique match by name.

use std::collections::BTreeMap;

use super::{Finding, ManagedRole, Permissions, Standing};
use crate::ids::RoleId;
use crate::situation::{GuildPicture, GuildRole, GuildRules};

/// The role of one rule, in the order of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleBinding {
    /// The name in the settings.
    pub name: String,
    /// The role that was found by that name, or is remembered for it.
    pub id: Option<RoleId>,
    /// The role, when it may be written.
    pub role: Option<ManagedRole>,
}

/// Finds the role of each rule. A remembered role that still exists is kept whatever it is called now; one
/// that is gone is looked up again by name. What may not be written is a finding.
pub fn bind_roles(
    rules: &GuildRules,
    guild: &GuildPicture,
    remembered: &BTreeMap<String, RoleId>,
) -> (Vec<RoleBinding>, Vec<Finding>) {
    let standing = Standing::of(guild);
    let mut findings = Vec::new();
    let bindings = rules
        .roles
        .iter()
        .map(|rule| bind(&rule.role, guild, &standing, remembered.get(&rule.role), &mut findings))
        .collect();
    (bindings, findings)
}

fn bind(
    name: &str,
    guild: &GuildPicture,
    standing: &Standing,
    remembered: Option<&RoleId>,
    findings: &mut Vec<Finding>,
) -> RoleBinding {
    let unbound = RoleBinding { name: name.to_owned(), id: None, role: None };
    let known = remembered.and_then(|id| guild.roles.iter().find(|role| role.id == *id));
    let role = match known.map_or_else(|| by_name(name, guild), Ok) {
        Ok(role) => role,
        Err(finding) => {
            findings.push(finding);
            return unbound;
        }
    };
    if role.name != name {
        findings.push(Finding::RoleRenamed { role: name.to_owned(), now: role.name.clone(), id: role.id });
    }
    match unwritable(role, standing) {
        // A role found by name for the first time is not remembered while it may not be written: a name
        // that matches by chance must never bind to power.
        Some(finding) => {
            findings.push(finding);
            RoleBinding { id: known.map(|role| role.id), ..unbound }
        }
        None => {
            let managed = ManagedRole::new(role.id, &role.name, role.color);
            let role = standing.can_manage_roles().then_some(managed.clone());
            RoleBinding { id: Some(managed.id()), role, ..unbound }
        }
    }
}

fn by_name<'a>(name: &str, guild: &'a GuildPicture) -> Result<&'a GuildRole, Finding> {
    let mut found = guild.roles.iter().filter(|role| role.name == name && role.id.0 != guild.id.0);
    match (found.next(), found.count()) {
        (None, _) => Err(Finding::RoleMissing { role: name.to_owned() }),
        (Some(role), 0) => Ok(role),
        (Some(_), more) => Err(Finding::RoleAmbiguous { role: name.to_owned(), count: more + 1 }),
    }
}

fn unwritable(role: &GuildRole, standing: &Standing) -> Option<Finding> {
    let (name, id) = (role.name.clone(), role.id);
    let dangerous = Permissions(role.permissions).dangerous();
    if role.managed {
        Some(Finding::RoleOwnedByIntegration { role: name, id })
    } else if !dangerous.is_empty() {
        Some(Finding::RoleDangerous { role: name, id, permissions: dangerous })
    } else if !standing.above(role) {
        Some(Finding::RoleTooHigh { role: name, id })
    } else {
        None
    }
}
