//! How long a Rust file may be.

use super::tree::Tree;
use super::{Finding, Rule};

/// Lines of a file at most; clippy keeps the length of functions.
const LINES_MAX: usize = 400;

pub(super) const RULE: Rule = Rule {
    name: "length",
    why: "a file is one idea, and one idea fits in 400 lines",
    remedy: "give the second idea a file of its own; tests longer than the code go to NAME/tests.rs",
    check,
};

fn check(tree: &Tree) -> Vec<Finding> {
    let long = tree
        .rust()
        .map(|(name, file)| (name, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX);
    long.map(|(name, lines)| Finding::new(name, LINES_MAX + 1, format!("{lines} lines, {LINES_MAX} at most")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_file_with_a_line_too_many_is_found_wherever_it_is() {
        let (full, over) = ("\n".repeat(LINES_MAX), "\n".repeat(LINES_MAX + 1));
        for (file, text, count) in [
            ("crates/domain/src/plan.rs", &full, 0),
            ("crates/domain/src/plan.rs", &over, 1),
            ("crates/domain/src/plan/tests.rs", &over, 1),
            ("crates/guildhall/tests/stories/link.rs", &over, 1),
            ("docs/guide/start.md", &over, 0),
        ] {
            assert_eq!(broken(&RULE, &Tree::of(&[(file, text)])).len(), count, "{file}");
        }
    }
}
