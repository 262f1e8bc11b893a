//! One listener for everything: REST, gateway, OAuth2 pages, pictures and the controls.

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::json;

use super::gateway::{Dial, serve};
use super::shared::Shared;
use super::{cdn, control, oauth, rest};

/// The largest form, in bytes.
const FORM_MOST_BYTES: usize = 64 * 1024;

/// Everything that is served.
pub(super) fn router(shared: Shared) -> Router {
    // Clients put the query behind the address with or without a slash.
    Router::new()
        .route("/gateway", any(gateway))
        .route("/gateway/", any(gateway))
        .fallback(dispatch)
        .with_state(shared)
}

async fn gateway(
    State(shared): State<Shared>,
    Query(query): Query<Vec<(String, String)>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let named = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let dial = Dial { version: named("v"), encoding: named("encoding"), compress: named("compress") };
    upgrade.on_upgrade(move |socket| serve(socket, shared, dial))
}

async fn dispatch(State(shared): State<Shared>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if let Some(rest) = path.strip_prefix("/cdn/") {
        return cdn::picture(rest);
    }
    if let Some(rest) = path.strip_prefix("/_sim/") {
        return control::serve(shared, rest, request).await;
    }
    if path.starts_with("/channels/") {
        return oauth::application();
    }
    let api = match path.strip_prefix("/api") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ if path.starts_with("/oauth2/") => path.as_str(),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Some(rest) = unversioned(api) else {
        let body = json!({ "message": "Invalid API version specified", "code": 50041 });
        return rest::with_json(400, &body);
    };
    match (request.method(), rest) {
        (&Method::GET, "/oauth2/authorize") => {
            oauth::authorize(&shared, request.uri().query().unwrap_or_default(), request.headers())
        }
        (&Method::POST, "/oauth2/authorize") => {
            with_form(request, |form, headers| oauth::decide(&shared, form, headers)).await
        }
        (&Method::POST, "/oauth2/sign-in") => {
            with_form(request, |form, _| oauth::sign_in(&shared, form)).await
        }
        (&Method::POST, "/oauth2/token") => {
            with_form(request, |form, headers| oauth::token(&shared, form, headers)).await
        }
        (&Method::POST, "/oauth2/token/revoke") => {
            with_form(request, |form, headers| oauth::revoke(&shared, form, headers)).await
        }
        _ => rest::serve(shared, rest, request).await,
    }
}

/// Versions 10 and 9, and none at all.
fn unversioned(path: &str) -> Option<&str> {
    let Some(rest) = path.strip_prefix("/v") else { return Some(path) };
    let (version, _) = rest.split_once('/').unwrap_or((rest, ""));
    if version.is_empty() || !version.chars().all(|c| c.is_ascii_digit()) {
        return Some(path);
    }
    matches!(version, "9" | "10").then(|| rest.strip_prefix(version)).flatten()
}

async fn with_form(
    request: Request,
    act: impl FnOnce(&[(String, String)], &axum::http::HeaderMap) -> Response,
) -> Response {
    let headers = request.headers().clone();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return rest::with_json(
            400,
            &json!({ "error": "invalid_request", "error_description": "A form is needed." }),
        );
    }
    let Ok(body) = Bytes::from_request(request, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if body.len() > FORM_MOST_BYTES {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    act(&form, &headers)
}
