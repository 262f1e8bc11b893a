//! What a crate must never contain: I/O in the domain, foreign words in the store, wire formats in the service.

use super::tree::{Package, Tree};
use super::words::{Word, find};
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "pure",
    why: "each crate has one reason to change; the domain is a pure function of its arguments (invariants 1 and 9)",
    remedy: "take time, randomness and facts as parameters; do the outside's part in an adapter or the program",
    check,
};

/// A crate, the packages it must not use, and the rows of words it must not contain.
struct Purity {
    name: &'static str,
    packages: &'static [&'static str],
    rows: &'static [&'static str],
    /// Parts of function names.
    in_function_names: &'static [&'static str],
}

const NOTHING: Purity = Purity { name: "", packages: &[], rows: &[], in_function_names: &[] };
const ADAPTER: Purity = Purity { packages: &["sqlx"], ..NOTHING };

const PURITY: &[Purity] = &[
    Purity {
        name: "domain",
        packages: &[
            "async-trait",
            "axum",
            "futures-util",
            "rand",
            "reqwest",
            "sqlx",
            "tokio",
            "tokio-util",
            "tracing",
        ],
        rows: &[
            "async",
            ". await",
            "SystemTime",
            "Instant::now",
            "Utc::now",
            "std::fs",
            "std::net",
            "std::env",
            "thread_rng",
        ],
        ..NOTHING
    },
    Purity {
        name: "store",
        in_function_names: &["discord", "discourse", "inbox"],
        packages: &["reqwest", "axum"],
        ..NOTHING
    },
    Purity {
        name: "service",
        packages: &[
            "askama",
            "axum",
            "html5ever",
            "htmd",
            "http",
            "hyper",
            "reqwest",
            "sqlx",
            "twilight-model",
        ],
        ..NOTHING
    },
    Purity { name: "discord", ..ADAPTER },
    Purity { name: "discourse", ..ADAPTER },
    Purity { name: "directory", ..NOTHING },
    Purity { name: "fediverse", ..ADAPTER },
    Purity { name: "notify", ..ADAPTER },
    Purity { name: "web", ..ADAPTER },
];

fn check(tree: &Tree) -> Vec<Finding> {
    PURITY.iter().flat_map(|purity| [packages(tree, purity), words(tree, purity)].concat()).collect()
}

fn packages(tree: &Tree, purity: &Purity) -> Vec<Finding> {
    let ours = tree.packages.iter().filter(|package| package.name == purity.name);
    let forbidden = |package: &Package| -> Vec<Finding> {
        let shipped = package
            .uses
            .iter()
            .filter(|used| !used.in_tests && purity.packages.contains(&used.name.as_str()));
        shipped
            .map(|used| {
                Finding::new(&package.manifest, 1, format!("`{}` uses `{}`", package.name, used.name))
            })
            .collect()
    };
    ours.flat_map(forbidden).collect()
}

fn words(tree: &Tree, purity: &Purity) -> Vec<Finding> {
    let source = format!("crates/{}/src/", purity.name);
    let files = tree.rust().filter(|(name, _)| name.starts_with(&source) && !name.ends_with("/tests.rs"));
    files
        .flat_map(|(name, file)| {
            let rows = purity.rows.iter().flat_map(|row| rows(name, file.words(), row));
            rows.chain(function_names(name, file.words(), purity.in_function_names)).collect::<Vec<_>>()
        })
        .collect()
}

fn rows(name: &str, words: &[Word], row: &str) -> Vec<Finding> {
    let begins = find(words, row).into_iter().filter_map(<[Word]>::first);
    begins.map(|word| Finding::new(name, word.line, format!("`{row}`"))).collect()
}

fn function_names(name: &str, words: &[Word], forbidden: &[&str]) -> Vec<Finding> {
    let functions = find(words, "fn").into_iter().filter_map(|rest| rest.get(1));
    let foreign = functions.filter(|function| forbidden.iter().any(|part| function.text.contains(part)));
    foreign
        .map(|function| Finding::new(name, function.line, format!("a function called `{}`", function.text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;
    use crate::tidy::tree::Uses;

    #[test]
    fn a_foreign_word_is_found_in_its_crate_alone() {
        for (file, text, expected) in [
            (
                "crates/domain/src/plan.rs",
                "\nasync fn plan() {}",
                Some("crates/domain/src/plan.rs:2: `async`"),
            ),
            (
                "crates/domain/src/plan.rs",
                "fn f() { x.await }",
                Some("crates/domain/src/plan.rs:1: `. await`"),
            ),
            (
                "crates/domain/src/plan.rs",
                "fn f() { Instant::now(); }",
                Some("crates/domain/src/plan.rs:1: `Instant::now`"),
            ),
            ("crates/domain/src/plan.rs", "// async is for others\nfn f() {}", None),
            ("crates/service/src/plan.rs", "async fn plan() {}", None),
            (
                "crates/store/src/jobs.rs",
                "fn save_discord_name() {}",
                Some("crates/store/src/jobs.rs:1: a function called `save_discord_name`"),
            ),
            ("crates/store/src/jobs.rs", "fn save(place: &str) { let discord = 1; }", None),
        ] {
            let tree = Tree::of(&[(file, text)]);
            assert_eq!(broken(&RULE, &tree).first().map(String::as_str), expected, "{text}");
        }
    }

    #[test]
    fn a_foreign_package_is_found_unless_only_tests_use_it() {
        for (name, used, in_tests, count) in [
            ("domain", "tokio", false, 1),
            ("domain", "tokio", true, 0),
            ("service", "reqwest", false, 1),
            ("web", "sqlx", false, 1),
            ("store", "sqlx", false, 0),
        ] {
            let mut tree = Tree::default();
            let uses = vec![Uses { name: used.to_owned(), in_tests }];
            tree.packages.push(Package { name: name.to_owned(), manifest: "Cargo.toml".to_owned(), uses });
            assert_eq!(broken(&RULE, &tree).len(), count, "{name} {used}");
        }
    }
}
