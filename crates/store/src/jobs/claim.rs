//! Claiming work and giving it back. A claim has a number, so that whoever comes late changes nothing.

use std::time::Duration;

use domain::time::Timestamp;

use crate::cells::{json, limit, values};
use crate::{Error, Tx};

statements! {
    CLAIM = [
        "with due as materialized (
            select id
            from jobs
            where dead_at_ms is null
                and case when holder is null then run_at_ms else leased_until_ms end <= $1
                and kind in (select given.value from " (texts "$2") " as given)
            order by priority, run_at_ms, id
            limit $3
            " skip_locked "
        )
        update jobs
        set holder = $4,
            leased_until_ms = $5,
            attempts = attempts + 1,
            claims = claims + 1,
            again_at_ms = null
        where id in (select due.id from due)
        returning id, kind, key, payload, priority, run_at_ms, attempts, claims, leased_until_ms"
    ],
    RENEW = [
        "update jobs
        set leased_until_ms = $3
        where holder = $1
            and id in (select cast(given.value as bigint) from " (texts "$2") " as given)"
    ],
    FINISH = [
        "delete from jobs
        where id = $1 and holder = $2 and claims = $3 and again_at_ms is null"
    ],
    FINISH_AND_REPEAT = [
        "update jobs
        set holder = null,
            leased_until_ms = null,
            run_at_ms = again_at_ms,
            again_at_ms = null,
            attempts = 0,
            last_error = null
        where id = $1 and holder = $2 and claims = $3 and again_at_ms is not null"
    ],
    RETRY = [
        "update jobs
        set holder = null,
            leased_until_ms = null,
            run_at_ms = $4,
            again_at_ms = null,
            last_error = $5
        where id = $1 and holder = $2 and claims = $3"
    ],
    RELEASE = [
        "update jobs
        set holder = null,
            leased_until_ms = null,
            run_at_ms = coalesce(again_at_ms, run_at_ms),
            again_at_ms = null
        where holder = $1"
    ],
    RELEASE_OF_OTHERS = [
        "update jobs
        set holder = null,
            leased_until_ms = null,
            run_at_ms = coalesce(again_at_ms, run_at_ms),
            again_at_ms = null
        where holder <> $1"
    ],
    BURY = [
        "update jobs
        set holder = null,
            leased_until_ms = null,
            run_at_ms = coalesce(again_at_ms, run_at_ms),
            attempts = case when again_at_ms is null then attempts else 0 end,
            dead_at_ms = case when again_at_ms is null then cast($4 as bigint) end,
            again_at_ms = null,
            last_error = $5
        where id = $1 and holder = $2 and claims = $3"
    ],
}

/// Claimed work. It is the claimer's until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The row.
    pub id: i64,
    /// Which work.
    pub kind: String,
    /// On what.
    pub key: String,
    /// Everything the work needs to know, as JSON.
    pub payload: String,
    /// How important it is: the lowest number first.
    pub priority: i64,
    /// Since when it was due.
    pub run_at: Timestamp,
    /// The how-manieth attempt this is, from 1; crashes count.
    pub attempts: i64,
    /// Who claimed it.
    pub holder: String,
    /// The number of the claim.
    pub claim: i64,
    /// When others may claim it.
    pub leased_until: Timestamp,
}

/// What finishing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The work is done and gone.
    Done,
    /// It was asked for once more meanwhile, and waits again.
    Again,
    /// Somebody else has claimed it since: nothing was changed, and this transaction should not stand.
    Lost,
}

type Cells = (i64, String, String, String, i64, i64, i64, i64, i64);

impl Tx {
    /// Claims due work of these kinds, the most important and oldest first. Nobody else gets it before the
    /// lease ends. Commit before working.
    pub async fn claim(
        &mut self,
        kinds: &[&str],
        most: usize,
        holder: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Vec<Job>, Error> {
        let kinds = json(&kinds)?;
        let values = values![now, &kinds, limit(most), holder, now.after(lease)];
        let rows: Vec<Cells> = self.connection.all(&CLAIM, values).await?;
        let mut jobs: Vec<Job> = rows.into_iter().map(|cells| job(cells, holder)).collect();
        jobs.sort_by_key(|job| (job.priority, job.run_at, job.id));
        Ok(jobs)
    }

    /// Keeps some of what a worker has claimed for longer; what others have claimed since stays theirs.
    pub async fn renew_claims(&mut self, holder: &str, jobs: &[i64], until: Timestamp) -> Result<(), Error> {
        let jobs = json(&jobs)?;
        self.connection.run(&RENEW, values![holder, &jobs, until]).await.map(drop)
    }

    /// Notes that work is done, in the transaction that writes what it did.
    pub async fn finish(&mut self, job: &Job) -> Result<Finished, Error> {
        let values = values![job.id, &job.holder, job.claim];
        if self.connection.run(&FINISH, values).await? > 0 {
            return Ok(Finished::Done);
        }
        let again = self.connection.run(&FINISH_AND_REPEAT, values).await? > 0;
        Ok(if again { Finished::Again } else { Finished::Lost })
    }

    /// Gives back everything a worker has claimed and not finished, for whoever works next; says how much.
    pub async fn release_claims(&mut self, holder: &str) -> Result<u64, Error> {
        self.connection.run(&RELEASE, values![holder]).await
    }

    /// Gives back everything that other workers have claimed and not finished, once none of them works any
    /// more; says how much.
    pub async fn release_claims_of_others(&mut self, holder: &str) -> Result<u64, Error> {
        self.connection.run(&RELEASE_OF_OTHERS, values![holder]).await
    }

    /// Puts work off until a moment; says whether it was still the claimer's.
    pub async fn retry(&mut self, job: &Job, run_at: Timestamp, error: &str) -> Result<bool, Error> {
        let values = values![job.id, &job.holder, job.claim, run_at, error];
        Ok(self.connection.run(&RETRY, values).await? > 0)
    }

    /// Gives work up: it is kept and shown, and done again only when somebody asks. Work that was asked for
    /// once more meanwhile waits instead. Says whether it was still the claimer's.
    pub async fn bury(&mut self, job: &Job, now: Timestamp, error: &str) -> Result<bool, Error> {
        let values = values![job.id, &job.holder, job.claim, now, error];
        Ok(self.connection.run(&BURY, values).await? > 0)
    }
}

fn job(cells: Cells, holder: &str) -> Job {
    let (id, kind, key, payload, priority, run_at, attempts, claim, leased_until) = cells;
    Job {
        id,
        kind,
        key,
        payload,
        priority,
        run_at: Timestamp(run_at),
        attempts,
        holder: holder.to_owned(),
        claim,
        leased_until: Timestamp(leased_until),
    }
}
