//! One request, before it is sent.

use std::fmt::Display;
use std::sync::Arc;

use domain::plan::Importance;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::Url;

use super::Problem;
use crate::breaker::Breaker;
use crate::limits::Route;

/// The longest reason that Discord's audit log takes, in characters.
const REASON_CHARS_MAX: usize = 512;

/// What stays readable in a reason; everything else is written as `%XX`.
const READABLE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// On whose word a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The bot token.
    Bot,
    /// A secret in the address, as with answers to interactions.
    Address,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(super) method: Method,
    pub(super) route: Route,
    pub(super) importance: Importance,
    pub(super) by: By,
    /// Answers to interactions must not queue: Discord waits three seconds for them and limits them apart.
    pub(super) beside_limits: bool,
    pub(super) body: Option<String>,
    /// What is asked once more before it is sent, and told of the answer.
    pub(super) breaker: Option<Arc<Breaker>>,
    segments: Vec<String>,
    query: Vec<(&'static str, String)>,
    reason: Option<String>,
}

impl Call {
    /// A request by the bot. `shape` is the method and the path with `{}` for each of `parts`; what they
    /// contain is encoded. `top` is the id of the top-level resource whose limits it counts towards.
    pub(super) fn new(shape: &'static str, parts: &[&(dyn Display + Sync)], top: u64) -> Self {
        let (method, path) = shape.split_once(' ').unwrap_or(("GET", shape));
        let mut parts = parts.iter();
        let fill = |segment: &str| match segment {
            "{}" => parts.next().map(ToString::to_string).unwrap_or_default(),
            _ => segment.to_owned(),
        };
        Self {
            method: Method::from_bytes(method.as_bytes()).unwrap_or_default(),
            route: Route { shape, top },
            importance: Importance::Give,
            by: By::Bot,
            beside_limits: false,
            body: None,
            breaker: None,
            segments: path.trim_start_matches('/').split('/').map(fill).collect(),
            query: Vec::new(),
            reason: None,
        }
    }

    pub(super) fn important(self, importance: Importance) -> Self {
        Self { importance, ..self }
    }

    pub(super) fn by(self, by: By) -> Self {
        Self { by, ..self }
    }

    pub(super) fn beside_limits(self) -> Self {
        Self { beside_limits: true, ..self }
    }

    /// Held back, when its turn has come, while the breaker is open; the answer is told to it.
    pub(super) fn unless_open(self, breaker: &Arc<Breaker>) -> Self {
        Self { breaker: Some(breaker.clone()), ..self }
    }

    pub(super) fn query(mut self, key: &'static str, value: &impl ToString) -> Self {
        self.query.push((key, value.to_string()));
        self
    }

    /// What Discord's audit log shall say; cut to [`REASON_CHARS_MAX`].
    pub(super) fn because(self, reason: &str) -> Self {
        let cut: String = reason.chars().take(REASON_CHARS_MAX).collect();
        Self { reason: Some(cut).filter(|reason| !reason.is_empty()), ..self }
    }

    pub(super) fn body(self, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|error| Problem::nonsense(&error))?;
        Ok(Self { body: Some(body), ..self })
    }

    pub(super) fn audit_log_reason(&self) -> Option<String> {
        self.reason.as_deref().map(|reason| utf8_percent_encode(reason, READABLE).to_string())
    }

    pub(super) fn address(&self, api: &Url) -> Result<Url, Problem> {
        let mut url = api.clone();
        url.path_segments_mut()
            .map_err(|()| Problem::later("the address of the API is no base address"))?
            .pop_if_empty()
            .extend(&self.segments);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}
