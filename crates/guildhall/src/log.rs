//! What the program says while it runs, on standard error: lines for people, or JSON.

use std::ffi::OsStr;
use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::progress::Screen;
use crate::settings::hall::{Hall, LogFormat};

/// Begins to log as the settings say. A second call changes nothing.
pub(crate) fn start(settings: &Hall) {
    let filter = EnvFilter::try_new(&settings.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Screen::default);
    let log =
        log.with_ansi(may_colour(std::io::stderr().is_terminal(), std::env::var_os("NO_COLOR").as_deref()));
    // An error says that a log is written already, which is as good.
    let _ = match settings.log_format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}

/// Colours are for terminals, and not for those who set `NO_COLOR` (<https://no-color.org>).
fn may_colour(is_terminal: bool, no_color: Option<&OsStr>) -> bool {
    is_terminal && no_color.is_none_or(OsStr::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_whose_owner_did_not_say_no() {
        for (is_terminal, no_color, expected) in [
            (true, None, true),
            (true, Some(""), true),
            (true, Some("1"), false),
            (false, None, false),
            (false, Some(""), false),
        ] {
            assert_eq!(
                may_colour(is_terminal, no_color.map(OsStr::new)),
                expected,
                "{is_terminal} {no_color:?}"
            );
        }
    }
}
