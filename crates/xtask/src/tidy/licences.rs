//! What may be linked, by the lists of deny.toml: licences that allow it, and no package that is banned.
//!
//! cargo-deny reads the same file and looks deeper (licence texts, other systems); this keeps the rule on a machine
//! that has only Rust.

use std::collections::BTreeMap;

use serde::Deserialize;
use spdx::{Expression, ParseMode};

use super::tree::{Linked, Tree};
use super::{Finding, Rule};

const FILE: &str = "deny.toml";

pub(super) const RULE: Rule = Rule {
    name: "licences",
    why: "Guildhall is MIT OR Apache-2.0 and links nothing that would change that; one TLS provider, no leaking RSA",
    remedy: "choose another crate, or switch off the feature that brings it (`cargo tree --invert NAME` says who does)",
    check,
};

/// The parts of deny.toml that are kept here.
#[derive(Deserialize)]
struct Lists {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// A licence that is allowed for one package alone.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    name: String,
    #[serde(default)]
    reason: String,
}

fn check(tree: &Tree) -> Vec<Finding> {
    if tree.linked.is_empty() {
        return Vec::new();
    }
    match toml::from_str::<Lists>(tree.text(FILE).unwrap_or_default()) {
        Ok(lists) => compare(&tree.linked, &lists),
        Err(reason) => vec![Finding::new(FILE, 1, format!("could not be read: {}", reason.message()))],
    }
}

fn compare(linked: &[Linked], lists: &Lists) -> Vec<Finding> {
    let bans: BTreeMap<&str, &str> =
        lists.bans.deny.iter().map(|ban| (ban.name.as_str(), ban.reason.as_str())).collect();
    let banned = linked.iter().filter_map(|one| {
        let reason = bans.get(one.name.as_str())?;
        Some(format!(
            "{} {} is banned{}{reason}",
            one.name,
            one.version,
            if reason.is_empty() { "" } else { ": " }
        ))
    });
    let refused = linked.iter().filter_map(|one| {
        let because = refusal(one, &lists.licenses)?;
        Some(format!("{} {}: {because}", one.name, one.version))
    });
    banned.chain(refused).map(|found| Finding::new("Cargo.lock", 1, found)).collect()
}

/// Why this package may not be linked; `None` when its licence allows it.
fn refusal(linked: &Linked, lists: &Licences) -> Option<String> {
    if linked.licence.is_empty() {
        return Some("it names no licence".to_owned());
    }
    // The older way of writing `OR`, which many packages still use.
    let Ok(expression) = Expression::parse_mode(&linked.licence, ParseMode::LAX) else {
        return Some(format!("`{}` is not an SPDX expression", linked.licence));
    };
    let excepted = lists.exceptions.iter().filter(|exception| exception.package == linked.name);
    let allowed: Vec<&String> =
        lists.allow.iter().chain(excepted.flat_map(|exception| &exception.allow)).collect();
    let may = expression.evaluate(|requirement| allowed.iter().any(|name| **name == requirement.to_string()));
    (!may).then(|| format!("`{}` is not allowed", linked.licence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    const DENY: &str = "[licenses]\nallow = [\"MIT\", \"Apache-2.0\", \"ISC\", \"Apache-2.0 WITH LLVM-exception\"]\n\
        [[licenses.exceptions]]\ncrate = \"webdriver\"\nallow = [\"MPL-2.0\"]\n\
        [bans]\ndeny = [{ name = \"ring\", reason = \"one provider\" }]\n";

    fn found(name: &str, licence: &str) -> Vec<String> {
        let mut tree = Tree::of(&[(FILE, DENY)]);
        tree.linked.push(Linked {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
        });
        broken(&RULE, &tree)
    }

    #[test]
    fn a_licence_must_be_one_we_may_link() {
        for (licence, allowed) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("MIT OR GPL-3.0-only", true),
            ("MIT AND GPL-3.0-only", false),
            ("ISC AND (Apache-2.0 OR ISC)", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("AGPL-3.0-only", false),
            ("GPL-3.0+", false),
            ("MPL-2.0", false),
            ("as you like", false),
            ("", false),
        ] {
            assert_eq!(found("harbour", licence).is_empty(), allowed, "{licence}");
        }
    }

    #[test]
    fn an_exception_is_for_one_package_alone() {
        assert_eq!(found("webdriver", "MPL-2.0"), [""; 0]);
        assert_eq!(found("harbour", "MPL-2.0"), ["Cargo.lock:1: harbour 1.0.0: `MPL-2.0` is not allowed"]);
    }

    #[test]
    fn a_banned_package_is_named_with_the_reason() {
        assert_eq!(found("ring", "MIT"), ["Cargo.lock:1: ring 1.0.0 is banned: one provider"]);
    }
}
