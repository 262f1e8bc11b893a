//! The tests that the threat model names exist, and every threat has its row.

use std::collections::BTreeSet;

use super::tree::Tree;
use super::words::find;
use super::{Finding, Rule};

const FILE: &str = "docs/threat-model.md";
/// The highest number of a threat; they count from T1.
const THREATS: usize = 28;

pub(super) const RULE: Rule = Rule {
    name: "threats",
    why: "a defence without a test that shows it is a hope, and a test that was renamed shows nothing",
    remedy: "name tests in the last column as they are called in the code, or write `not yet` without backticks",
    check,
};

fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return Vec::new();
    };
    let functions: BTreeSet<&str> = tree
        .rust()
        .flat_map(|(_, file)| find(file.words(), "fn"))
        .filter_map(|rest| rest.get(1).map(|name| name.text.as_str()))
        .collect();
    let rows = text.lines().zip(1_usize..).filter(|(line, _)| line.starts_with("| T"));
    let unknown = rows.clone().flat_map(|(row, at)| {
        let absent = tests_of(row).filter(|name| !functions.contains(name));
        absent
            .map(move |name| Finding::new(FILE, at, format!("there is no test `{name}`")))
            .collect::<Vec<_>>()
    });
    let numbers: BTreeSet<&str> = rows.filter_map(|(row, _)| row.split('|').nth(1)).map(str::trim).collect();
    let missing =
        (1..=THREATS).map(|number| format!("T{number}")).filter(|number| !numbers.contains(number.as_str()));
    unknown.chain(missing.map(|number| Finding::new(FILE, 1, format!("{number} has no row")))).collect()
}

/// What stands in backticks in the last column.
fn tests_of(row: &str) -> impl Iterator<Item = &str> {
    let last = row.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
    last.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_test_that_is_not_there_is_found() {
        let code = "fn a_forged_event_is_refused() {}";
        for (column, count) in [("`a_forged_event_is_refused`", 0), ("`a_forged_event`", 1), ("not yet", 0)] {
            let rows: Vec<String> = (1..=THREATS)
                .map(|number| format!("| T{number} | a `member` | path | defence | {column} |"))
                .collect();
            let text = rows.join("\n");
            let tree = Tree::of(&[(FILE, &text), ("crates/web/tests/hooks.rs", code)]);
            assert_eq!(broken(&RULE, &tree).len(), count * THREATS, "{column}");
        }
    }

    #[test]
    fn a_threat_without_a_row_is_found() {
        let rows: Vec<String> =
            (2..=THREATS).map(|number| format!("| T{number} | | | | not yet |")).collect();
        let text = rows.join("\n");
        assert_eq!(broken(&RULE, &Tree::of(&[(FILE, &text)])), ["docs/threat-model.md:1: T1 has no row"]);
    }
}
