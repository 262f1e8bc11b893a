//! The record of every call a client made.

use serde_json::Value;

use super::ids::Snowflake;

/// The most calls that are remembered; older ones are forgotten, the count goes on.
const REMEMBERED: usize = 200_000;

/// One call of a client to the REST API.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRecord {
    /// When, in milliseconds since 1970 of the simulated clock.
    pub at_ms: i64,
    /// `GET`, `PUT`, …
    pub method: String,
    /// The route with its parameters by name, such as `/guilds/{guild}/roles`; the path itself when
    /// there is no such route.
    pub route: String,
    /// The path and query as they were sent.
    pub path: String,
    /// The answer's status; 0 when a fault kept it from being sent.
    pub status: u16,
    /// The application whose token was used.
    pub application: Option<Snowflake>,
    /// The reason given for the audit log.
    pub reason: Option<String>,
    /// The body, of a form the part that is JSON; null when there was none.
    pub body: Value,
}

impl CallRecord {
    /// Whether the call meant to change something.
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }
}

/// All calls, oldest first.
#[derive(Debug, Default)]
pub(super) struct Calls {
    kept: std::collections::VecDeque<CallRecord>,
}

impl Calls {
    pub(super) fn add(&mut self, call: CallRecord) {
        if self.kept.len() == REMEMBERED {
            self.kept.pop_front();
        }
        self.kept.push_back(call);
    }

    pub(super) fn all(&self) -> Vec<CallRecord> {
        self.kept.iter().cloned().collect()
    }

    pub(super) fn forget(&mut self) {
        self.kept.clear();
    }
}
