//! Twin migrations: the same numbers and names for SQLite and PostgreSQL, without gaps.

use std::collections::BTreeSet;

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "migrations",
    why: "both databases have the same history, so that a copy from one to the other has a place for everything",
    remedy: "write the twin with the same number and name (NNNN_name.sql), numbered from 0001 without a gap",
    check,
};

const FOLDERS: [&str; 2] = ["crates/store/migrations/sqlite/", "crates/store/migrations/postgres/"];

fn check(tree: &Tree) -> Vec<Finding> {
    let [sqlite, postgres] = FOLDERS.map(|folder| names(tree, folder));
    let both = [(FOLDERS[0], &sqlite, &postgres), (FOLDERS[1], &postgres, &sqlite)];
    both.into_iter()
        .flat_map(|(folder, mine, theirs)| [alone(folder, mine, theirs), gaps(folder, mine)].concat())
        .collect()
}

fn names<'tree>(tree: &'tree Tree, folder: &'tree str) -> BTreeSet<&'tree str> {
    tree.under(folder)
        .filter_map(|path| path.strip_prefix(folder))
        .filter(|name| name.ends_with(".sql"))
        .collect()
}

fn alone(folder: &str, mine: &BTreeSet<&str>, theirs: &BTreeSet<&str>) -> Vec<Finding> {
    mine.difference(theirs).map(|name| Finding::new(&format!("{folder}{name}"), 1, "has no twin")).collect()
}

fn gaps(folder: &str, mine: &BTreeSet<&str>) -> Vec<Finding> {
    let wrong = mine.iter().zip(1_u32..).filter(|(name, number)| !name.starts_with(&format!("{number:04}_")));
    wrong
        .map(|(name, number)| {
            Finding::new(&format!("{folder}{name}"), 1, format!("expected number {number:04}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn migrations_come_in_twins_without_gaps() {
        for (sqlite, postgres, count) in [
            (&["0001_members.sql", "0002_jobs.sql"][..], &["0001_members.sql", "0002_jobs.sql"][..], 0),
            (&["0001_members.sql"], &[], 1),
            (&["0001_members.sql"], &["0001_people.sql"], 2),
            (&["0001_members.sql", "0003_jobs.sql"], &["0001_members.sql", "0003_jobs.sql"], 2),
            (&["1_members.sql"], &["1_members.sql"], 2),
            (&[], &[], 0),
        ] {
            let paths: Vec<String> = [(FOLDERS[0], sqlite), (FOLDERS[1], postgres)]
                .iter()
                .flat_map(|(folder, names)| names.iter().map(move |name| format!("{folder}{name}")))
                .collect();
            let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
            assert_eq!(broken(&RULE, &Tree::of(&files)).len(), count, "{sqlite:?} {postgres:?}");
        }
    }
}
