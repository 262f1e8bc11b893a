//! `POST /hooks/{source}`: the forum says that something happened. Verified, stored, then answered.

mod events;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::ids::SourceName;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use service::{Delivery, Hint};
use url::form_urlencoded;

use crate::settings::Settings;
use crate::signature::{sha256, verifies};
use events::Payload;

/// The largest delivery, in bytes: a person in very many groups is about 100 kB.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// The longest event id and event name, in characters.
const EVENT_ID_CHARS_MAX: usize = 64;
const EVENT_CHARS_MAX: usize = 64;

/// When the forum should send a delivery again that could not be stored, in seconds.
const RETRY_AFTER_SECONDS: &str = "30";

/// Takes verified events in.
#[async_trait]
pub trait HookReceiver: Send + Sync {
    /// Returns once the hints are stored; the same delivery of a source a second time is nothing.
    async fn receive(
        &self,
        source: &SourceName,
        delivery: Delivery,
        hints: Vec<Hint>,
    ) -> Result<(), service::Error>;
}

/// One forum that may send webhooks.
#[derive(Clone, Debug)]
pub struct Sender {
    source: SourceName,
    secret: SecretString,
}

impl Sender {
    /// From the forum's settings.
    pub fn new(settings: &Settings) -> Self {
        Self { source: settings.name.clone(), secret: settings.webhook_secret.clone() }
    }
}

struct Hooks {
    receiver: Arc<dyn HookReceiver>,
    senders: BTreeMap<String, Sender>,
}

/// The one route, for the program to mount.
pub fn routes(receiver: Arc<dyn HookReceiver>, senders: impl IntoIterator<Item = Sender>) -> Router {
    let senders = senders.into_iter().map(|sender| (sender.source.as_str().to_owned(), sender)).collect();
    Router::new().route("/hooks/{source}", post(deliver)).with_state(Arc::new(Hooks { receiver, senders }))
}

/// Why a delivery is not taken: what the forum's webhook page then shows.
struct Refusal(StatusCode, &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, words) = self;
        let mut response = (status, words).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, http::HeaderValue::from_static(RETRY_AFTER_SECONDS));
        }
        response
    }
}

async fn deliver(
    State(hooks): State<Arc<Hooks>>,
    Path(source): Path<String>,
    request: Request,
) -> Result<&'static str, Refusal> {
    let sender =
        hooks.senders.get(&source).ok_or(Refusal(StatusCode::NOT_FOUND, "no source of this name"))?;
    let (parts, body) = request.into_parts();
    let body = read(body).await?;
    let (delivery, content_type) = verified(sender, &parts.headers, &body)?;
    if !events::matters(&delivery.event) {
        return Ok("thank you");
    }
    let payload = payload(&content_type, &body)?;
    let malformed = Refusal(StatusCode::BAD_REQUEST, "the payload does not name what its event is about");
    let Some(hint) = events::hint(&sender.source, &delivery.event, &payload).ok_or(malformed)? else {
        return Ok("thank you");
    };
    let stored = hooks.receiver.receive(&sender.source, delivery, vec![hint]).await;
    stored.map_err(|error| {
        tracing::error!(source, %error, "could not store a webhook event");
        Refusal(StatusCode::SERVICE_UNAVAILABLE, "could not store the event; send it again")
    })?;
    Ok("stored")
}

async fn read(body: Body) -> Result<Vec<u8>, Refusal> {
    let bytes = to_bytes(body, BODY_BYTES_MAX).await;
    bytes.map(Vec::from).map_err(|_| {
        Refusal(StatusCode::PAYLOAD_TOO_LARGE, "the delivery is larger than 1 MiB, or broke off")
    })
}

/// Nothing of a delivery is looked at before its signature holds. Gives its content type beside it.
fn verified(sender: &Sender, headers: &HeaderMap, body: &[u8]) -> Result<(Delivery, String), Refusal> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let unsigned = Refusal(StatusCode::FORBIDDEN, "no signature; set the webhook's secret in the forum");
    let signature = header("x-discourse-event-signature").ok_or(unsigned)?;
    let signature = signature.strip_prefix("sha256=").unwrap_or_default();
    if !verifies(sender.secret.expose_secret(), body, signature) {
        return Err(Refusal(
            StatusCode::FORBIDDEN,
            "the signature does not fit; is the webhook's secret the one in the hall's settings?",
        ));
    }
    let event_id = header("x-discourse-event-id").filter(|id| is_event_id(id));
    let event = header("x-discourse-event").filter(|event| is_event(event));
    let (Some(event_id), Some(event)) = (event_id, event) else {
        return Err(Refusal(StatusCode::BAD_REQUEST, "the event's headers are missing or malformed"));
    };
    let content_type = header(CONTENT_TYPE.as_str()).unwrap_or_default().to_owned();
    let (event_id, event) = (event_id.to_owned(), event.to_owned());
    let said_hash = sha256(&[events::adds(&event).as_bytes(), body]);
    Ok((Delivery { event_id, event, said_hash }, content_type))
}

/// Discourse sends JSON under both of its content types; a true form carries it as `payload`.
fn payload(content_type: &str, body: &[u8]) -> Result<Payload, Refusal> {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let unreadable = |_| Refusal(StatusCode::BAD_REQUEST, "the payload is not the JSON it should be");
    match kind.as_str() {
        "application/json" => serde_json::from_slice(body).map_err(unreadable),
        "application/x-www-form-urlencoded" if body.trim_ascii_start().starts_with(b"{") => {
            serde_json::from_slice(body).map_err(unreadable)
        }
        "application/x-www-form-urlencoded" => {
            let field = form_urlencoded::parse(body).find(|(key, _)| key == "payload");
            let (_, json) = field.ok_or(Refusal(StatusCode::BAD_REQUEST, "the form carries no payload"))?;
            serde_json::from_str(&json).map_err(unreadable)
        }
        _ => Err(Refusal(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "set the webhook's content type to application/json",
        )),
    }
}

fn is_event_id(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.len() <= EVENT_ID_CHARS_MAX && text.chars().all(allowed)
}

fn is_event(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !text.is_empty() && text.len() <= EVENT_CHARS_MAX && text.chars().all(allowed)
}
