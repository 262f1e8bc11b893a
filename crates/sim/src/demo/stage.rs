//! What the demo's parts work with, and what they remember of what happened.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::door::Door;
use super::{DemoParts, RuleShown};
use crate::cast::{CastPerson, Harbor};
use crate::discord::Snowflake;
use crate::forum::PersonId;

/// Acts and entries that are remembered; older ones are forgotten.
pub(super) const REMEMBERED_MAX: usize = 60;

/// What the hall allows itself of the forum, as its settings reference says.
const CALLS_A_MINUTE: usize = 60;
const CALLS_IN_TEN_SECONDS: usize = 20;
pub(super) const MINUTE_MS: i64 = 60_000;
const TEN_SECONDS_MS: i64 = 10_000;

/// Everything the demo's parts share.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) harbor: Harbor,
    pub(super) door: Door,
    pub(super) rules: Vec<RuleShown>,
    pub(super) staff_log_every_ms: i64,
    memory: Mutex<Memory>,
}

/// A thing that was done and that the hall may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// To whom of the cast, by place in it; none when it is about all.
    pub(super) person: Option<usize>,
    /// When, milliseconds since 1970.
    pub(super) at_ms: i64,
    /// Whether the forum sent a webhook about it.
    pub(super) told: bool,
}

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Acts in the forum, oldest first.
    pub(super) moments: Vec<Moment>,
    /// The hall's log as far as it was read, oldest first.
    pub(super) activity: Vec<Value>,
    /// The last entry of it.
    pub(super) last_activity: i64,
    /// Which users are linked.
    pub(super) linked: std::collections::BTreeSet<String>,
    /// When the hall last read the forum, and its staff log, with success.
    pub(super) read_at_ms: Option<i64>,
    pub(super) log_read_at_ms: Option<i64>,
    /// When the hall last tried to read the staff log, which is what its next try counts from.
    pub(super) log_asked_at_ms: Option<i64>,
    /// When the hall called the forum in the last minute, oldest first.
    pub(super) calls_at_ms: Vec<i64>,
    /// Whether the forum is broken on purpose.
    pub(super) broken: bool,
    /// What goes on that takes a while, in words.
    pub(super) busy: Option<&'static str>,
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

    fn position(&self, fits: impl FnMut(&CastPerson) -> bool) -> Option<usize> {
        self.harbor.people.iter().position(fits)
    }
}

impl Memory {
    /// Remembers an act.
    pub(super) fn did(&mut self, moment: Moment) {
        self.moments.push(moment);
        let over = self.moments.len().saturating_sub(REMEMBERED_MAX);
        self.moments.drain(..over);
    }

    /// Takes in entries of the hall's log.
    pub(super) fn heard(&mut self, entries: Vec<Value>) {
        for entry in entries {
            self.last_activity = entry.get("id").and_then(Value::as_i64).unwrap_or(self.last_activity);
            let user = user_of(&entry).unwrap_or_default();
            match entry.get("act").and_then(Value::as_str) {
                Some("link") => drop(self.linked.insert(user)),
                Some("unlink") => drop(self.linked.remove(&user)),
                _ => {}
            }
            self.activity.push(entry);
        }
        let over = self.activity.len().saturating_sub(REMEMBERED_MAX);
        self.activity.drain(..over);
    }

    /// Whether the hall has made all the calls it allows itself, and waits its turn.
    pub(super) fn is_paced(&self, now_ms: i64) -> bool {
        let within =
            |span_ms: i64| self.calls_at_ms.iter().filter(|at_ms| now_ms - **at_ms < span_ms).count();
        within(MINUTE_MS) >= CALLS_A_MINUTE || within(TEN_SECONDS_MS) >= CALLS_IN_TEN_SECONDS
    }

    /// Whether something was told that the hall has not read since.
    pub(super) fn is_unread(&self) -> bool {
        let read = self.read_at_ms.unwrap_or(0);
        self.moments.iter().any(|moment| moment.told && moment.person.is_some() && moment.at_ms > read)
    }

    /// The oldest act that the forum told nobody of and that the hall has not read of since.
    pub(super) fn waits_since(&self) -> Option<i64> {
        let read = self.log_read_at_ms.unwrap_or(0);
        self.moments.iter().find(|moment| !moment.told && moment.at_ms >= read).map(|moment| moment.at_ms)
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
