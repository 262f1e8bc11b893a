//! The forum over HTTP: reads requests, lets faults happen, writes answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use futures_util::stream;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request as HttpRequest, StatusCode};
use tokio::net::TcpListener;

use super::answer::Answer;
use super::faults::Fault;
use super::request::Request;
use super::routes::Routed;
use super::{ForumSim, Shared, control, limits};

/// Most bytes of a request's body.
const REQUEST_BYTES_MAX: usize = 1024 * 1024;

/// Bytes of a piece when an answer comes slowly.
const SLOW_PIECE_BYTES: usize = 64;

/// Serves until the forum stops.
pub(super) async fn run(shared: Arc<Shared>, listener: TcpListener) {
    let stop = shared.stop.clone();
    let router = axum::Router::new().fallback(handle).with_state(shared);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    // Open connections are not waited for: a caller that hangs must not keep the world alive.
    let _ended = stop.run_until_cancelled(async { axum::serve(listener, service).await }).await;
}

async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: HttpRequest<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, REQUEST_BYTES_MAX).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    if parts.uri.path().starts_with("/_sim/") {
        let sim = ForumSim::over(shared);
        return written(
            &Routed { answer: control::answer(&sim, &parts, &body), route: None, viewer: None },
            None,
        );
    }
    let Some(request) = Request::read(parts.method, target, parts.headers, &body, address.ip()) else {
        return written(&Routed { answer: Answer::html(400, ""), route: None, viewer: None }, None);
    };
    let fault = shared.forum().faults.befall(request.method.as_str(), parts.uri.path());
    let fault = match fault {
        Some(Fault::First(act)) => {
            act(&ForumSim::over(shared.clone()));
            None
        }
        Some(Fault::KeyRevoked) => {
            revoke(&shared, &request);
            None
        }
        other => other,
    };
    let routed = answered(&shared, &request, fault.as_ref());
    let body_bytes = routed.answer.body.len();
    shared.forum().record(&request, routed.route, routed.answer.status, body_bytes);
    match fault {
        Some(Fault::Hang) => {
            shared.stop.cancelled().await;
            broken(Vec::new())
        }
        Some(Fault::Reset) => broken(Vec::new()),
        Some(Fault::Late(millis)) => {
            pause(millis).await;
            written(&routed, None)
        }
        other => written(&routed, other.as_ref()),
    }
}

/// The right answer, unless the fault has one of its own.
fn answered(shared: &Shared, request: &Request, fault: Option<&Fault>) -> Routed {
    let mut forum = shared.forum();
    let locale = forum.settings.locale;
    let own = match fault {
        Some(Fault::TooMany(kind, seconds)) => limits::refusal(*kind, *seconds, locale),
        Some(Fault::Status(status)) => Answer::html(*status, &forum.page("Oops")),
        Some(Fault::HtmlOk) => Answer::html(200, &forum.page("Down for a moment. We are on it.")),
        Some(Fault::EmptyList) => Answer::ok(&serde_json::json!([])),
        _ => return forum.answer(request),
    };
    Routed { answer: own, route: None, viewer: None }
}

fn revoke(shared: &Shared, request: &Request) {
    let mut forum = shared.forum();
    let now_ms = forum.now_ms();
    let id = request.header("api-key").and_then(|secret| forum.keys.with_secret(secret)).map(|key| key.id);
    if let Some(key) = id.and_then(|id| forum.keys.get_mut(id)) {
        key.revoked_at_ms = Some(now_ms);
    }
}

#[expect(clippy::disallowed_methods, reason = "slowness on the wire is real time, not the world's")]
async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// An answer whose connection breaks after these bytes.
fn broken(bytes: Vec<u8>) -> Response {
    let pieces = [Ok(bytes), Err(std::io::Error::other("the simulated connection broke"))];
    Response::new(Body::from_stream(stream::iter(pieces)))
}

fn written(routed: &Routed, fault: Option<&Fault>) -> Response {
    let answer = &routed.answer;
    let body = answer.body.clone();
    let whole = body.len();
    let mut response = match fault {
        Some(Fault::Truncated(bytes)) => Response::new(Body::from(cut(body, *bytes))),
        Some(Fault::BrokenAfter(bytes)) => {
            let mut response = broken(cut(body, *bytes));
            response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(whole));
            response
        }
        Some(Fault::Slow(millis)) => Response::new(slow(&body, *millis)),
        _ => Response::new(Body::from(body)),
    };
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Some(content_type) = answer.content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if let Some(route) = routed.route {
        headers.insert("X-Discourse-Route", HeaderValue::from_static(route));
    }
    if let Some(viewer) =
        routed.viewer.as_deref().and_then(|name| HeaderValue::from_bytes(name.as_bytes()).ok())
    {
        headers.insert("X-Discourse-Username", viewer);
    }
    for (name, value) in &answer.headers {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.append(HeaderName::from_static(lower(name)), value);
        }
    }
    response
}

/// Header names as HTTP/1.1 writes them are known here; their lower case is what the library wants.
fn lower(name: &str) -> &'static str {
    match name {
        "Retry-After" => "retry-after",
        "Discourse-Rate-Limit-Error-Code" => "discourse-rate-limit-error-code",
        "Discourse-Readonly" => "discourse-readonly",
        "Discourse-No-Onebox" => "discourse-no-onebox",
        "Location" => "location",
        "Vary" => "vary",
        "Set-Cookie" => "set-cookie",
        "Cache-Control" => "cache-control",
        "X-Robots-Tag" => "x-robots-tag",
        _ => "x-simulated",
    }
}

fn cut(mut body: Vec<u8>, bytes: usize) -> Vec<u8> {
    body.truncate(bytes);
    body
}

fn slow(body: &[u8], millis: u64) -> Body {
    let pieces: Vec<Vec<u8>> = body.chunks(SLOW_PIECE_BYTES).map(<[u8]>::to_vec).collect();
    let unfolded = stream::unfold(pieces.into_iter(), move |mut pieces| async move {
        let piece = pieces.next()?;
        pause(millis).await;
        Some((Ok::<_, std::io::Error>(piece), pieces))
    });
    Body::from_stream(unfolded)
}
