//! Links from one document to another file of the repository.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "links",
    why: "a link that leads nowhere costs the reader's trust in the others",
    remedy: "point it at a file that is in the repository, relative to the document",
    check,
};

fn check(tree: &Tree) -> Vec<Finding> {
    let documents = tree.texts().filter(|(name, _)| name.ends_with(".md"));
    documents.flat_map(|(name, text)| of_document(tree, name, text)).collect()
}

fn of_document(tree: &Tree, name: &str, text: &str) -> Vec<Finding> {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut is_code = false;
    let mut findings = Vec::new();
    for (line, at) in text.lines().zip(1_usize..) {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            let dead = targets(line).filter(|target| !leads_somewhere(tree, folder, target));
            findings.extend(dead.map(|target| Finding::new(name, at, format!("`{target}` is not there"))));
        }
    }
    findings
}

/// What stands in `](…)` and `src="…"`, outside of code in backticks.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let outside_code = line.split('`').step_by(2);
    outside_code.flat_map(|part| {
        let links = part.split("](").skip(1).filter_map(|after| after.split([')', ' ']).next());
        let pictures = part.split("src=\"").skip(1).filter_map(|after| after.split('"').next());
        links.chain(pictures)
    })
}

fn leads_somewhere(tree: &Tree, folder: &str, target: &str) -> bool {
    let outside = ["http://", "https://", "mailto:", "#"].iter().any(|start| target.starts_with(start));
    let path = target.split('#').next().unwrap_or(target);
    outside || resolve(folder, path).is_some_and(|path| tree.has(&path))
}

/// The path from the root; `None` when it leaves the repository.
fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_link_must_lead_to_a_file_or_folder() {
        for (text, count) in [
            ("[rules](../../STYLE.md)", 0),
            ("[rules](../../STYLE.md#names)", 0),
            ("[guide](../guide)", 0),
            ("[here](#names)", 0),
            ("[Discord](https://discord.com)", 0),
            ("[lost](../STYLE.md)", 1),
            ("[outside](../../../STYLE.md)", 1),
            ("![demo](demo.png)", 1),
            ("<img src=\"demo.png\">", 1),
            ("`[code](nowhere.md)` and text", 0),
            ("```\n[code](nowhere.md)\n```", 0),
        ] {
            let files = [("docs/reference/rules.md", text), ("STYLE.md", ""), ("docs/guide/start.md", "")];
            assert_eq!(broken(&RULE, &Tree::of(&files)).len(), count, "{text}");
        }
    }
}
