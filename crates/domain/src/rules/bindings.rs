//! Which group each group name in the rules is.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::GroupId;

/// Group names bound to ids, by source. A name that is absent or bound to nothing is a group that is gone
/// or cannot be read: whether somebody is in it is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    by_source: BTreeMap<usize, BTreeMap<String, Option<GroupId>>>,
    hidden: BTreeMap<usize, BTreeSet<String>>,
}

impl Bindings {
    /// Binds a group name of a source (its place in the schema) to a group, or to nothing.
    pub fn bind(&mut self, source: usize, name: impl Into<String>, group: Option<GroupId>) {
        self.by_source.entry(source).or_default().insert(name.into(), group);
    }

    /// Notes that the source hides the group of this name: rules may use it, nobody is told its name.
    pub fn hide(&mut self, source: usize, name: impl Into<String>) {
        self.hidden.entry(source).or_default().insert(name.into());
    }

    /// Whether the source hides the group of this name.
    pub fn is_hidden(&self, source: usize, name: &str) -> bool {
        self.hidden.get(&source).is_some_and(|names| names.contains(name))
    }

    /// The group that a name of a source means.
    pub fn get(&self, source: usize, name: &str) -> Option<GroupId> {
        *self.by_source.get(&source)?.get(name)?
    }

    /// Every name that was bound, to a group or to nothing, by source and name.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str, Option<GroupId>)> {
        self.by_source.iter().flat_map(|(source, names)| {
            names.iter().map(move |(name, group)| (*source, name.as_str(), *group))
        })
    }
}

impl FromIterator<(usize, String, Option<GroupId>)> for Bindings {
    fn from_iter<I: IntoIterator<Item = (usize, String, Option<GroupId>)>>(names: I) -> Self {
        let mut bindings = Self::default();
        for (source, name, group) in names {
            bindings.bind(source, name, group);
        }
        bindings
    }
}
