//! What the rules look at: the files that git knows or would add, the packages, and what is linked.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

use super::words::{Word, words};
use crate::program;

/// The workspace as the rules see it.
#[derive(Default)]
pub(super) struct Tree {
    files: BTreeMap<String, TextFile>,
    /// Every file, also those that are not text.
    names: BTreeSet<String>,
    pub(super) packages: Vec<Package>,
    pub(super) linked: Vec<Linked>,
}

/// A file of UTF-8 text; a Rust file is cut into words once, when the first rule asks.
#[derive(Default)]
pub(super) struct TextFile {
    pub(super) text: String,
    words: OnceCell<Vec<Word>>,
}

/// A crate of ours and what it declares to use.
#[derive(Default)]
pub(super) struct Package {
    pub(super) name: String,
    /// Path of its `Cargo.toml` from the root of the workspace.
    pub(super) manifest: String,
    pub(super) uses: Vec<Uses>,
}

/// One declared dependency.
pub(super) struct Uses {
    pub(super) name: String,
    /// Only tests use it.
    pub(super) in_tests: bool,
}

/// A package of others that is built into the program, its tests or its build.
pub(super) struct Linked {
    pub(super) name: String,
    pub(super) version: String,
    /// The SPDX expression of its manifest; empty when it has none.
    pub(super) licence: String,
}

impl TextFile {
    /// The words of a Rust file, without comments.
    pub(super) fn words(&self) -> &[Word] {
        self.words.get_or_init(|| words(&self.text))
    }
}

impl Tree {
    /// Read the workspace. Refuses when cargo cannot say what is in it.
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let mut tree = Self { packages: packages(root)?, linked: linked(root)?, ..Self::default() };
        for name in listed(root) {
            tree.add(root, &name);
        }
        Ok(tree)
    }

    fn add(&mut self, root: &Path, name: &str) {
        // A file that was deleted and not yet committed is still listed; it is not there, so it is not looked at.
        if let Ok(bytes) = fs::read(root.join(name)) {
            self.names.insert(name.to_owned());
            if let Ok(text) = String::from_utf8(bytes) {
                self.files.insert(name.to_owned(), TextFile { text, words: OnceCell::new() });
            }
        }
    }

    /// How many files there are.
    pub(super) fn file_count(&self) -> usize {
        self.names.len()
    }

    /// The text of one file.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(|file| file.text.as_str())
    }

    /// One file.
    pub(super) fn file(&self, name: &str) -> Option<&TextFile> {
        self.files.get(name)
    }

    /// Every text file with its path from the root, in order.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, file)| (name.as_str(), file.text.as_str()))
    }

    /// Every Rust file below `crates/`.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, &TextFile)> {
        let ours = |name: &str| name.starts_with("crates/") && name.ends_with(".rs");
        self.files.iter().filter(move |(name, _)| ours(name)).map(|(name, file)| (name.as_str(), file))
    }

    /// Whether a file, or a folder with files, has this path.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty() || self.names.contains(path) || self.under(&folder).next().is_some()
    }

    /// The paths that begin with this folder, which ends in `/`.
    pub(super) fn under<'tree>(&'tree self, folder: &'tree str) -> impl Iterator<Item = &'tree str> {
        let from = self.names.range(folder.to_owned()..);
        from.map(String::as_str).take_while(move |name| name.starts_with(folder))
    }
}

/// The files that git knows or would add; in an archive without git, all but what cargo builds.
fn listed(root: &Path) -> Vec<String> {
    let mut git = Command::new("git");
    // A clone that belongs to another user is read all the same: nothing in it is run.
    git.current_dir(root).args([
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]);
    match program::output(&mut git) {
        Ok(names) => names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        Err(_) => {
            let mut names = Vec::new();
            walk(root, "", &mut names);
            names
        }
    }
}

fn walk(root: &Path, folder: &str, names: &mut Vec<String>) {
    for entry in root.join(folder).read_dir().into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !["target", ".git"].contains(&name.as_str()) => {
                walk(root, &path, names);
            }
            Ok(kind) if kind.is_file() => names.push(path),
            _ => {}
        }
    }
}

fn packages(root: &Path) -> Result<Vec<Package>, String> {
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .exec()
        .map_err(|reason| format!("could not read the workspace with cargo metadata: {reason}"))?;
    let describe = |package: cargo_metadata::Package| Package {
        manifest: package.manifest_path.strip_prefix(root).unwrap_or(&package.manifest_path).to_string(),
        name: package.name.to_string(),
        uses: package
            .dependencies
            .into_iter()
            .map(|used| Uses { name: used.name, in_tests: used.kind == DependencyKind::Development })
            .collect(),
    };
    Ok(metadata.packages.into_iter().map(describe).collect())
}

/// What cargo would build on this machine with every feature. `cargo tree` is asked, not `cargo metadata`, because
/// the latter also lists optional packages that nothing switches on.
fn linked(root: &Path) -> Result<Vec<Linked>, String> {
    let mut tree = program::cargo();
    tree.current_dir(root).args(["tree", "--workspace", "--all-features", "--edges", "normal,build,dev"]);
    let listed = program::output(tree.args(["--prefix", "none", "--format", "{p}|{l}|"]))?;
    let mut seen = BTreeSet::new();
    Ok(listed
        .lines()
        .filter_map(linked_line)
        .filter(|one| seen.insert((one.name.clone(), one.version.clone())))
        .collect())
}

/// `name v1.2.3 (source)|licence|`; a path in the brackets means that it is ours.
fn linked_line(line: &str) -> Option<Linked> {
    let mut parts = line.split('|');
    let package = parts.next()?;
    let licence = parts.next()?.trim();
    if package.contains(" (/") {
        return None;
    }
    let mut package = package.split(' ');
    let name = package.next().filter(|name| !name.is_empty())?;
    let version = package.next()?.trim_start_matches('v');
    Some(Linked { name: name.to_owned(), version: version.to_owned(), licence: licence.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Tree {
        /// A tree with these files, by path and text, and no packages.
        pub(in super::super) fn of(files: &[(&str, &str)]) -> Self {
            let mut tree = Self::default();
            for (name, text) in files {
                tree.names.insert((*name).to_owned());
                tree.files.insert(
                    (*name).to_owned(),
                    TextFile { text: (*text).to_owned(), words: OnceCell::new() },
                );
            }
            tree
        }
    }

    #[test]
    fn a_line_of_cargo_tree_is_read_and_our_own_are_left_out() {
        let linked = linked_line("serde v1.0.9 (proc-macro)|MIT OR Apache-2.0| (*)").unwrap();
        assert_eq!((linked.name.as_str(), linked.version.as_str()), ("serde", "1.0.9"));
        assert_eq!(linked.licence, "MIT OR Apache-2.0");
        assert!(linked_line(concat!("domain v0.1.0 (", "/", "srv/guildhall/crates/domain)|MIT|")).is_none());
        assert!(linked_line("").is_none());
    }

    #[test]
    fn a_folder_is_there_when_a_file_is_in_it() {
        let tree = Tree::of(&[("docs/guide/start.md", "")]);
        for (path, there) in
            [("docs/guide", true), ("docs/guide/", true), ("docs/gui", false), ("docs/guide/start.md", true)]
        {
            assert_eq!(tree.has(path), there, "{path}");
        }
    }

    #[test]
    fn what_is_built_is_not_read_with_git_and_without() {
        for with_git in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let write = |name: &str, text: &str| {
                let file = folder.path().join(name);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            };
            write("Cargo.toml", "[package]\nname = \"harbour\"\nedition = \"2024\"\n");
            write("src/lib.rs", "//! A harbour.\n");
            write(".gitignore", "/target\n");
            write("target/out.rs", "");
            if with_git {
                program::output(Command::new("git").current_dir(folder.path()).args(["init", "--quiet"]))
                    .unwrap();
            }
            let tree = Tree::read(folder.path()).unwrap();
            assert!(tree.has("src/lib.rs") && !tree.has("target/out.rs"), "git: {with_git}");
            let manifests: Vec<&str> =
                tree.packages.iter().map(|package| package.manifest.as_str()).collect();
            assert_eq!(manifests, ["Cargo.toml"]);
        }
    }
}
