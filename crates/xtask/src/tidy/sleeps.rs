//! Tests that wait for time to pass.

use super::tree::Tree;
use super::words::{Word, find};
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "sleeps",
    why: "a test that sleeps is slow when it is right and wrong when the machine is slow; elsewhere clippy refuses it",
    remedy: "move our own Clock and call `settle()`, or wait for the event itself",
    check,
};

const ROWS: &[&str] = &[
    "time::sleep",
    "thread::sleep",
    "time::sleep_until",
    "time::pause",
    "start_paused",
    "thread::park_timeout",
];

fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter(|(name, _)| !name.starts_with("crates/xtask/"))
        .flat_map(|(name, file)| {
            let words = tests_of(name, file.words());
            let found = ROWS.iter().flat_map(|row| {
                find(words, row).into_iter().filter_map(<[Word]>::first).map(move |word| (word.line, row))
            });
            found.map(|(line, row)| Finding::new(name, line, format!("`{row}`"))).collect::<Vec<_>>()
        })
        .collect()
}

/// The words that belong to tests: a whole test file, or from `mod tests` on.
fn tests_of<'words>(name: &str, words: &'words [Word]) -> &'words [Word] {
    if name.contains("/tests/") || name.ends_with("/tests.rs") || name.contains("/benches/") {
        words
    } else {
        find(words, "mod tests").first().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_sleep_in_a_test_is_found_wherever_the_test_stands() {
        let sleeps = "async fn f() { tokio::time::sleep(second).await; }";
        let inside = "fn g() {}\nmod tests { fn f() { std::thread::sleep(second); } }";
        for (file, text, count) in [
            ("crates/guildhall/tests/stories/link.rs", sleeps, 1),
            ("crates/store/src/jobs/tests.rs", sleeps, 1),
            ("crates/store/src/jobs.rs", inside, 1),
            ("crates/sim/src/faults.rs", sleeps, 0),
            ("crates/store/src/jobs/tests.rs", "fn a_job_sleeps() { asleep(); }", 0),
        ] {
            assert_eq!(broken(&RULE, &Tree::of(&[(file, text)])).len(), count, "{file}");
        }
    }
}
