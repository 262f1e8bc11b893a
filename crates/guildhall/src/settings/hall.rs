//! `[hall]`: the hall itself.

use std::net::SocketAddr;
use std::time::Duration;

use url::Url;

use super::kinds::{self, Choice, Choices, LogFilter, SocketPlace, SocketPlaceOrOff, Span, Text};
use super::section::{Times, section};

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Choices for LogFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
}

const DAY_SECONDS: u64 = 24 * 60 * 60;

section! {
    /// The hall itself.
    pub struct Hall in "hall" Times::Once;

    /// What the hall calls itself on its pages.
    name: String = Text { characters_max: 100 }, Default "\"Guildhall\"";

    /// Where people reach the hall with their browsers.
    public_address: Url = kinds::Hall, Required "\"https://hall.example.org\"";

    /// Where the hall listens. Let the server that speaks HTTPS for it pass requests on to here.
    listen: SocketAddr = SocketPlace, Default "\"127.0.0.1:8080\"";

    /// Where the hall tells its metrics (/metrics, for Prometheus), or "off". Not for everybody: an address that
    /// only your own machines reach.
    metrics: Option<SocketAddr> = SocketPlaceOrOff, Default "\"off\"";

    /// What the log says.
    log: String = LogFilter, Default "\"info\"";

    /// How the log is written: lines for people, or one JSON object a line.
    log_format: LogFormat = Choice::<LogFormat>::NEW, Default "\"text\"";

    /// How long the audit log keeps what it knows. Of people who unlinked it keeps only ids.
    audit_keep: Duration = Span::seconds_to_days(DAY_SECONDS, 3650), Default "\"90d\"";

    /// How long plans are kept. As long, what was done can be taken back (`guildhall undo`).
    plans_keep: Duration = Span::seconds_to_days(DAY_SECONDS, 3650), Default "\"90d\"";
}
