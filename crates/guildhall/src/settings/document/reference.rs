//! `docs/reference/settings.md`: a table for each section.

use super::super::section::{Described, Outline, Presence, Times};
use super::{VALUES, joined};
use crate::settings::OUTLINE;

/// The reference of all settings, in Markdown.
pub fn reference() -> String {
    let mut text = String::from(
        "# Settings\n\nMade by `guildhall settings --reference`; edit `crates/guildhall/src/settings`.\n\n\
         One file, `guildhall.toml`; `--settings FILE` names another. `guildhall check` tells all problems at \
         once.\nUnknown names are refused. What rules can ask stands in [facts.md](facts.md).\n\n",
    );
    text.push_str(&VALUES.join("\n"));
    text.push('\n');
    for part in OUTLINE.parts {
        add_section(part, &mut text);
    }
    text
}

fn add_section(outline: &Outline, text: &mut String) {
    let times = match outline.times {
        Times::Once => String::new(),
        Times::Maybe => " Once at most.".to_owned(),
        Times::List(most) => format!(" {most} at most."),
    };
    text.push_str(&format!("\n## `{}`\n\n{}{times}\n\n", outline.header(), joined(outline.about)));
    text.push_str("| setting | is | default | what it does |\n| --- | --- | --- | --- |\n");
    for setting in outline.settings {
        text.push_str(&row(setting));
    }
    for part in outline.parts {
        add_section(part, text);
    }
}

fn row(setting: &Described) -> String {
    let default = match setting.presence {
        Presence::Required(example) => format!("must be set, such as `{}`", cell(example)),
        Presence::Default(default) => format!("`{}`", cell(default)),
    };
    let (words, about) = (cell(&(setting.words)()), cell(&joined(setting.about)));
    format!("| `{}` | {words} | {default} | {about} |\n", setting.name)
}

/// A text that stays inside its cell.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
