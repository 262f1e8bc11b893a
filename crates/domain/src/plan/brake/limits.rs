//! How much may happen without a person's word.

use serde::{Deserialize, Serialize};

/// How long what was done counts.
pub const WINDOW_HOURS: u64 = 24;

/// How much may happen without a person's word: a share, and a number below which the share does not matter, so
/// that a guild of twenty is never held up by one demotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// So many are always allowed.
    pub least: u32,
    /// So many of a hundred are allowed.
    pub percent: u32,
}

impl Limit {
    /// How many of so many.
    pub fn of(self, whole: usize) -> usize {
        let share = whole.saturating_mul(count(self.percent)) / 100;
        share.max(count(self.least))
    }
}

pub(super) fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The brake of a guild. Each limit is for 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How many of a role's holders may lose it.
    pub removals: Limit,
    /// How many of the linked members may lose the last role that the hall looks after.
    pub stripped: Limit,
    /// How many of the linked members may be renamed.
    pub nicknames: Limit,
    /// How many members may be given roles with permissions over the community.
    pub dangerous: u32,
    /// By how much a source may shrink and still take something away.
    pub shrink: Limit,
    /// Whether everything waits for a person.
    pub everything: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            removals: Limit { least: 10, percent: 5 },
            stripped: Limit { least: 5, percent: 2 },
            nicknames: Limit { least: 20, percent: 30 },
            dangerous: 3,
            shrink: Limit { least: 10, percent: 10 },
            everything: false,
        }
    }
}
