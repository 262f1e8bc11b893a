//! The words that go into Discord's audit log with each change, and to people about themselves.

use domain::plan::Change;

use crate::hall::Hall;
use crate::plans::because;

/// The most that Discord takes, in characters.
const REASON_CHARS_MAX: usize = 512;

/// Why a change was made, as Discord's audit log shows it to the owners of the server.
pub(super) fn reason(hall: &Hall, change: &Change) -> String {
    let reason = format!("{}: {}", hall.name, because(&change.because));
    reason.chars().take(REASON_CHARS_MAX).collect()
}
