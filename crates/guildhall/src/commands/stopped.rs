//! Why a command does not go on, and how that is said: to a person on standard error, or as one JSON object where JSON
//! was asked for.

use std::io;

use serde_json::json;

use super::say;
use crate::cli::Ending;
use crate::settings::problem::Problems;
use crate::wire::NotStarted;

/// Why a command does not go on.
pub(super) enum Stopped {
    /// It was refused, or something broke: what to tell the person.
    Told(String),
    /// The settings file is not in order; and what else is to be known of that, in sentences.
    Settings(Problems, Vec<String>),
    /// The answer cannot be written.
    Unwritable(io::Error),
}

impl Stopped {
    /// Says it. Every command that can answer in JSON says so what kept it from answering, too.
    pub(super) fn say(self, in_json: bool) -> io::Result<Ending> {
        let (words, report) = match self {
            Self::Told(words) => (words, None),
            Self::Settings(problems, more) => {
                let words: Vec<String> = [problems.to_string()].into_iter().chain(more).collect();
                (words.join("\n\n"), Some(problems))
            }
            Self::Unwritable(error) => return Err(error),
        };
        match (in_json, report) {
            (true, Some(report)) => say::answer(&json!({ "problem": words, "report": report }))?,
            (true, None) => say::answer(&json!({ "problem": words }))?,
            (false, _) => say::problem(&words)?,
        }
        Ok(Ending::Refused)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Unwritable(error)
    }
}

impl From<Problems> for Stopped {
    fn from(problems: Problems) -> Self {
        Self::Settings(problems, Vec::new())
    }
}

impl From<service::Error> for Stopped {
    fn from(error: service::Error) -> Self {
        Self::Told(said_here(&error.to_string()))
    }
}

impl From<NotStarted> for Stopped {
    fn from(error: NotStarted) -> Self {
        Self::Told(error.to_string())
    }
}

/// A sentence of the hall as it reads here: what Discord calls /plan is a command of its own.
fn said_here(words: &str) -> String {
    ["plan", "apply", "undo", "overrides", "why"].iter().fold(words.to_owned(), |words, name| {
        words.replace(&format!("/{name} "), &format!("`guildhall {name}` "))
    })
}
