//! Units of durable work. A job may run twice; running it again changes nothing that it changed before.

pub(crate) mod look_again;
pub(crate) mod read_audit_log;
pub(crate) mod read_staff_log;
pub(crate) mod reconcile_guild;
pub(crate) mod refresh_group;
pub(crate) mod refresh_member;
pub(crate) mod refresh_source;
pub(crate) mod settle_member;
pub(crate) mod tell_member;
pub(crate) mod tell_staff;
pub(crate) mod tidy_up;
mod worker;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use domain::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use store::Tx;
use store::jobs::{Joining, NewJob};

use crate::error::Error;
use crate::hall::Hall;

/// Every kind of job.
pub(crate) const JOBS: &[Job] = &[
    look_again::JOB,
    read_audit_log::JOB,
    read_staff_log::JOB,
    reconcile_guild::JOB,
    refresh_group::JOB,
    refresh_member::JOB,
    refresh_source::JOB,
    settle_member::JOB,
    tell_member::JOB,
    tell_staff::JOB,
    tidy_up::JOB,
];

/// A kind of job.
pub(crate) struct Job {
    /// Its name in the store.
    pub(crate) kind: &'static str,
    /// With what it shares room.
    pub(crate) lane: Lane,
    /// What happens when it fails.
    pub(crate) retry: Retry,
    /// Does it, given what was claimed.
    pub(crate) run: for<'a> fn(&'a Hall, &'a store::jobs::Job) -> Running<'a>,
}

/// A job at work.
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Next, Error>> + Send + 'a>>;

/// Work that waits for the same things shares a lane, so that it never waits for another lane's: a Discord that
/// is closed for a minute stops no webhook, and thousands of people to read stop no timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// The rounds: everything at once, now and then.
    Rounds,
    /// One person or one group of a source.
    Reading,
    /// What is written to Discord.
    Writing,
}

impl Lane {
    /// Every lane.
    pub(crate) const ALL: [Self; 3] = [Self::Rounds, Self::Reading, Self::Writing];

    /// How many of its jobs are at work at once: as many as may sensibly wait for the other side.
    pub(crate) fn at_once_max(self) -> usize {
        match self {
            Self::Rounds | Self::Reading => 8,
            Self::Writing => 16,
        }
    }

    /// How long one of its jobs may take: far longer than any does, so that one which hangs is tried again.
    pub(crate) fn deadline(self) -> Duration {
        match self {
            Self::Rounds => Duration::from_secs(12 * 3_600),
            Self::Reading | Self::Writing => Duration::from_secs(3_600),
        }
    }

    /// The kinds of its jobs.
    pub(crate) fn kinds(self) -> Vec<&'static str> {
        JOBS.iter().filter(|job| job.lane == self).map(|job| job.kind).collect()
    }
}

/// What follows a job that did its work.
pub(crate) enum Next {
    /// Nothing.
    Done,
    /// More of it, later.
    Again(Order),
}

/// How a failed job is tried again.
#[derive(Clone, Copy)]
pub(crate) struct Retry {
    /// How long after the first failure; doubled after each further one.
    pub(crate) first: Duration,
    /// The longest wait.
    pub(crate) longest: Duration,
    /// After how many failures it is put aside for a person to look at; `None` for work that must go on.
    pub(crate) attempts_max: Option<i64>,
}

impl Retry {
    /// For what must happen sooner or later.
    pub(crate) const FOREVER: Self =
        Self { first: Duration::from_secs(2), longest: Duration::from_secs(600), attempts_max: None };

    /// How long to wait after so many failures.
    pub(crate) fn wait(self, attempts: i64) -> Duration {
        let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
        self.first.saturating_mul(2_u32.saturating_pow(doublings)).min(self.longest)
    }
}

/// Work to be done.
#[derive(Clone)]
pub(crate) struct Order {
    kind: &'static str,
    key: String,
    payload: Value,
    priority: i64,
    run_at: Timestamp,
    joining: Joining,
}

/// The name in a payload under which it is said since when somebody waits for what comes of the work.
const HINTED_AT: &str = "hinted_at";

impl Order {
    /// Orders with the same kind and key are one.
    pub(crate) fn new(
        kind: &'static str,
        key: String,
        payload: &impl Serialize,
        priority: i64,
        run_at: Timestamp,
    ) -> Self {
        // Payloads are plain structs of ids: they always serialise.
        let payload = serde_json::to_value(payload).unwrap_or_default();
        Self { kind, key, payload, priority, run_at, joining: Joining::TakesPayload }
    }

    /// For work of which the key says everything: the first who ordered it says since when it is waited for.
    pub(crate) fn keyed(self) -> Self {
        Self { joining: Joining::KeepsPayload, ..self }
    }

    /// Says since when somebody waits for what comes of it: the moment of the hint that it follows.
    pub(crate) fn hinted(mut self, at: Option<Timestamp>) -> Self {
        if let (Value::Object(payload), Some(at)) = (&mut self.payload, at) {
            payload.insert(HINTED_AT.to_owned(), at.0.into());
        }
        self
    }
}

/// Orders work in the transaction of the change that asks for it.
pub(crate) async fn order(tx: &mut Tx, order: Order) -> Result<(), store::Error> {
    let Order { kind, key, payload, priority, run_at, joining } = order;
    let (kind, payload) = (kind.to_owned(), payload.to_string());
    tx.enqueue(&NewJob { kind, key, payload, priority, run_at, joining }).await
}

/// Since when somebody waits for what comes of this work; `None` when no hint asked for it.
pub(crate) fn hinted_at(claimed: &store::jobs::Job) -> Option<Timestamp> {
    let payload: Value = serde_json::from_str(&claimed.payload).ok()?;
    payload.get(HINTED_AT)?.as_i64().map(Timestamp)
}

/// Reads a payload that an older version may have written.
pub(crate) fn payload<T: serde::de::DeserializeOwned>(claimed: &store::jobs::Job) -> Result<T, Error> {
    serde_json::from_str(&claimed.payload)
        .map_err(|error| crate::Failed::Broken(format!("could not read a job's payload: {error}")).into())
}

/// Whether somebody waits for this work, or asked for it at once while it waited.
pub(crate) fn urgent(claimed: &store::jobs::Job) -> bool {
    claimed.priority <= domain::plan::Importance::Urgent.priority()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits = [1, 2, 3, 9, 10, 1_000_000].map(|attempts| Retry::FOREVER.wait(attempts).as_secs());
        assert_eq!(waits, [2, 4, 8, 512, 600, 600]);
    }

    #[test]
    fn every_kind_of_job_has_a_name_of_its_own() {
        let mut kinds: Vec<&str> = JOBS.iter().map(|job| job.kind).collect();
        kinds.dedup();
        assert_eq!(kinds.len(), JOBS.len());
    }
}
