//! What the log says: a level, or levels by module.

use tracing_subscriber::EnvFilter;

use super::Kind;
use crate::settings::given::{Given, Wrong, repeated};

/// A filter as `tracing-subscriber` has it (its documentation: `EnvFilter`, Directives).
pub(in crate::settings) struct LogFilter;

/// The longest filter, in characters.
const FILTER_CHARS_MAX: usize = 500;

impl Kind for LogFilter {
    type Value = String;

    fn words(&self) -> String {
        "\"error\", \"warn\", \"info\", \"debug\", \"trace\" or a list by module, \"info,discord=debug\""
            .to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<String, Vec<Wrong>> {
        let text = given.text()?;
        let known_words = text.split(',').all(is_directive);
        let short = text.chars().count() <= FILTER_CHARS_MAX;
        if short && known_words && EnvFilter::builder().parse(text).is_ok() {
            return Ok(text.to_owned());
        }
        let what = format!("{} is not a filter for the log", repeated(text));
        Err(given.wrong_because(what, format!("write {} = {}", given.key, self.words())))
    }
}

/// `EnvFilter` takes any single word for a module, and a misspelt level would silence everything.
fn is_directive(directive: &str) -> bool {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let level = directive.rsplit_once('=').map_or(directive, |(_, level)| level);
    LEVELS.contains(&level.trim().to_ascii_lowercase().as_str())
}
