//! What can be done: one function for each thing a person, a peer or a timer can ask.
//!
//! | module | holds |
//! | --- | --- |
//! | [`ports`] | what the hall needs from the outside |
//! | [`error`] | refused or failed |
//! | [`hint`] | outside events that say "look again" |

pub mod error;
pub mod hint;
pub mod ports;

pub use error::{Error, Failed};
pub use hint::Hint;
