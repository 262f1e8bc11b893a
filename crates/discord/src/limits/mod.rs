//! Discord's limits, kept without knowing them: who may send now, and what each answer teaches.
//!
//! No figure of a bucket stands here: each is learnt from headers. One request is under way in a bucket at a
//! time, so that one unannounced change of a bucket costs at most one 429; the answer says whether the next
//! may follow at once or when the window opens. Routes that send no limit headers pass under the global
//! limit alone. (Discord docs: Rate Limits.)
//!
//! [`Limits`] is pure: the moment is a parameter. [`Gate`] is the part that waits.

mod answer;
mod bucket;
mod fuse;
mod gate;
mod global;
mod outage;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use domain::plan::Importance;
use domain::time::Timestamp;

pub(crate) use answer::{Answered, Headers, Outcome, Scope};
use bucket::Bucket;
use fuse::Fuse;
pub(crate) use gate::{Gate, Pass};
use global::Global;
use outage::Outage;

/// The longest a request waits for a closed limit; longer, and whoever asked is told to come again.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// The longest a request waits for a Discord that does not answer at all.
const OUTAGE_PATIENCE: Duration = Duration::from_secs(5);

/// The most buckets remembered before the idle ones are forgotten.
const BUCKETS_MAX: usize = 4_096;

/// Whose limit a request counts towards before headers have said so: the method with the shape of the path,
/// and the guild, channel or interaction it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Route {
    /// `PUT /guilds/{}/members/{}/roles/{}`
    pub(crate) shape: &'static str,
    /// The top-level resource's id; 0 for none.
    pub(crate) top: u64,
}

/// A request that waits or is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket {
    importance: Importance,
    number: u64,
}

/// Why a request is not even queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// The token was refused: nothing is sent until the program starts with another.
    TokenRefused,
    /// It would wait longer than [`PATIENCE`].
    Later(Duration),
}

/// What may be sent, and when to look again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Turn {
    /// These may be sent now.
    pub(crate) go: Vec<Ticket>,
    /// These wait in vain.
    pub(crate) closed: Vec<(Ticket, Closed)>,
    /// When something opens by itself, if anything waits for that.
    pub(crate) look_again: Option<Timestamp>,
}

/// What is known of Discord's limits, and who waits.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    buckets: HashMap<Key, Bucket>,
    names: HashMap<Route, Key>,
    places: HashMap<Ticket, (Route, Key)>,
    global: Global,
    fuse: Fuse,
    outage: Outage,
    token_refused: bool,
    issued: u64,
}

/// A bucket: by its learnt name and the top-level id, or by the route until the name is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Unknown(Route),
    Named(Box<str>, u64),
}

impl Limits {
    /// Puts a request in the queue of its bucket, by importance and then by age.
    ///
    /// Refuses when it would have to wait longer than [`PATIENCE`] for a limit to open.
    pub(crate) fn enqueue(
        &mut self,
        route: Route,
        importance: Importance,
        now: Timestamp,
    ) -> Result<Ticket, Closed> {
        let key = self.names.get(&route).cloned().unwrap_or(Key::Unknown(route));
        let closed_until = self.buckets.get(&key).map_or(now, Bucket::opens_at).max(self.opens_at(now));
        self.refusal(closed_until, now).map_or(Ok(()), Err)?;
        self.forget_idle(now);
        self.issued += 1;
        let ticket = Ticket { importance, number: self.issued };
        self.buckets.entry(key.clone()).or_default().wait(ticket);
        self.places.insert(ticket, (route, key));
        Ok(ticket)
    }

    /// Says who may send now, most important first and oldest first among equals.
    pub(crate) fn turn(&mut self, now: Timestamp) -> Turn {
        let mut turn = Turn::default();
        self.dismiss(now, &mut turn);
        while self.opens_at(now) <= now {
            let Some(key) = self.next_ready(now) else { break };
            let Some(ticket) = self.buckets.get_mut(&key).and_then(Bucket::send) else { break };
            self.global.sent(now);
            self.outage.sent();
            turn.go.push(ticket);
        }
        turn.look_again = self.look_again(now);
        turn
    }

    /// Takes back a request that nobody waits for any more, sent or not.
    pub(crate) fn abandon(&mut self, ticket: Ticket) {
        let Some((_, key)) = self.places.remove(&ticket) else { return };
        if self.buckets.get_mut(&key).is_some_and(|bucket| bucket.leave(ticket)) {
            self.outage.abandoned();
        }
    }

    /// Learns from an answer. The request is under way no longer.
    pub(crate) fn answered(&mut self, ticket: Ticket, answered: &Answered, now: Timestamp) {
        let Some((route, key)) = self.places.remove(&ticket) else { return };
        if let Some(bucket) = self.buckets.get_mut(&key) {
            bucket.leave(ticket);
        }
        self.outage.answered(answered.outcome, now);
        if answered.counts_as_invalid() {
            self.fuse.count(now);
        }
        match answered.outcome {
            Outcome::TokenRefused => self.token_refused = true,
            Outcome::Limited { scope: Scope::Global, wait } => self.global.close(now, wait),
            Outcome::Limited { wait, .. } => {
                let key = self.learn(route, key, answered, now);
                if let Some(bucket) = self.buckets.get_mut(&key) {
                    bucket.close(now.after(wait));
                }
            }
            Outcome::Answered => {
                self.learn(route, key, answered, now);
            }
            Outcome::Broken => {}
        }
    }

    /// Counts an answer to a request that passed beside the queue, as answers to interactions do.
    pub(crate) fn passed_beside(&mut self, answered: &Answered, now: Timestamp) {
        if answered.counts_as_invalid() {
            self.fuse.count(now);
        }
    }

    /// Whether the bot token was refused.
    pub(crate) fn token_refused(&self) -> bool {
        self.token_refused
    }

    /// How many requests wait or are under way.
    pub(crate) fn in_hand(&self) -> usize {
        self.places.len()
    }

    fn refusal(&self, closed_until: Timestamp, now: Timestamp) -> Option<Closed> {
        if self.token_refused {
            return Some(Closed::TokenRefused);
        }
        let (outage, wait) = (self.outage.opens_at(now).since(now), closed_until.since(now));
        (outage > OUTAGE_PATIENCE || wait > PATIENCE).then_some(Closed::Later(wait.max(outage)))
    }

    /// When everything that stops all requests is over.
    fn opens_at(&self, now: Timestamp) -> Timestamp {
        self.global.opens_at(now).max(self.fuse.opens_at(now)).max(self.outage.opens_at(now))
    }

    fn dismiss(&mut self, now: Timestamp, turn: &mut Turn) {
        let everywhere = self.opens_at(now);
        let in_vain: Vec<(Ticket, Closed)> = self
            .buckets
            .values()
            .flat_map(|bucket| bucket.waiting().map(|ticket| (ticket, bucket.opens_at().max(everywhere))))
            .filter_map(|(ticket, until)| Some((ticket, self.refusal(until, now)?)))
            .collect();
        for (ticket, closed) in in_vain {
            self.abandon(ticket);
            turn.closed.push((ticket, closed));
        }
    }

    fn next_ready(&self, now: Timestamp) -> Option<Key> {
        let ready = self.buckets.iter().filter_map(|(key, bucket)| Some((bucket.next(now)?, key)));
        ready.min_by_key(|(ticket, _)| *ticket).map(|(_, key)| key.clone())
    }

    fn look_again(&self, now: Timestamp) -> Option<Timestamp> {
        let everywhere = self.opens_at(now);
        self.buckets.values().filter_map(Bucket::would_send_at).map(|at| at.max(everywhere)).min()
    }

    /// Moves the bucket to the name that the headers give it and notes what they say of it.
    fn learn(&mut self, route: Route, key: Key, answered: &Answered, now: Timestamp) -> Key {
        let headers = &answered.headers;
        let learnt = headers.bucket.as_ref().map(|name| Key::Named(name.clone(), route.top));
        let Some(learnt) = learnt else {
            // Only a route that never had a bucket is one without limit: a page from something between us
            // and Discord must not undo what was learnt. What was forbidden says nothing of limits, and must
            // not let others follow in a crowd.
            if let (Key::Unknown(_), Some(bucket)) = (&key, self.buckets.get_mut(&key))
                && !answered.forbidden
            {
                bucket.has_no_limit();
            }
            return key;
        };
        if learnt != key {
            self.names.insert(route, learnt.clone());
            self.merge(&key, &learnt, route);
        }
        if let Some(bucket) = self.buckets.get_mut(&learnt) {
            bucket.note(headers, now);
        }
        learnt
    }

    /// Those who wait under the old key for this route wait under the new one from now on.
    fn merge(&mut self, old: &Key, new: &Key, route: Route) {
        self.buckets.entry(new.clone()).or_default();
        let moving: BTreeMap<Ticket, ()> = self
            .places
            .iter()
            .filter(|(_, (of, at))| *of == route && at == old)
            .map(|(ticket, _)| (*ticket, ()))
            .collect();
        for ticket in moving.into_keys() {
            let under_way = self.buckets.get_mut(old).is_some_and(|bucket| bucket.leave(ticket));
            if let Some(bucket) = self.buckets.get_mut(new) {
                if under_way { bucket.under_way(ticket) } else { bucket.wait(ticket) }
            }
            self.places.insert(ticket, (route, new.clone()));
        }
    }

    fn forget_idle(&mut self, now: Timestamp) {
        if self.buckets.len() < BUCKETS_MAX {
            return;
        }
        self.buckets.retain(|_, bucket| !bucket.is_idle(now));
        let buckets = &self.buckets;
        self.names.retain(|_, key| buckets.contains_key(key));
    }
}

#[cfg(test)]
mod tests;
