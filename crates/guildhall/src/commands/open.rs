//! Opens the settings for a command: with the real environment, and the facts that sources really know.

use std::path::Path;

use super::facts::facts_of;
use crate::settings::Settings;
use crate::settings::problem::Problems;

/// Reads the settings file for a command that needs no secret.
pub(super) fn open_without_secrets(settings: &Path) -> Result<Settings, Problems> {
    Settings::load_without_secrets(settings, &facts_of)
}

/// Reads the settings file, secrets included.
pub(super) fn open(settings: &Path) -> Result<Settings, Problems> {
    Settings::load(settings, &|name| std::env::var(name).ok(), &facts_of)
}
