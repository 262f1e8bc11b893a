//! Dependencies that a crate declares and does not use.

use super::arrows::line_of;
use super::tree::{Package, Tree, Uses};
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "used",
    why: "what nobody uses is compiled, audited and updated all the same",
    remedy: "take the line out of the manifest, or move it to [dev-dependencies] when only tests use it",
    check,
};

fn check(tree: &Tree) -> Vec<Finding> {
    tree.packages.iter().flat_map(|package| unused(tree, package)).collect()
}

fn unused(tree: &Tree, package: &Package) -> Vec<Finding> {
    let folder = package.manifest.trim_end_matches("Cargo.toml");
    let finding = |used: &Uses| {
        let line = line_of(tree, &package.manifest, &used.name);
        Finding::new(&package.manifest, line, format!("`{}` is not used", used.name))
    };
    package.uses.iter().filter(|used| !is_named(tree, folder, used)).map(finding).collect()
}

/// Whether a file of the crate names it; what only tests declare may be named anywhere in it.
fn is_named(tree: &Tree, folder: &str, used: &Uses) -> bool {
    let folder = if used.in_tests { folder.to_owned() } else { format!("{folder}src/") };
    let name = used.name.replace('-', "_");
    let mut files = tree.rust().filter(|(file, _)| file.starts_with(&folder));
    files.any(|(_, file)| file.words().iter().any(|word| word.text == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_dependency_that_no_file_names_is_found() {
        for (file, in_tests, count) in [
            ("crates/web/src/page.rs", false, 0),
            ("crates/web/src/page.rs", true, 0),
            ("crates/web/tests/page.rs", true, 0),
            ("crates/web/tests/page.rs", false, 1),
            ("crates/store/src/page.rs", false, 1),
        ] {
            let mut tree = Tree::of(&[(file, "use tower_http::limit;\n// tower\n")]);
            let uses = |name: &str| Uses { name: name.to_owned(), in_tests };
            let manifest = "crates/web/Cargo.toml".to_owned();
            let uses = vec![uses("tower-http"), uses("tower")];
            tree.packages.push(Package { name: "web".to_owned(), manifest, uses });
            assert_eq!(broken(&RULE, &tree).len(), count + 1, "{file} {in_tests}");
        }
    }
}
