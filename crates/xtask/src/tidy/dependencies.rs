//! Every dependency of the workspace has a line in the record that says what it is for, and no line is left over.

use std::collections::BTreeSet;

use toml::Table;

use super::tree::Tree;
use super::{Finding, Rule};

const MANIFEST: &str = "Cargo.toml";
const RECORD: &str = "docs/decisions/0007-dependencies.md";

pub(super) const RULE: Rule = Rule {
    name: "dependencies",
    why: "each one brings its authors, releases and advisories; who adds one says what for and why not our own code",
    remedy: "add its name to a row of docs/decisions/0007-dependencies.md, or take the row out with the dependency",
    check,
};

fn check(tree: &Tree) -> Vec<Finding> {
    let declared = declared(tree.text(MANIFEST).unwrap_or_default());
    let told: Vec<(String, usize)> = tree.text(RECORD).map(told).unwrap_or_default();
    let untold = declared.iter().filter(|name| !told.iter().any(|(other, _)| other == *name));
    let untold = untold.map(|name| Finding::new(MANIFEST, 1, format!("`{name}` has no row in {RECORD}")));
    let left = told.iter().filter(|(name, _)| !declared.contains(name));
    untold
        .chain(left.map(|(name, at)| Finding::new(RECORD, *at, format!("`{name}` is not a dependency"))))
        .collect()
}

/// The names in `[workspace.dependencies]`, without our own crates, which are paths.
fn declared(manifest: &str) -> BTreeSet<String> {
    let manifest = manifest.parse::<Table>().unwrap_or_default();
    let dependencies = manifest.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let others = dependencies.and_then(toml::Value::as_table).into_iter().flatten();
    others.filter(|(_, how)| how.get("path").is_none()).map(|(name, _)| name.clone()).collect()
}

/// The names in the first column of the record's table, without what stands in brackets.
fn told(record: &str) -> Vec<(String, usize)> {
    let rows = record.lines().zip(1_usize..).filter(|(line, _)| line.starts_with("| "));
    // The heading and the line below it.
    rows.skip(2)
        .flat_map(|(row, at)| {
            let names = row.split('|').nth(1).and_then(|column| column.split('(').next()).unwrap_or_default();
            names.split(',').map(|name| (name.trim().to_owned(), at)).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn dependencies_and_rows_match() {
        let manifest =
            "[workspace.dependencies]\ndomain = { path = \"crates/domain\" }\nserde = \"1\"\ntoml = \"1\"\n";
        let heading = "| name | what for | why |\n| --- | --- | --- |\n";
        for (rows, expected) in [
            ("| serde, toml (tests) | settings | places |", None),
            (
                "| serde | settings | places |",
                Some("Cargo.toml:1: `toml` has no row in docs/decisions/0007-dependencies.md"),
            ),
            (
                "| serde, toml, rand | x | y |",
                Some("docs/decisions/0007-dependencies.md:3: `rand` is not a dependency"),
            ),
        ] {
            let record = format!("{heading}{rows}\n");
            let tree = Tree::of(&[(MANIFEST, manifest), (RECORD, &record)]);
            assert_eq!(broken(&RULE, &tree).first().map(String::as_str), expected, "{rows}");
        }
    }
}
