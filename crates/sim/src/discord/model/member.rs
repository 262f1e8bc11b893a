//! A user's membership in one guild.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::User;
use crate::discord::ids::Snowflake;
use crate::discord::time::iso;

/// What a guild knows about one of its members.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::discord) struct Member {
    pub(in crate::discord) nick: Option<String>,
    pub(in crate::discord) roles: BTreeSet<Snowflake>,
    pub(in crate::discord) joined_at_ms: i64,
    pub(in crate::discord) pending: bool,
    pub(in crate::discord) timed_out_until_ms: Option<i64>,
    pub(in crate::discord) mute: bool,
    pub(in crate::discord) deaf: bool,
    pub(in crate::discord) flags: u64,
}

impl Member {
    pub(in crate::discord) fn new(joined_at_ms: i64) -> Self {
        Self {
            nick: None,
            roles: BTreeSet::new(),
            joined_at_ms,
            pending: false,
            timed_out_until_ms: None,
            mute: false,
            deaf: false,
            flags: 0,
        }
    }

    pub(in crate::discord) fn json(&self, user: &User) -> Value {
        let mut member = self.bare_json();
        if let Some(fields) = member.as_object_mut() {
            fields.insert("user".into(), user.json());
        }
        member
    }

    /// Without the user, as messages carry it.
    pub(in crate::discord) fn bare_json(&self) -> Value {
        json!({
            "avatar": null,
            "banner": null,
            "communication_disabled_until": self.timed_out_until_ms.map(iso),
            "flags": self.flags,
            "joined_at": iso(self.joined_at_ms),
            "nick": self.nick,
            "pending": self.pending,
            "premium_since": null,
            "roles": self.roles,
            "mute": self.mute,
            "deaf": self.deaf,
        })
    }
}
