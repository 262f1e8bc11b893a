//! `cargo xtask tidy`: the house rules that neither rustc nor clippy keeps.
//!
//! One file a rule, one line in `RULES`; the rule `tables` sees to that here as everywhere. A rule looks at the
//! `Tree`, which tests build by hand, and answers with places.

mod arrows;
mod attributes;
mod decisions;
mod dependencies;
mod first_line;
mod length;
mod licences;
mod links;
mod manifests;
mod migrations;
mod names;
mod places;
mod pure;
mod sleeps;
mod tables;
mod threats;
mod tree;
mod unfinished;
mod used;
mod words;

use std::time::Instant;

use crate::{Outcome, program, say};
use tree::Tree;

/// A rule: what it is called, why it is there, what to do when it is broken, and how it is checked.
struct Rule {
    name: &'static str,
    why: &'static str,
    remedy: &'static str,
    check: fn(&Tree) -> Vec<Finding>,
}

/// A place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: String,
    /// The first line is 1.
    line: usize,
    found: String,
}

/// One line a rule.
const RULES: &[Rule] = &[
    arrows::RULE,
    pure::RULE,
    manifests::RULE,
    licences::RULE,
    dependencies::RULE,
    used::RULE,
    first_line::RULE,
    length::RULE,
    names::RULE,
    attributes::RULE,
    unfinished::RULE,
    sleeps::RULE,
    tables::RULE,
    migrations::RULE,
    decisions::RULE,
    links::RULE,
    threats::RULE,
    places::RULE,
];

/// Check every rule on the files that git knows or would add. Refuses with the number of findings.
pub(crate) fn run() -> Outcome {
    let begun = Instant::now();
    let tree = Tree::read(&program::root())?;
    let mut count = 0_usize;
    for rule in RULES {
        let findings = rule.findings(&tree);
        count += findings.len();
        if !findings.is_empty() {
            say::line(&rule.tell(&findings));
        }
    }
    let took = say::duration(begun.elapsed());
    say::line(&format!("{} rules over {} files in {took}", RULES.len(), tree.file_count()));
    if count == 0 { Ok(()) } else { Err(format!("{count} findings of tidy")) }
}

impl Rule {
    /// The places where this rule is broken, in the order of files and lines.
    fn findings(&self, tree: &Tree) -> Vec<Finding> {
        let mut findings = (self.check)(tree);
        findings.sort();
        findings.dedup();
        findings
    }

    fn tell(&self, findings: &[Finding]) -> String {
        let places: Vec<String> = findings.iter().map(Finding::place).collect();
        format!("\n[{}]\n{}\n  why: {}\n  do:  {}", self.name, places.join("\n"), self.why, self.remedy)
    }
}

impl Finding {
    fn new(file: &str, line: usize, found: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, found: found.into() }
    }

    fn place(&self) -> String {
        format!("{}:{}: {}", self.file, self.line, self.found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a rule says of a tree, a line a finding.
    pub(super) fn broken(rule: &Rule, tree: &Tree) -> Vec<String> {
        rule.findings(tree).iter().map(Finding::place).collect()
    }

    #[test]
    fn a_finding_says_place_rule_reason_and_remedy() {
        let tree = Tree::of(&[("crates/store/src/jobs.rs", "fn claim() {}\n")]);
        let told = first_line::RULE.tell(&first_line::RULE.findings(&tree));
        for part in ["[first-line]", "crates/store/src/jobs.rs:1: ", "why: ", "do:  "] {
            assert!(told.contains(part), "{told}");
        }
    }

    #[test]
    fn every_rule_has_a_name_of_its_own_a_reason_and_a_remedy() {
        let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
        assert!(RULES.iter().all(|rule| !rule.why.is_empty() && !rule.remedy.is_empty()));
    }
}
