//! What the demo remembers of what happened: acts, what the hall has read of them, and what it did.

use std::collections::BTreeSet;

use serde_json::Value;

use super::desk::Desk;
use crate::discord::Snowflake;

/// Acts and deeds that are remembered; older ones are forgotten.
const REMEMBERED_MAX: usize = 60;

/// What the hall allows itself of the forum, as its settings reference says.
const CALLS_A_MINUTE: usize = 60;
const CALLS_IN_TEN_SECONDS: usize = 20;
const MINUTE_MS: i64 = 60_000;
const TEN_SECONDS_MS: i64 = 10_000;

/// A thing that was done and that the hall may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// To whom of the cast, by place in it.
    pub(super) person: usize,
    /// When, milliseconds since 1970.
    pub(super) at_ms: i64,
    /// What, in words: `the forum's change`.
    pub(super) what: &'static str,
}

/// A change in the forum that the hall has not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    /// Of whom of the cast, by place in it.
    pub(super) person: usize,
    /// When it was made, milliseconds since 1970.
    pub(super) at_ms: i64,
    /// Whether the forum sent a webhook about it; `None` while that is not known yet.
    pub(super) told: Option<bool>,
}

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Acts, oldest first.
    pub(super) moments: Vec<Moment>,
    /// Changes of linked people that the hall has not read yet, oldest first.
    pub(super) unread: Vec<Unread>,
    /// What the hall did, in words that stay as they were first said; oldest first.
    pub(super) deeds: Vec<Value>,
    /// Rows of Discord's audit log that belong to one of the deeds.
    pub(super) rows_told: BTreeSet<Snowflake>,
    /// The last entry of the hall's log that was read.
    pub(super) last_activity: i64,
    /// Which users are linked.
    pub(super) linked: BTreeSet<String>,
    /// When the forum last answered the hall, and its staff log with it.
    pub(super) read_at_ms: Option<i64>,
    pub(super) log_read_at_ms: Option<i64>,
    /// When the hall last tried to read the staff log, which is what its next try counts from.
    pub(super) log_asked_at_ms: Option<i64>,
    /// When the hall called the forum in the last minute, oldest first.
    pub(super) calls_at_ms: Vec<i64>,
    /// Whether the forum is broken on purpose.
    pub(super) broken: bool,
    /// What the owner has to do with.
    pub(super) desk: Desk,
    /// What goes on that takes a while, in words.
    pub(super) busy: Option<&'static str>,
    /// When that was last over. What the demo does itself is no act of the person who looks.
    pub(super) settled_at_ms: i64,
}

impl Memory {
    /// Remembers an act.
    pub(super) fn did(&mut self, moment: Moment) {
        self.moments.push(moment);
        forget_oldest(&mut self.moments);
    }

    /// Remembers a change that the hall should read.
    pub(super) fn awaits(&mut self, unread: Unread) {
        self.unread.push(unread);
        forget_oldest(&mut self.unread);
    }

    /// Learns whether the forum told of a change.
    pub(super) fn was_told(&mut self, person: usize, at_ms: i64, told: bool) {
        let same = |unread: &&mut Unread| unread.person == person && unread.at_ms == at_ms;
        if let Some(unread) = self.unread.iter_mut().find(same) {
            unread.told = Some(told);
        }
    }

    /// Learns that the hall read a person, or everybody.
    pub(super) fn was_read(&mut self, person: Option<usize>, at_ms: i64) {
        self.unread
            .retain(|unread| unread.at_ms > at_ms || person.is_some_and(|person| person != unread.person));
    }

    /// Takes in an entry of the hall's log about somebody of the cast, and the words for it.
    pub(super) fn heard(&mut self, entry: &Value, person: Option<usize>, deed: Option<Value>) {
        self.last_activity = entry.get("id").and_then(Value::as_i64).unwrap_or(self.last_activity);
        self.desk.heard(entry);
        let user = super::stage::user_of(entry).unwrap_or_default();
        let what = match entry.get("act").and_then(Value::as_str) {
            Some("link") => self.linked.insert(user).then_some("linking"),
            Some("unlink") => self.linked.remove(&user).then_some("unlinking"),
            _ => None,
        };
        let at_ms = entry.get("at").and_then(Value::as_i64).unwrap_or_default();
        if let (Some(what), Some(person), true) = (what, person, self.is_played(at_ms)) {
            self.did(Moment { person, at_ms, what });
        }
        self.deeds.extend(deed);
        forget_oldest(&mut self.deeds);
    }

    /// Whether what happened then was done by whoever looks at the page, not by the demo itself.
    pub(super) fn is_played(&self, at_ms: i64) -> bool {
        self.busy.is_none() && at_ms > self.settled_at_ms
    }

    /// Remembers a call of the hall's.
    pub(super) fn called(&mut self, at_ms: i64) {
        self.calls_at_ms.retain(|before_ms| at_ms - before_ms < MINUTE_MS);
        self.calls_at_ms.push(at_ms);
    }

    /// Whether the hall has made all the calls it allows itself, and waits its turn.
    pub(super) fn is_paced(&self, now_ms: i64) -> bool {
        let within =
            |span_ms: i64| self.calls_at_ms.iter().filter(|at_ms| now_ms - **at_ms < span_ms).count();
        within(MINUTE_MS) >= CALLS_A_MINUTE || within(TEN_SECONDS_MS) >= CALLS_IN_TEN_SECONDS
    }

    /// Whether a change waits for the staff log: the forum told nobody of it.
    pub(super) fn waits_for_log(&self) -> bool {
        let read = self.log_read_at_ms.unwrap_or(0);
        self.unread.iter().any(|unread| unread.told == Some(false) && unread.at_ms >= read)
    }
}

fn forget_oldest<T>(list: &mut Vec<T>) {
    let over = list.len().saturating_sub(REMEMBERED_MAX);
    list.drain(..over);
}
