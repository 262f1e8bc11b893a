//! Who did something, for the records.

use std::fmt;

use domain::ids::UserId;

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The hall itself.
    Hall,
    /// Somebody in Discord.
    User(UserId),
    /// Whoever can run its commands on its machine; the name is what the machine calls them.
    Command(String),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hall => f.write_str("hall"),
            Self::User(user) => write!(f, "user {user}"),
            Self::Command(name) => write!(f, "command {name}"),
        }
    }
}
