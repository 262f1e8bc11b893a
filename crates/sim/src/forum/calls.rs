//! A record of every call that reached the forum.

use serde::Serialize;

use super::request::Request;
use super::state::Forum;

/// Calls that are kept; older ones are forgotten, their number is not.
const CALLS_KEPT: usize = 100_000;

/// One call and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Growing from 1.
    pub number: u64,
    /// When it came, milliseconds since 1970.
    pub at_ms: i64,
    /// `GET`
    pub method: String,
    /// Path and query as they came.
    pub target: String,
    /// The number of the key it was made with, when that key is known to the forum.
    pub key: Option<i64>,
    /// The name in `Api-Username`.
    pub api_username: Option<String>,
    /// The route that answered (`users/show`).
    pub route: Option<&'static str>,
    /// The status of the answer.
    pub status: u16,
    /// Bytes of the answer's body.
    pub body_bytes: usize,
}

impl Forum {
    pub(crate) fn record(
        &mut self,
        request: &Request,
        route: Option<&'static str>,
        status: u16,
        body_bytes: usize,
    ) {
        self.calls_total += 1;
        let key =
            request.header("api-key").and_then(|secret| self.keys.with_secret(secret)).map(|key| key.id);
        self.calls.push_back(Call {
            number: self.calls_total,
            at_ms: self.now_ms(),
            method: request.method.to_string(),
            target: request.target.clone(),
            key,
            api_username: request.header("api-username").map(str::to_owned),
            route,
            status,
            body_bytes,
        });
        if self.calls.len() > CALLS_KEPT {
            self.calls.pop_front();
        }
    }
}
