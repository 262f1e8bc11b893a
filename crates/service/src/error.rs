//! The two kinds of error: what the asker can put right, and what broke.

use thiserror::Error;

use crate::ports::{GuildError, SourceError};

/// Why something was not done.
#[derive(Debug, Error)]
pub enum Error {
    /// The asker can put it right: the text is shown as it stands and says what to do next.
    #[error("{0}")]
    Refused(String),
    /// We or a peer broke: logged once, at the edge; the asker sees an incident number.
    #[error(transparent)]
    Failed(#[from] Failed),
}

/// What broke.
#[derive(Debug, Error)]
pub enum Failed {
    /// Our own database.
    #[error("could not use the database: {0}")]
    Store(#[from] store::Error),
    /// A source.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Discord.
    #[error(transparent)]
    Guild(#[from] GuildError),
    /// Something that should hold does not.
    #[error("{0}")]
    Broken(String),
}

impl Error {
    /// A refusal in words for the asker.
    pub fn refused(words: impl Into<String>) -> Self {
        Self::Refused(words.into())
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<SourceError> for Error {
    fn from(error: SourceError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<GuildError> for Error {
    fn from(error: GuildError) -> Self {
        Self::Failed(error.into())
    }
}
