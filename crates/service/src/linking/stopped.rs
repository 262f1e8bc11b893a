//! Why a linking attempt stopped. Each has a page of its own that says what to do next.

use domain::ids::SourceName;
use thiserror::Error;

use crate::error::{Error, Failed};
use crate::ports::ProofError;

/// Why an attempt goes no further. Nothing was linked.
#[derive(Debug, Error)]
pub enum Stopped {
    /// The address or the answer was used before, or its ten minutes are over.
    #[error("this address has been used, or its ten minutes are over")]
    Used,
    /// The answer came back in a browser that did not begin this attempt. Where the attempt still lives, a
    /// fresh address for the same Discord account.
    #[error("this attempt began in another browser")]
    OtherBrowser {
        /// A fresh address, relative to the hall's own.
        again: Option<String>,
    },
    /// The Discord account that was proven is not the one the address was made for.
    #[error("the address was made for another Discord account")]
    NotYours {
        /// Whose address it is, as Discord named them.
        made_for: String,
        /// Who signed in.
        signed_in_as: String,
    },
    /// The person said no.
    #[error("the sign-in was cancelled")]
    Declined,
    /// The account at the source belongs to somebody else in the hall.
    #[error("that account is linked to somebody else")]
    Taken {
        /// Which source.
        source_name: SourceName,
        /// The account's name there.
        username: String,
    },
    /// The person is linked there already.
    #[error("already linked")]
    Already {
        /// Which source.
        source_name: SourceName,
        /// The account's name there.
        username: String,
    },
    /// Refused, in words for whoever asked.
    #[error("{0}")]
    Refused(String),
    /// Discord or the forum could not be asked just now.
    #[error("{0}")]
    Unreachable(String),
    /// The hall's own settings are wrong; only its owner can mend that.
    #[error("{0}")]
    Misconfigured(String),
    /// We broke.
    #[error(transparent)]
    Failed(#[from] Failed),
}

impl From<store::Error> for Stopped {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(words) => Self::Refused(words),
            Error::Failed(failed) => Self::Failed(failed),
        }
    }
}

impl From<ProofError> for Stopped {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Declined => Self::Declined,
            ProofError::Forged(_) => Self::Used,
            ProofError::Unreachable { .. } => Self::Unreachable(error.to_string()),
            ProofError::Misconfigured { .. } => Self::Misconfigured(error.to_string()),
        }
    }
}
