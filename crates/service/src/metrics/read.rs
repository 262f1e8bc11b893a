//! What stands in the store and in the hall, read into the gauges when somebody asks: at most once a second, and one
//! reading at a time, so that nobody who looks can slow the hall down.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::{GuildId, SourceName};
use domain::time::Timestamp;
use prometheus_client::encoding::text::encode;
use store::jobs::JobCount;
use tokio::sync::Mutex;

use super::Metrics;
use crate::hall::Hall;
use crate::jobs::JOBS;
use crate::standing::Standing;

/// Whoever asks again within this time is told what was read for the one before.
const FRESH_FOR: Duration = Duration::from_secs(1);
/// How long, in real time, our own database may take to be read.
const STORE_TAKES_AT_MOST: Duration = Duration::from_secs(2);

/// What was read last, for those who ask at the same time.
#[derive(Default)]
pub(crate) struct Readings {
    last: Mutex<Option<(Timestamp, Arc<str>)>>,
}

/// What the store knows.
struct Stored {
    jobs: Vec<JobCount>,
    sources: Vec<(SourceName, StoredSource)>,
    guilds: Vec<GuildId>,
    standing: Standing,
}

struct StoredSource {
    linked: usize,
    swept_at: Option<Timestamp>,
}

impl Hall {
    /// All metrics, as OpenMetrics text (version 1.0.0), at most a second old.
    ///
    /// While the database does not answer, what is kept there is left out and `guildhall_database_up` is 0.
    pub async fn metrics(&self) -> Arc<str> {
        let mut last = self.readings.last.lock().await;
        let now = self.clock.now();
        if let Some((at, text)) = &*last
            && (*at..at.after(FRESH_FOR)).contains(&now)
        {
            return Arc::clone(text);
        }
        self.metrics.set_standing(self);
        let stored = tokio::time::timeout(STORE_TAKES_AT_MOST, self.stored(now)).await;
        match stored {
            Ok(Ok(stored)) => self.metrics.set_stored(Some(&stored), now),
            Ok(Err(error)) => {
                tracing::warn!(%error, "could not read what is counted in the database");
                self.metrics.set_stored(None, now);
            }
            Err(_) => self.metrics.set_stored(None, now),
        }
        let text: Arc<str> = self.metrics.text().into();
        *last = Some((now, Arc::clone(&text)));
        text
    }

    async fn stored(&self, now: Timestamp) -> Result<Stored, store::Error> {
        let mut tx = self.store.read().await?;
        let mut sources = Vec::new();
        for seat in &self.sources {
            let linked = tx.account_count(seat.place).await?;
            let swept_at = tx.swept_at(seat.place).await?;
            sources.push((seat.name.clone(), StoredSource { linked, swept_at }));
        }
        let (jobs, standing) = (tx.job_counts(now).await?, self.standing(&mut tx).await?);
        Ok(Stored { jobs, sources, guilds: self.guild_ids().collect(), standing })
    }
}

impl Metrics {
    /// Notes what runs, once.
    pub(crate) fn set_begun(&self, now: Timestamp) {
        let families = self.families();
        families.build.set([env!("CARGO_PKG_VERSION")], 1.0);
        families.began.set([], seconds(now.since(Timestamp(0))));
    }

    /// Notes how the hall itself stands.
    fn set_standing(&self, hall: &Hall) {
        let families = self.families();
        families.leading.set_flag([], hall.term.borrow().is_some());
        families.gateway.set_flag([], hall.discord.trouble().is_none());
        families.findings.clear();
        let found = self.all_found();
        for guild in hall.guild_ids() {
            for (kind, count) in found.get(&guild).into_iter().flatten() {
                families.findings.set([kind, &guild.to_string()], f64::from(*count));
            }
        }
    }

    /// Notes what the store said; `None` when it said nothing.
    fn set_stored(&self, stored: Option<&Stored>, now: Timestamp) {
        let families = self.families();
        families.database.set_flag([], stored.is_some());
        families.jobs.clear();
        families.linked.clear();
        families.snapshot_age.clear();
        families.plans.clear();
        families.parked_changes.clear();
        let Some(stored) = stored else { return };
        for job in JOBS {
            let counted = stored.jobs.iter().find(|count| count.kind == job.kind);
            let states = [
                ("due", counted.map_or(0, |count| count.due)),
                ("waiting", counted.map_or(0, |count| count.waiting)),
                ("at_work", counted.map_or(0, |count| count.running)),
                ("dead", counted.map_or(0, |count| count.dead)),
            ];
            for (state, count) in states {
                families.jobs.set([job.kind, state], number(count));
            }
        }
        self.set_waiting(&stored.guilds, &stored.standing);
        for (name, source) in &stored.sources {
            families.linked.set([name.as_str()], number(source.linked));
            if let Some(at) = source.swept_at {
                families.snapshot_age.set([name.as_str()], seconds(now.since(at)));
            }
        }
    }

    /// Notes what waits for people, at none where nothing does.
    fn set_waiting(&self, guilds: &[GuildId], standing: &Standing) {
        let families = self.families();
        for guild in guilds.iter().map(ToString::to_string) {
            families.plans.set(["parked", &guild], 0.0);
            families.parked_changes.set([&guild], 0.0);
        }
        for (guild, state, count) in &standing.plans {
            families.plans.set([state, &guild.to_string()], number(*count));
        }
        for (guild, count) in &standing.parked_changes {
            families.parked_changes.set([&guild.to_string()], number(*count));
        }
    }

    /// Everything that is counted now.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a text cannot fail.
        _ = encode(&mut text, &self.inner.registry);
        // The encoder writes brackets also where there are no labels; no label's value ends so.
        text.replace("{} ", " ")
    }
}

/// A number as metrics have them.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}
