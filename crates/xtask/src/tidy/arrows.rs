//! Which crate of ours may use which: the arrows of ARCHITECTURE.md.

use super::tree::{Package, Tree};
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "arrows",
    why: "the list of crates is the architecture: adapters never see one another, the domain sees nobody",
    remedy: "move the code to the crate that may know it, or let the service offer a port",
    check,
};

/// A crate and those of ours that it may use.
struct Row {
    name: &'static str,
    may_use: &'static [&'static str],
}

const ADAPTER: &[&str] = &["domain", "service"];
const ALL: &[&str] =
    &["domain", "store", "service", "discord", "discourse", "directory", "fediverse", "notify", "web", "sim"];

/// The table of ARCHITECTURE.md, a line a crate.
const ARROWS: &[Row] = &[
    Row { name: "domain", may_use: &[] },
    Row { name: "store", may_use: &["domain"] },
    Row { name: "service", may_use: &["domain", "store"] },
    Row { name: "discord", may_use: ADAPTER },
    Row { name: "discourse", may_use: ADAPTER },
    Row { name: "directory", may_use: ADAPTER },
    Row { name: "fediverse", may_use: ADAPTER },
    Row { name: "notify", may_use: ADAPTER },
    Row { name: "web", may_use: ADAPTER },
    Row { name: "sim", may_use: &[] },
    Row { name: "xtask", may_use: &[] },
    Row { name: "guildhall", may_use: ALL },
];

fn check(tree: &Tree) -> Vec<Finding> {
    tree.packages.iter().flat_map(|package| of_package(tree, package)).collect()
}

fn of_package(tree: &Tree, package: &Package) -> Vec<Finding> {
    let Some(row) = ARROWS.iter().find(|row| row.name == package.name) else {
        let found = format!("`{}` has no line in ARROWS (crates/xtask/src/tidy/arrows.rs)", package.name);
        return vec![Finding::new(&package.manifest, 1, found)];
    };
    let is_ours = |name: &str| ARROWS.iter().any(|row| row.name == name);
    let forbidden =
        package.uses.iter().filter(|used| is_ours(&used.name) && !row.may_use.contains(&used.name.as_str()));
    forbidden
        .map(|used| {
            let line = line_of(tree, &package.manifest, &used.name);
            Finding::new(&package.manifest, line, format!("`{}` uses `{}`", package.name, used.name))
        })
        .collect()
}

/// The line of a manifest that begins with this name; the first line when there is none.
pub(super) fn line_of(tree: &Tree, manifest: &str, name: &str) -> usize {
    let text = tree.text(manifest).unwrap_or_default();
    let names = |line: &str| line.split(['.', ' ', '=']).next() == Some(name);
    text.lines().position(names).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;
    use crate::tidy::tree::Uses;

    fn uses(name: &str, in_tests: bool) -> Uses {
        Uses { name: name.to_owned(), in_tests }
    }

    fn package(name: &str, uses: Vec<Uses>) -> Package {
        Package { name: name.to_owned(), manifest: format!("crates/{name}/Cargo.toml"), uses }
    }

    #[test]
    fn an_arrow_that_is_not_drawn_is_found_also_in_tests() {
        for (from, to, drawn) in [
            ("domain", "store", false),
            ("store", "domain", true),
            ("store", "service", false),
            ("service", "store", true),
            ("discord", "service", true),
            ("discord", "store", false),
            ("discord", "discourse", false),
            ("web", "discord", false),
            ("sim", "domain", false),
            ("service", "sim", false),
            ("guildhall", "sim", true),
            ("xtask", "domain", false),
            ("domain", "serde", true),
        ] {
            for in_tests in [false, true] {
                let mut tree = Tree::default();
                tree.packages.push(package(from, vec![uses(to, in_tests)]));
                assert_eq!(broken(&RULE, &tree).is_empty(), drawn, "{from} → {to}");
            }
        }
    }

    #[test]
    fn the_finding_points_at_the_line_of_the_manifest() {
        let mut tree = Tree::of(&[(
            "crates/web/Cargo.toml",
            "[dependencies]\ndomain.workspace = true\nstore.workspace = true\n",
        )]);
        tree.packages.push(package("web", vec![uses("domain", false), uses("store", false)]));
        assert_eq!(broken(&RULE, &tree), ["crates/web/Cargo.toml:3: `web` uses `store`"]);
    }

    #[test]
    fn a_crate_without_a_line_is_found() {
        let mut tree = Tree::default();
        tree.packages.push(package("helpers", vec![]));
        assert_eq!(broken(&RULE, &tree).len(), 1);
    }
}
