//! A value while a rule is evaluated.

use super::node::{Comparison, Literal};
use super::truth::Truth;
use crate::facts::Cell;

/// A value. Nothing here owns memory: evaluating allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Unknown,
    Null,
    Bool(bool),
    Int(i64),
    Text(&'a str),
    /// Milliseconds since 1970.
    Time(i64),
    /// Milliseconds.
    Duration(i64),
}

impl<'a> From<&'a Literal> for Value<'a> {
    fn from(literal: &'a Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Int(value) => Self::Int(*value),
            Literal::Text(text) => Self::Text(text),
            Literal::Time(time) => Self::Time(time.0),
            Literal::Duration(milliseconds) => Self::Duration(*milliseconds),
        }
    }
}

impl<'a> From<&'a Cell> for Value<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Bool(value) => Self::Bool(*value),
            Cell::Int(value) => Self::Int(*value),
            Cell::Text(text) => Self::Text(text),
            Cell::Time(time) => Self::Time(time.0),
            Cell::Unknown | Cell::Groups(_) => Self::Unknown,
        }
    }
}

impl From<Truth> for Value<'_> {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Bool(true),
            Truth::False => Self::Bool(false),
            Truth::Unknown => Self::Unknown,
        }
    }
}

impl Value<'_> {
    /// The value where yes or no is asked: null is no.
    pub(super) fn truth(self) -> Truth {
        match self {
            Self::Bool(value) => Truth::from(value),
            Self::Null => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// Compares; values of two types (a stored fact that is not what the schema says) are unknown.
    pub(super) fn compare(self, comparison: Comparison, other: Self) -> Truth {
        match comparison {
            Comparison::Equal => self.equals(other),
            Comparison::NotEqual => !self.equals(other),
            _ => self.is_ordered(comparison, other),
        }
    }

    /// Whether both are the same; null is the same as null alone.
    pub(super) fn equals(self, other: Self) -> Truth {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Truth::Unknown,
            (Self::Null, Self::Null) => Truth::True,
            (Self::Null, _) | (_, Self::Null) => Truth::False,
            _ => Truth::from(self.order(other).map(std::cmp::Ordering::is_eq)),
        }
    }

    fn is_ordered(self, comparison: Comparison, other: Self) -> Truth {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Truth::Unknown,
            (Self::Null, _) | (_, Self::Null) => Truth::False,
            _ => Truth::from(self.order(other).map(|order| match comparison {
                Comparison::Equal => order.is_eq(),
                Comparison::NotEqual => order.is_ne(),
                Comparison::Less => order.is_lt(),
                Comparison::LessOrEqual => order.is_le(),
                Comparison::Greater => order.is_gt(),
                Comparison::GreaterOrEqual => order.is_ge(),
            })),
        }
    }

    fn order(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(&b)),
            (Self::Int(a), Self::Int(b))
            | (Self::Time(a), Self::Time(b))
            | (Self::Duration(a), Self::Duration(b)) => Some(a.cmp(&b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}
