//! Claims jobs that are due and does them, most important first, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use store::jobs::NewJob;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{JOBS, Job, Next, order};
use crate::error::{Error, Failed};
use crate::hall::Hall;
use crate::ports::GuildError;

/// How many jobs are at work at once: enough to wait for several places, few enough for one forum's patience.
const AT_ONCE_MAX: usize = 16;
/// A job that is not finished by then may be claimed again.
const CLAIM_LASTS: Duration = Duration::from_secs(300);
/// How long work in hand may take once the hall is asked to stop, out of the ten seconds that it has.
const FINISH_TAKES_AT_MOST: Duration = Duration::from_secs(7);
/// How long to wait when our own database does not answer.
const STORE_PAUSE: Duration = Duration::from_secs(1);

impl Hall {
    /// Does what is due until told to stop, then finishes what is in hand.
    pub async fn work(self: Arc<Self>, holder: String, stop: CancellationToken) {
        let mut at_work = JoinSet::new();
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
                Some(_) = at_work.join_next() => {}
                () = self.sleep(until) => {}
            }
        }
        self.hand_over(&holder, at_work).await;
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
        for seat in &self.guilds {
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

    /// Starts what is due and says when something is due next.
    async fn start_due(
        self: &Arc<Self>,
        holder: &str,
        at_work: &mut JoinSet<()>,
    ) -> Result<Option<Timestamp>, store::Error> {
        let now = self.clock.now();
        let room = AT_ONCE_MAX.saturating_sub(at_work.len());
        if room > 0 {
            let mut tx = self.store.write().await?;
            let claimed = tx.claim(&[], room, holder, now, CLAIM_LASTS).await?;
            tx.commit().await?;
            for job in claimed {
                at_work.spawn(Arc::clone(self).carry_out(job));
            }
        }
        if at_work.len() >= AT_ONCE_MAX {
            return Ok(None);
        }
        self.store.read().await?.next_due_at().await
    }

    async fn carry_out(self: Arc<Self>, claimed: store::jobs::Job) {
        let Some(job) = JOBS.iter().find(|job| job.kind == claimed.kind) else {
            tracing::error!(
                kind = claimed.kind,
                "a job of a kind that this version does not know is left alone"
            );
            return;
        };
        let result = (job.run)(&self, &claimed).await;
        if let Err(error) = self.put_away(job, &claimed, result).await {
            tracing::error!(kind = job.kind, %error, "could not put a job away; it runs again when its claim ends");
        }
        self.finished.send_modify(|count| *count += 1);
        self.wake.notify_one();
    }

    async fn put_away(
        &self,
        job: &Job,
        claimed: &store::jobs::Job,
        result: Result<Next, Error>,
    ) -> Result<(), store::Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        match result {
            Ok(next) => {
                tx.finish(claimed).await?;
                if let Next::At(run_at) = next {
                    let store::jobs::Job { kind, key, payload, priority, .. } = claimed.clone();
                    tx.enqueue(&NewJob { kind, key, payload, priority, run_at }).await?;
                }
            }
            Err(error) => {
                let wait = asked_to_wait(&error).unwrap_or_else(|| job.retry.wait(claimed.attempts));
                tracing::warn!(kind = job.kind, key = claimed.key, wait_s = wait.as_secs(), %error, "a job failed");
                let words = error.to_string();
                if job.retry.attempts_max.is_some_and(|most| claimed.attempts >= most) {
                    tx.bury(claimed, now, &words).await?;
                } else {
                    tx.retry(claimed, now.after(wait), &words).await?;
                }
            }
        }
        tx.commit().await
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
