//! `guildhall.example.toml`: every setting with its documentation, kind and default.

use super::super::section::{Described, Outline, Presence};
use super::{VALUES, joined};
use crate::settings::OUTLINE;

/// What the example shows beside every setting once.
const SECOND_ROLE: &str = r#"
# Another role: for the members of a group. A rule with quotes in it stands in single quotes.
[[guild.role]]
role = "Makers"
when = '"makers" in forum.groups'
"#;

/// The example file. It passes `guildhall check` once the secrets it names are set.
pub fn example() -> String {
    let mut lines = vec![
        "# The settings of the hall, guildhall.toml. Made by `guildhall settings --example`.".to_owned(),
        "#".to_owned(),
        "# A line `#key = …` shows a default: take the # away to change it.".to_owned(),
    ];
    lines.extend(VALUES.iter().map(|line| format!("# {line}")));
    lines.push("# `guildhall check` says whether all is in order.".to_owned());
    for part in OUTLINE.parts {
        add_section(part, &mut lines);
    }
    lines.join("\n") + "\n" + SECOND_ROLE
}

fn add_section(outline: &Outline, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("# {}", joined(outline.about)));
    lines.push(outline.header());
    for setting in outline.settings {
        add_setting(setting, lines);
    }
    for part in outline.parts {
        add_section(part, lines);
    }
}

fn add_setting(setting: &Described, lines: &mut Vec<String>) {
    let Described { name, about, words, presence } = setting;
    lines.push(String::new());
    lines.extend(about.iter().map(|line| format!("# {}", line.trim())));
    lines.push(format!("# ({})", words()));
    lines.push(match presence {
        Presence::Required(example) => format!("{name} = {example}"),
        Presence::Default(default) => format!("#{name} = {default}"),
    });
}
