//! What an owner should know of the settings and rules while the hall runs: one sentence for each concern.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::hall::Hall;

/// What a note is about. Of each there is one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// The settings file cannot be used as it is now.
    SettingsUnusable,
    /// Something in the settings file takes effect at the next start only.
    NeedsRestart,
    /// The rules here are not those that the halls on this database follow.
    RulesElsewhere,
}

impl Concern {
    /// What anybody may read of it: that it is so, and nothing of what the file says.
    pub fn says(self) -> &'static str {
        match self {
            Self::SettingsUnusable => {
                "the settings file cannot be used as it is now, so the rules stay as they were; the log says why"
            }
            Self::NeedsRestart => {
                "something in the settings file changed that needs a restart to take effect; the log says what"
            }
            Self::RulesElsewhere => {
                "the settings file here has other rules than the halls on this database follow; the log says more"
            }
        }
    }
}

/// What is to be known at the moment. Gone with the process, like what it is about.
#[derive(Debug, Default)]
pub(crate) struct Notes(Mutex<BTreeMap<Concern, String>>);

impl Notes {
    fn locked(&self) -> MutexGuard<'_, BTreeMap<Concern, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hall {
    /// What an owner should know, a sentence or two for each concern: why the settings file is not used, what
    /// waits for a restart. None of it keeps the hall from its work. May repeat what the file says: for the owner alone.
    pub fn notes(&self) -> Vec<String> {
        self.notes.locked().values().cloned().collect()
    }

    /// What those sentences are about, for whoever may not read them.
    pub fn concerns(&self) -> Vec<Concern> {
        self.notes.locked().keys().copied().collect()
    }

    /// Notes something in place of what was noted of the same concern, or that there is nothing to know any
    /// more. Goes into the log the first time that it is said.
    pub fn note(&self, concern: Concern, sentence: Option<String>) {
        let mut notes = self.notes.locked();
        match sentence {
            Some(sentence) if notes.get(&concern) == Some(&sentence) => {}
            Some(sentence) => {
                tracing::warn!("{sentence}");
                notes.insert(concern, sentence);
            }
            None => drop(notes.remove(&concern)),
        }
    }
}
