//! The table of people and roles: a row for each thing that can happen to somebody.

use crate::forum::{ForumSim, PersonId, Refused};

/// What somebody is beside being a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A member.
    Plain,
    /// Owns the Discord server.
    Owner,
    /// Runs the forum.
    Admin,
    /// Moderates the forum.
    Moderator,
}

/// A person as the tables of both places have them.
#[derive(Debug)]
pub(super) struct Row {
    /// Username and shown name on Discord.
    pub(super) discord: Option<(&'static str, Option<&'static str>)>,
    /// Username in the forum.
    pub(super) forum: Option<&'static str>,
    pub(super) name: Option<&'static str>,
    pub(super) title: Option<&'static str>,
    pub(super) bio: Option<&'static str>,
    /// What somebody who looks at the demo should know about the person; empty when there is nothing.
    pub(super) about: &'static str,
    pub(super) trust_level: u8,
    pub(super) groups: &'static [&'static str],
    pub(super) standing: Standing,
    /// Roles on Discord that no rule names, that stand above the hall, or that were held before their rule came.
    pub(super) roles: &'static [&'static str],
    pub(super) begins_linked: bool,
    pub(super) begins_suspended: bool,
}

/// A role as Discord shows it.
#[derive(Clone, Copy, Debug)]
pub struct RoleLook {
    /// Its name.
    pub name: &'static str,
    /// `0xRRGGBB`
    pub color: u32,
    /// Whether its members are shown apart.
    pub hoisted: bool,
    /// Whether it stands above the hall's own role, so that the hall cannot give it.
    pub above_the_hall: bool,
}

/// Groups of the forum that people may be in.
pub const GROUPS: [&str; 2] = ["makers", "crew"];

/// The name of somebody who tries everything: right to left, an override that turns the rest round, 60 emoji.
const RESTLESS: &str = "יָם \u{202E}gnidliub\u{200B} ⚓⛵🚤🛶🚢🛳️🗺️🧭🏝️🌊⚓⛵🚤🛶🚢🛳️🗺️🧭🏝️🌊⚓⛵🚤🛶🚢🛳️🗺️🧭🏝️🌊\
     ⚓⛵🚤🛶🚢🛳️🗺️🧭🏝️🌊⚓⛵🚤🛶🚢🛳️🗺️🧭🏝️🌊⚓⛵🚤🛶🚢🛳️🗺️🧭🏝️🌊";

/// From the highest down.
pub(super) const ROLES: &[RoleLook] = &[
    RoleLook { name: "Harbourmaster", color: 0x7a4bc2, hoisted: true, above_the_hall: true },
    role("Harbour Staff", 0xb0413e, true),
    role("Leader", 0x1f8a70, true),
    role("Makers", 0xc4793b, true),
    role("Crew", 0x3f6fb5, true),
    role("Veteran", 0xb8860b, false),
    role("Regular", 0x3b82c4, false),
    role("Newcomer", 0x8a9490, false),
    role("Suspended", 0x6b7280, true),
    role("Night Watch", 0x55606a, false),
];

const fn role(name: &'static str, color: u32, hoisted: bool) -> RoleLook {
    RoleLook { name, color, hoisted, above_the_hall: false }
}

/// How a role of that name looks; none for roles of bots and `@everyone`.
pub fn role_look(name: &str) -> Option<&'static RoleLook> {
    ROLES.iter().find(|role| role.name == name)
}

const NOBODY: Row = Row {
    discord: None,
    forum: None,
    name: None,
    title: None,
    bio: None,
    about: "",
    trust_level: 1,
    groups: &[],
    standing: Standing::Plain,
    roles: &[],
    begins_linked: true,
    begins_suspended: false,
};

/// The cast. `noor` is the admin that the forum begins with.
pub(super) const PEOPLE: &[Row] = &[
    Row {
        discord: Some(("mira_d", Some("mira"))),
        forum: Some("mira"),
        name: Some("Mira Lind"),
        title: Some("Maker"),
        bio: Some("Builds **small boats**, mends [larger ones](https://example.org/boats)."),
        trust_level: 2,
        groups: &["makers"],
        roles: &["Night Watch"],
        ..NOBODY
    },
    Row {
        discord: Some(("leo_s", Some("leo"))),
        forum: Some("leo"),
        name: Some("Leo Ström"),
        about: "owns the server",
        trust_level: 4,
        groups: &["crew"],
        standing: Standing::Owner,
        ..NOBODY
    },
    Row { discord: Some(("ana.b", Some("ana"))), forum: Some("ana"), begins_linked: false, ..NOBODY },
    Row {
        discord: Some(("noor_h", Some("Noor"))),
        forum: Some("noor"),
        name: Some("Noor Haddad"),
        about: "acts for you here, so stays an admin",
        trust_level: 4,
        standing: Standing::Admin,
        roles: &["Harbourmaster"],
        ..NOBODY
    },
    Row {
        discord: Some(("tomas.rey", Some("Tomás"))),
        forum: Some("tomas"),
        name: Some("Tomás Rey"),
        trust_level: 3,
        groups: &["crew"],
        standing: Standing::Moderator,
        ..NOBODY
    },
    Row {
        discord: Some(("yam60", Some("yam"))),
        forum: Some("yam"),
        name: Some(RESTLESS),
        about: "a name that turns text round and has 60 emoji: Discord gets it tidied",
        title: Some("Pilot"),
        trust_level: 2,
        ..NOBODY
    },
    Row {
        discord: Some(("k.seven", None)),
        forum: Some("k7"),
        trust_level: 0,
        roles: &["Veteran"],
        ..NOBODY
    },
    Row {
        discord: Some(("pip_m", Some("Pip"))),
        forum: Some("pip"),
        name: Some("Pip Marlow"),
        roles: &["Veteran"],
        begins_suspended: true,
        ..NOBODY
    },
    Row { discord: Some(("drifter", Some("drifter"))), begins_linked: false, ..NOBODY },
    Row {
        forum: Some("ines"),
        name: Some("Ines Vale"),
        trust_level: 3,
        groups: &["makers", "crew"],
        begins_linked: false,
        ..NOBODY
    },
];

/// Puts a person's standing in the forum to what the row says, by what staff would do; suspensions are lifted.
pub(super) fn restore(forum: &ForumSim, id: PersonId, row: &Row, now_ms: i64) -> Result<(), Refused> {
    let by = forum.admin();
    let Some(person) = forum.user(id) else { return Err(Refused::NotFound) };
    if person.suspension(now_ms).is_some() {
        forum.unsuspend(by, id)?;
    }
    if person.silence(now_ms).is_some() {
        forum.unsilence(by, id)?;
    }
    if person.name.as_deref() != row.name {
        forum.set_name(by, id, row.name.unwrap_or_default())?;
    }
    if person.title.as_deref() != row.title {
        forum.set_title(by, id, row.title.unwrap_or_default())?;
    }
    if person.trust_level != row.trust_level {
        forum.set_trust_level(by, id, row.trust_level)?;
    }
    match (person.moderator, row.standing == Standing::Moderator) {
        (false, true) => forum.grant_moderation(by, id)?,
        (true, false) => forum.revoke_moderation(by, id)?,
        _ => {}
    }
    if person.admin && row.standing != Standing::Admin {
        forum.revoke_admin(by, id)?;
    }
    for name in GROUPS {
        let Some(group) = forum.group_named(name) else { continue };
        match (person.membership(group.id).is_some(), row.groups.contains(&name)) {
            (false, true) => forum.add_to_group(by, group.id, id)?,
            (true, false) => drop(forum.remove_from_group(by, group.id, id)?),
            _ => {}
        }
    }
    Ok(())
}
