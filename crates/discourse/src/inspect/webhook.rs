//! Whether the forum tells the hall what happens: the webhook, its kinds of events, what it sent, and making it.

use http::StatusCode;
use http::header::ACCEPT;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde::Deserialize;
use service::checkup::Check;
use service::ports::SourceError;
use url::Url;

use super::rows::{Event, Events, KINDS, List, Row};
use super::{Inspect, remedy, sentence};
use crate::client::{Question, Urgency};

const LOOKED_AT: &str = "webhook";

/// The shortest secret that the forum takes, in characters.
const SECRET_CHARS_MIN: usize = 12;

/// What the forum calls a delivery that was answered well, and one that was not.
const DELIVERED_WELL: i64 = 3;
const DELIVERED_BADLY: i64 = 2;

/// The content type JSON, by the forum's number.
const JSON: i64 = 1;

/// The longest part of the forum's words that is repeated, in characters.
const WORDS_CHARS_MAX: usize = 300;

/// A webhook as the forum has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its number in the forum.
    pub id: i64,
    active: bool,
    wildcard: bool,
    missing: Vec<&'static str>,
    narrowed: bool,
    signed: Signed,
    last_status: i64,
}

/// Whether deliveries are signed as the settings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signed {
    Rightly,
    Otherwise,
    Not,
    Unsaid,
}

/// Whether an event (not a ping, which proves nothing) reached the hall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// It did, and the hall took it.
    Yes,
    /// Nothing happened in the forum yet, or nothing was sent.
    NotYet,
    /// The last one was not taken: the status, 0 for no answer, and the beginning of what came back.
    Refused {
        /// The status.
        status: u16,
        /// What came back.
        words: String,
    },
}

impl Inspect {
    /// The webhook that leads to an address of the hall; `None` when there is none. What the key may not list
    /// is a check that says what to look at by hand.
    pub async fn webhook(&self, address: &Url) -> Result<Option<Webhook>, Check> {
        let list = self.list().await.map_err(|error| unlisted(&error, address))?;
        let row = list.web_hooks.iter().find(|row| same(&row.payload_url, address));
        Ok(row.map(|row| self.seen(row)))
    }

    /// Whether a real event reached the hall through it.
    pub async fn arrived(&self, webhook: &Webhook) -> Result<Arrived, Check> {
        let question = Question {
            path: format!("/admin/api/web_hook_events/{}.json", webhook.id),
            route: "web_hooks/list_events",
            urgency: Urgency::Now,
            with_key: true,
        };
        let events = self.client.ask::<Events>(&question).await;
        let events =
            events.and_then(|events| events.or_missing(self.client.address(), "the webhook's deliveries"));
        let events = events.map_err(|error| Check::not_tried("webhook event", sentence(&error)))?;
        Ok(arrived(&events.web_hook_events))
    }

    /// Makes the webhook, or puts right the one that is there, with its kinds of events named: a forum of 2.9 sends
    /// nothing for a webhook of all kinds. Needs a key that may write; says what to click where this one may not.
    pub async fn make_webhook(&self, address: &Url) -> Check {
        let list = match self.list().await {
            Ok(list) => list,
            Err(error) => return unlisted(&error, address),
        };
        let types = list.extras.wanted();
        if types.is_empty() {
            let says = "The forum does not say which kinds of events it has.";
            return Check::broken(LOOKED_AT, says, by_hand(address));
        }
        let known = list.web_hooks.iter().find(|row| same(&row.payload_url, address));
        let (method, path) = match known {
            Some(row) => (Method::PUT, format!("/admin/api/web_hooks/{}.json", row.id)),
            None => (Method::POST, "/admin/api/web_hooks.json".to_owned()),
        };
        let mut form = vec![
            ("web_hook[payload_url]", address.to_string()),
            ("web_hook[content_type]", JSON.to_string()),
            ("web_hook[secret]", self.settings.webhook_secret.expose_secret().to_owned()),
            ("web_hook[wildcard_web_hook]", "false".to_owned()),
            ("web_hook[verify_certificate]", "true".to_owned()),
            ("web_hook[active]", "true".to_owned()),
        ];
        form.extend(types.iter().map(|id| ("web_hook[web_hook_event_type_ids][]", id.to_string())));
        let request =
            self.http.request(method, self.at(&path)).header(ACCEPT, "application/json").form(&form);
        let request = request
            .header("api-key", self.settings.api_key.expose_secret())
            .header("api-username", self.settings.api_username.expose_secret());
        match request.send().await {
            Ok(response) => {
                let status = response.status();
                made(status, &response.text().await.unwrap_or_default(), address)
            }
            Err(_) => Check::broken(LOOKED_AT, "The forum did not answer.", by_hand(address)),
        }
    }

    async fn list(&self) -> Result<List, SourceError> {
        let question = Question {
            path: "/admin/api/web_hooks.json".to_owned(),
            route: "web_hooks/index",
            urgency: Urgency::Now,
            with_key: true,
        };
        self.client.ask::<List>(&question).await?.or_missing(self.client.address(), "the list of webhooks")
    }

    fn seen(&self, row: &Row) -> Webhook {
        let ours = self.settings.webhook_secret.expose_secret();
        let signed = match row.secret.as_deref() {
            None => Signed::Unsaid,
            Some("") => Signed::Not,
            Some(secret) if secret == ours => Signed::Rightly,
            Some(_) => Signed::Otherwise,
        };
        let named = |name: &str| row.web_hook_event_types.iter().any(|known| known.name == name);
        let missing =
            KINDS.iter().filter(|(kind, single)| !named(kind) && !single.iter().any(|name| named(name)));
        Webhook {
            id: row.id,
            active: row.active,
            wildcard: row.wildcard_web_hook && row.web_hook_event_types.is_empty(),
            missing: missing.map(|(kind, _)| *kind).collect(),
            narrowed: !row.group_ids.is_empty(),
            signed,
            last_status: row.last_delivery_status,
        }
    }
}

impl Webhook {
    /// Whether it would send what the hall needs, and how it went.
    pub fn check(&self, address: &Url) -> Check {
        let broken = |says: &str| Check::broken(LOOKED_AT, says, by_hand(address));
        if !self.active {
            return broken("It is switched off.");
        }
        if self.wildcard {
            return broken(
                "It is set to send everything and names no kinds of events: some forums then send nothing.",
            );
        }
        match self.signed {
            Signed::Not => return broken("It has no secret: the hall takes nothing that is not signed."),
            Signed::Otherwise => return broken("Its secret is not the one where webhook_secret points."),
            Signed::Rightly | Signed::Unsaid => {}
        }
        if !self.missing.is_empty() {
            let says = format!("It does not send these kinds of events: {}.", self.missing.join(", "));
            return Check::warning(LOOKED_AT, says, by_hand(address));
        }
        if self.narrowed {
            let says = "It sends only what concerns some groups.";
            return Check::warning(
                LOOKED_AT,
                says,
                "In the forum: Admin, API, Webhooks, empty its list of groups.",
            );
        }
        let says = match self.last_status {
            DELIVERED_WELL => "It is there, and its last delivery was taken.",
            DELIVERED_BADLY => "It is there; its last delivery failed.",
            _ => "It is there.",
        };
        Check::ok(LOOKED_AT, says)
    }
}

impl Arrived {
    /// Whether a real event came, for the owner.
    pub fn check(&self) -> Check {
        let looked_at = "webhook event";
        match self {
            Self::Yes => Check::ok(looked_at, "A real event came and was taken."),
            Self::NotYet => Check::warning(
                looked_at,
                "No real event was sent yet; a ping proves nothing.",
                "While the hall runs, change something in your own forum profile, save it, and run this again.",
            ),
            Self::Refused { status: 0, words } => Check::broken(
                looked_at,
                format!("The forum could not deliver the last event: {words}"),
                "Look at the check of the public address; and whether the forum may call it (Admin, Settings, \
                 `allowed internal hosts`, where the address is a private one).",
            ),
            Self::Refused { status, words } => Check::broken(
                looked_at,
                format!("The last event was answered with HTTP {status}: {words}"),
                "In the forum: Admin, API, Webhooks, look at its deliveries. 403 means that the secrets differ, 404 that \
                 the address is not the hall's, 502 that the hall does not run.",
            ),
        }
    }
}

/// That there is no webhook to this address.
pub fn absent(address: &Url) -> Check {
    let says =
        format!("None leads to {address}: changes are seen only by the staff log and the hourly sweep.");
    Check::broken(LOOKED_AT, says, by_hand(address))
}

impl Inspect {
    /// Everything about the webhook: whether it is there, fits, and brought a real event.
    pub async fn webhook_checks(&self, address: &Url) -> Vec<Check> {
        let webhook = match self.webhook(address).await {
            Ok(Some(webhook)) => webhook,
            Ok(None) => return vec![absent(address)],
            Err(check) => return vec![check],
        };
        let event = self.arrived(&webhook).await.map_or_else(|check| check, |arrived| arrived.check());
        vec![webhook.check(address), event]
    }
}

fn arrived(newest_first: &[Event]) -> Arrived {
    let real = newest_first.iter().find(|event| !is_ping(&event.headers));
    let Some(event) = real else { return Arrived::NotYet };
    match event.status.unwrap_or_default() {
        200..=299 => Arrived::Yes,
        status => Arrived::Refused {
            status: u16::try_from(status).unwrap_or_default(),
            words: event.response_body.as_deref().unwrap_or_default().chars().take(WORDS_CHARS_MAX).collect(),
        },
    }
}

/// The forum keeps the headers of a delivery as a text of JSON.
fn is_ping(headers: &str) -> bool {
    let said: serde_json::Value = serde_json::from_str(headers).unwrap_or_default();
    said.get("X-Discourse-Event").is_none_or(|event| event == "ping")
}

fn same(known: &str, address: &Url) -> bool {
    Url::parse(known.trim()).is_ok_and(|known| {
        known.origin() == address.origin() && known.path().trim_end_matches('/') == address.path()
    })
}

fn unlisted(error: &SourceError, address: &Url) -> Check {
    match error {
        SourceError::Forbidden { .. } | SourceError::Missing { .. } => {
            Check::not_tried(LOOKED_AT, "The key may not list the forum's webhooks.")
                .with_remedy(by_hand(address))
        }
        other => Check::broken(LOOKED_AT, sentence(other), remedy(other)),
    }
}

fn made(status: StatusCode, body: &str, address: &Url) -> Check {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Complaint {
        errors: Vec<String>,
    }
    if status.is_success() {
        return Check::ok(LOOKED_AT, "The forum has it now, with its kinds of events named.");
    }
    if matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) {
        let says = "The key may only read, which is right: the webhook is made by hand.";
        return Check::not_tried(LOOKED_AT, says).with_remedy(by_hand(address));
    }
    let complaint: Complaint = serde_json::from_str(body).unwrap_or_default();
    let words: String = complaint.errors.join("; ").chars().take(WORDS_CHARS_MAX).collect();
    Check::broken(LOOKED_AT, format!("The forum does not take it ({status}): {words}"), by_hand(address))
}

/// What to click.
fn by_hand(address: &Url) -> String {
    format!(
        "In the forum: Admin, API, Webhooks, New Webhook (or Edit).\nPayload URL: {address}\nContent type: \
         application/json\nSecret: the one where webhook_secret points, {SECRET_CHARS_MIN} characters or more\n\
         Choose single events: everything under User, Group, Group User and User Promoted; never \"Send me \
         everything\".\nSwitch on Active, and save."
    )
}
