//! The types of values in a rule, and how people say them.

use crate::facts::FactType;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int,
    Text,
    Time,
    Duration,
    Groups,
    Null,
    /// Something is wrong there and was told: fits everywhere.
    Broken,
}

impl Kind {
    pub(super) fn of(fact: FactType) -> Self {
        match fact {
            FactType::Bool => Self::Bool,
            FactType::Int => Self::Int,
            FactType::Text => Self::Text,
            FactType::Time => Self::Time,
            FactType::Groups => Self::Groups,
        }
    }

    /// The type in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Bool => "yes or no",
            Self::Int => "a whole number",
            Self::Text => "a text",
            Self::Time => "a moment",
            Self::Duration => "a length of time",
            Self::Groups => "a set of groups",
            Self::Null => "null",
            Self::Broken => "unclear",
        }
    }

    /// Whether this is of the type, or is broken and was told.
    pub(super) fn is(self, kind: Self) -> bool {
        self == kind || self == Self::Broken
    }
}
