//! `guildhall check`: whether the settings are in order.

mod warnings;

use clap::Args;
use domain::situation::{Mode, RoleRule};
use serde_json::{Value, json};

use super::open::open;
use super::say;
use super::stopped::Stopped;
use crate::cli::{Ending, SettingsFile};
use crate::settings::Settings;
use crate::settings::guild::Guild;

/// What a file alone cannot tell.
const NOT_TRIED: &str = "Not tried: Discord, the forum and the database. `guildhall serve` asks them, and /readyz says \
                         how they answer.";

/// How to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    file: SettingsFile,

    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    match open(&arguments.file.settings) {
        Ok(settings) if arguments.json => say::answer(&counts(&settings))?,
        Ok(settings) => say::answer(&summary(&settings))?,
        Err(problems) if arguments.json => {
            let words = problems.to_string();
            say::answer(&json!({ "in_order": false, "problem": words, "report": problems }))?;
            return Ok(Ending::Refused);
        }
        Err(problems) => return Err(problems.into()),
    }
    Ok(Ending::Done)
}

fn counts(settings: &Settings) -> Value {
    let rules: usize = settings.guilds.iter().map(|guild| guild.rules.roles.len()).sum();
    json!({
        "in_order": true,
        "file": settings.file,
        "sources": settings.sources.len(),
        "guilds": settings.guilds.len(),
        "rules": rules,
        "warnings": warnings::all(settings),
        "not_tried": ["discord", "sources", "database"],
    })
}

/// The counts in one line, then what the hall will do.
fn summary(settings: &Settings) -> String {
    let rules = settings.guilds.iter().map(|guild| guild.rules.roles.len()).sum();
    let forums = counted(settings.sources.len(), "forum");
    let servers = counted(settings.guilds.len(), "server");
    let file = settings.file.display();
    let mut lines = vec![format!("{file} is in order: {forums}, {servers}, {}", counted(rules, "rule"))];
    for guild in &settings.guilds {
        lines.extend(deeds(guild));
    }
    if settings.sources.is_empty() {
        lines.push("No [[source]] is named: nothing is known of anybody.".to_owned());
    }
    if settings.guilds.is_empty() {
        lines.push("No [[guild]] is named: nothing is written anywhere.".to_owned());
    }
    let warnings = warnings::all(settings);
    lines.extend(warnings.iter().map(|warning| format!("\n{warning}")));
    if !warnings.is_empty() {
        lines.push(format!("\n{}", counted(warnings.len(), "warning")));
    }
    lines.push(NOT_TRIED.to_owned());
    lines.join("\n")
}

fn deeds(guild: &Guild) -> Vec<String> {
    let mut lines = vec![format!("In the server {}:", guild.id)];
    if guild.rules.roles.is_empty() && guild.rules.nickname.is_none() {
        lines.push(
            "  has no rule: nobody gets or loses a role there, and nicknames are left alone".to_owned(),
        );
        return lines;
    }
    lines.extend(guild.rules.roles.iter().map(role_deed));
    lines.push(match &guild.rules.nickname {
        Some(rule) => format!("  calls linked members by {}", rule.template.text()),
        None => "  leaves nicknames alone".to_owned(),
    });
    lines
}

fn role_deed(RoleRule { role, when, mode, .. }: &RoleRule) -> String {
    let verb = match mode {
        Mode::Exact => "gives and takes",
        Mode::Grant => "gives, and never takes,",
    };
    format!("  {verb} \"{role}\" by {}", when.text())
}

fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
