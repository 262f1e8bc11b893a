//! Whether the hall lives, and whether it can work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::Web;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// The hall can do its work; else a line for each thing that is in the way.
pub(crate) async fn ready(State(web): State<Web>) -> Response {
    let in_the_way = web.hall.readiness().await;
    if in_the_way.is_empty() {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, format!("not ready\n{}\n", in_the_way.join("\n"))).into_response()
}
