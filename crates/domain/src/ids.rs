//! A type for each kind of id, so that no two can be mistaken for one another.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! numeric_id {
    ($(#[$about:meta])* $name:ident($inner:ty)) => {
        id_type! {
            $(#[$about])*
            #[derive(Serialize, Deserialize)]
            #[serde(transparent)]
            $name($inner)
        }
    };
}

/// Ids of Discord have more digits than a number of JSON keeps in many programs (RFC 8259 §6), so they are written
/// as text, as Discord itself writes them. Read they are either way.
macro_rules! snowflake_id {
    ($(#[$about:meta])* $name:ident) => {
        id_type! {
            $(#[$about])*
            $name(u64)
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Snowflake).map(Self)
            }
        }
    };
}

macro_rules! id_type {
    ($(#[$about:meta])* $name:ident($inner:ty)) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }
    };
}

numeric_id!(
    /// A person known to the hall.
    MemberId(i64)
);
numeric_id!(
    /// A configured instance in which people have accounts: one forum, one database, Discord.
    PlaceId(i64)
);
numeric_id!(
    /// A numbered set of rules.
    RevisionId(i64)
);
numeric_id!(
    /// A stored plan, and what was written under it.
    PlanId(i64)
);
numeric_id!(
    /// A group of a source, by the source's own number (Discourse: `groups[].id`).
    GroupId(i64)
);
/// Reads a snowflake from text or from a number.
struct Snowflake;

impl Visitor<'_> for Snowflake {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id of Discord, as text")
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<u64, E> {
        Ok(id)
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<u64, E> {
        u64::try_from(id).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<u64, E> {
        id.parse().map_err(E::custom)
    }
}

snowflake_id!(
    /// A Discord server: a snowflake.
    GuildId
);
snowflake_id!(
    /// A person on Discord: a snowflake.
    UserId
);
snowflake_id!(
    /// A channel of a guild: a snowflake.
    ChannelId
);
snowflake_id!(
    /// A role of a guild: a snowflake. Naming one gives no right to write it; see `plan::ManagedRole`.
    RoleId
);

/// One identity of a member somewhere, by the place's own id for it (a forum user's number, a snowflake).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(pub String);

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<UserId> for Subject {
    fn from(user: UserId) -> Self {
        Self(user.to_string())
    }
}

/// The name of a source as rules say it: `[a-z][a-z0-9_]*`, at most 32 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SourceName(String);

impl<'de> Deserialize<'de> for SourceName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::new(&name).ok_or_else(|| serde::de::Error::custom("not the name of a source"))
    }
}

impl SourceName {
    /// The longest name, in characters.
    pub const CHARS_MAX: usize = 32;

    /// Takes a name that rules can say; refuses every other.
    pub fn new(name: &str) -> Option<Self> {
        let mut characters = name.chars();
        let starts_well = characters.next().is_some_and(|c| c.is_ascii_lowercase());
        let goes_on_well = characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        (starts_well && goes_on_well && name.len() <= Self::CHARS_MAX).then(|| Self(name.to_owned()))
    }

    /// The name as rules say it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_discord_are_text_in_json_and_are_read_from_numbers_too() {
        let user = UserId(1_180_000_000_000_000_001);
        assert_eq!(serde_json::to_string(&user).unwrap(), "\"1180000000000000001\"");
        for text in ["\"1180000000000000001\"", "1180000000000000001"] {
            assert_eq!(serde_json::from_str::<UserId>(text).unwrap(), user, "{text}");
        }
        for text in ["\"mira\"", "-1", "1.5", "null"] {
            assert!(serde_json::from_str::<UserId>(text).is_err(), "{text}");
        }
        assert_eq!(serde_json::to_string(&PlanId(7)).unwrap(), "7");
    }
}
