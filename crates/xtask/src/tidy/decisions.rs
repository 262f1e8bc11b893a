//! Decision records: numbered without gaps, each with its four parts, and those that code names exist.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "decisions",
    why: "a decision without its cost and without what would change it is a habit",
    remedy: "number the record after the last one and give it the headings Context, Choice, Cost and \
             What would change our mind; name it in code by a number that exists",
    check,
};

const FOLDER: &str = "docs/decisions/";
const PARTS: &[&str] = &["## Context", "## Choice", "## Cost", "## What would change our mind"];
const DIGITS: usize = 4;

fn check(tree: &Tree) -> Vec<Finding> {
    let records: Vec<&str> = tree.under(FOLDER).filter(|path| path.ends_with(".md")).collect();
    let numbers = records.iter().zip(0_u32..).filter_map(|(path, number)| misnumbered(path, number));
    let parts = records.iter().flat_map(|path| missing_parts(tree, path));
    let named = tree.texts().flat_map(|(name, text)| named_but_absent(name, text, &records));
    numbers.chain(parts).chain(named).collect()
}

fn misnumbered(path: &str, number: u32) -> Option<Finding> {
    let right = path.strip_prefix(FOLDER).is_some_and(|name| name.starts_with(&format!("{number:04}-")));
    (!right).then(|| Finding::new(path, 1, format!("expected number {number:04}")))
}

fn missing_parts(tree: &Tree, path: &str) -> Vec<Finding> {
    let text = tree.text(path).unwrap_or_default();
    let missing = PARTS.iter().filter(|part| !text.lines().any(|line| line == **part));
    missing.map(|part| Finding::new(path, 1, format!("`{part}` is missing"))).collect()
}

fn named_but_absent(name: &str, text: &str, records: &[&str]) -> Vec<Finding> {
    let absent = |line: &str| -> Option<String> {
        line.split(FOLDER).skip(1).find_map(|after| {
            let number: String = after.chars().take(DIGITS).collect();
            let is_number = number.len() == DIGITS && number.chars().all(|letter| letter.is_ascii_digit());
            let exists = records.iter().any(|path| path.starts_with(&format!("{FOLDER}{number}-")));
            (is_number && !exists).then_some(number)
        })
    };
    let lines = text.lines().zip(1_usize..);
    lines
        .filter_map(|(line, at)| {
            absent(line).map(|number| Finding::new(name, at, format!("there is no decision {number}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    fn whole() -> String {
        format!("# A title\n\n{}\n", PARTS.join("\n\nWords.\n\n"))
    }

    #[test]
    fn records_are_numbered_without_a_gap() {
        let text = whole();
        let tree = Tree::of(&[
            ("docs/decisions/0000-template.md", &text),
            ("docs/decisions/0002-licence.md", &text),
        ]);
        assert_eq!(broken(&RULE, &tree), ["docs/decisions/0002-licence.md:1: expected number 0001"]);
    }

    #[test]
    fn a_record_without_its_cost_is_found() {
        let text = whole().replace("## Cost", "## Price");
        let tree = Tree::of(&[("docs/decisions/0000-template.md", &text)]);
        assert_eq!(broken(&RULE, &tree), ["docs/decisions/0000-template.md:1: `## Cost` is missing"]);
    }

    #[test]
    fn a_record_that_code_names_must_exist() {
        let (text, code) = (whole(), |number: &str| format!("//! See\n//! {FOLDER}{number}.\n"));
        for (number, count) in [("0000", 0), ("0009", 1), ("NNNN", 0)] {
            let code = code(number);
            let tree =
                Tree::of(&[("docs/decisions/0000-template.md", &text), ("crates/web/src/lib.rs", &code)]);
            assert_eq!(broken(&RULE, &tree).len(), count, "{number}");
        }
    }
}
