//! People and groups as Discourse's JSON has them, from 2.9 to today; what is absent stays told from what is null.

use chrono::{DateTime, Utc};
use domain::facts::Cell;
use domain::time::Timestamp;
use serde::{Deserialize, Deserializer};

/// A field that may be absent, null or there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Maybe<T> {
    /// The answer does not speak of it.
    #[default]
    Absent,
    /// The answer says that there is none.
    Null,
    /// This.
    Is(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Is))
    }
}

impl<T> Maybe<T> {
    /// The value, if there is one.
    pub(crate) fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl Maybe<String> {
    /// The text as a fact: null and empty say that there is none, absent says nothing.
    pub(crate) fn cell(&self) -> Cell {
        match self {
            Self::Absent => Cell::Unknown,
            Self::Null => Cell::Null,
            Self::Is(text) => Cell::text_or_null(Some(text.as_str()).filter(|text| !text.is_empty())),
        }
    }
}

/// A moment as Discourse writes it: RFC 3339.
pub(crate) type Moment = DateTime<Utc>;

/// The moment in the hall's own terms.
pub(crate) fn timestamp(moment: &Moment) -> Timestamp {
    Timestamp(moment.timestamp_millis())
}

/// A person as admin pages and admin lists have them.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AdminUser {
    pub(crate) id: i64,
    pub(crate) username: String,
    #[serde(default)]
    pub(crate) name: Maybe<String>,
    #[serde(default)]
    pub(crate) title: Maybe<String>,
    pub(crate) trust_level: i64,
    pub(crate) admin: bool,
    pub(crate) moderator: bool,
    #[serde(default)]
    pub(crate) active: Option<bool>,
    #[serde(default)]
    pub(crate) staged: Option<bool>,
    #[serde(default)]
    pub(crate) created_at: Option<Moment>,
    #[serde(default)]
    pub(crate) suspended_till: Option<Moment>,
    #[serde(default)]
    pub(crate) silenced: Option<bool>,
    #[serde(default)]
    pub(crate) silenced_till: Option<Moment>,
    #[serde(default)]
    pub(crate) groups: Option<Vec<GroupOfUser>>,
}

/// A group as a person's page names it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GroupOfUser {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) visibility_level: Option<i64>,
}

/// One page of a group's members.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MembersPage {
    pub(crate) members: Vec<MemberRow>,
    pub(crate) meta: MembersMeta,
}

/// Where a page of members lies.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MembersMeta {
    pub(crate) total: usize,
}

/// A member of a group.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MemberRow {
    pub(crate) id: i64,
    pub(crate) username: String,
    #[serde(default)]
    pub(crate) name: Maybe<String>,
    #[serde(default)]
    pub(crate) title: Maybe<String>,
    #[serde(default)]
    pub(crate) trust_level: Option<i64>,
}

/// One page of the list of groups.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GroupsPage {
    pub(crate) groups: Vec<ListedGroup>,
    #[serde(default)]
    pub(crate) total_rows_groups: Option<usize>,
}

/// A group as the list of groups has it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ListedGroup {
    pub(crate) id: i64,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) visibility_level: Option<i64>,
}

impl AdminUser {
    /// Whether a suspension is in force, and its end.
    pub(crate) fn suspension(&self, now: Timestamp) -> (bool, Option<Timestamp>) {
        in_force(self.suspended_till.as_ref(), false, now)
    }

    /// Whether a silence is in force, and its end. `silenced` without an end holds until somebody lifts it.
    pub(crate) fn silence(&self, now: Timestamp) -> (bool, Option<Timestamp>) {
        in_force(self.silenced_till.as_ref(), self.silenced == Some(true), now)
    }
}

fn in_force(till: Option<&Moment>, without_end: bool, now: Timestamp) -> (bool, Option<Timestamp>) {
    match till.map(timestamp) {
        Some(till) if till > now => (true, Some(till)),
        Some(_) => (false, None),
        None => (without_end, None),
    }
}
