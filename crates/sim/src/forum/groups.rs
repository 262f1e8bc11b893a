//! Groups: the automatic ones with their fixed numbers, and those that staff make.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::people::PersonId;
use super::settings::Locale;

/// The number of a group. Automatic groups have fixed ones whatever the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GroupId(pub i64);

/// Everybody: a group that is never a list.
pub const EVERYONE: GroupId = GroupId(0);
/// All admins.
pub const ADMINS: GroupId = GroupId(1);
/// All moderators.
pub const MODERATORS: GroupId = GroupId(2);
/// Admins and moderators.
pub const STAFF: GroupId = GroupId(3);
/// The group of trust level 0; the others follow.
const TRUST_LEVEL_0: i64 = 10;
/// The first number of a group that staff make.
const FIRST_OWN: i64 = 41;

/// The group of everybody at this level or above.
pub fn of_level(level: u8) -> GroupId {
    GroupId(TRUST_LEVEL_0 + i64::from(level))
}

/// Who sees a group, or its members: the forum's numbers 0 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub enum Audience {
    /// Everybody, also who is not signed in.
    #[default]
    Public,
    /// Who is signed in.
    SignedIn,
    /// Members (and admins).
    Members,
    /// Staff.
    Staff,
    /// Owners (and admins).
    Owners,
}

impl From<i64> for Audience {
    fn from(level: i64) -> Audience {
        match level {
            0 => Audience::Public,
            1 => Audience::SignedIn,
            2 => Audience::Members,
            3 => Audience::Staff,
            _ => Audience::Owners,
        }
    }
}

impl From<Audience> for i64 {
    fn from(audience: Audience) -> i64 {
        match audience {
            Audience::Public => 0,
            Audience::SignedIn => 1,
            Audience::Members => 2,
            Audience::Staff => 3,
            Audience::Owners => 4,
        }
    }
}

/// A group as the forum knows it.
#[derive(Clone, Debug)]
pub struct Group {
    /// The number, which never changes.
    pub id: GroupId,
    /// The name in addresses; localised for automatic groups.
    pub name: String,
    /// Kept by the forum itself.
    pub automatic: bool,
    /// The name in full.
    pub full_name: Option<String>,
    /// A title its members may wear.
    pub title: Option<String>,
    /// Whether it becomes the primary group of its members.
    pub primary: bool,
    /// The level new members get at least.
    pub grant_trust_level: Option<u8>,
    /// An icon or a picture.
    pub flair_url: Option<String>,
    /// Behind the icon.
    pub flair_bg_color: Option<String>,
    /// Of the icon.
    pub flair_color: Option<String>,
    /// About the group, in Markdown.
    pub bio_raw: Option<String>,
    /// Who sees the group.
    pub visibility: Audience,
    /// Who sees its members.
    pub members_visibility: Audience,
    /// How many members it says it has; brought up to date later than the members themselves.
    pub user_count: usize,
    pub(crate) counted_at_ms: i64,
    pub(crate) members: Vec<PersonId>,
    pub(crate) order_is_stale: bool,
}

impl Group {
    /// How many members it has now.
    pub fn total(&self) -> usize {
        self.members.len()
    }
}

/// All groups.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    by_id: BTreeMap<GroupId, Group>,
    by_name: HashMap<String, GroupId>,
    last_id: i64,
    last_membership: i64,
}

impl Groups {
    /// The groups every forum has, named in its language.
    pub(crate) fn automatic(locale: Locale) -> Groups {
        let mut groups = Groups { last_id: FIRST_OWN - 1, ..Groups::default() };
        for (id, name) in locale.automatic_groups() {
            let mut group = Groups::blank(GroupId(id), name.to_owned());
            group.automatic = true;
            group.visibility = if id == EVERYONE.0 { Audience::Staff } else { Audience::SignedIn };
            groups.insert(group);
        }
        groups
    }

    pub(crate) fn blank(id: GroupId, name: String) -> Group {
        Group {
            id,
            name,
            automatic: false,
            full_name: None,
            title: None,
            primary: false,
            grant_trust_level: None,
            flair_url: None,
            flair_bg_color: None,
            flair_color: None,
            bio_raw: None,
            visibility: Audience::Public,
            members_visibility: Audience::Public,
            user_count: 0,
            counted_at_ms: 0,
            members: Vec::new(),
            // Nobody has looked yet: the first look puts them in order.
            order_is_stale: true,
        }
    }

    pub(crate) fn insert(&mut self, group: Group) {
        self.last_id = self.last_id.max(group.id.0);
        self.by_name.insert(group.name.to_lowercase(), group.id);
        self.by_id.insert(group.id, group);
    }

    pub(crate) fn next_id(&self) -> GroupId {
        GroupId(self.last_id + 1)
    }

    pub(crate) fn next_membership(&mut self) -> i64 {
        self.last_membership += 1;
        self.last_membership
    }

    pub(crate) fn get(&self, id: GroupId) -> Option<&Group> {
        self.by_id.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: GroupId) -> Option<&mut Group> {
        self.by_id.get_mut(&id)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Group> {
        self.by_name.get(&name.to_lowercase()).and_then(|id| self.get(*id))
    }

    pub(crate) fn rename(&mut self, id: GroupId, name: &str) {
        if let Some(group) = self.by_id.get_mut(&id) {
            self.by_name.remove(&group.name.to_lowercase());
            name.clone_into(&mut group.name);
            self.by_name.insert(name.to_lowercase(), id);
        }
    }

    pub(crate) fn remove(&mut self, id: GroupId) -> Option<Group> {
        let group = self.by_id.remove(&id)?;
        self.by_name.remove(&group.name.to_lowercase());
        Some(group)
    }

    /// All but `everyone`, which no list shows.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Group> {
        self.by_id.values().filter(|group| group.id != EVERYONE)
    }
}
