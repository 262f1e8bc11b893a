//! Shows pages: linking, what is kept, pictures, health, the JSON that shows what the hall does, and metrics.
//!
//! Pages are plain HTML from the server and need no script. Nothing is loaded from anywhere else.

mod api;
mod assets;
mod callback;
mod health;
mod linking;
mod metrics;
mod page;
mod pictures;
mod settings;
mod stopped;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::routing::{get, post};
use service::Hall;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

pub use metrics::metrics_routes;
pub use settings::WebSettings;

/// The longest form anybody sends, in bytes.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// How long a page may take, Discord and the forum included.
const PAGE_TAKES_AT_MOST: Duration = Duration::from_secs(30);
/// Nothing but our own style sheet and pictures; no script at all.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every page works with.
#[derive(Clone)]
pub(crate) struct Web {
    hall: Arc<Hall>,
    settings: Arc<WebSettings>,
    pictures: pictures::Pictures,
}

/// Every route of the hall's own pages.
pub fn routes(hall: Arc<Hall>, settings: WebSettings) -> Router {
    let pictures = pictures::Pictures::new(&settings.picture_origins);
    let web = Web { hall, settings: Arc::new(settings), pictures };
    let pages = Router::new()
        .route("/", get(page::home))
        .route("/l/{token}", get(linking::begin))
        .route("/link/discord", get(linking::discord))
        .route("/link/forum/{source}", get(linking::forum))
        .route("/link", get(linking::confirm_page).post(linking::confirm))
        .route("/link/decline", post(linking::decline))
        .route("/link/done", get(linking::done))
        .route("/link/picture/{which}", get(pictures::picture))
        .route("/what-is-kept", get(page::kept))
        .layer(CsrfLayer::new());
    let rest = Router::new()
        .route("/api/guilds/{guild}/plan", get(api::plan))
        .route("/api/activity", get(api::activity))
        .route("/api/read-now", post(api::read_now))
        .route("/api/ask", post(api::ask))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/assets/look.css", get(assets::style));
    pages
        .merge(rest)
        .fallback(page::not_found)
        .with_state(web)
        .layer(RequestBodyLimitLayer::new(FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, PAGE_TAKES_AT_MOST))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
