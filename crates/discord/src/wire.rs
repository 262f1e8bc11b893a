//! What is read of Discord's JSON: only the fields the hall uses, so that a guild with something new in it
//! is read all the same, and a large one costs no more than its members and roles.

use domain::ids::{ChannelId, GuildId, RoleId, UserId};
use domain::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, de};

/// A snowflake: a number in a string (Discord docs: Reference, Snowflakes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Snowflake(pub(crate) u64);

/// The first millisecond that a snowflake can name. (Discord docs: Reference, Snowflakes.)
const FIRST_MILLISECOND: i64 = 1_420_070_400_000;

impl Snowflake {
    /// When it was made.
    pub(crate) fn at(self) -> Timestamp {
        Timestamp(i64::try_from(self.0 >> 22).unwrap_or(i64::MAX).saturating_add(FIRST_MILLISECOND))
    }

    /// The lowest of a moment.
    pub(crate) fn at_first(moment: Timestamp) -> Self {
        Self(u64::try_from(moment.0.saturating_sub(FIRST_MILLISECOND)).unwrap_or(0) << 22)
    }
}

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
    #[serde(default)]
    pub(crate) joined_at: Option<String>,
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
    /// Only from `GUILD_CREATE`.
    #[serde(default, deserialize_with = "readable")]
    pub(crate) channels: Vec<Channel>,
    pub(crate) member_count: Option<u64>,
}

impl Guild {
    pub(crate) fn id(&self) -> GuildId {
        GuildId(self.id.0)
    }
}

/// A channel of a guild.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Channel {
    id: Snowflake,
    /// Discord docs: Channel Types.
    #[serde(rename = "type")]
    pub(crate) kind: u64,
    #[serde(default)]
    pub(crate) name: String,
    /// What differs here from the rest of the guild.
    #[serde(default, rename = "permission_overwrites")]
    pub(crate) overwrites: Vec<Overwrite>,
}

impl Channel {
    pub(crate) fn id(&self) -> ChannelId {
        ChannelId(self.id.0)
    }
}

/// What a role or a member may and may not in one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Overwrite {
    /// Of the role or the member; `@everyone` has the guild's.
    pub(crate) id: Snowflake,
    pub(crate) allow: Bits,
    pub(crate) deny: Bits,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct AuditEntry {
    pub(crate) id: Snowflake,
    action_type: u64,
    user_id: Option<Snowflake>,
    pub(crate) target_id: Option<Snowflake>,
    #[serde(default)]
    pub(crate) changes: Vec<AuditChange>,
}

/// One change of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct AuditChange {
    pub(crate) key: Option<String>,
    #[serde(default)]
    pub(crate) new_value: serde_json::Value,
}

/// `MEMBER_ROLE_UPDATE` (Discord docs: Audit Log Events).
pub(crate) const MEMBER_ROLE_UPDATE: u64 = 25;

impl AuditEntry {
    /// Whether somebody's roles were changed.
    pub(crate) fn is_about_roles(&self) -> bool {
        self.action_type == MEMBER_ROLE_UPDATE
    }

    /// Who did it; Discord does not always say.
    pub(crate) fn by(&self) -> Option<UserId> {
        self.user_id.map(|user| UserId(user.0))
    }
}

/// A list, without what cannot be read in it.
fn readable<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list = Vec::<serde_json::Value>::deserialize(deserializer)?;
    Ok(list.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect())
}

/// The ids of roles.
pub(crate) fn role_ids(roles: &[Snowflake]) -> Vec<RoleId> {
    let mut ids: Vec<RoleId> = roles.iter().map(|role| RoleId(role.0)).collect();
    ids.sort_unstable();
    ids
}
