//! Which role of the guild each rule means: bound by id, once, after one unique match by name.

use std::collections::BTreeMap;

use super::{Finding, ManagedRole, Permissions, Standing};
use crate::ids::RoleId;
use crate::situation::{GuildPicture, GuildRole, GuildRules, RoleRule};

/// The role of one rule, in the order of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleBinding {
    /// The name in the settings.
    pub name: String,
    /// The role that was found by that name, or is remembered for it.
    pub id: Option<RoleId>,
    /// The role, when it may be written.
    pub role: Option<ManagedRole>,
    /// Another rule means the same role: neither writes it, and none is newly remembered for it.
    pub shared: bool,
}

/// Finds the role of each rule. A remembered role that still exists is kept whatever it is called now; one
/// that is gone is looked up again by name. What may not be written is a finding, and so is a role that two
/// rules mean: each would undo what the other does.
pub fn bind_roles(
    rules: &GuildRules,
    guild: &GuildPicture,
    remembered: &BTreeMap<String, RoleId>,
) -> (Vec<RoleBinding>, Vec<Finding>) {
    let standing = Standing::of(guild);
    let mut findings = Vec::new();
    let mut bindings: Vec<RoleBinding> = rules
        .roles
        .iter()
        .map(|rule| bind(rule, guild, &standing, remembered.get(&rule.role), &mut findings))
        .collect();
    let shared = part(&mut bindings, guild);
    // That such a rule goes on under another name would be wrong.
    findings.retain(
        |finding| !matches!(finding, Finding::RoleRenamed { role, .. } if is_shared(&bindings, role)),
    );
    findings.extend(shared);
    (bindings, findings)
}

/// Keeps rules that mean the same role from writing it. They meet when a role was renamed to what another rule
/// says: one rule remembers it by id, the other finds it by name.
fn part(bindings: &mut [RoleBinding], guild: &GuildPicture) -> Vec<Finding> {
    let mut by_role: BTreeMap<RoleId, Vec<&mut RoleBinding>> = BTreeMap::new();
    for binding in bindings {
        if let Some(id) = binding.id {
            by_role.entry(id).or_default().push(binding);
        }
    }
    by_role.retain(|_, sharing| sharing.len() > 1);
    let apart = |(id, sharing): (RoleId, Vec<&mut RoleBinding>)| {
        let now = guild.roles.iter().find(|role| role.id == id).map(|role| role.name.clone());
        let mut rules = Vec::new();
        for binding in sharing {
            binding.role = None;
            binding.shared = true;
            rules.push(binding.name.clone());
        }
        Finding::RoleShared { rules, now: now.unwrap_or_default(), id }
    };
    by_role.into_iter().map(apart).collect()
}

fn is_shared(bindings: &[RoleBinding], rule: &str) -> bool {
    bindings.iter().any(|binding| binding.shared && binding.name == rule)
}

fn bind(
    rule: &RoleRule,
    guild: &GuildPicture,
    standing: &Standing,
    remembered: Option<&RoleId>,
    findings: &mut Vec<Finding>,
) -> RoleBinding {
    let name = rule.role.as_str();
    let unbound = RoleBinding { name: name.to_owned(), id: None, role: None, shared: false };
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
    match unwritable(role, rule.permits, standing) {
        // A role found by name for the first time is not remembered while it may not be written: a name
        // that matches by chance must never bind to power.
        Some(finding) => {
            findings.push(finding);
            RoleBinding { id: known.map(|role| role.id), ..unbound }
        }
        None => {
            let managed = ManagedRole::of(role);
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

fn unwritable(role: &GuildRole, permits: Permissions, standing: &Standing) -> Option<Finding> {
    let (name, id) = (role.name.clone(), role.id);
    let dangerous = Permissions(role.permissions).without(permits).dangerous();
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
