//! Asks a forum questions: inside the budget, inside bounds of time and size, and judging every answer.

mod answer;
mod budget;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::SourceName;
use futures_util::StreamExt;
use http::HeaderValue;
use http::header::{ACCEPT, HeaderName};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use service::Metrics;
use service::ports::{Clock, SourceError};

use crate::settings::Settings;
use answer::{Identity, Received, Verdict, judge};
use budget::{Budget, CountedBy};

pub(crate) use budget::Urgency;

/// The largest answer that is read, unpacked: 1,000 members of a group are 0.3 MB, a person is 11 kB.
const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A name from outside as one segment of an address: all but letters, digits and `-_.~` is encoded.
pub(crate) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// How often a page of a long reading is asked for again, and how long the first pause is.
const TRIES_MAX: u32 = 4;
const PAUSE_FIRST: Duration = Duration::from_secs(2);

/// A long reading waits so long for a forum that is busy; else it is begun anew later.
const BUSY_WAIT_MAX: Duration = Duration::from_secs(120);

/// A forum, asked over HTTP.
pub(crate) struct Client {
    http: reqwest::Client,
    address: String,
    username: String,
    key: [(HeaderName, HeaderValue); 2],
    budget: Budget,
    clock: Arc<dyn Clock>,
    name: SourceName,
    metrics: Metrics,
}

/// One question.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    /// From the forum's root: `/admin/users/4.json`. Parts from outside are percent-encoded already.
    pub(crate) path: String,
    /// `controller/action`, as the forum names whoever answers.
    pub(crate) route: &'a str,
    /// Whether it may wait for others.
    pub(crate) urgency: Urgency,
    /// Whether the key is shown; else the forum sees a visitor.
    pub(crate) with_key: bool,
}

/// What the forum answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer<T> {
    /// This.
    Found(T),
    /// That there is no such thing, and that the key was honoured.
    NotThere,
    /// That there is no such thing, in a way in which it also answers a wrong key.
    NotThereUnproven,
}

impl Client {
    /// Refuses an address, key or user name that cannot be sent.
    pub(crate) fn new(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        metrics: Metrics,
    ) -> Result<Self, SourceError> {
        let address = settings.address.as_str().trim_end_matches('/').to_owned();
        let unusable = |why: String| SourceError::Nonsense { address: address.clone(), why };
        let patience = settings.patience;
        let http = reqwest::Client::builder()
            .user_agent(concat!("Guildhall/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.connect)
            .read_timeout(patience.silence)
            .timeout(patience.answer)
            .redirect(reqwest::redirect::Policy::none())
            .gzip(true)
            .build()
            .map_err(|error| unusable(format!("no HTTP client can be made: {error}")))?;
        let username = settings.api_username.expose_secret().to_owned();
        let key = [
            (HeaderName::from_static("api-key"), secret_header(settings.api_key.expose_secret())),
            (HeaderName::from_static("api-username"), secret_header(&username)),
        ];
        let [(key_name, Some(key)), (user_name, Some(user))] = key else {
            return Err(unusable(
                "the key or its user name holds characters that no header can carry; copy them again"
                    .to_owned(),
            ));
        };
        let key = [(key_name, key), (user_name, user)];
        let budget = Budget::new(Arc::clone(&clock), settings.calls_per_minute);
        Ok(Self { http, address, username, key, budget, clock, name: settings.name.clone(), metrics })
    }

    /// The forum's address without a slash at the end.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The time.
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// An answer that is not what it should be.
    pub(crate) fn nonsense(&self, why: impl Into<String>) -> SourceError {
        SourceError::Nonsense { address: self.address.clone(), why: why.into() }
    }

    /// Asks, and reads the answer into `T`; fields that `T` does not name are ignored, wrong types are refused.
    /// Nesting deeper than 128 levels is refused by the JSON reader itself.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        question: &Question<'_>,
    ) -> Result<Answer<T>, SourceError> {
        match question.urgency {
            Urgency::Now | Urgency::Asked => self.ask_once(question).await,
            Urgency::CanWait => self.patiently(|| self.ask_once(question)).await,
        }
    }

    /// Tries again what may pass by itself: a long reading is dear to begin anew.
    async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, SourceError>
    where
        F: Future<Output = Result<T, SourceError>>,
    {
        let mut pause = PAUSE_FIRST;
        for _ in 1..TRIES_MAX {
            let wait = match ask().await {
                Err(SourceError::Busy { wait, .. }) if wait <= BUSY_WAIT_MAX => wait,
                Err(SourceError::Unreachable { .. }) => pause,
                settled => return settled,
            };
            pause = pause.saturating_mul(3);
            self.clock.sleep_until(self.clock.now().after(wait)).await;
        }
        ask().await
    }

    async fn ask_once<T: DeserializeOwned>(&self, question: &Question<'_>) -> Result<Answer<T>, SourceError> {
        let busy = |wait| SourceError::Busy { address: self.address.clone(), wait };
        let counted = if question.with_key { CountedBy::Key } else { CountedBy::Address };
        let began = self.clock.now();
        self.budget.turn(question.urgency, counted).await.map_err(busy)?;
        self.metrics.source_waited(&self.name, self.clock.now().since(began));
        let received = self.send(question).await;
        let status = received.as_ref().ok().map(|received| received.status.as_u16());
        self.metrics.source_answered(&self.name, status);
        let received = received?;
        let identity = if question.with_key { Identity::Key(&self.username) } else { Identity::Visitor };
        match judge(&self.address, &received, identity, question.route) {
            Verdict::Data => self.read(&received.body).map(Answer::Found),
            Verdict::NotThere => Ok(Answer::NotThere),
            Verdict::NotThereUnproven => Ok(Answer::NotThereUnproven),
            Verdict::Worthless(error) => {
                if let Some(wait) = error.wait() {
                    self.budget.close(wait, counted);
                }
                Err(error)
            }
        }
    }

    async fn send(&self, question: &Question<'_>) -> Result<Received, SourceError> {
        let mut request =
            self.http.get(format!("{}{}", self.address, question.path)).header(ACCEPT, "application/json");
        if question.with_key {
            for (name, value) in &self.key {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        let mut pieces = response.bytes_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| self.unreachable(&error))?;
            if body.len().saturating_add(piece.len()) > BODY_BYTES_MAX {
                return Err(
                    self.nonsense(format!("the answer is larger than {} MiB", BODY_BYTES_MAX / 1024 / 1024))
                );
            }
            body.extend_from_slice(&piece);
        }
        Ok(Received { status, headers, body })
    }

    fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, SourceError> {
        let wrong = |error: serde_json::Error| {
            self.nonsense(match error.classify() {
                serde_json::error::Category::Eof => "the answer breaks off in the middle".to_owned(),
                _ => format!("the data has not the shape it should have ({error})"),
            })
        };
        serde_json::from_slice(body).map_err(wrong)
    }

    fn unreachable(&self, error: &reqwest::Error) -> SourceError {
        let why = if error.is_timeout() {
            "it did not answer in time".to_owned()
        } else if error.is_connect() {
            "no connection; is it running, and is its address right?".to_owned()
        } else if error.is_body() || error.is_decode() {
            "the answer broke off".to_owned()
        } else {
            "the connection failed".to_owned()
        };
        SourceError::Unreachable { address: self.address.clone(), why }
    }
}

fn secret_header(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_bytes(text.as_bytes()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl<T> Answer<T> {
    /// The data; an answer without it says that `what` is not there, or that the key does not count.
    pub(crate) fn or_missing(self, address: &str, what: &str) -> Result<T, SourceError> {
        match self {
            Self::Found(data) => Ok(data),
            Self::NotThere => Err(SourceError::Missing { what: what.to_owned() }),
            Self::NotThereUnproven => Err(unproven(address)),
        }
    }
}

/// The forum says "not there" as it says it to a wrong key.
pub(crate) fn unproven(address: &str) -> SourceError {
    SourceError::Forbidden {
        address: address.to_owned(),
        why: "it answers as it answers a wrong or revoked key, or one whose user is no admin; make a new key (Admin, API; all users or an admin; read only is enough)".to_owned(),
    }
}
