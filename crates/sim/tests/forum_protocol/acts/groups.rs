//! Acts upon groups.

use sim::forum::{Audience, GroupChange, GroupSpec};

use super::{NOTHING, Row};

pub(super) const GROUPS: &[Row] = &[
    (
        "group-create",
        NOTHING,
        |s| s.harbor.sim.create_group(s.captain, GroupSpec::new("divers")).map(drop),
        &["group_created"],
        None,
    ),
    (
        "group-rename",
        NOTHING,
        |s| s.harbor.sim.rename_group(s.captain, s.makers, "builders"),
        &["group_updated"],
        None,
    ),
    (
        "group-hide",
        NOTHING,
        |s| {
            let change = GroupChange { visibility: Some(Audience::Staff), ..GroupChange::default() };
            s.harbor.sim.update_group(s.captain, s.makers, &change)
        },
        &["group_updated"],
        None,
    ),
    (
        "group-destroy",
        NOTHING,
        |s| s.harbor.sim.delete_group(s.captain, s.makers),
        &["group_destroyed"],
        None,
    ),
    (
        "group-add-members",
        NOTHING,
        |s| s.harbor.sim.add_to_group(s.captain, s.makers, s.captain),
        &["user_added_to_group"],
        None,
    ),
    (
        "group-remove-member",
        NOTHING,
        |s| s.harbor.sim.remove_from_group(s.captain, s.makers, s.mira).map(|was_in| assert!(was_in)),
        &["user_removed_from_group"],
        None,
    ),
];
