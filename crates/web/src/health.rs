//! Whether the hall lives, and whether it can work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::Web;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// The hall can do its work; else a line for each thing that is in the way. What its owner should know beside that
/// is told in both cases.
pub(crate) async fn ready(State(web): State<Web>) -> Response {
    let in_the_way = web.hall.readiness().await;
    let (status, word) = match in_the_way.is_empty() {
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    let notes = web.hall.concerns().into_iter().map(|concern| format!("note: {}", concern.says()));
    let lines: Vec<String> = in_the_way.into_iter().chain(notes).collect();
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    (status, format!("{word}\n{lines}")).into_response()
}
