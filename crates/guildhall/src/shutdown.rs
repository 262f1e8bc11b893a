//! The wish to stop: Ctrl-C, or the service manager's SIGTERM.

use tokio_util::sync::CancellationToken;

/// Cancels `stop` at the first wish to stop. A second Ctrl-C ends the process as usual.
pub(crate) async fn on_signal(stop: CancellationToken) {
    tokio::select! {
        () = asked() => {}
        () = stop.cancelled() => {}
    }
    stop.cancel();
}

#[cfg(unix)]
async fn asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn asked() {
    let _ = tokio::signal::ctrl_c().await;
}
