//! What the hall counts while it works, for whoever watches it by numbers.
//!
//! [`METRICS`] is the table of all metrics and the only place that names one. What happens is counted where it
//! happens, by a method of [`Metrics`] each; what stands in the store is read when somebody asks
//! ([`crate::Hall::metrics`]). No value of a label is ever what people chose, but for the names of sources.

mod family;
mod read;
mod table;
mod text;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::ids::{GuildId, SourceName};
use domain::plan::{Act, Finding};
use prometheus_client::registry::Registry;

pub(crate) use read::Readings;
pub use table::{Kind, Label, METRICS, Metric};
pub use text::plain;

use table::Families;

/// Where everything is counted. Cheap to clone: all clones are one.
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    families: Families,
    /// How many findings of each kind the last look at each guild found.
    found: Mutex<BTreeMap<GuildId, BTreeMap<String, u32>>>,
}

/// Where a hint came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A source's webhook.
    Webhook,
    /// A source's staff log.
    StaffLog,
    /// Discord's gateway.
    Gateway,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    /// It was done.
    Done,
    /// It is tried again later.
    Failed,
    /// It was given up.
    Dead,
}

/// A request that waits for its turn; counted until it is dropped.
#[must_use]
pub struct Waiting(Metrics);

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let families = Families::registered(&mut registry);
        Self { inner: Arc::new(Inner { registry, families, found: Mutex::default() }) }
    }
}

/// What adapters count.
impl Metrics {
    /// Discord answered a request, or did not (`None`). `family` is one of a fixed few.
    pub fn discord_answered(&self, family: &'static str, status: Option<u16>) {
        self.families().discord_requests.count([family, class(status)]);
    }

    /// Discord said that a limit is used up; `scope` says whose: `user`, `shared` or `global`.
    pub fn discord_limited(&self, scope: &'static str) {
        self.families().discord_limited.count([scope]);
    }

    /// Discord counts a request as invalid.
    pub fn discord_invalid(&self) {
        self.families().discord_invalid.count([]);
    }

    /// A request was not sent.
    pub fn discord_turned_away(&self) {
        self.families().discord_turned_away.count([]);
    }

    /// A request to Discord begins to wait for its turn.
    pub fn discord_waits(&self) -> Waiting {
        self.families().discord_waiting.change([], 1.0);
        Waiting(self.clone())
    }

    /// A request to Discord waited so long for its turn.
    pub fn discord_waited(&self, time: Duration) {
        self.families().discord_wait.took([], time);
    }

    /// A source answered a request, or did not (`None`).
    pub fn source_answered(&self, source: &SourceName, status: Option<u16>) {
        self.families().source_requests.count([source.as_str(), class(status)]);
    }

    /// A request to a source waited so long for its turn.
    pub fn source_waited(&self, source: &SourceName, time: Duration) {
        self.families().source_wait.took([source.as_str()], time);
    }
}

/// What the service counts.
impl Metrics {
    /// Lets be seen at 0 what may be counted of these sources and guilds.
    pub(crate) fn begin(&self, sources: &[&SourceName], guilds: &[GuildId]) {
        let families = self.families();
        for source in sources {
            families.source_wait.begin([source.as_str()]);
        }
        for guild in guilds.iter().map(ToString::to_string) {
            for kind in ["give_role", "take_role", "nickname"] {
                families.changes.begin([kind, &guild]);
                families.changes_refused.begin([kind, &guild]);
            }
        }
        for origin in [Origin::Webhook, Origin::StaffLog, Origin::Gateway] {
            families.hints.begin([origin.word()]);
        }
        for scope in ["user", "shared", "global"] {
            families.discord_limited.begin([scope]);
        }
        families.discord_invalid.begin([]);
        families.discord_turned_away.begin([]);
        families.discord_waiting.change([], 0.0);
        families.discord_wait.begin([]);
        families.lag.begin([]);
    }

    /// A hint came.
    pub(crate) fn hinted(&self, origin: Origin) {
        self.families().hints.count([origin.word()]);
    }

    /// A job was carried out.
    pub(crate) fn ran(&self, kind: &'static str, run: Run) {
        let outcome = match run {
            Run::Done => "done",
            Run::Failed => "failed",
            Run::Dead => "dead",
        };
        self.families().job_runs.count([kind, outcome]);
    }

    /// A change was written.
    pub(crate) fn written(&self, guild: GuildId, act: &Act) {
        self.families().changes.count([kind_of(act), &guild.to_string()]);
    }

    /// A role was written although the answer never came.
    pub(crate) fn arrived(&self, guild: GuildId, is_taken: bool) {
        let kind = if is_taken { "take_role" } else { "give_role" };
        self.families().changes.count([kind, &guild.to_string()]);
    }

    /// Discord refused a change.
    pub(crate) fn refused(&self, guild: GuildId, act: &Act) {
        self.families().changes_refused.count([kind_of(act), &guild.to_string()]);
    }

    /// What a hint asked for was written so long after it.
    pub(crate) fn followed(&self, time: Duration) {
        self.families().lag.took([], time);
    }

    /// What the look at a whole guild found, in place of what the one before did.
    pub(crate) fn found(&self, guild: GuildId, findings: &[Finding]) {
        let mut kinds = BTreeMap::new();
        for finding in findings {
            *kinds.entry(kind_of_finding(finding)).or_insert(0_u32) += 1;
        }
        self.all_found().insert(guild, kinds);
    }

    fn families(&self) -> &Families {
        &self.inner.families
    }

    fn all_found(&self) -> MutexGuard<'_, BTreeMap<GuildId, BTreeMap<String, u32>>> {
        self.inner.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.families().discord_waiting.change([], -1.0);
    }
}

impl Origin {
    fn word(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::StaffLog => "staff_log",
            Self::Gateway => "gateway",
        }
    }
}

fn kind_of(act: &Act) -> &'static str {
    match act {
        Act::Give(_) => "give_role",
        Act::Take(_) => "take_role",
        Act::Nickname(_) => "nickname",
    }
}

/// The name that a finding has wherever it is written.
fn kind_of_finding(finding: &Finding) -> String {
    let written = serde_json::to_value(finding).unwrap_or_default();
    written.get("finding").and_then(serde_json::Value::as_str).unwrap_or("other").to_owned()
}

/// What kind of answer it was.
fn class(status: Option<u16>) -> &'static str {
    match status {
        None => "none",
        Some(429) => "429",
        Some(..300) => "2xx",
        Some(..400) => "3xx",
        Some(..500) => "4xx",
        Some(_) => "5xx",
    }
}

#[cfg(test)]
mod tests;
