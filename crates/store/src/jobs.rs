//! Jobs: durable work, joined by key, claimed by whoever is free, run again after a crash.

pub(crate) mod claim;
pub(crate) mod dead;

use domain::time::Timestamp;

use crate::cells::{count, json, values};
use crate::{Error, Tx};

pub use claim::{Finished, Job};
pub use dead::DeadJob;

statements! {
    ENQUEUE = [
        "insert into jobs (kind, key, payload, priority, run_at_ms, attempts, claims)
        values ($1, $2, $3, $4, $5, 0, 0)
        on conflict (kind, key) do update
        set payload = case
                when cast($6 as bigint) = 1 and jobs.holder is null and jobs.dead_at_ms is null then jobs.payload
                else excluded.payload
            end,
            priority = case
                when jobs.dead_at_ms is null and jobs.priority < excluded.priority then jobs.priority
                else excluded.priority
            end,
            run_at_ms = case
                when jobs.holder is not null then jobs.run_at_ms
                when jobs.dead_at_ms is null and jobs.run_at_ms < excluded.run_at_ms then jobs.run_at_ms
                else excluded.run_at_ms
            end,
            again_at_ms = case
                when jobs.holder is null then null
                when jobs.again_at_ms < excluded.run_at_ms then jobs.again_at_ms
                else excluded.run_at_ms
            end,
            attempts = case when jobs.dead_at_ms is null then jobs.attempts else 0 end,
            last_error = case when jobs.dead_at_ms is null then jobs.last_error else null end,
            dead_at_ms = null"
    ],
    NEXT_DUE = [
        "select min(case when holder is null then run_at_ms else leased_until_ms end)
        from jobs
        where dead_at_ms is null
            and kind in (select given.value from " (texts "$1") " as given)"
    ],
    DUE = [
        "select count(id)
        from jobs
        where dead_at_ms is null and (run_at_ms <= $1 or holder is not null)"
    ],
    COUNTS = [
        "select kind,
            count(case when dead_at_ms is null and holder is null and run_at_ms <= $1 then id end),
            count(case when dead_at_ms is null and holder is null and run_at_ms > $1 then id end),
            count(case when dead_at_ms is null and holder is not null then id end),
            count(dead_at_ms)
        from jobs
        group by kind
        order by kind"
    ],
}

/// Work to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Which work.
    pub kind: String,
    /// On what: equal work on the same thing is done once.
    pub key: String,
    /// Everything the work needs to know, as JSON.
    pub payload: String,
    /// How important it is: the lowest number first.
    pub priority: i64,
    /// Not before.
    pub run_at: Timestamp,
    /// What becomes of the payload when the work waits already.
    pub joining: Joining,
}

/// Whose payload counts when work is joined that waits already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// The one that it waits with.
    KeepsPayload,
    /// That of the newer order.
    TakesPayload,
}

/// How much work of one kind there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCount {
    /// Which work.
    pub kind: String,
    /// Not begun, and could be.
    pub due: usize,
    /// Not begun, since its time has not come.
    pub waiting: usize,
    /// Claimed by somebody, who may have crashed.
    pub running: usize,
    /// Given up.
    pub dead: usize,
}

impl Tx {
    /// Adds work, to be done once this transaction stands. Work that waits already is joined: the earlier
    /// time, the greater importance, the payload that [`NewJob::joining`] says. Work that is being done is
    /// done once more afterwards, with the newer payload. Work that was given up begins anew.
    pub async fn enqueue(&mut self, job: &NewJob) -> Result<(), Error> {
        let NewJob { kind, key, payload, priority, run_at, joining } = job;
        let keeps = i64::from(*joining == Joining::KeepsPayload);
        self.connection.run(&ENQUEUE, values![kind, key, payload, *priority, *run_at, keeps]).await.map(drop)
    }

    /// When there is something of these kinds to claim: the next job's time, or the end of a lease.
    pub async fn next_due_at(&mut self, kinds: &[&str]) -> Result<Option<Timestamp>, Error> {
        let kinds = json(&kinds)?;
        let (at,): (Option<i64>,) = self.connection.one(&NEXT_DUE, values![&kinds]).await?;
        Ok(at.map(Timestamp))
    }

    /// How many jobs are due or at work.
    pub async fn jobs_due(&mut self, now: Timestamp) -> Result<usize, Error> {
        let (due,): (i64,) = self.connection.one(&DUE, values![now]).await?;
        Ok(count(due))
    }

    /// How much work there is at a moment, by kind.
    pub async fn job_counts(&mut self, now: Timestamp) -> Result<Vec<JobCount>, Error> {
        let rows: Vec<(String, i64, i64, i64, i64)> = self.connection.all(&COUNTS, values![now]).await?;
        let counts = |(kind, due, waiting, running, dead)| JobCount {
            kind,
            due: count(due),
            waiting: count(waiting),
            running: count(running),
            dead: count(dead),
        };
        Ok(rows.into_iter().map(counts).collect())
    }
}
