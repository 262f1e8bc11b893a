//! What staff and members do. Each act changes the forum, writes the staff log and tells the
//! webhooks exactly as the recorded forum did, whether it came over HTTP or from a test.

pub(crate) mod account;
pub(crate) mod category;
pub(crate) mod editing;
pub(crate) mod group;
pub(crate) mod level;
mod liking;
pub(crate) mod membership;
pub(crate) mod profile;
pub(crate) mod standing;
pub(crate) mod writing;

use super::answer::Answer;
use super::people::{Person, PersonId};
use super::settings::Locale;
use super::state::Forum;

/// Why an act was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such person or group.
    #[error("could not find it")]
    NotFound,
    /// Whoever acts may not do this.
    #[error("could not do it: not permitted")]
    NotPermitted,
    /// The forum's own words about what was wrong.
    #[error("could not do it: {}", .0.join("; "))]
    Invalid(Vec<String>),
    /// It is done already; the forum's own words.
    #[error("could not do it: {0}")]
    Already(String),
}

impl Refused {
    pub(crate) fn invalid(text: impl Into<String>) -> Refused {
        Refused::Invalid(vec![text.into()])
    }

    pub(crate) fn answer(&self, locale: Locale) -> Answer {
        match self {
            Refused::NotFound => Answer::not_found(locale),
            Refused::NotPermitted => Answer::no_access(locale),
            Refused::Invalid(errors) => Answer::invalid(errors),
            Refused::Already(message) => {
                Answer::json(409, &serde_json::json!({"failed": "FAILED", "message": message}))
            }
        }
    }
}

impl Forum {
    pub(crate) fn found(&self, id: PersonId) -> Result<&Person, Refused> {
        self.person(id).ok_or(Refused::NotFound)
    }

    /// Whoever is staff.
    pub(crate) fn staff(&self, by: PersonId) -> Result<&Person, Refused> {
        self.person(by).filter(|person| person.is_staff()).ok_or(Refused::NotPermitted)
    }

    /// Whoever is an admin.
    pub(crate) fn admin(&self, by: PersonId) -> Result<&Person, Refused> {
        self.person(by).filter(|person| person.admin).ok_or(Refused::NotPermitted)
    }

    pub(crate) fn change(&mut self, id: PersonId, change: impl FnOnce(&mut Person)) -> Result<(), Refused> {
        self.people.change(id, change).ok_or(Refused::NotFound)
    }
}
