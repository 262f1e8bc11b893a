//! The addresses of the page: itself, what it follows, what its clicks do.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::{self, Stream};
use serde_json::json;
use tokio::sync::watch;

use super::acts::{self, Act, Doing, NotDone};
use super::stage::Stage;

/// Nothing but our own style, script and events.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("../../assets/demo.html");
const SCRIPT: &str = include_str!("../../assets/demo.js");
const DESK_SCRIPT: &str = include_str!("../../assets/desk.js");
const DISCORD_SCRIPT: &str = include_str!("../../assets/discord.js");
/// The hall's own look, of which there is one copy, and what only the demo needs.
const STYLE: &str =
    concat!(include_str!("../../../web/assets/look.css"), include_str!("../../assets/demo.css"));

#[derive(Clone)]
struct Shown {
    stage: Arc<Stage>,
    view: watch::Receiver<Arc<str>>,
}

/// Every address of the page.
pub(super) fn router(stage: Arc<Stage>, view: watch::Receiver<Arc<str>>) -> Router {
    Router::new()
        .route("/", get(|| async { text("text/html; charset=utf-8", PAGE) }))
        .route("/demo.css", get(|| async { text("text/css; charset=utf-8", STYLE) }))
        .route("/demo.js", get(|| async { text("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/desk.js", get(|| async { text("text/javascript; charset=utf-8", DESK_SCRIPT) }))
        .route("/discord.js", get(|| async { text("text/javascript; charset=utf-8", DISCORD_SCRIPT) }))
        .route("/events", get(events))
        .route("/act", post(act))
        .route("/interact", post(interact))
        .layer(middleware::from_fn(guarded))
        .with_state(Shown { stage, view })
}

fn text(kind: &'static str, body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

/// What is shown, now and whenever it changes.
async fn events(State(shown): State<Shown>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut view = shown.view;
    view.mark_changed();
    let stage = shown.stage;
    let events = stream::unfold((view, stage), |(mut view, stage)| async move {
        view.changed().await.ok()?;
        let text = Arc::clone(&view.borrow_and_update());
        let event = Event::default().data(format!("{{\"now_ms\":{},\"view\":{text}}}", stage.now_ms()));
        Some((Ok(event), (view, stage)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn act(State(shown): State<Shown>, Json(act): Json<Act>) -> Response {
    answer(acts::act(&shown.stage, act).await)
}

async fn interact(State(shown): State<Shown>, Json(doing): Json<Doing>) -> Response {
    answer(acts::interact(&shown.stage, doing).await)
}

fn answer<T: serde::Serialize>(done: Result<T, NotDone>) -> Response {
    match done {
        Ok(value) => Json(value).into_response(),
        Err(why) => (StatusCode::CONFLICT, Json(json!({ "refused": why.to_string() }))).into_response(),
    }
}

/// Other sites can neither read the page nor act on it: the name must be this machine's own, and clicks come as
/// JSON from the page itself.
async fn guarded(request: Request, next: Next) -> Response {
    if !is_local(request.headers()) {
        return (StatusCode::FORBIDDEN, "Open the demo by the address it printed.\n").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    matches!(name, "127.0.0.1" | "localhost")
        && origin.is_none_or(|origin| origin == format!("http://{host}"))
}
