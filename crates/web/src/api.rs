//! What the hall does, as JSON, for whoever holds the token: the demo's page, and later tools.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ids::GuildId;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::actor::Actor;
use service::requests::Request;

use crate::Web;

/// `GET /api/guilds/{guild}/plan`: what would change now. 404 for a guild that is not looked after.
pub(crate) async fn plan(State(web): State<Web>, Path(guild): Path<u64>, headers: HeaderMap) -> Response {
    if !allowed(&web, &headers) {
        return closed();
    }
    answer(web.hall.plan(GuildId(guild)).await)
}

/// Since when activity is asked for.
#[derive(Deserialize)]
pub(crate) struct Since {
    #[serde(default)]
    after: i64,
}

/// `GET /api/activity?after=ID`: what was written since, oldest first, at most 100.
pub(crate) async fn activity(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(since): Query<Since>,
) -> Response {
    if !allowed(&web, &headers) {
        return closed();
    }
    answer(web.hall.activity(since.after).await)
}

/// What is to be read now.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    StaffLog,
    Everybody,
}

/// What to do, as the query says it.
#[derive(Deserialize)]
pub(crate) struct ReadNow {
    what: What,
}

/// `POST /api/read-now?what=staff-log|everybody`: reads the sources now instead of when their time comes.
pub(crate) async fn read_now(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(asked): Query<ReadNow>,
) -> Response {
    if !allowed(&web, &headers) {
        return closed();
    }
    match asked.what {
        What::StaffLog => answer(web.hall.read_logs_now().await),
        What::Everybody => answer(web.hall.read_everybody_now().await),
    }
}

/// Who the hall's log says it was that asked here.
const ASKER: &str = "whoever holds the API token";

/// `POST /api/ask`: what a command of the program would ask, and the answer. 409 with the words of a refusal.
pub(crate) async fn ask(
    State(web): State<Web>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Response {
    if !allowed(&web, &headers) {
        return closed();
    }
    let by = Actor::Command(ASKER.to_owned());
    match web.hall.ask::<Value>(&request, &by).await {
        Err(service::Error::Refused(words)) => (StatusCode::CONFLICT, words).into_response(),
        answered => answer(answered.map(|answered| answered.answer)),
    }
}

fn answer<T: Serialize>(result: Result<T, service::Error>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(service::Error::Refused(words)) => (StatusCode::NOT_FOUND, words).into_response(),
        Err(error) => {
            tracing::warn!(%error, "could not answer");
            (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response()
        }
    }
}

fn allowed(web: &Web, headers: &HeaderMap) -> bool {
    let Some(token) = &web.settings.api_token else { return false };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.strip_prefix("Bearer ").unwrap_or_default();
    aws_lc_rs::constant_time::verify_slices_are_equal(token.expose_secret().as_bytes(), given.as_bytes())
        .is_ok()
}

fn closed() -> Response {
    (StatusCode::UNAUTHORIZED, "This address needs the hall's API token: Authorization: Bearer …\n")
        .into_response()
}
