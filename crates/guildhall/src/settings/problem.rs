//! What is wrong with a settings file: every problem with its place and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::place::Place;

/// The most problems one report tells; the rest is counted.
pub const PROBLEMS_MAX: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Where it stands; `None` when it is about the file as a whole.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// The setting, `guild[0].role[2].when`; empty when it is about the file as a whole.
    pub key: String,
    /// What is wrong, lower case, without a full stop. Never holds the value of a secret.
    pub what: String,
    /// What to do, lower case, without a full stop.
    pub remedy: String,
}

/// All that is wrong with a settings file, in the order of the file.
#[derive(Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Problems {
    file: PathBuf,
    problems: Vec<Problem>,
    /// How many more there are than are told.
    more: usize,
}

impl Problems {
    pub(super) fn new(file: &Path, mut problems: Vec<Problem>) -> Self {
        problems.sort();
        problems.dedup();
        let more = problems.len().saturating_sub(PROBLEMS_MAX);
        problems.truncate(PROBLEMS_MAX);
        Self { file: file.to_owned(), problems, more }
    }

    /// The problems, in the order of the file, [`PROBLEMS_MAX`] at most.
    pub fn list(&self) -> &[Problem] {
        &self.problems
    }

    /// How many there are, those that are not told included.
    pub fn count(&self) -> usize {
        self.problems.len() + self.more
    }
}

/// Two or three lines for each problem, then how many there are.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        for Problem { place, key, what, remedy } in &self.problems {
            write!(f, "{file}")?;
            if let Some(place) = place {
                write!(f, ":{place}")?;
            }
            let gap = if key.is_empty() { "" } else { " " };
            writeln!(f, ":{gap}{key}\n  {what}\n  help: {remedy}\n")?;
        }
        if self.more > 0 {
            writeln!(f, "and {} more\n", self.more)?;
        }
        let count = self.count();
        write!(f, "{count} {} in {file}", if count == 1 { "problem" } else { "problems" })
    }
}

/// As a person reads it: a failed start prints this.
impl fmt::Debug for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
