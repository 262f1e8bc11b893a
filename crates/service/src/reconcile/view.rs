//! The words that go into Discord's audit log with each change, and to people about themselves.

use domain::plan::{Because, Change};

use crate::hall::Hall;

/// The most that Discord takes, in characters.
const REASON_CHARS_MAX: usize = 512;

/// Why a change was made, as Discord's audit log shows it to the owners of the server.
pub(super) fn reason(hall: &Hall, change: &Change) -> String {
    let words = match &change.because {
        Because::Rule { explanation, .. } => explanation.third_person(),
        Because::Template => "the name in the forum".to_owned(),
        Because::Unlinked => "unlinked".to_owned(),
    };
    let reason = format!("{}: {words}", hall.name);
    reason.chars().take(REASON_CHARS_MAX).collect()
}

/// What somebody is told, once, about a nickname that does not follow.
pub(super) fn cannot_follow(hall: &Hall, is_owner: bool) -> String {
    let why = match is_owner {
        true => "Discord lets nobody rename the owner of a server",
        false => "Discord lets the hall rename only members below its own role",
    };
    format!("In {} your roles follow the forum, but your nickname stays as it is: {why}.", hall.name)
}
