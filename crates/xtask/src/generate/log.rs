//! `docs/reference/log.md`: every event of the log, found where the source writes it.
//!
//! The source itself is read, so that no event can be without a row. What a field holds stands in [`FIELDS`]; a field
//! without a line there and a line without a field are refused.

mod event;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use event::{Event, events};

use crate::program;

/// The crates whose events an owner reads. The simulators log for the demo alone.
const CRATES: &[&str] = &["store", "service", "discord", "discourse", "web", "guildhall"];

/// What each field holds. One line a field, by name.
const FIELDS: &[(&str, &str)] = &[
    ("acts", "how many acts of moderators were read"),
    (
        "cause",
        "what made the rules be read: the start, a signal, a changed file; or changes be written: a sweep, somebody's yes (`apply`), a `decision` about a role",
    ),
    ("changes", "how many changes a plan has"),
    ("channel", "the id of a channel"),
    ("code", "the code with which Discord closed its gateway"),
    ("column", "the column of what could not be read"),
    ("command", "the name of a command"),
    ("end", "how the line to the gateway ended"),
    ("error", "what went wrong, in words"),
    ("gives", "how many roles a plan gives"),
    ("group", "the name of a group, as the rules have it"),
    ("guild", "the id of a server"),
    ("hint", "what was to be looked at again"),
    ("incident", "the number that somebody was told when something broke"),
    ("key", "on what a job works: ids, joined by colons"),
    ("kind", "the kind of a job"),
    ("line", "the line of what could not be read"),
    ("milliseconds", "how long, in milliseconds"),
    ("name", "the name of an event or of a step"),
    ("notice", "what somebody was to be told, in words"),
    ("now", "what something is called now"),
    ("number", "the number of a step"),
    ("plan", "the number of a plan"),
    ("problem", "what Discord said, or that it said nothing"),
    ("released", "how many jobs were given back"),
    ("renames", "how many nicknames a plan changes"),
    ("revision", "the number of a set of rules"),
    ("seconds", "how long, in seconds"),
    ("source", "the name of a source, as the settings have it"),
    ("taken", "how many jobs were taken over"),
    ("takes", "how many roles a plan takes"),
    ("undone", "the number of the plan that is taken back"),
    ("user", "the id of a member on Discord"),
    ("wait_s", "how long until it is tried again, in seconds"),
    ("was", "what something was called before"),
    ("why", "the reason, in words"),
];

/// What a reader should know before the tables.
const OPENING: &str = "\
The log goes to standard error. `log` under `[hall]` says what it tells (`info`: everything but `debug`), `log_format`
how: lines for people, or one JSON object a line with

| field | holds |
| --- | --- |
| `timestamp` | the moment, RFC 3339, UTC |
| `level` | `ERROR`: something broke, and a person may have to act · `WARN`: the hall goes on, and somebody should know · `INFO`: what happened · `DEBUG`: for whoever looks for a fault |
| `target` | the part of the program that says it; `log = \"info,discord=debug\"` chooses by it |
| `message` | what is said; a name in braces stands for a value |

and the fields of the event beside them. Ids stand in the log, names of people, what they wrote, and secrets do not.
";

/// The reference of the log, in Markdown. Refuses an event that cannot be read and a field that nothing describes.
pub(super) fn reference() -> Result<String, String> {
    let mut text = format!(
        "# Log\n\nMade by `cargo xtask gen` from the source; what fields hold stands in \
         `crates/xtask/src/generate/log.rs`.\n\n{OPENING}"
    );
    let mut used = BTreeSet::new();
    let mut tables = String::new();
    for name in CRATES {
        let rows = events_of(name)?;
        used.extend(rows.iter().flat_map(|event| event.fields.iter().cloned()));
        tables.push_str(&format!(
            "\n## From `{name}`\n\n| level | target | message | fields |\n| --- | --- | --- | --- |\n"
        ));
        tables.extend(rows.iter().map(row));
    }
    agree(&used)?;
    text.push_str("\n## Fields\n\n| field | holds |\n| --- | --- |\n");
    text.extend(FIELDS.iter().map(|(name, holds)| format!("| `{name}` | {holds} |\n")));
    Ok(text + &tables)
}

fn events_of(name: &str) -> Result<Vec<Event>, String> {
    let mut files = BTreeMap::new();
    read_folder(&program::root().join("crates").join(name).join("src"), name, &mut files)?;
    let mut all = Vec::new();
    for (target, text) in files {
        all.extend(events(&target, &text)?);
    }
    Ok(all)
}

/// The files of a folder by their modules, without tests.
fn read_folder(folder: &Path, module: &str, files: &mut BTreeMap<String, String>) -> Result<(), String> {
    let unreadable = |reason: std::io::Error| format!("could not read {}: {reason}", folder.display());
    for entry in folder.read_dir().map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if stem == "tests" {
            continue;
        }
        let inside = match stem {
            "lib" | "main" | "mod" => module.to_owned(),
            stem => format!("{module}::{stem}"),
        };
        if path.is_dir() {
            read_folder(&path, &inside, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).map_err(unreadable)?;
            files.entry(inside).or_default().push_str(&text);
        }
    }
    Ok(())
}

fn row(event: &Event) -> String {
    let fields: Vec<String> = event.fields.iter().map(|field| format!("`{field}`")).collect();
    let message = event.message.replace('|', "\\|");
    format!("| {} | `{}` | {message} | {} |\n", event.level.to_uppercase(), event.target, fields.join(", "))
}

/// Fields and their descriptions must be the same.
fn agree(used: &BTreeSet<String>) -> Result<(), String> {
    let described: BTreeSet<String> = FIELDS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut wrong: Vec<String> = used
        .difference(&described)
        .map(|name| format!("the log's field `{name}` is not described: say in FIELDS what it holds"))
        .collect();
    wrong.extend(
        described
            .difference(used)
            .map(|name| format!("no event has the field `{name}`: take it out of FIELDS")),
    );
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("crates/xtask/src/generate/log.rs: {}", wrong.join("; "))),
    }
}
