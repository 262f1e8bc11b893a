//! The table of all metrics: the only place that names one. `docs/reference/metrics.md` is made from it.

use prometheus_client::registry::Registry;

use super::family::{Counter, Gauge, Histogram};

/// What is told under one name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// As a reader sees it: `guildhall_changes_total`. The unit stands in it, always a base unit.
    pub name: &'static str,
    /// How it moves.
    pub kind: Kind,
    /// By what it is told apart.
    pub labels: &'static [Label],
    /// What it is, without a full stop.
    pub help: &'static str,
    /// The upper bounds of a histogram's buckets, the lowest first; none for other kinds.
    pub buckets: &'static [f64],
}

/// How a metric moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Up, from 0 at each start.
    Counter,
    /// Up and down.
    Gauge,
    /// Many values, counted by size.
    Histogram,
}

/// By what a metric is told apart. The values are bounded: nothing that people choose is ever one, but for the names
/// of sources in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its name.
    pub name: &'static str,
    /// What its values are, in words.
    pub values: &'static str,
}

impl Metric {
    /// The unit in the name; `None` for plain numbers.
    pub fn unit(&self) -> Option<&'static str> {
        self.name.ends_with("_seconds").then_some("seconds")
    }
}

impl Kind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// Makes the table, and beside it what is counted by: a metric without a line cannot be.
macro_rules! metrics {
    (@metric $Kind:ident $name:literal [$($label:expr),*] ($($buckets:expr)?) ($($help:literal)+)) => {
        Metric {
            name: $name,
            kind: Kind::$Kind,
            labels: &[$($label),*],
            help: concat!($($help),+).trim_ascii(),
            buckets: metrics!(@buckets $($buckets)?),
        }
    };
    (@buckets) => { &[] };
    (@buckets $buckets:expr) => { &$buckets };
    ($(
        $(#[doc = $help:literal])+
        $field:ident: $Kind:ident $name:literal [$($label:expr),*] $(in $buckets:expr)?;
    )+) => {
        /// Every metric.
        pub const METRICS: &[Metric] =
            &[$(metrics!(@metric $Kind $name [$($label),*] ($($buckets)?) ($($help)+))),+];

        /// What is counted, by metric.
        pub(super) struct Families {
            $($(#[doc = $help])+ pub(super) $field: $Kind<{ const LABELS: &[Label] = &[$($label),*]; LABELS.len() }>,)+
        }

        impl Families {
            /// All of them, at nothing, to be encoded by `registry`.
            pub(super) fn registered(registry: &mut Registry) -> Self {
                Self {
                    $($field: {
                        const METRIC: Metric =
                            metrics!(@metric $Kind $name [$($label),*] ($($buckets)?) ($($help)+));
                        $Kind::registered(registry, &METRIC)
                    },)+
                }
            }
        }
    };
}

const SOURCE: Label = Label { name: "source", values: "the name of a source in the settings" };
const GUILD: Label = Label { name: "guild", values: "the id of a server in the settings" };
const JOB: Label = Label { name: "kind", values: "a kind of job, such as `settle_member`" };
const JOB_STATE: Label = Label {
    name: "state",
    values: "`due` (could begin now), `waiting` (for its time), `at_work`, `dead` (given up)",
};
const RUN: Label =
    Label { name: "outcome", values: "`done`, `failed` (tried again later), `dead` (given up)" };
const CHANGE: Label = Label { name: "kind", values: "`give_role`, `take_role`, `nickname`" };
const FINDING: Label = Label { name: "kind", values: "a kind of finding, such as `role_too_high`" };
const PLAN_STATE: Label = Label { name: "state", values: "the state of a plan, such as `parked`" };
const FAMILY: Label = Label {
    name: "family",
    values: "the family of routes: `guilds`, `members`, `roles`, `audit_log`, `users`, `messages`, `commands`, \
             `interactions`, `gateway`, `sign_in`, `other`",
};
const ANSWER: Label =
    Label { name: "answer", values: "`2xx`, `3xx`, `4xx` (but 429), `429`, `5xx`, `none` (no answer came)" };
const SCOPE: Label = Label {
    name: "scope",
    values: "whose limit it was: `user` (this bot's, on one route), `shared` (everybody's), `global` (this bot's, on all)",
};
const ORIGIN: Label = Label { name: "origin", values: "`webhook`, `staff_log`, `gateway`" };
const VERSION: Label = Label { name: "version", values: "the program's version" };

/// How long a request waits for a limit: from at once to what is the most anybody waits.
const WAITS: [f64; 9] = [0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0];
/// How long a hint takes to be written: from at once to a Discord that was away for a day.
const LAGS: [f64; 13] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0, 7_200.0, 86_400.0];

metrics! {
    /// Always 1; the label says which version runs
    build: Gauge "guildhall_build_info" [VERSION];
    /// When the hall began, in seconds since 1970
    began: Gauge "guildhall_start_time_seconds" [];
    /// Whether this hall leads (1), or another on the same database does (0); only the one that leads works
    leading: Gauge "guildhall_leading" [];
    /// Whether the database answered when these numbers were read; while it does not (0), those kept there are left out
    database: Gauge "guildhall_database_up" [];
    /// Linked accounts of a source
    linked: Gauge "guildhall_linked_members" [SOURCE];
    /// Durable work in the database
    jobs: Gauge "guildhall_jobs" [JOB, JOB_STATE];
    /// Work that was carried out by this process
    job_runs: Counter "guildhall_job_runs_total" [JOB, RUN];
    /// Changes written to a server
    changes: Counter "guildhall_changes_total" [CHANGE, GUILD];
    /// Changes that Discord refused
    changes_refused: Counter "guildhall_changes_refused_total" [CHANGE, GUILD];
    /// Stored plans
    plans: Gauge "guildhall_plans" [PLAN_STATE, GUILD];
    /// Changes that wait until a person decides about them
    parked_changes: Gauge "guildhall_parked_changes" [GUILD];
    /// What an owner should know of a server, as its last look found it
    findings: Gauge "guildhall_findings" [FINDING, GUILD];
    /// Hints that came in and asked for something to be looked at
    hints: Counter "guildhall_hints_total" [ORIGIN];
    /// From the moment a hint was stored until what it asked for was written to Discord
    lag: Histogram "guildhall_hint_to_write_seconds" [] in LAGS;
    /// How long ago the last complete reading of a source began
    snapshot_age: Gauge "guildhall_snapshot_age_seconds" [SOURCE];
    /// Whether the line to Discord's gateway is open and the bot token accepted
    gateway: Gauge "guildhall_gateway_connected" [];
    /// Requests to Discord
    discord_requests: Counter "guildhall_discord_requests_total" [FAMILY, ANSWER];
    /// Answers of Discord that a limit is used up
    discord_limited: Counter "guildhall_discord_limited_total" [SCOPE];
    /// Answers that Discord counts as invalid requests: it bans an address that causes 10,000 in ten minutes
    discord_invalid: Counter "guildhall_discord_invalid_requests_total" [];
    /// Requests that were not sent, since they would have waited too long for a limit or the token is refused
    discord_turned_away: Counter "guildhall_discord_turned_away_total" [];
    /// Requests to Discord that wait for their turn inside its limits
    discord_waiting: Gauge "guildhall_discord_requests_waiting" [];
    /// How long requests to Discord waited for their turn
    discord_wait: Histogram "guildhall_discord_wait_seconds" [] in WAITS;
    /// Requests to a source
    source_requests: Counter "guildhall_source_requests_total" [SOURCE, ANSWER];
    /// How long requests to a source waited for their turn inside its limits
    source_wait: Histogram "guildhall_source_wait_seconds" [SOURCE] in WAITS;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_their_kind_and_unit_and_each_is_there_once() {
        for metric in METRICS {
            assert!(metric.name.starts_with("guildhall_"), "{metric:?}");
            assert_eq!(metric.name.ends_with("_total"), metric.kind == Kind::Counter, "{metric:?}");
            assert_eq!(metric.buckets.is_empty(), metric.kind != Kind::Histogram, "{metric:?}");
            assert!(metric.buckets.is_sorted_by(|low, high| low < high), "{metric:?}");
            assert!(metric.kind != Kind::Histogram || metric.unit().is_some(), "{metric:?}");
            assert!(!metric.help.is_empty() && !metric.help.ends_with('.'), "{metric:?}");
            assert!(!metric.help.contains(['\\', '\n', '|']), "{metric:?}");
        }
        let mut names: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), METRICS.len());
    }

    #[test]
    fn no_label_is_what_a_person_is_called_or_known_by() {
        let labels = METRICS.iter().flat_map(|metric| metric.labels);
        for label in labels {
            let forbidden = ["user", "member", "subject", "name", "username", "role", "channel", "address"];
            assert!(!forbidden.contains(&label.name), "{label:?}");
        }
    }
}
