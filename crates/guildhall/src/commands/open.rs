//! Opens the settings for a command: with the real environment, and the facts that sources really know.

use std::path::Path;

use super::asking::typed_next;
use super::facts::facts_of;
use super::say;
use super::stopped::Stopped;
use crate::settings::Settings;
use crate::settings::database::DatabaseAddress;
use crate::settings::problem::Problems;

/// Reads the settings file for a command that needs no secret.
pub(super) fn open_without_secrets(settings: &Path) -> Result<Settings, Problems> {
    Settings::load_without_secrets(settings, &facts_of)
}

/// Reads the settings file, secrets included.
pub(super) fn open(settings: &Path) -> Result<Settings, Problems> {
    Settings::load(settings, &variable, &facts_of)
}

/// Reads the settings file for a command that needs no rules. Where nothing but those is wrong it says so in one line on
/// standard error, and goes on without.
pub(super) fn open_told(settings: &Path) -> Result<Settings, Stopped> {
    let opened = open_rules_or_not(settings)?;
    if opened.wrong_rules.is_some() {
        say::problem(&format_args!(
            "{} is not followed as it is now: `{}` says where it is wrong.",
            settings.display(),
            typed_next("check", settings)
        ))?;
    }
    Ok(opened)
}

/// Reads the settings file, without its rules where nothing but those is wrong. Where no hall has run yet there is
/// nothing that could be done without them.
pub(super) fn open_rules_or_not(settings: &Path) -> Result<Settings, Problems> {
    let opened = Settings::load_rules_or_not(settings, &variable, &facts_of)?;
    match (&opened.database.address, opened.wrong_rules) {
        (DatabaseAddress::Sqlite(file), Some(problems)) if !file.exists() => Err(problems),
        (_, wrong_rules) => Ok(Settings { wrong_rules, ..opened }),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
