//! Whether the hall lives, and whether it can work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::Web;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// The hall can take hints and remember them. Neither Discord nor the forum needs to answer for that.
pub(crate) async fn ready(State(web): State<Web>) -> Response {
    match web.hall.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready: the database does not answer; see the log\n")
                .into_response()
        }
    }
}
