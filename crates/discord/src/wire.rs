//! What is read of Discord's JSON: only the fields the hall uses, so that a guild with something new in it
//! is read all the same, and a large one costs no more than its members and roles.

use domain::ids::{GuildId, RoleId, UserId};
use serde::{Deserialize, Deserializer, de};

/// A snowflake: a number in a string (Discord docs: Reference, Snowflakes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Snowflake(pub(crate) u64);

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number(deserializer).map(Self)
    }
}

/// Permission bits: a number in a string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits(pub(crate) u64);

impl<'de> Deserialize<'de> for Bits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number(deserializer).map(Self)
    }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    struct Visitor;
    impl de::Visitor<'_> for Visitor {
        type Value = u64;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a number in a string")
        }
        fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
            Ok(value)
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
            text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
        }
    }
    deserializer.deserialize_any(Visitor)
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct User {
    pub(crate) id: Snowflake,
    #[serde(default)]
    pub(crate) username: String,
    pub(crate) global_name: Option<String>,
    pub(crate) avatar: Option<String>,
    #[serde(default)]
    pub(crate) bot: bool,
}

impl User {
    pub(crate) fn id(&self) -> UserId {
        UserId(self.id.0)
    }

    /// The name people see.
    pub(crate) fn display_name(&self) -> &str {
        self.global_name.as_deref().unwrap_or(&self.username)
    }
}

/// A member of a guild.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Member {
    pub(crate) user: User,
    pub(crate) nick: Option<String>,
    #[serde(default)]
    pub(crate) roles: Vec<Snowflake>,
    #[serde(default)]
    pub(crate) pending: bool,
}

/// A role of a guild.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Role {
    pub(crate) id: Snowflake,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) color: u32,
    #[serde(default)]
    pub(crate) position: i64,
    #[serde(default)]
    pub(crate) managed: bool,
    pub(crate) permissions: Bits,
}

/// A guild, from the REST API, `GUILD_CREATE` or `GUILD_UPDATE`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Guild {
    pub(crate) id: Snowflake,
    pub(crate) name: String,
    pub(crate) owner_id: Snowflake,
    pub(crate) roles: Vec<Role>,
    #[serde(default)]
    pub(crate) members: Vec<Member>,
    pub(crate) member_count: Option<u64>,
}

impl Guild {
    pub(crate) fn id(&self) -> GuildId {
        GuildId(self.id.0)
    }
}

/// The ids of roles.
pub(crate) fn role_ids(roles: &[Snowflake]) -> Vec<RoleId> {
    let mut ids: Vec<RoleId> = roles.iter().map(|role| RoleId(role.0)).collect();
    ids.sort_unstable();
    ids
}
