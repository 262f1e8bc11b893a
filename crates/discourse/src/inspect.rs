//! Looks at a forum as an owner would: one real call for each thing, and what it says of the settings.
//!
//! | module | looks at |
//! | --- | --- |
//! | `key` | what the API key can read, by trying each kind of call the hall makes |
//! | `connect` | whether people can prove their accounts |
//! | `webhook`, `rows` | whether the forum tells the hall what happens; the one thing that can be made here |

mod connect;
mod key;
mod rows;
mod webhook;

use std::sync::Arc;

use chrono::DateTime;
use domain::time::Timestamp;
use http::header::DATE;
use serde::Deserialize;
use service::Metrics;
use service::checkup::{Check, clock};
use service::ports::{Clock, SourceError, SourceGroup};

use crate::client::{Answer, Client, Question, Urgency};
use crate::read::groups::groups;
use crate::settings::Settings;

pub use webhook::{Arrived, Webhook, absent};

/// How many calls a minute looking may cost, whatever the hall itself is held to: all that the forum gives to its keys.
const CALLS_PER_MINUTE: u32 = 60;

/// Asks one forum about the settings.
pub struct Inspect {
    client: Client,
    http: reqwest::Client,
    settings: Settings,
    clock: Arc<dyn Clock>,
}

/// What a forum says of itself to everybody.
#[derive(Deserialize)]
struct About {
    title: String,
}

impl Inspect {
    /// Makes no call. Refuses an address, a key or a user's name that cannot be sent.
    pub fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, SourceError> {
        let settings = Settings { calls_per_minute: CALLS_PER_MINUTE, ..settings.clone() };
        let client = Client::new(&settings, Arc::clone(&clock), Metrics::default())?;
        let http = reqwest::Client::builder()
            .user_agent(concat!("Guildhall/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.patience.connect)
            .timeout(settings.patience.answer)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| client.nonsense(format!("no HTTP client can be made: {error}")))?;
        Ok(Self { client, http, settings, clock })
    }

    /// Whether a forum answers at the address, and how far its clock is from ours. The second check is not
    /// there where it names no time.
    pub async fn reach(&self) -> (Check, Option<Check>) {
        let question = Question {
            path: "/site/basic-info.json".to_owned(),
            route: "site/basic_info",
            urgency: Urgency::Now,
            with_key: false,
        };
        let answer: Result<Answer<About>, SourceError> = self.client.ask(&question).await;
        let check = match answer.and_then(|answer| answer.or_missing(self.client.address(), "its title")) {
            Ok(about) => Check::ok("forum", format!("{} answers.", about.title)),
            Err(error) => Check::broken("forum", sentence(&error), remedy(&error)),
        };
        let apart = if check.works() { self.apart().await } else { None };
        (check, apart)
    }

    async fn apart(&self) -> Option<Check> {
        let before = self.clock.now();
        let response = self.http.get(self.at("/srv/status")).send().await.ok()?;
        let theirs = response.headers().get(DATE)?.to_str().ok().and_then(moment)?;
        Some(clock("the forum", before, self.clock.now(), theirs))
    }

    /// The forum's groups, as the key sees them.
    pub async fn groups(&self) -> Result<Vec<SourceGroup>, Check> {
        groups(&self.client, Urgency::Now)
            .await
            .map_err(|error| Check::broken("groups", sentence(&error), remedy(&error)))
    }

    /// An address of the forum, from its root.
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.client.address())
    }
}

/// An error as a sentence.
fn sentence(error: &SourceError) -> String {
    match error {
        SourceError::Unreachable { why, .. } => format!("It cannot be reached: {why}."),
        SourceError::Busy { wait, .. } => format!("It asks to wait {} seconds.", wait.as_secs()),
        SourceError::Forbidden { why, .. } => format!("The forum does not honour the key: {why}."),
        SourceError::Nonsense { why, .. } => format!("It answered something else than it should: {why}."),
        SourceError::Missing { what } => format!("There is no {what}."),
    }
}

/// What to do about an error.
fn remedy(error: &SourceError) -> &'static str {
    match error {
        SourceError::Unreachable { .. } => {
            "Open the address in a browser. If it opens there and not here, look at this machine's connection, name \
             server and firewall; else correct `address` under [[source]]."
        }
        SourceError::Busy { .. } => "Wait, then run this again.",
        SourceError::Forbidden { .. } => {
            "In the forum: Admin, API, New API Key; user level All Users, scope Read-only. Put the key where api_key \
             points."
        }
        SourceError::Nonsense { .. } => {
            "Write the forum's own address as it stands in the browser under `address` in [[source]]; what stands \
             before the forum (a wall, a proxy) must let the hall through."
        }
        SourceError::Missing { .. } => {
            "Look whether the forum is 2.9 or newer, and whether a plugin is in the way."
        }
    }
}

/// The moment of a `Date` header (RFC 9110 §5.6.7).
fn moment(date: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc2822(date).ok().map(|date| Timestamp(date.timestamp_millis()))
}
