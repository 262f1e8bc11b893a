//! What the demo's parts work with.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::door::Door;
use super::memory::Memory;
use super::{DemoParts, RuleShown};
use crate::cast::{CastPerson, Harbor};
use crate::discord::Snowflake;
use crate::forum::PersonId;

/// Everything the demo's parts share.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) harbor: Harbor,
    pub(super) door: Door,
    pub(super) rules: Vec<RuleShown>,
    pub(super) staff_log_every_ms: i64,
    memory: Mutex<Memory>,
}

impl Stage {
    pub(super) fn new(parts: DemoParts, door: Door) -> Self {
        let DemoParts { harbor, rules, staff_log_every_ms, .. } = parts;
        Self { harbor, door, rules, staff_log_every_ms, memory: Mutex::default() }
    }

    /// What is remembered, alone for as long as the guard lives. Never held over an await.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.harbor.clock.now_ms()
    }

    /// The place in the cast of who has this account in the forum.
    pub(super) fn in_forum(&self, id: PersonId) -> Option<usize> {
        self.position(|person| person.forum.is_some_and(|(known, _)| known == id))
    }

    /// The place in the cast of who has this account on Discord.
    pub(super) fn on_discord(&self, id: Snowflake) -> Option<usize> {
        self.position(|person| person.discord.is_some_and(|(known, _)| known == id))
    }

    /// The person at a place of the cast.
    pub(super) fn person(&self, place: usize) -> Option<&CastPerson> {
        self.harbor.people.get(place)
    }

    fn position(&self, fits: impl FnMut(&CastPerson) -> bool) -> Option<usize> {
        self.harbor.people.iter().position(fits)
    }
}

/// The user that an entry is about; ids come as numbers or as strings.
pub(super) fn user_of(entry: &Value) -> Option<String> {
    id_text(entry.get("user")?)
}

/// An id, however it is written.
pub(super) fn id_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|id| id.to_string()))
}
