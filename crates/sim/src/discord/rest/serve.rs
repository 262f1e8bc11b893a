//! HTTP around the handlers: path and token in, limits and faults between, status and headers out.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{Answer, Call, Caller, ROUTES, Route, Who, uploads};
use crate::discord::calls::CallRecord;
use crate::discord::faults::Fault;
use crate::discord::limits::{Headers, Verdict};
use crate::discord::refusal::{
    INVALID_JSON, METHOD_NOT_ALLOWED, NO_USER_AGENT, NOT_FOR_BOTS, NOT_FOUND, ONLY_BOTS, Refusal,
    UNAUTHORIZED,
};
use crate::discord::shared::{Shared, pause};
use crate::discord::state::State;
use crate::discord::time::seconds;

/// Parameters of a path by name.
type Named = Vec<(&'static str, String)>;

/// The largest body a client may send, in bytes: ten files of a small one, or a hundred commands.
pub(super) const BODY_MOST_BYTES: usize = 10 * 1024 * 1024;
/// The longest reason for the audit log, in characters.
const REASON_MOST: usize = 512;

/// Answers a call to the REST API. `path` is without `/api` and version.
pub(in crate::discord) async fn serve(shared: Shared, path: &str, request: Request) -> Response {
    let method = request.method().as_str().to_owned();
    let (headers, query) = (request.headers().clone(), request.uri().query().unwrap_or_default().to_owned());
    let found = find(&method, path);
    let route = found.as_ref().map_or(path, |(route, _)| route.path).to_owned();
    let shown_path = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let mut record = CallRecord {
        at_ms: 0,
        method,
        route,
        path: shown_path,
        status: 0,
        application: None,
        reason: reason(&headers),
        body: Value::Null,
    };
    if headers.get(header::USER_AGENT).is_none() {
        return finish(&shared, record, refused(&NO_USER_AGENT));
    }
    let (route, named) = match found {
        Ok(found) => found,
        Err(refusal) => return finish(&shared, record, refused(&refusal)),
    };
    let body = match body(request).await {
        Ok(body) => body,
        Err(refusal) => return finish(&shared, record, refused(&refusal)),
    };
    record.body.clone_from(&body);
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let call = Call { caller: Caller::Nobody, named, query, body, reason: record.reason.clone() };
    act(&shared, route, call, &headers, record).await
}

/// Counts, spoils where a fault says so, and carries out.
async fn act(
    shared: &Shared,
    route: &Route,
    mut call: Call,
    headers: &HeaderMap,
    mut record: CallRecord,
) -> Response {
    let (answer, fault) = shared.act(|state| {
        call.caller = caller(state, headers);
        record.application = call.application();
        record.at_ms = state.now_ms();
        let limit_headers = match admit(state, route, &call) {
            Ok(limit_headers) => limit_headers,
            Err(response) => return (*response, None),
        };
        let fault = state.faults.take(route.method, route.path);
        if let Some((fault, false)) = &fault
            && !matches!(fault, Fault::Slow(_))
        {
            return (StatusCode::OK.into_response(), Some(fault.clone()));
        }
        let answer = allowed(route, &call).and_then(|()| (route.run)(state, &call));
        let mut response = match answer {
            Ok(Answer::Json(status, body)) => with_json(status, &body),
            Ok(Answer::Empty) => StatusCode::NO_CONTENT.into_response(),
            Err(refusal) => refused(&refusal),
        };
        if matches!(response.status().as_u16(), 401 | 403) {
            let now_ms = state.now_ms();
            state.limits.count_invalid(now_ms);
        }
        add_limit_headers(response.headers_mut(), limit_headers.as_ref());
        (response, fault.map(|(fault, _)| fault))
    });
    let response = match fault {
        Some(fault) => spoil(shared, fault, answer, record.clone()).await,
        None => answer,
    };
    finish(shared, record, response)
}

fn finish(shared: &Shared, mut record: CallRecord, mut response: Response) -> Response {
    // What passed through Discord's own front says so; libraries take a 429 without it for a ban.
    if !is_page(&response) {
        set(response.headers_mut(), "via", "1.1 google");
    }
    record.status = response.status().as_u16();
    shared.act(|state| {
        record.at_ms = if record.at_ms == 0 { state.now_ms() } else { record.at_ms };
        state.calls.add(record);
    });
    response
}

fn find(method: &str, path: &str) -> Result<(&'static Route, Named), Refusal> {
    let mut elsewhere = false;
    for route in ROUTES {
        let Some(named) = matches(route.path, path) else { continue };
        if route.method == method {
            return Ok((route, named));
        }
        elsewhere = true;
    }
    Err(if elsewhere { METHOD_NOT_ALLOWED } else { NOT_FOUND })
}

fn matches(pattern: &'static str, path: &str) -> Option<Named> {
    let (mut steps, mut named) = (path.split('/'), Vec::new());
    for expected in pattern.split('/') {
        // Some libraries send `@me` as `%40me`.
        let step = percent_decode_str(steps.next()?).decode_utf8_lossy();
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if step.is_empty() => return None,
            Some(name) => named.push((name, step.into_owned())),
            None if expected == step => {}
            None => return None,
        }
    }
    if steps.next().is_none() { Some(named) } else { None }
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// JSON, or a multipart form, or none.
async fn body(request: Request) -> Result<Value, Refusal> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let text = match kind.starts_with("multipart/form-data") {
        true => return uploads::form(request).await,
        false => axum::body::to_bytes(request.into_body(), BODY_MOST_BYTES)
            .await
            .map_err(|_| INVALID_JSON)?
            .to_vec(),
    };
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&text).map_err(|_| INVALID_JSON)
}

fn reason(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get("x-audit-log-reason")?.as_bytes();
    let text = percent_encoding::percent_decode(sent).decode_utf8_lossy().into_owned();
    Some(text.chars().take(REASON_MOST).collect::<String>()).filter(|text| !text.is_empty())
}

fn caller(state: &State, headers: &HeaderMap) -> Caller {
    let sent = headers.get(header::AUTHORIZATION).and_then(|sent| sent.to_str().ok()).unwrap_or_default();
    let (kind, token) = sent.split_once(' ').unwrap_or_default();
    if kind.eq_ignore_ascii_case("bot") {
        let found = state.by_token(token).and_then(|id| state.applications.get(&id));
        return found.map_or(Caller::Nobody, |found| Caller::Bot { application: found.id, bot: found.bot });
    }
    let grant =
        kind.eq_ignore_ascii_case("bearer").then(|| state.grants.by_access(token, state.now_ms())).flatten();
    grant.map_or(Caller::Nobody, |grant| Caller::Person {
        user: grant.user,
        application: grant.application,
        scopes: grant.scopes.clone(),
    })
}

fn allowed(route: &Route, call: &Call) -> Result<(), Refusal> {
    match (route.who, &call.caller) {
        (Who::Anyone, _)
        | (Who::Bot | Who::BotOrPerson, Caller::Bot { .. })
        | (Who::Person | Who::BotOrPerson, Caller::Person { .. }) => Ok(()),
        (Who::Bot, Caller::Person { .. }) => Err(ONLY_BOTS),
        (Who::Person, Caller::Bot { .. }) => Err(NOT_FOR_BOTS),
        _ => Err(UNAUTHORIZED),
    }
}

/// The limits: the headers of the answer, or the answer itself where there is no getting through.
fn admit(state: &mut State, route: &Route, call: &Call) -> Result<Option<Headers>, Box<Response>> {
    let now_ms = state.now_ms();
    let top = ["guild", "channel", "webhook", "interaction"].map(|name| call.text(name));
    let token = if route.who == Who::Anyone { call.text("token") } else { "" };
    let top = format!("{} {token}", top.join(" "));
    let who = match &call.caller {
        Caller::Bot { application, .. } => Some(*application),
        Caller::Person { user, .. } => Some(*user),
        Caller::Nobody => None,
    };
    match state.limits.take(route.limit, top.trim(), who, now_ms) {
        Verdict::Go(headers) => Ok(headers),
        Verdict::Wait { retry_after_ms, scope, headers } => {
            state.limits.count_invalid(now_ms);
            let mut response = too_many(retry_after_ms, scope);
            add_limit_headers(response.headers_mut(), headers.as_ref());
            Err(Box::new(response))
        }
        Verdict::Banned { retry_after_ms } => {
            let mut response = html(429, "Access denied", "error code: 1015");
            set(response.headers_mut(), "retry-after", &whole_seconds(retry_after_ms));
            Err(Box::new(response))
        }
    }
}

/// 429 as Discord itself sends it.
fn too_many(retry_after_ms: i64, scope: &str) -> Response {
    let global = scope == "global";
    let text = match scope {
        "shared" => "The resource is being rate limited.",
        _ => "You are being rate limited.",
    };
    let body = json!({ "message": text, "retry_after": seconds(retry_after_ms), "global": global });
    let mut response = with_json(429, &body);
    set(response.headers_mut(), "retry-after", &whole_seconds(retry_after_ms));
    set(response.headers_mut(), "x-ratelimit-scope", scope);
    if global {
        set(response.headers_mut(), "x-ratelimit-global", "true");
    }
    response
}

fn add_limit_headers(to: &mut HeaderMap, limit: Option<&Headers>) {
    let Some(limit) = limit else { return };
    set(to, "x-ratelimit-limit", &limit.limit.to_string());
    set(to, "x-ratelimit-remaining", &limit.remaining.to_string());
    let reset = format!("{}.{:03}", limit.reset_at_ms / 1_000, limit.reset_at_ms % 1_000);
    set(to, "x-ratelimit-reset", &reset);
    set(to, "x-ratelimit-reset-after", &format!("{:.3}", seconds(limit.reset_after_ms)));
    set(to, "x-ratelimit-bucket", &limit.bucket);
}

fn whole_seconds(span_ms: i64) -> String {
    ((span_ms + 999) / 1_000).max(1).to_string()
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

async fn spoil(shared: &Shared, fault: Fault, answer: Response, record: CallRecord) -> Response {
    match fault {
        Fault::Limited { scope, retry_after_ms } => too_many(retry_after_ms, scope),
        Fault::Status(status) => {
            with_json(status, &json!({ "message": format!("{status}: Simulated"), "code": 0 }))
        }
        Fault::Html(status) => html(status, "Bad gateway", "The web server reported a bad gateway error."),
        Fault::Truncated => {
            let body = r#"[{"user":{"id":"1","username":"mi"#;
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        Fault::Hang => {
            // There will be no answer to record.
            finish(shared, record, StatusCode::OK.into_response());
            std::future::pending().await
        }
        Fault::Reset => Body::from_stream(broken()).into_response(),
        Fault::Slow(span) => {
            pause(span).await;
            answer
        }
    }
}

/// A body that fails at its first byte, which ends the connection.
fn broken() -> impl futures_util::Stream<Item = Result<Vec<u8>, std::io::Error>> + Send {
    futures_util::stream::iter([Err(std::io::ErrorKind::ConnectionReset.into())])
}

fn html(status: u16, title: &str, text: &str) -> Response {
    let page = format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    );
    (status_code(status), [(header::CONTENT_TYPE, "text/html; charset=UTF-8")], page).into_response()
}

fn refused(refusal: &Refusal) -> Response {
    with_json(refusal.status, &refusal.body())
}

pub(in crate::discord) fn with_json(status: u16, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status_code(status), kind, body.to_string()).into_response()
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
