//! Snowflakes: Discord's 64-bit ids, which carry the moment they were made.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Milliseconds between 1970 and Discord's own epoch, the first second of 2015.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// An id of anything in Discord. Written as a decimal string in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Snowflake(pub u64);

impl Snowflake {
    /// The first id that could have been made in that millisecond since 1970.
    pub fn at_ms(at_ms: i64) -> Self {
        Self(u64::try_from(at_ms - EPOCH_MS).unwrap_or(0) << 22)
    }

    /// Milliseconds since 1970 at which the id was made.
    pub fn made_at_ms(self) -> i64 {
        i64::try_from(self.0 >> 22).unwrap_or(i64::MAX) + EPOCH_MS
    }

    /// The number behind it.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Snowflake {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for Snowflake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Makes ids that only grow, whatever the clock does.
#[derive(Debug, Default)]
pub(super) struct Snowflakes {
    last: u64,
}

impl Snowflakes {
    pub(super) fn next(&mut self, now_ms: i64) -> Snowflake {
        self.last = Snowflake::at_ms(now_ms).0.max(self.last + 1);
        Snowflake(self.last)
    }
}
