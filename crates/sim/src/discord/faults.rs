//! Switches that make the simulated Discord misbehave as the real one does on a bad day.

use std::time::Duration;

use super::gateway::Event;
use super::ids::Snowflake;
use super::model::AuditEntry;

/// What goes wrong with one answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// 429. Scope is `user`, `global` or `shared`; the wait is in milliseconds.
    Limited {
        /// `user`, `global` or `shared`.
        scope: &'static str,
        /// How long to wait, in milliseconds.
        retry_after_ms: i64,
    },
    /// A status with Discord's own kind of body.
    Status(u16),
    /// A status with the HTML page of a proxy.
    Html(u16),
    /// 200 with a body that ends in the middle.
    Truncated,
    /// No answer, ever; the connection stays open.
    Hang,
    /// The connection ends without an answer.
    Reset,
    /// The right answer, so much later.
    Slow(Duration),
}

/// Which answers go wrong, how often and how.
#[derive(Clone, Debug)]
pub struct FaultRule {
    /// `GET`, …; any when empty.
    pub method: String,
    /// Part of the route as [`super::CallRecord::route`] has it; any when empty.
    pub route: String,
    /// How many calls it spoils.
    pub times: u32,
    /// Calls that fit and are let through first.
    pub after: u32,
    /// Whether the act is carried out all the same, so that only its answer is lost.
    pub carried_out: bool,
    /// What goes wrong.
    pub fault: Fault,
}

impl FaultRule {
    /// The next call of a route goes wrong and does nothing.
    pub fn next(method: &str, route: &str, fault: Fault) -> Self {
        Self { method: method.into(), route: route.into(), times: 1, after: 0, carried_out: false, fault }
    }

    /// So many calls instead of one.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// The act is carried out and only its answer goes wrong.
    #[must_use]
    pub fn carried_out(self) -> Self {
        Self { carried_out: true, ..self }
    }

    fn fits(&self, method: &str, route: &str) -> bool {
        (self.method.is_empty() || self.method == method) && route.contains(&self.route)
    }
}

/// The switches that are on.
#[derive(Debug, Default)]
pub(super) struct Faults {
    rules: Vec<FaultRule>,
    /// The gateway answers no heartbeat.
    pub(super) silent_heartbeats: bool,
    /// So many events are told twice.
    pub(super) repeated_events: usize,
    /// So many events are gathered, and then told last first.
    pub(super) reverse: usize,
    gathered: Vec<Event>,
    /// So many rows of the audit log are lost for good, …
    pub(super) lost_rows: usize,
    /// … then so many are held back, …
    pub(super) late_rows: usize,
    /// … then so many are written and nobody is told.
    pub(super) untold_rows: usize,
    /// What is held back, with its guild.
    pub(super) held_back: Vec<(Snowflake, AuditEntry)>,
}

/// What becomes of a row of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowFate {
    /// It is written, and who may know is told.
    Written,
    /// It never is.
    Lost,
    /// It is written later.
    Late,
    /// It is written, and nobody is told.
    Untold,
}

impl Faults {
    pub(super) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is to be told now that an event happened: nothing while events are gathered.
    pub(super) fn told(&mut self, event: Event) -> Vec<Event> {
        if self.reverse == 0 {
            return vec![event];
        }
        self.gathered.push(event);
        if self.gathered.len() < self.reverse {
            return Vec::new();
        }
        self.reverse = 0;
        self.gathered.drain(..).rev().collect()
    }

    /// What becomes of the next row of the audit log.
    pub(super) fn next_row(&mut self) -> RowFate {
        let fates = [
            (&mut self.lost_rows, RowFate::Lost),
            (&mut self.late_rows, RowFate::Late),
            (&mut self.untold_rows, RowFate::Untold),
        ];
        for (left, fate) in fates {
            if let Some(fewer) = left.checked_sub(1) {
                *left = fewer;
                return fate;
            }
        }
        RowFate::Written
    }

    /// The fault for this call, and whether it is carried out all the same.
    pub(super) fn take(&mut self, method: &str, route: &str) -> Option<(Fault, bool)> {
        let rule = self.rules.iter_mut().find(|rule| rule.times > 0 && rule.fits(method, route))?;
        if rule.after > 0 {
            rule.after -= 1;
            return None;
        }
        rule.times -= 1;
        Some((rule.fault.clone(), rule.carried_out))
    }
}
