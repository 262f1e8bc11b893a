//! Units of durable work. A job may run twice; running it again changes nothing that it changed before.

pub(crate) mod look_again;
pub(crate) mod read_staff_log;
pub(crate) mod reconcile_guild;
pub(crate) mod refresh_group;
pub(crate) mod refresh_member;
pub(crate) mod refresh_source;
pub(crate) mod settle_member;
pub(crate) mod tell_member;
pub(crate) mod tidy_up;
mod worker;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use domain::time::Timestamp;
use serde::Serialize;
use store::Tx;
use store::jobs::NewJob;

use crate::error::Error;
use crate::hall::Hall;

/// Every kind of job.
pub(crate) const JOBS: &[Job] = &[
    look_again::JOB,
    read_staff_log::JOB,
    reconcile_guild::JOB,
    refresh_group::JOB,
    refresh_member::JOB,
    refresh_source::JOB,
    settle_member::JOB,
    tell_member::JOB,
    tidy_up::JOB,
];

/// A kind of job.
pub(crate) struct Job {
    /// Its name in the store.
    pub(crate) kind: &'static str,
    /// What happens when it fails.
    pub(crate) retry: Retry,
    /// Does it, given what was claimed.
    pub(crate) run: for<'a> fn(&'a Hall, &'a store::jobs::Job) -> Running<'a>,
}

/// A job at work.
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Next, Error>> + Send + 'a>>;

/// What follows a job that did its work.
pub(crate) enum Next {
    /// Nothing.
    Done,
    /// The same again, then.
    At(Timestamp),
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
pub(crate) struct Order {
    kind: &'static str,
    key: String,
    payload: String,
    priority: i64,
    run_at: Timestamp,
}

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
        let payload = serde_json::to_string(payload).unwrap_or_default();
        Self { kind, key, payload, priority, run_at }
    }
}

/// Orders work in the transaction of the change that asks for it.
pub(crate) async fn order(tx: &mut Tx, order: Order) -> Result<(), store::Error> {
    tx.enqueue(&NewJob {
        kind: order.kind.to_owned(),
        key: order.key,
        payload: order.payload,
        priority: order.priority,
        run_at: order.run_at,
    })
    .await
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
