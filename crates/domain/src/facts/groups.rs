//! The groups of a person, of which some may never have been read.

use serde::{Deserialize, Serialize};

use crate::ids::GroupId;

/// The groups that a source names for one person, and how far that can be relied on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Groups {
    member_of: Vec<GroupId>,
    known: GroupsKnown,
}

/// Which groups an answer covers: absence says "not in it" only for these.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupsKnown {
    /// The source listed every group of the person.
    All,
    /// Only these groups were read, each completely. Sorted.
    Only(Vec<GroupId>),
}

impl Groups {
    /// Every group of a person.
    pub fn all(member_of: impl IntoIterator<Item = GroupId>) -> Self {
        Self { member_of: sorted(member_of), known: GroupsKnown::All }
    }

    /// The groups of a person among those that were read completely.
    pub fn among(
        member_of: impl IntoIterator<Item = GroupId>,
        read: impl IntoIterator<Item = GroupId>,
    ) -> Self {
        Self { member_of: sorted(member_of), known: GroupsKnown::Only(sorted(read)) }
    }

    /// Whether the person is in a group; `None` when the source never said.
    pub fn contains(&self, group: GroupId) -> Option<bool> {
        if self.member_of.binary_search(&group).is_ok() {
            return Some(true);
        }
        match &self.known {
            GroupsKnown::All => Some(false),
            GroupsKnown::Only(read) => read.binary_search(&group).is_ok().then_some(false),
        }
    }

    /// How many groups the person is in; `None` when not every group was read.
    pub fn count(&self) -> Option<usize> {
        (self.known == GroupsKnown::All).then_some(self.member_of.len())
    }

    /// What is known after a newer reading: about the groups it covers, what it says; about others, as before.
    #[must_use]
    pub fn updated(&self, newer: &Self) -> Self {
        let GroupsKnown::Only(read) = &newer.known else { return newer.clone() };
        let kept = self.member_of.iter().filter(|group| read.binary_search(group).is_err());
        let member_of = sorted(kept.chain(&newer.member_of).copied());
        let known = match &self.known {
            GroupsKnown::All => GroupsKnown::All,
            GroupsKnown::Only(before) => GroupsKnown::Only(sorted(before.iter().chain(read).copied())),
        };
        Self { member_of, known }
    }

    /// The same, but for some groups that could not be read: whether the person is in those is unknown. Of whom
    /// everything was known, what is known of `others` stays known too.
    #[must_use]
    pub fn without(&self, unread: &[GroupId], others: &[GroupId]) -> Self {
        let is_read = |group: &&GroupId| !unread.contains(group);
        let member_of = sorted(self.member_of.iter().filter(is_read).copied());
        let read: Vec<GroupId> = match &self.known {
            _ if unread.is_empty() => return self.clone(),
            GroupsKnown::All => member_of.iter().chain(others).filter(is_read).copied().collect(),
            GroupsKnown::Only(read) => read.iter().filter(is_read).copied().collect(),
        };
        Self { member_of, known: GroupsKnown::Only(sorted(read)) }
    }

    /// The groups the person is known to be in, sorted by id.
    pub fn member_of(&self) -> &[GroupId] {
        &self.member_of
    }
}

fn sorted(groups: impl IntoIterator<Item = GroupId>) -> Vec<GroupId> {
    let mut groups: Vec<GroupId> = groups.into_iter().collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known of the groups 1 to 4.
    type Known = [Option<bool>; 4];

    fn ids(groups: &[i64]) -> Vec<GroupId> {
        groups.iter().copied().map(GroupId).collect()
    }

    #[test]
    fn groups_that_could_not_be_read_are_unknown_and_the_others_stay_known() {
        let all = Groups::all(ids(&[1, 2]));
        let some = Groups::among(ids(&[1, 2]), ids(&[1, 2, 3]));
        // What was known, what could not be read, and what is known then.
        let cases: [(&Groups, &[i64], Known); 6] = [
            (&all, &[], [Some(true), Some(true), Some(false), Some(false)]),
            (&all, &[2], [Some(true), None, Some(false), Some(false)]),
            (&all, &[3], [Some(true), Some(true), None, Some(false)]),
            (&some, &[], [Some(true), Some(true), Some(false), None]),
            (&some, &[1], [None, Some(true), Some(false), None]),
            (&some, &[3], [Some(true), Some(true), None, None]),
        ];
        for (before, unread, expected) in cases {
            let after = before.without(&ids(unread), &ids(&[1, 2, 3, 4]));
            let known = ids(&[1, 2, 3, 4]).into_iter().map(|group| after.contains(group));
            assert_eq!(known.collect::<Vec<_>>(), expected, "{before:?} without {unread:?}");
        }
        assert_eq!((all.count(), all.without(&ids(&[3]), &[]).count()), (Some(2), None));
    }
}
