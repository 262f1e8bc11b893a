//! Names of files that would say nothing.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "names",
    why: "a name that fits everything attracts everything",
    remedy: "name the file for the one idea in it, in a word of the vocabulary",
    check,
};

const EMPTY_WORDS: &[&str] =
    &["common", "helper", "helpers", "manager", "misc", "util", "utilities", "utils"];

fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter_map(|(name, _)| empty_word(name).map(|word| Finding::new(name, 1, format!("`{word}`"))))
        .collect()
}

fn empty_word(name: &str) -> Option<&str> {
    let parts = name.strip_suffix(".rs").unwrap_or(name).split(['/', '_', '-']);
    parts.into_iter().find(|part| EMPTY_WORDS.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_file_with_an_empty_name_is_found() {
        for (file, count) in [
            ("crates/store/src/utils.rs", 1),
            ("crates/store/src/job_manager.rs", 1),
            ("crates/store/src/common/mod.rs", 1),
            ("crates/store/src/jobs.rs", 0),
            ("crates/web/src/utility_pole.rs", 0),
        ] {
            assert_eq!(broken(&RULE, &Tree::of(&[(file, "")])).len(), count, "{file}");
        }
    }
}
