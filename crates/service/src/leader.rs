//! One hall leads: of all that share a database only one writes to Discord and does the work.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use store::leases::Lease;
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::hall::Hall;

/// How long a hall leads without saying so again: another takes over when it was killed.
const LEASE_LASTS: Duration = Duration::from_secs(30);
/// How often it says so.
const RENEW_EVERY: Duration = Duration::from_secs(5);
/// How long, in real time, our own database may take to say so.
const RENEWAL_TAKES_AT_MOST: Duration = Duration::from_secs(3);
/// A hall that could not say so stops this long before the lease ends: what is in hand has to be put away.
const STOPS_BEFORE_THE_END: Duration = Duration::from_secs(12);
/// What the lease is for: everything that one bot token may do only once.
const LEASE: &str = "discord";

impl Hall {
    /// Leads whenever nobody else does, and works while it leads. Until told to stop.
    pub async fn lead(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            // A new name for each term: what was left of the one before is taken over like anybody's.
            let holder = self.token();
            match self.take_lead(&holder).await {
                Some(lease) => self.work_while_leading(lease, &holder, &stop).await,
                None => self.pause(&stop).await,
            }
        }
    }

    /// Returns when this hall leads, with what is cancelled when it does not any more; `None` when it is told
    /// to stop before.
    pub async fn leading(&self, stop: &CancellationToken) -> Option<CancellationToken> {
        let mut terms = self.term.subscribe();
        tokio::select! {
            term = terms.wait_for(Option::is_some) => term.ok().and_then(|term| term.clone()),
            () = stop.cancelled() => None,
        }
    }

    /// Whether some hall leads at the moment, this one or another.
    pub async fn somebody_leads(&self) -> Result<bool, Error> {
        Ok(self.led_until().await?.is_some())
    }

    /// Until when some hall leads without saying so again; `None` when nobody does. Whoever is at work moves it on
    /// every five seconds.
    pub async fn led_until(&self) -> Result<Option<Timestamp>, Error> {
        let until = self.store.read().await?.lease_until(LEASE).await?;
        Ok(until.filter(|until| *until > self.clock.now()))
    }

    /// Leads for as long as one thing takes. `None` when this hall may not lead: another does, or its rules are not
    /// those to lead by.
    pub(crate) async fn lead_while<T>(
        self: &Arc<Self>,
        task: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<T>, Error> {
        let holder = self.token();
        let Some(lease) = self.take_lead(&holder).await else { return Ok(None) };
        let stop = CancellationToken::new();
        let lost = CancellationToken::new();
        let doing = async {
            let done = tokio::select! {
                done = task => done,
                () = lost.cancelled() => {
                    Err(Error::refused("Another hall leads now. Run the command again: it is asked then."))
                }
            };
            stop.cancel();
            done
        };
        let keeping = async {
            let kept = self.keep_lead(lease, &stop).await;
            lost.cancel();
            kept
        };
        let (done, kept) = tokio::join!(doing, keeping);
        if let Some(lease) = kept {
            self.give_lead_up(&lease).await;
        }
        done.map(Some)
    }

    /// Does the work that is due, for who leads while one thing takes, until none is.
    pub(crate) async fn work_off(self: &Arc<Self>) -> Result<(), Error> {
        let stop = CancellationToken::new();
        // Also where who waits for it stops waiting.
        let stopped = stop.clone().drop_guard();
        let work = tokio::spawn(Arc::clone(self).work(self.token(), stop));
        let rest = self.at_rest().await;
        drop(stopped);
        if let Err(error) = work.await {
            tracing::error!(%error, "the work stopped");
        }
        rest
    }

    async fn work_while_leading(self: &Arc<Self>, lease: Lease, holder: &str, stop: &CancellationToken) {
        let working = stop.child_token();
        self.term.send_replace(Some(working.clone()));
        let work = tokio::spawn(Arc::clone(self).work(holder.to_owned(), working.clone()));
        let answers = tokio::spawn(Arc::clone(self).answer_requests(working.clone()));
        let lease = self.keep_lead(lease, stop).await;
        self.term.send_replace(None);
        working.cancel();
        if let Err(error) = work.await {
            tracing::error!(%error, "the work stopped");
        }
        if let Err(error) = answers.await {
            tracing::error!(%error, "the answers stopped");
        }
        if let Some(lease) = lease {
            self.give_lead_up(&lease).await;
        }
    }

    /// Renews the lease until told to stop; `None` when somebody else has it.
    async fn keep_lead(&self, mut lease: Lease, stop: &CancellationToken) -> Option<Lease> {
        while !stop.is_cancelled() {
            self.pause(stop).await;
            match tokio::time::timeout(RENEWAL_TAKES_AT_MOST, self.renew(&lease)).await {
                Ok(Ok((Some(renewed), true))) => lease = renewed,
                // What is in the way is noted.
                Ok(Ok((Some(renewed), false))) => return Some(renewed),
                Ok(Ok((None, _))) => {
                    tracing::warn!("another hall leads now; this one waits");
                    return None;
                }
                Ok(Err(error)) => tracing::error!(%error, "could not say that this hall still leads"),
                Err(_) => tracing::error!("could not say in time that this hall still leads"),
            }
            // Somebody else may lead soon, whatever our own database could not tell.
            if self.clock.now() >= lease.until.before(STOPS_BEFORE_THE_END) {
                tracing::warn!("this hall leads no more until its database answers");
                return None;
            }
        }
        Some(lease)
    }

    async fn take_lead(&self, holder: &str) -> Option<Lease> {
        let taken = async {
            let _turn = self.rules.turn().await;
            let mut tx = self.store.write().await?;
            let Some(lease) = tx.acquire(LEASE, holder, self.clock.now(), LEASE_LASTS).await? else {
                drop(tx);
                self.compare_rules().await?;
                return Ok(None);
            };
            let Some(numbered) = self.number_rules(&mut tx).await? else { return Ok(None) };
            tx.commit().await?;
            self.rules_are_numbered(numbered);
            Ok::<_, Error>(Some(lease))
        };
        taken.await.unwrap_or_else(|error| {
            tracing::error!(%error, "could not ask who leads");
            None
        })
    }

    /// Renews the lease; `None` when somebody else has it. Says too whether the rules here still are those to lead
    /// by.
    async fn renew(&self, lease: &Lease) -> Result<(Option<Lease>, bool), Error> {
        let mut tx = self.store.write().await?;
        let renewed = tx.renew(lease, self.clock.now(), LEASE_LASTS).await?;
        tx.commit().await?;
        Ok((renewed, self.compare_rules().await?))
    }

    async fn give_lead_up(&self, lease: &Lease) {
        let released = async {
            let mut tx = self.store.write().await?;
            tx.release(lease).await?;
            tx.commit().await
        };
        if let Err(error) = released.await {
            tracing::warn!(%error, "could not hand the lead over; another hall takes it when the lease ends");
        }
    }

    async fn pause(&self, stop: &CancellationToken) {
        tokio::select! {
            () = self.clock.sleep_until(self.clock.now().after(RENEW_EVERY)) => {}
            () = stop.cancelled() => {}
        }
    }
}
