//! The listener: how long whoever connects may take to say what they want, and how many may at once.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// What the listener bears from anybody, before anything is known about them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// How long the head of a request may take, and a connection may stand idle.
    pub(crate) head: Duration,
    /// How long a request may take as a whole, its body and the answer included; 408 then. Pages that wait for
    /// others give up before.
    pub(crate) request: Duration,
    /// How many connections there are at once; more wait to be accepted. Each may hold a body of 1 MiB.
    pub(crate) connections_max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { head: Duration::from_secs(10), request: Duration::from_secs(35), connections_max: 256 }
    }
}

impl Bounds {
    /// For the few who read metrics.
    pub(crate) fn of_metrics() -> Self {
        Self { connections_max: 8, ..Self::default() }
    }
}

/// Serves until told to stop, then lets requests in hand come to their end.
pub(crate) async fn serve(mut listener: TcpListener, app: Router, bounds: Bounds, stop: CancellationToken) {
    let service = TowerToHyperService::new(guarded(app, bounds));
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(bounds.head);
    let ending = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(bounds.connections_max));
    while let Some((stream, place)) = next(&mut listener, &places, &stop).await {
        let connection = builder.serve_connection(TokioIo::new(stream), service.clone()).into_owned();
        let watched = ending.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    ending.shutdown().await;
}

/// The same for all routes, whoever's they are: an end in time, and 500 for what panics.
fn guarded(app: Router, bounds: Bounds) -> Router {
    app.layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, bounds.request))
        .layer(CatchPanicLayer::new())
}

/// The next connection with its place; `None` when told to stop.
async fn next(
    listener: &mut TcpListener,
    places: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let accepted = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        // Waits a moment by itself when the machine has no descriptors left.
        let (stream, _) = Listener::accept(listener).await;
        Some((stream, place))
    };
    tokio::select! {
        accepted = accepted => accepted,
        () = stop.cancelled() => None,
    }
}

#[cfg(test)]
mod tests;
