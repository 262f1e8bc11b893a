//! Each crate takes licence, lints and edition from the workspace and is not published.

use toml::Table;

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "manifests",
    why: "one licence and one set of lints for all; versions of dependencies stand in one place",
    remedy: "write `NAME.workspace = true` for each of these, `[lints] workspace = true`, and declare the dependency \
             in the workspace's Cargo.toml",
    check,
};

const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];
const DEPENDENCIES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

fn check(tree: &Tree) -> Vec<Finding> {
    let manifests =
        tree.texts().filter(|(name, _)| name.starts_with("crates/") && name.ends_with("/Cargo.toml"));
    manifests
        .flat_map(|(name, text)| problems(text).into_iter().map(|found| Finding::new(name, 1, found)))
        .collect()
}

fn problems(text: &str) -> Vec<String> {
    let manifest = match text.parse::<Table>() {
        Ok(manifest) => manifest,
        Err(reason) => return vec![format!("is not TOML: {}", reason.message())],
    };
    let package = manifest.get("package").and_then(toml::Value::as_table);
    let fields =
        INHERITED.iter().filter(|field| !package.is_some_and(|package| inherits(package.get(**field))));
    let mut problems: Vec<String> = fields.map(|field| format!("`{field}` is not the workspace's")).collect();
    if !inherits(manifest.get("lints")) {
        problems.push("the lints are not the workspace's".to_owned());
    }
    let tables = DEPENDENCIES.iter().filter_map(|kind| manifest.get(*kind)?.as_table());
    let own = tables.flatten().filter(|(_, how)| !inherits(Some(how)));
    problems.extend(own.map(|(name, _)| format!("`{name}` has a version of its own")));
    problems
}

fn inherits(value: Option<&toml::Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    const RIGHT: &str = "[package]\nname = \"web\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
        [lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\nsim = { workspace = true, optional = true }\n";

    #[test]
    fn a_crate_takes_from_the_workspace() {
        for (text, count) in [
            (RIGHT.to_owned(), 0),
            (RIGHT.replace("license.workspace = true", "license = \"MIT\""), 1),
            (RIGHT.replace("[lints]\nworkspace = true\n", ""), 1),
            (RIGHT.replace("serde.workspace = true", "serde = \"1\""), 1),
            ("[package".to_owned(), 1),
        ] {
            assert_eq!(broken(&RULE, &Tree::of(&[("crates/web/Cargo.toml", &text)])).len(), count, "{text}");
        }
    }
}
