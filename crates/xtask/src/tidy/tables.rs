//! Folders and their tables: a file without a line and a line without a file are both findings.

use std::collections::BTreeSet;

use super::tree::Tree;
use super::words::{Word, find};
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "tables",
    why: "a new thing is one new file and one line in a table; help, permissions and metrics read the table",
    remedy: "add the line (`name::CONST`) to the table, or the file; what is not one of the things goes to `besides` \
             in crates/xtask/src/tidy/tables.rs or to another folder",
    check,
};

/// A folder whose files are the lines of a table.
struct Table {
    folder: &'static str,
    /// The file with the table.
    file: &'static str,
    /// The constant (or static) that is the table.
    name: &'static str,
    /// Files of the folder that are not things of the table.
    besides: &'static [&'static str],
}

/// One line a table. A folder that is not there yet is passed over.
const TABLES: &[Table] = &[
    Table {
        folder: "crates/discord/src/commands/",
        file: "crates/discord/src/commands/mod.rs",
        name: "COMMANDS",
        besides: &["dispatch", "pace"],
    },
    Table {
        folder: "crates/service/src/jobs/",
        file: "crates/service/src/jobs/mod.rs",
        name: "JOBS",
        besides: &["worker"],
    },
    Table {
        folder: "crates/discourse/src/read/",
        file: "crates/discourse/src/read/mod.rs",
        name: "WAYS",
        besides: &["everybody", "facts", "one", "wire"],
    },
    Table {
        folder: "crates/fediverse/src/activities/",
        file: "crates/fediverse/src/activities/mod.rs",
        name: "ACTIVITIES",
        besides: &[],
    },
    Table {
        folder: "crates/web/src/admin/",
        file: "crates/web/src/admin/mod.rs",
        name: "PAGES",
        besides: &[],
    },
    Table {
        folder: "crates/xtask/src/tidy/",
        file: "crates/xtask/src/tidy/mod.rs",
        name: "RULES",
        besides: &["tree", "words"],
    },
];

fn check(tree: &Tree) -> Vec<Finding> {
    TABLES.iter().filter(|table| tree.has(table.folder)).flat_map(|table| compare(tree, table)).collect()
}

fn compare(tree: &Tree, table: &Table) -> Vec<Finding> {
    let words = tree.file(table.file).map(super::tree::TextFile::words).unwrap_or_default();
    let Some(lines) = lines(words, table.name) else {
        return vec![Finding::new(table.file, 1, format!("there is no table `{}`", table.name))];
    };
    let files = files(tree, table);
    let without_line = files.iter().filter(|file| !lines.iter().any(|(name, _)| name == *file)).map(|file| {
        Finding::new(
            &format!("{}{file}.rs", table.folder),
            1,
            format!("no line in `{}` of {}", table.name, table.file),
        )
    });
    let without_file = lines.iter().filter(|(name, _)| !files.contains(name)).map(|(name, line)| {
        Finding::new(
            table.file,
            *line,
            format!("`{name}` of `{}` has no file in {}", table.name, table.folder),
        )
    });
    without_line.chain(without_file).collect()
}

/// The things of a folder: `NAME.rs` or `NAME/…`, without the table's own file, tests and what is besides.
fn files(tree: &Tree, table: &Table) -> BTreeSet<String> {
    tree.under(table.folder)
        .filter_map(|path| path.strip_prefix(table.folder))
        .filter_map(|path| {
            path.split_once('/').map(|(folder, _)| folder).or_else(|| path.strip_suffix(".rs"))
        })
        .filter(|name| !["mod", "tests"].contains(name) && !table.besides.contains(name))
        .map(str::to_owned)
        .collect()
}

/// The modules named in the table: lower-case names before `::` in what the constant is set to.
fn lines(words: &[Word], table: &str) -> Option<Vec<(String, usize)>> {
    let declared = ["const", "static"]
        .iter()
        .find_map(|kind| find(words, &format!("{kind} {table} :")).first().copied())?;
    let value = declared.iter().position(|word| word.text == "=").and_then(|index| declared.get(index..))?;
    let end = value.iter().position(|word| word.text == ";").unwrap_or(value.len());
    let value = value.get(..end)?;
    let is_name = |word: &Word| word.text.starts_with(|letter: char| letter.is_ascii_lowercase());
    let paths = find(value, "::").into_iter().filter_map(|rest| {
        let index = value.len() - rest.len();
        let head = index.checked_sub(1).and_then(|before| value.get(before))?;
        let is_first =
            index.checked_sub(2).and_then(|before| value.get(before)).is_none_or(|word| word.text != ":");
        (is_first && is_name(head) && !["self", "super", "crate"].contains(&head.text.as_str()))
            .then(|| (head.text.clone(), head.line))
    });
    Some(paths.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    const COMMANDS: &str = "crates/discord/src/commands/mod.rs";

    fn with(table: &str, files: &[&str]) -> Vec<String> {
        let paths: Vec<String> =
            files.iter().map(|file| format!("crates/discord/src/commands/{file}")).collect();
        let mut all: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
        all.push((COMMANDS, table));
        broken(&RULE, &Tree::of(&all))
    }

    #[test]
    fn a_table_that_matches_its_folder_is_silent() {
        let table = "pub const COMMANDS: &[Command] = &[link::COMMAND, why::COMMAND];";
        assert_eq!(
            with(table, &["link.rs", "why/mod.rs", "why/view.rs", "dispatch.rs", "tests.rs"]),
            [""; 0]
        );
    }

    #[test]
    fn a_file_without_a_line_is_found() {
        let table = "const COMMANDS: [&Command; 1] = [&link::COMMAND];";
        let found = with(table, &["link.rs", "why.rs"]);
        assert_eq!(
            found,
            [format!("crates/discord/src/commands/why.rs:1: no line in `COMMANDS` of {COMMANDS}")]
        );
    }

    #[test]
    fn a_line_without_a_file_is_found() {
        let table = "static COMMANDS: &[Command] = &[\n    link::COMMAND,\n];";
        let found = with(table, &["dispatch.rs"]);
        let expected = "`link` of `COMMANDS` has no file in crates/discord/src/commands/";
        assert_eq!(found, [format!("{COMMANDS}:2: {expected}")]);
    }

    #[test]
    fn a_folder_without_a_table_is_found() {
        assert_eq!(with("fn f() {}", &["link.rs"]), [format!("{COMMANDS}:1: there is no table `COMMANDS`")]);
    }
}
