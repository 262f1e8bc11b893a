//! `/metrics`: the hall by numbers, for Prometheus and whatever reads as it does.
//!
//! It has a listener of its own, and none by default: what it tells concerns nobody who may open the pages
//! (docs/decisions/0010).

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use service::{Hall, metrics};

/// OpenMetrics 1.0.0, §4.1.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Prometheus' text format, which every reader knows.
const PLAIN: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The routes of the metrics' own listener.
pub fn metrics_routes(hall: Arc<Hall>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .fallback(async || (http::StatusCode::NOT_FOUND, "There is nothing here but /metrics.\n"))
        .with_state(hall)
}

/// `GET /metrics`: OpenMetrics for whoever asks for it, else the older text format.
async fn metrics(State(hall): State<Arc<Hall>>, headers: HeaderMap) -> Response {
    let text = hall.metrics().await;
    if asks_for_open_metrics(&headers) {
        ([(header::CONTENT_TYPE, OPEN_METRICS)], text.to_string()).into_response()
    } else {
        ([(header::CONTENT_TYPE, PLAIN)], metrics::plain(&text)).into_response()
    }
}

fn asks_for_open_metrics(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/openmetrics-text")
    })
}
