//! What a stored plan holds: who, which role, and what. Why is not stored: it is said anew from what is known when
//! somebody looks, so that nothing about a person outlives their link.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::ids::{RoleId, UserId};
use domain::plan::{Act, Change};
use domain::situation::GuildPicture;
use serde::{Deserialize, Serialize};
use store::overrides::StoredOverride;

use crate::error::{Error, Failed};
use crate::overrides::NICKNAME;

/// What is done to a member, for comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deed {
    /// A role is given.
    Give(RoleId),
    /// A role is given that carries power over the community: who agrees to a role agrees to no power that it
    /// gained since.
    Empower(RoleId),
    /// A role is taken.
    Take(RoleId),
    /// The nickname is written.
    Rename,
}

impl Deed {
    pub(crate) fn of(change: &Change) -> Self {
        match &change.act {
            Act::Give(role) if role.is_dangerous() => Self::Empower(role.id()),
            Act::Give(role) => Self::Give(role.id()),
            Act::Take(role) => Self::Take(role.id()),
            Act::Nickname(_) => Self::Rename,
        }
    }

    /// What the store calls it, and the role that it is about.
    pub(crate) fn in_the_store(self) -> (&'static str, Option<RoleId>) {
        match self {
            Self::Give(role) | Self::Empower(role) => ("give", Some(role)),
            Self::Take(role) => ("take", Some(role)),
            Self::Rename => ("nickname", None),
        }
    }
}

/// Everything a plan would do.
pub(crate) type Deeds = HashSet<(UserId, Deed)>;

/// A plan as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Contents {
    /// Roles that are taken.
    takes: Vec<OfRole>,
    /// Roles that are given.
    gives: Vec<OfRole>,
    /// Who is renamed.
    renames: Vec<UserId>,
}

/// One role, and who it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OfRole {
    role: RoleId,
    name: String,
    users: Vec<UserId>,
    /// Whether it carried power over the community when the plan was made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    power: bool,
}

impl Contents {
    /// What is stored of some changes.
    pub(crate) fn of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut contents = Self::default();
        let (mut takes, mut gives) = (BTreeMap::new(), BTreeMap::new());
        for change in changes {
            let (roles, role) = match &change.act {
                Act::Take(role) => (&mut takes, role),
                Act::Give(role) => (&mut gives, role),
                Act::Nickname(_) => {
                    contents.renames.push(change.user);
                    continue;
                }
            };
            let (name, power) = (role.name().to_owned(), role.is_dangerous());
            let of_role = || OfRole { role: role.id(), name, users: Vec::new(), power };
            roles.entry(role.id()).or_insert_with(of_role).users.push(change.user);
        }
        contents.takes = takes.into_values().collect();
        contents.gives = gives.into_values().collect();
        contents
    }

    /// What overrides would do that take something back.
    pub(crate) fn back(overrides: &[StoredOverride], picture: &GuildPicture) -> Self {
        let mut contents = Self::default();
        let (mut takes, mut gives) = (BTreeMap::new(), BTreeMap::new());
        for known in overrides {
            if known.role == NICKNAME {
                contents.renames.push(known.user);
                continue;
            }
            let role = picture.roles.iter().find(|role| role.id == known.role);
            let name = role.map(|role| role.name.clone()).unwrap_or_default();
            let roles = if known.has { &mut gives } else { &mut takes };
            let of_role = || OfRole { role: known.role, name, users: Vec::new(), power: false };
            roles.entry(known.role).or_insert_with(of_role).users.push(known.user);
        }
        contents.takes = takes.into_values().collect();
        contents.gives = gives.into_values().collect();
        contents
    }

    /// Only what takes some role from some people.
    pub(crate) fn taking(&self, role: RoleId, from: &BTreeSet<UserId>) -> Self {
        let of_them = |of: &OfRole| {
            let users = of.users.iter().copied().filter(|user| from.contains(user)).collect();
            OfRole { users, ..of.clone() }
        };
        let takes = self.takes.iter().filter(|of| of.role == role).map(of_them).collect();
        Self { takes, ..Self::default() }
    }

    /// Only what is done to some people.
    pub(super) fn about(&self, users: &BTreeSet<UserId>) -> Self {
        let theirs = |of: &OfRole| {
            let users: Vec<UserId> = of.users.iter().copied().filter(|user| users.contains(user)).collect();
            (!users.is_empty()).then(|| OfRole { users, ..of.clone() })
        };
        Self {
            takes: self.takes.iter().filter_map(theirs).collect(),
            gives: self.gives.iter().filter_map(theirs).collect(),
            renames: self.renames.iter().copied().filter(|user| users.contains(user)).collect(),
        }
    }

    /// With what another does beside it.
    pub(super) fn with(mut self, other: Self) -> Self {
        add(&mut self.takes, other.takes);
        add(&mut self.gives, other.gives);
        let known: BTreeSet<UserId> = self.renames.iter().copied().collect();
        self.renames.extend(other.renames.into_iter().filter(|user| !known.contains(user)));
        self
    }

    /// From the store.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let read = serde_json::from_str(text);
        Ok(read.map_err(|error| Failed::Broken(format!("could not read a plan: {error}")))?)
    }

    /// For the store.
    pub(crate) fn text(&self) -> String {
        // Numbers and names can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Each thing it does.
    pub(crate) fn deeds(&self) -> Deeds {
        let mut deeds = Deeds::with_capacity(self.len());
        for of in &self.takes {
            deeds.extend(of.users.iter().map(|user| (*user, Deed::Take(of.role))));
        }
        for of in &self.gives {
            let deed = if of.power { Deed::Empower(of.role) } else { Deed::Give(of.role) };
            deeds.extend(of.users.iter().map(|user| (*user, deed)));
        }
        deeds.extend(self.renames.iter().map(|user| (*user, Deed::Rename)));
        deeds
    }

    /// Whom it is about.
    pub(crate) fn users(&self) -> BTreeSet<UserId> {
        let by_role = self.takes.iter().chain(&self.gives).flat_map(|of| of.users.iter().copied());
        by_role.chain(self.renames.iter().copied()).collect()
    }

    /// The roles it names.
    pub(crate) fn roles(&self) -> BTreeSet<RoleId> {
        self.takes.iter().chain(&self.gives).map(|of| of.role).collect()
    }

    /// How many roles it takes, how many it gives, and how many nicknames it writes.
    pub(crate) fn totals(&self) -> (usize, usize, usize) {
        let people = |of: &[OfRole]| of.iter().map(|of| of.users.len()).sum();
        (people(&self.takes), people(&self.gives), self.renames.len())
    }

    /// How many things it does.
    pub(crate) fn len(&self) -> usize {
        let (takes, gives, renames) = self.totals();
        takes + gives + renames
    }

    /// Whether it does nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn add(roles: &mut Vec<OfRole>, others: Vec<OfRole>) {
    for other in others {
        match roles.iter_mut().find(|of| of.role == other.role && of.power == other.power) {
            Some(of) => {
                let known: BTreeSet<UserId> = of.users.iter().copied().collect();
                of.users.extend(other.users.into_iter().filter(|user| !known.contains(user)));
            }
            None => roles.push(other),
        }
    }
}
