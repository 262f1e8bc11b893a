//! Claims jobs that are due and does them: in each lane the most important first, a few at a time.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use futures_util::FutureExt as _;
use store::jobs::Finished;
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use super::{JOBS, Job, Lane, Next, order};
use crate::error::{Error, Failed};
use crate::hall::Hall;
use crate::metrics::Run;
use crate::ports::GuildError;

/// Claims that nobody renews end after this: those of a worker that was killed.
const CLAIM_LASTS: Duration = Duration::from_secs(300);
/// How often a worker renews the claims of what is at work, however long that takes.
const RENEW_EVERY: Duration = Duration::from_secs(100);
/// How long work in hand may take once the hall is asked to stop, out of the ten seconds that it has.
const FINISH_TAKES_AT_MOST: Duration = Duration::from_secs(7);
/// How long to wait when our own database does not answer.
const STORE_PAUSE: Duration = Duration::from_secs(1);

impl Hall {
    /// Does what is due until told to stop, then finishes what is in hand.
    pub async fn work(self: Arc<Self>, holder: String, stop: CancellationToken) {
        let mut at_work = AtWork::default();
        self.take_over(&holder).await;
        while !stop.is_cancelled() {
            let until = match self.start_due(&holder, &mut at_work).await {
                Ok(until) => until,
                Err(error) => {
                    tracing::error!(%error, "could not look for work");
                    Some(self.clock.now().after(STORE_PAUSE))
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = at_work.one_ends() => {}
                () = self.sleep(until) => {}
            }
        }
        self.hand_over(&holder, at_work.tasks).await;
    }

    /// What somebody claimed who works no more is claimed anew at once: only who leads works.
    async fn take_over(&self, holder: &str) {
        let taken = async {
            let mut tx = self.store.write().await?;
            let taken = tx.release_claims_of_others(holder).await?;
            tx.commit().await?;
            Ok::<_, store::Error>(taken)
        };
        match taken.await {
            Ok(0) => {}
            Ok(taken) => tracing::info!(taken, "going on with work that another start left unfinished"),
            Err(error) => tracing::error!(%error, "could not take work over; it goes on when its claims end"),
        }
    }

    /// Finishes what is in hand as far as that is quick, and gives back the rest for whoever works next.
    async fn hand_over(&self, holder: &str, mut at_work: JoinSet<()>) {
        let finish = async { while at_work.join_next().await.is_some() {} };
        if tokio::time::timeout(FINISH_TAKES_AT_MOST, finish).await.is_ok() {
            return;
        }
        at_work.shutdown().await;
        let released = async {
            let mut tx = self.store.write().await?;
            let released = tx.release_claims(holder).await?;
            tx.commit().await?;
            Ok::<_, store::Error>(released)
        };
        match released.await {
            Ok(released) => {
                tracing::info!(released, "work in hand was given back; it goes on at the next start");
            }
            Err(error) => tracing::error!(%error, "could not give work back; it goes on when its claim ends"),
        }
    }

    /// Puts the timers in order that every hall runs by; those that stand already keep their time.
    pub async fn start_timers(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        for seat in &self.sources {
            order(&mut tx, super::refresh_source::order(&seat.name, now)).await?;
            order(&mut tx, super::read_staff_log::order(&seat.name, now)).await?;
        }
        for seat in self.rules.now().guilds() {
            order(&mut tx, super::reconcile_guild::order(seat.id, now)).await?;
        }
        order(&mut tx, super::tidy_up::order(now)).await?;
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Returns when nothing is due and nothing at work. Work that waits for a later moment does not count.
    pub async fn at_rest(&self) -> Result<(), Error> {
        let mut finished = self.finished.subscribe();
        loop {
            finished.borrow_and_update();
            if self.store.read().await?.jobs_due(self.clock.now()).await? == 0 {
                return Ok(());
            }
            self.wake.notify_one();
            if finished.changed().await.is_err() {
                return Ok(());
            }
        }
    }

    async fn sleep(&self, until: Option<Timestamp>) {
        match until {
            Some(moment) => self.clock.sleep_until(moment).await,
            None => std::future::pending().await,
        }
    }

    /// Starts what is due and says when to look again.
    async fn start_due(
        self: &Arc<Self>,
        holder: &str,
        at_work: &mut AtWork,
    ) -> Result<Option<Timestamp>, store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        // First: what is at work must not look as if somebody had dropped it.
        if at_work.renewal_is_due(now) {
            tx.renew_claims(holder, &at_work.jobs(), now.after(CLAIM_LASTS)).await?;
            at_work.renewed_at = Some(now);
        }
        let mut claimed = Vec::new();
        for lane in Lane::ALL {
            let room = at_work.room(lane);
            if room > 0 {
                claimed.extend(tx.claim(&lane.kinds(), room, holder, now, CLAIM_LASTS).await?);
            }
        }
        tx.commit().await?;
        for claimed in claimed {
            if let Some(job) = JOBS.iter().find(|job| job.kind == claimed.kind) {
                let (id, lane) = (claimed.id, job.lane);
                let task = at_work.tasks.spawn(Arc::clone(self).carry_out(job, claimed));
                at_work.running.insert(task.id(), (lane, id));
            }
        }
        let open: Vec<&str> =
            Lane::ALL.into_iter().filter(|lane| at_work.room(*lane) > 0).flat_map(Lane::kinds).collect();
        let due = self.store.read().await?.next_due_at(&open).await?;
        Ok(due.into_iter().chain(at_work.next_renewal(now)).min())
    }

    async fn carry_out(self: Arc<Self>, job: &'static Job, claimed: store::jobs::Job) {
        let deadline = self.clock.now().after(job.lane.deadline());
        let result = tokio::select! {
            result = AssertUnwindSafe((job.run)(&self, &claimed)).catch_unwind() => {
                result.unwrap_or_else(|_| Err(Failed::Broken("the job panicked".to_owned()).into()))
            }
            () = self.clock.sleep_until(deadline) => {
                Err(Failed::Broken("the job took longer than any may".to_owned()).into())
            }
        };
        while let Err(error) = self.put_away(job, &claimed, &result).await {
            tracing::error!(kind = job.kind, %error, "could not put a job away; trying again");
            self.clock.sleep_until(self.clock.now().after(STORE_PAUSE)).await;
        }
        self.finished.send_modify(|count| *count += 1);
        self.wake.notify_one();
    }

    async fn put_away(
        &self,
        job: &Job,
        claimed: &store::jobs::Job,
        result: &Result<Next, Error>,
    ) -> Result<(), store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let dies = job.retry.attempts_max.is_some_and(|most| claimed.attempts >= most);
        let still_ours = match result {
            Ok(next) => {
                let finished = tx.finish(claimed).await?;
                if let Next::Again(more) = next {
                    order(&mut tx, more.clone()).await?;
                }
                finished != Finished::Lost
            }
            Err(error) => {
                let wait = asked_to_wait(error).unwrap_or_else(|| job.retry.wait(claimed.attempts));
                tracing::warn!(kind = job.kind, key = claimed.key, wait_s = wait.as_secs(), %error, "a job failed");
                let words = error.to_string();
                if dies {
                    tx.bury(claimed, now, &words).await?
                } else {
                    tx.retry(claimed, now.after(wait), &words).await?
                }
            }
        };
        // Whoever claimed it since does it, and says what follows.
        if still_ours {
            tx.commit().await?;
        }
        self.metrics.ran(
            job.kind,
            match result {
                Ok(_) => Run::Done,
                Err(_) if dies => Run::Dead,
                Err(_) => Run::Failed,
            },
        );
        Ok(())
    }
}

/// What is at work.
#[derive(Default)]
struct AtWork {
    tasks: JoinSet<()>,
    /// The lane and the job of each task.
    running: HashMap<Id, (Lane, i64)>,
    renewed_at: Option<Timestamp>,
}

impl AtWork {
    /// How many more of a lane may begin.
    fn room(&self, lane: Lane) -> usize {
        lane.at_once_max().saturating_sub(self.running.values().filter(|(busy, _)| *busy == lane).count())
    }

    fn jobs(&self) -> Vec<i64> {
        self.running.values().map(|(_, job)| *job).collect()
    }

    /// When the claims of what is at work must be renewed; `None` while nothing is.
    fn next_renewal(&self, now: Timestamp) -> Option<Timestamp> {
        let due = self.renewed_at.map_or(now, |renewed_at| renewed_at.after(RENEW_EVERY));
        (!self.running.is_empty()).then_some(due)
    }

    fn renewal_is_due(&self, now: Timestamp) -> bool {
        self.next_renewal(now).is_some_and(|due| due <= now)
    }

    /// Returns when one has ended; never, while nothing is at work.
    async fn one_ends(&mut self) {
        let ended = match self.tasks.join_next_with_id().await {
            Some(Ok((task, ()))) => task,
            Some(Err(error)) => {
                tracing::error!(%error, "a job ended without a word; it runs again when its claim ends");
                error.id()
            }
            None => return std::future::pending().await,
        };
        self.running.remove(&ended);
    }
}

/// How long the other side asked to be left alone.
fn asked_to_wait(error: &Error) -> Option<Duration> {
    /// Nobody is believed who asks for more than a day.
    const LONGEST: Duration = Duration::from_secs(86_400);
    let wait = match error {
        Error::Failed(Failed::Source(source)) => source.wait(),
        Error::Failed(Failed::Guild(GuildError::Later { wait, .. })) => *wait,
        Error::Failed(Failed::Guild(GuildError::TokenRefused)) => Some(Duration::from_secs(300)),
        _ => None,
    };
    wait.map(|wait| wait.min(LONGEST))
}
