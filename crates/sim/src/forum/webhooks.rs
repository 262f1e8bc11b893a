//! Webhooks: who is told of what, what is sent, and what came back.

use std::collections::VecDeque;

use aws_lc_rs::hmac;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::state::Forum;

/// Deliveries that are kept; older ones are forgotten.
const DELIVERIES_KEPT: usize = 100_000;

/// Types of events, by the number that webhooks are made with.
pub(crate) const EVENT_TYPES: &[(i64, &str)] = &[
    (1, "topic"),
    (2, "post"),
    (3, "user"),
    (4, "group"),
    (5, "category"),
    (6, "tag"),
    (9, "reviewable"),
    (10, "notification"),
    (13, "user_badge"),
    (14, "group_user"),
    (15, "like"),
    (16, "user_promoted"),
];

/// The header that says which event it is.
pub(crate) const EVENT_ID: &str = "X-Discourse-Event-Id";

/// A webhook as staff made it.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Growing from 1.
    pub id: i64,
    /// Where deliveries go.
    pub payload_url: String,
    /// 1 is JSON, 2 says it is a form (and sends JSON all the same).
    pub content_type: i64,
    /// Signs the body; empty: no signature.
    pub secret: String,
    /// Shown as "all events". In 2.9 it sends nothing unless the types are named as well.
    pub wildcard: bool,
    /// Whether it sends at all (pings go out either way).
    pub active: bool,
    /// Numbers of the types it is told of.
    pub event_type_ids: Vec<i64>,
    /// 1 never sent, 2 failed, 3 successful, 4 switched off.
    pub last_delivery_status: i64,
}

/// What is sent once, and what came back.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `X-Discourse-Event-Id`, growing over all webhooks of the forum.
    pub id: i64,
    /// Which webhook.
    pub webhook: i64,
    /// `X-Discourse-Event`
    pub event: String,
    /// `X-Discourse-Event-Type`
    pub event_type: String,
    /// Where it goes.
    pub url: String,
    /// Headers in the order in which they are said.
    pub headers: Vec<(String, String)>,
    /// The body as the signature covers it.
    pub body: String,
    /// When it was made, milliseconds since 1970.
    pub at_ms: i64,
    /// How often it was sent.
    pub attempts: u32,
    /// The status that came back; none while it is on its way or when nothing came.
    pub status: Option<u16>,
    /// What came back, cut at 64 KiB; the words of the failure when nothing did.
    pub answer: String,
    /// Headers that came back.
    pub answer_headers: Vec<(String, String)>,
    /// How long it took.
    pub took_ms: i64,
}

/// What the world does to deliveries on their way. Each is used up by the deliveries it counts.
#[derive(Clone, Debug, Default)]
pub struct HookFaults {
    /// How many of the next deliveries are lost without a trace.
    pub drop_next: u32,
    /// How many of the next deliveries arrive twice.
    pub duplicate_next: u32,
    /// How many of the next deliveries are held back until [`crate::forum::ForumSim::release_hooks`].
    pub hold_next: u32,
    /// Held deliveries leave newest first.
    pub release_reversed: bool,
    /// How long each delivery waits before it leaves, in milliseconds of real time.
    pub delay_ms: u64,
}

/// All webhooks and what they sent.
#[derive(Debug)]
pub(crate) struct Webhooks {
    pub(crate) hooks: Vec<Webhook>,
    pub(crate) deliveries: VecDeque<Delivery>,
    pub(crate) faults: HookFaults,
    /// Failed deliveries that wait for their time.
    pub(crate) retries_waiting: usize,
    held: Vec<Delivery>,
    last_hook: i64,
    last_event: i64,
    outgoing: mpsc::UnboundedSender<Delivery>,
    under_way: watch::Sender<usize>,
}

impl Webhooks {
    pub(crate) fn new(outgoing: mpsc::UnboundedSender<Delivery>) -> Webhooks {
        Webhooks {
            hooks: Vec::new(),
            deliveries: VecDeque::new(),
            faults: HookFaults::default(),
            retries_waiting: 0,
            held: Vec::new(),
            last_hook: 0,
            last_event: 0,
            outgoing,
            under_way: watch::channel(0).0,
        }
    }

    /// How many deliveries are on their way, as it changes.
    pub(crate) fn under_way(&self) -> watch::Receiver<usize> {
        self.under_way.subscribe()
    }

    pub(crate) fn add(&mut self, hook: Webhook) -> i64 {
        self.last_hook += 1;
        self.hooks.push(Webhook { id: self.last_hook, ..hook });
        self.last_hook
    }

    pub(crate) fn get(&self, id: i64) -> Option<&Webhook> {
        self.hooks.iter().find(|hook| hook.id == id)
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut Webhook> {
        self.hooks.iter_mut().find(|hook| hook.id == id)
    }

    pub(crate) fn next_event(&mut self) -> i64 {
        self.last_event += 1;
        self.last_event
    }

    /// Sends a delivery on its way, through whatever the world does to it.
    pub(crate) fn send(&mut self, delivery: Delivery) {
        if used(&mut self.faults.drop_next) {
            return;
        }
        if used(&mut self.faults.hold_next) {
            self.held.push(delivery);
            return;
        }
        if used(&mut self.faults.duplicate_next) {
            self.hand_over(delivery.clone());
        }
        self.hand_over(delivery);
    }

    /// Lets go of what was held back.
    pub(crate) fn release(&mut self) {
        let mut held = std::mem::take(&mut self.held);
        if self.faults.release_reversed {
            held.reverse();
        }
        for delivery in held {
            self.hand_over(delivery);
        }
    }

    /// Writes down what came back.
    pub(crate) fn answered(&mut self, delivery: Delivery) {
        let succeeded = delivery.status.is_some_and(|status| (200..300).contains(&status));
        if let Some(hook) = self.get_mut(delivery.webhook) {
            hook.last_delivery_status = if succeeded { 3 } else { 2 };
        }
        match self.deliveries.iter_mut().find(|known| known.id == delivery.id) {
            Some(known) => *known = delivery,
            None => self.deliveries.push_back(delivery),
        }
        if self.deliveries.len() > DELIVERIES_KEPT {
            self.deliveries.pop_front();
        }
        self.under_way.send_modify(|count| *count = count.saturating_sub(1));
    }

    fn hand_over(&mut self, delivery: Delivery) {
        self.under_way.send_modify(|count| *count += 1);
        if self.outgoing.send(delivery).is_err() {
            self.under_way.send_modify(|count| *count = count.saturating_sub(1));
        }
    }
}

fn used(count: &mut u32) -> bool {
    let left = *count > 0;
    *count = count.saturating_sub(1);
    left
}

impl Forum {
    /// Tells every active webhook that subscribed to the type. `payload` is made only when somebody did.
    pub(crate) fn tell(&mut self, event: &str, event_type: &str, payload: impl FnOnce(&Forum) -> Value) {
        let Some(number) = EVENT_TYPES.iter().find(|(_, name)| *name == event_type).map(|(id, _)| *id) else {
            return;
        };
        let listening: Vec<Webhook> = self
            .webhooks
            .hooks
            .iter()
            .filter(|hook| hook.active && hook.event_type_ids.contains(&number))
            .cloned()
            .collect();
        if listening.is_empty() {
            return;
        }
        let mut envelope = serde_json::Map::new();
        envelope.insert(event_type.to_owned(), payload(self));
        let body = Value::Object(envelope).to_string();
        for hook in listening {
            self.deliver(&hook, event, event_type, body.clone());
        }
    }

    /// Pings one webhook, active or not.
    pub(crate) fn ping(&mut self, webhook: i64) -> bool {
        let Some(hook) = self.webhooks.get(webhook).cloned() else {
            return false;
        };
        self.deliver(&hook, "ping", "ping", json!({"ping": "OK"}).to_string());
        true
    }

    /// Sends a delivery again, word for word and with its old number.
    pub(crate) fn redeliver(&mut self, event: i64) -> Option<Delivery> {
        let delivery = self.webhooks.deliveries.iter().find(|delivery| delivery.id == event)?.clone();
        self.webhooks.send(delivery.clone());
        Some(delivery)
    }

    fn deliver(&mut self, hook: &Webhook, event: &str, event_type: &str, body: String) {
        let id = self.webhooks.next_event();
        let delivery = Delivery {
            id,
            webhook: hook.id,
            event: event.to_owned(),
            event_type: event_type.to_owned(),
            url: hook.payload_url.clone(),
            headers: self.delivery_headers(hook, id, event, event_type, &body),
            body,
            at_ms: self.now_ms(),
            attempts: 0,
            status: None,
            answer: String::new(),
            answer_headers: Vec::new(),
            took_ms: 0,
        };
        self.webhooks.send(delivery);
    }

    fn delivery_headers(
        &self,
        hook: &Webhook,
        id: i64,
        event: &str,
        event_type: &str,
        body: &str,
    ) -> Vec<(String, String)> {
        let content_type = match hook.content_type {
            2 => "application/x-www-form-urlencoded",
            _ => "application/json",
        };
        let host = url::Url::parse(&hook.payload_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let mut headers = vec![
            ("Accept", "*/*".to_owned()),
            ("Connection", "close".to_owned()),
            ("Content-Length", body.len().to_string()),
            ("Content-Type", content_type.to_owned()),
            ("Host", host.unwrap_or_default()),
            ("User-Agent", format!("Discourse/{}", self.settings.version)),
            ("X-Discourse-Instance", self.base_url.clone()),
            (EVENT_ID, id.to_string()),
            ("X-Discourse-Event-Type", event_type.to_owned()),
            ("X-Discourse-Event", event.to_owned()),
        ];
        if !hook.secret.is_empty() {
            let signature = format!("sha256={}", signed(&hook.secret, body.as_bytes()));
            headers.push(("X-Discourse-Event-Signature", signature));
        }
        headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// HMAC-SHA256 as hexadecimal digits.
pub(crate) fn signed(secret: &str, bytes: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    data_encoding::HEXLOWER.encode(hmac::sign(&key, bytes).as_ref())
}
