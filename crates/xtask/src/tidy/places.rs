//! Paths of somebody's machine, and other registries than the public one.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "places",
    why: "what is built must build anywhere, and a path or a host of one machine says too much about it",
    remedy: "use a path relative to the repository, a temporary folder, or crates.io",
    check,
};

// In two halves, so that this file does not find itself.
const PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn check(tree: &Tree) -> Vec<Finding> {
    let paths = tree.texts().flat_map(|(name, text)| {
        let lines = text.lines().zip(1_usize..);
        lines.filter_map(move |(line, at)| {
            PATHS
                .iter()
                .find(|path| is_path(line, path))
                .map(|path| Finding::new(name, at, format!("`{path}`")))
        })
    });
    paths.chain(sources(tree)).chain(registries(tree)).collect()
}

/// Whether it begins a path here: not the middle of an address such as `example.org/…`.
fn is_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| {
            !letter.is_alphanumeric() && !['.', '-', '_', '}', '~', '/'].contains(&letter)
        })
    })
}

/// Every package comes from crates.io (`unknown-registry` and `unknown-git` of deny.toml).
fn sources(tree: &Tree) -> Vec<Finding> {
    let lines = tree.text("Cargo.lock").unwrap_or_default().lines().zip(1_usize..);
    let others = lines.filter(|(line, _)| line.starts_with("source = ") && !line.contains(REGISTRY));
    others.map(|(line, at)| Finding::new("Cargo.lock", at, line)).collect()
}

fn registries(tree: &Tree) -> Vec<Finding> {
    let file = ".cargo/config.toml";
    let lines = tree.text(file).unwrap_or_default().lines().zip(1_usize..);
    let replaced = lines.filter(|(line, _)| line.starts_with("[source") || line.starts_with("[registr"));
    replaced.map(|(line, at)| Finding::new(file, at, line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_path_of_a_machine_is_found_and_an_address_is_not() {
        for (text, count) in [
            (format!("see {}main", PATHS[0]), 1),
            (format!("\"{}me/.cargo\"", PATHS[1]), 1),
            (format!("https://example.org{}x", PATHS[0]), 0),
            (format!("{{url}}{}x", PATHS[2]), 0),
            ("the homeward path".to_owned(), 0),
        ] {
            assert_eq!(broken(&RULE, &Tree::of(&[("docs/guide/start.md", &text)])).len(), count, "{text}");
        }
    }

    #[test]
    fn another_registry_is_found() {
        let ours = format!("source = \"{REGISTRY}\"\n");
        for (file, text, count) in [
            ("Cargo.lock", ours.as_str(), 0),
            ("Cargo.lock", "source = \"git+https://example.org/crate\"\n", 1),
            (".cargo/config.toml", "[source.crates-io]\nreplace-with = \"mirror\"\n", 1),
            (".cargo/config.toml", "[alias]\n", 0),
        ] {
            assert_eq!(broken(&RULE, &Tree::of(&[(file, text)])).len(), count, "{text}");
        }
    }
}
