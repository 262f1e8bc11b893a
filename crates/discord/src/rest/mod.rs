//! Discord's REST API: one request at a time through the gate, each with time-outs and a cap on its answer.
//!
//! | module | holds |
//! | --- | --- |
//! | `call` | one request, before it is sent |
//! | `count` | what is counted of each request |
//! | `problem` | what Discord says when it does not do it |
//! | `guilds`, `members` | reading guilds and members, writing roles and nicknames |
//! | `people` | the bot itself |
//! | `channels` | messages to people and to channels |
//! | `audit_log` | who changed roles |
//! | `inspect` | what only somebody asks who looks the settings over |
//! | `commands` | the list of slash commands |
//! | `interactions` | answers to what people ask |

mod audit_log;
mod call;
mod channels;
mod commands;
mod count;
mod guilds;
mod inspect;
mod interactions;
mod members;
mod people;
mod problem;

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use service::Metrics;
use service::ports::Clock;
use url::Url;

pub(crate) use audit_log::PAGE_ENTRIES_MAX;
pub(crate) use call::{By, Call};
pub(crate) use interactions::Ask;
pub(crate) use members::{PAGE_MEMBERS_MAX, Writing};
pub(crate) use problem::{Problem, code};

use crate::breaker::Breaker;
use crate::limits::{Answered, Closed, Gate, Outcome, Pass};
use crate::settings::DiscordSettings;

/// How long a connection may take to be made.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);

/// How long a request may take in all.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(20);

/// The largest answer that is read: a thousand members are about a megabyte.
pub(crate) const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How often one request is sent when Discord answers 429.
const ATTEMPTS_MAX: u32 = 4;

/// A client of the REST API.
#[derive(Clone)]
pub(crate) struct Rest {
    http: Client,
    api: Url,
    token: SecretString,
    application_id: u64,
    gate: Arc<Gate>,
    clock: Arc<dyn Clock>,
    metrics: Metrics,
}

impl Rest {
    /// A client that has sent nothing yet. Fails where TLS cannot be set up.
    pub(crate) fn new(
        settings: &DiscordSettings,
        clock: Arc<dyn Clock>,
        metrics: Metrics,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            http: client(settings)?,
            api: settings.addresses.api.clone(),
            token: settings.token.clone(),
            application_id: settings.application_id,
            gate: Gate::new(Arc::clone(&clock)),
            clock,
            metrics,
        })
    }

    /// Whether Discord refused the bot token.
    pub(crate) fn token_refused(&self) -> bool {
        self.gate.token_refused()
    }

    /// How many requests wait or are under way.
    pub(crate) fn in_hand(&self) -> usize {
        self.gate.in_hand()
    }

    /// Sends a request whose answer is JSON.
    async fn json<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Problem> {
        let body = self.send(call).await?;
        serde_json::from_slice(&body).map_err(|error| Problem::nonsense(&error))
    }

    /// Sends a request and gives back the body of a good answer. Waits for its turn, and sends again what
    /// Discord answers with 429, as often as [`ATTEMPTS_MAX`].
    async fn send(&self, call: &Call) -> Result<Vec<u8>, Problem> {
        for _ in 0..ATTEMPTS_MAX {
            let pass = match call.beside_limits {
                true => None,
                false => Some(self.turn(call).await?),
            };
            if call.breaker.as_ref().is_some_and(|breaker| breaker.is_open()) {
                return Err(Problem::HeldBack);
            }
            let read = self.once(call).await;
            // Before the pass is handed in, which lets the next one go.
            if let (Some(breaker), Ok(answer)) = (&call.breaker, &read) {
                answer.tell(breaker);
            }
            let answered = match &read {
                Ok(answer) => answer.about_limits(call.by == By::Bot),
                Err(_) => Answered::broken(),
            };
            count::count(&self.metrics, call, &read, &answered);
            match pass {
                Some(pass) => pass.answered(&answered),
                None => self.gate.passed_beside(&answered),
            }
            match answered.outcome {
                Outcome::Limited { wait, .. } if call.beside_limits => return Err(Closed::Later(wait).into()),
                Outcome::Limited { .. } => {}
                Outcome::TokenRefused => {
                    tracing::error!("Discord does not accept the bot token: nothing more is sent to it");
                    return Err(Problem::TokenRefused);
                }
                Outcome::Answered | Outcome::Broken => return read?.good(),
            }
        }
        Err(Problem::Later { why: format!("limited {ATTEMPTS_MAX} times in a row"), wait: None })
    }

    /// Waits for a request's turn.
    async fn turn(&self, call: &Call) -> Result<Pass, Closed> {
        let (began, waiting) = (self.clock.now(), self.metrics.discord_waits());
        let pass = self.gate.pass(call.route, call.importance).await;
        drop(waiting);
        match &pass {
            Ok(_) => self.metrics.discord_waited(self.clock.now().since(began)),
            Err(_) => self.metrics.discord_turned_away(),
        }
        pass
    }

    async fn once(&self, call: &Call) -> Result<Answer, Problem> {
        let url = call.address(&self.api)?;
        let mut request = self.http.request(call.method.clone(), url);
        if call.by == By::Bot {
            request = request.header(AUTHORIZATION, bot_authorization(&self.token)?);
        }
        if let Some(reason) = call.audit_log_reason() {
            request = request.header("x-audit-log-reason", reason);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        Answer::read(request.send().await.map_err(|error| Problem::unreachable(&error))?).await
    }
}

/// An answer, read to its end.
pub(crate) struct Answer {
    status: StatusCode,
    headers: http::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// Reads an answer of at most [`ANSWER_BYTES_MAX`].
    pub(crate) async fn read(mut response: Response) -> Result<Self, Problem> {
        let mut body = Vec::new();
        while let Some(bytes) = response.chunk().await.map_err(|error| Problem::unreachable(&error))? {
            if body.len() + bytes.len() > ANSWER_BYTES_MAX {
                return Err(Problem::later("the answer is larger than any should be"));
            }
            body.extend_from_slice(&bytes);
        }
        Ok(Self { status: response.status(), headers: response.headers().clone(), body })
    }

    fn tell(&self, breaker: &Breaker) {
        let forbidden = self.status == StatusCode::FORBIDDEN;
        if forbidden || self.status.is_success() {
            breaker.answered(forbidden);
        }
    }

    fn about_limits(&self, by_bot: bool) -> Answered {
        Answered::read(self.status, &self.headers, &self.body, by_bot)
    }

    /// The body, whatever the answer was.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body of a good answer; what is wrong with any other.
    pub(crate) fn good(self) -> Result<Vec<u8>, Problem> {
        if self.status.is_success() { Ok(self.body) } else { Err(Problem::read(self.status, &self.body)) }
    }
}

/// A client with limits, named as Discord asks (Discord docs: Reference, User Agent).
pub(crate) fn client(settings: &DiscordSettings) -> Result<Client, reqwest::Error> {
    Client::builder()
        .user_agent(format!("DiscordBot ({}, {})", settings.project, settings.version))
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIME_MAX)
        .timeout(REQUEST_TIME_MAX)
        .build()
}

fn bot_authorization(token: &SecretString) -> Result<HeaderValue, Problem> {
    let mut value = HeaderValue::from_str(&format!("Bot {}", token.expose_secret()))
        .map_err(|_| Problem::TokenRefused)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
