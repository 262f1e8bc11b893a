//! Attributes that switch something off: `allow`, `expect` without a reason, `cfg(test)` in shipped code.

use super::tree::Tree;
use super::words::{Word, find, group};
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "attributes",
    why: "a lint that is off without a reason stays off for ever; code that knows it is tested is not what is shipped",
    remedy: "write `#[expect(lint, reason = \"…\")]`; let `sim` pretend and pass Clock and Entropy in, so that \
             `#[cfg(test)]` stands only before `mod tests`",
    check,
};

fn check(tree: &Tree) -> Vec<Finding> {
    let each = tree.rust().map(|(name, file)| (name, file.words()));
    each.flat_map(|(name, words)| [allow(name, words), expect(name, words), test(name, words)].concat())
        .collect()
}

fn allow(name: &str, words: &[Word]) -> Vec<Finding> {
    let plain = find(words, "# [ allow (");
    let inner = find(words, "# ! [ allow (");
    let hidden = find(words, "cfg_attr (").into_iter().filter(|rest| {
        let inside = rest.get(1..).map(group).unwrap_or_default();
        !find(inside, ", allow (").is_empty()
    });
    let all = plain.into_iter().chain(inner).chain(hidden);
    all.filter_map(<[Word]>::first).map(|word| Finding::new(name, word.line, "`allow`")).collect()
}

fn expect(name: &str, words: &[Word]) -> Vec<Finding> {
    let all = [("# [ expect (", 3), ("# ! [ expect (", 4)];
    let without_reason = all.iter().flat_map(|(row, bracket)| {
        find(words, row).into_iter().filter(move |rest| {
            let inside = rest.get(*bracket..).map(group).unwrap_or_default();
            find(inside, "reason =").is_empty()
        })
    });
    without_reason
        .filter_map(<[Word]>::first)
        .map(|word| Finding::new(name, word.line, "`expect` without a reason"))
        .collect()
}

/// `cfg` and `cfg!` whose condition speaks of tests, unless it is just `#[cfg(test)] mod tests`.
fn test(name: &str, words: &[Word]) -> Vec<Finding> {
    let conditions = [("cfg (", 1), ("cfg ! (", 2), ("cfg_attr (", 1)];
    let about_tests = conditions.iter().flat_map(|(row, bracket)| {
        find(words, row).into_iter().filter(move |rest| {
            let inside = rest.get(*bracket..).map(group).unwrap_or_default();
            inside.iter().any(|word| word.text == "test")
                && find(rest, "cfg ( test ) ] mod tests")
                    .first()
                    .is_none_or(|first| first.len() != rest.len())
        })
    });
    about_tests
        .filter_map(<[Word]>::first)
        .map(|word| Finding::new(name, word.line, "`cfg(test)` before something else than `mod tests`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn what_is_switched_off_needs_a_reason() {
        for (text, count) in [
            ("#[allow(dead_code)]\nfn f() {}", 1),
            ("#![allow(missing_docs)]", 1),
            ("#[cfg_attr(windows, allow(unused))]\nfn f() {}", 1),
            ("#[expect(clippy::panic)]\nfn f() {}", 1),
            ("#[expect(clippy::panic, reason = \"it cannot\")]\nfn f() {}", 0),
            ("#![expect(clippy::panic, reason = \"it cannot\")]", 0),
            ("// #[allow(dead_code)]\nfn f() { allow(1); }", 0),
        ] {
            assert_eq!(
                broken(&RULE, &Tree::of(&[("crates/store/src/jobs.rs", text)])).len(),
                count,
                "{text}"
            );
        }
    }

    #[test]
    fn only_the_test_module_may_know_of_tests() {
        for (text, count) in [
            ("#[cfg(test)]\nmod tests;", 0),
            ("#[cfg(test)]\nmod tests {}", 0),
            ("#[cfg(test)]\nfn now() {}", 1),
            ("#[cfg(not(test))]\nfn now() {}", 1),
            ("#[cfg(any(test, unix))]\nmod tests;", 1),
            ("fn f() { if cfg!(test) {} }", 1),
            ("#[cfg_attr(test, derive(Debug))]\nstruct S;", 1),
            ("#[cfg(unix)]\nfn now() {}", 0),
            ("#[cfg(test)]\nfn now() {}\n#[cfg(test)]\nmod tests;", 1),
        ] {
            assert_eq!(
                broken(&RULE, &Tree::of(&[("crates/store/src/jobs.rs", text)])).len(),
                count,
                "{text}"
            );
        }
    }
}
