//! What the program says while it runs, on standard error: lines for people, or JSON.

use tracing_subscriber::EnvFilter;

use crate::settings::hall::{Hall, LogFormat};

/// Begins to log as the settings say. A second call changes nothing.
pub(crate) fn start(settings: &Hall) {
    let filter = EnvFilter::try_new(&settings.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // An error says that a log is written already, which is as good.
    let _ = match settings.log_format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}
