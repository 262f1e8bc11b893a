//! The style sheet, inside the program.

use axum::http::header;
use axum::response::IntoResponse;

/// The style sheet. It changes only with the program, and is small enough to ask for again after an hour.
pub(crate) async fn style() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("../assets/look.css"))
}
