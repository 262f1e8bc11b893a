//! How a file looks from outside, and the signal that asks to read it anew.

use std::fs::Metadata;
use std::io::{ErrorKind, IsTerminal};
use std::path::Path;
use std::time::SystemTime;

/// How a file looks without reading it. Two sights that are equal are of the same content, as far as file systems
/// tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Something is there.
    Here {
        /// Its length in bytes.
        length: u64,
        /// When it was changed last, where that is known.
        changed_at: Option<SystemTime>,
        /// Another file under the same name has another.
        number: u64,
        /// What it is.
        kind: Kind,
    },
    /// It is not there, or may not be looked at.
    Missing(ErrorKind),
    /// It was never read, or what it says could not be kept: equal to no sight of a file.
    Unread,
}

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A pipe or a device: reading it again waits for ever, or gives something else.
    Stream,
}

impl Kind {
    fn of(metadata: &Metadata) -> Self {
        match (metadata.is_file(), metadata.is_dir()) {
            (true, _) => Self::File,
            (_, true) => Self::Folder,
            _ => Self::Stream,
        }
    }
}

impl Sight {
    /// How a file looks now. Looks through symbolic links.
    pub(super) fn of(file: &Path) -> Self {
        match std::fs::metadata(file) {
            Ok(metadata) => Self::Here {
                length: metadata.len(),
                changed_at: metadata.modified().ok(),
                number: number(&metadata),
                kind: Kind::of(&metadata),
            },
            Err(error) => Self::Missing(error.kind()),
        }
    }

    /// Whether it is nothing that can be read twice.
    pub(super) fn is_stream(&self) -> bool {
        matches!(self, Self::Here { kind: Kind::Stream, .. })
    }
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// SIGHUP from the moment this was made, as it comes to a process that nobody sits before.
#[derive(Debug)]
pub(super) struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Hangups {
    /// On a terminal the signal says that the terminal was closed, and ends the process as usual.
    pub(super) fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let asked = (!std::io::stderr().is_terminal()).then(|| signal(SignalKind::hangup()).ok());
        Self { signal: asked.flatten() }
    }

    /// Returns when it came.
    pub(super) async fn next(&mut self) {
        let came = match &mut self.signal {
            Some(signal) => signal.recv().await,
            None => None,
        };
        if came.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
impl Hangups {
    pub(super) fn new() -> Self {
        Self {}
    }

    pub(super) async fn next(&mut self) {
        std::future::pending().await
    }
}
