//! The first line of a Rust file says what the file is for.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "first-line",
    why: "who opens a file should know in one line whether it is the right one",
    remedy: "begin the file with `//! ` and a sentence that says what it is for",
    check,
};

/// Shorter than this says nothing.
const WORDS_MIN: usize = 3;

fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter_map(|(name, file)| says_nothing(&file.text).map(|found| Finding::new(name, 1, found)))
        .collect()
}

fn says_nothing(text: &str) -> Option<&'static str> {
    match text.lines().next().unwrap_or_default().strip_prefix("//! ") {
        None => Some("the first line is not `//! …`"),
        Some(sentence) if sentence.split_whitespace().count() < WORDS_MIN => {
            Some("the first line says too little")
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_file_must_begin_with_a_sentence() {
        for (text, count) in [
            ("//! Who people are.\n", 0),
            ("//! Members.\n", 1),
            ("//!\n//! Who people are.\n", 1),
            ("// Who people are.\n", 1),
            ("use std::fs;\n", 1),
            ("", 1),
        ] {
            assert_eq!(
                broken(&RULE, &Tree::of(&[("crates/domain/src/member.rs", text)])).len(),
                count,
                "{text}"
            );
        }
    }
}
