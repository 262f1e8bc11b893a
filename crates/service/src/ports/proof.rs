//! How a person proves that an account is theirs, in a browser: Discord OAuth2, DiscourseConnect, later OIDC.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::ids::Subject;
use thiserror::Error;
use url::Url;

/// One way to prove an account at one place.
#[async_trait]
pub trait Proof: Send + Sync {
    /// Where to send the browser. `return_address` is where the place sends it back to. `second_factor` asks the
    /// place to have one shown, where it knows how; only [`Identity::second_factor`] says that it was.
    fn begin(
        &self,
        secrets: &ProofSecrets,
        return_address: &Url,
        second_factor: bool,
    ) -> Result<Url, ProofError>;

    /// The nonce that an answer names, unproven: it only finds the attempt that the answer may belong to.
    fn nonce_of(&self, callback: &Callback) -> Option<String>;

    /// Checks what the browser brought back and says whose account it is.
    ///
    /// Refuses everything that was not made for these secrets: tampered, reflected, replayed from another
    /// attempt, incomplete.
    async fn complete(
        &self,
        callback: &Callback,
        secrets: &ProofSecrets,
        return_address: &Url,
    ) -> Result<Identity, ProofError>;
}

/// What one attempt is bound to. Both are random, used once, and never leave the hall together.
#[derive(Clone, PartialEq, Eq)]
pub struct ProofSecrets {
    /// Travels with the browser: OAuth2's `state`, DiscourseConnect's `nonce`. URL-safe text.
    pub nonce: String,
    /// Never shown to the browser: PKCE's `code_verifier` (RFC 7636, 43 to 128 characters).
    pub verifier: String,
}

/// The query of the address that the browser came back to, decoded; keys and values untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callback {
    /// By key; of a repeated key the first.
    pub query: BTreeMap<String, String>,
}

/// A proven account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// The place's own id.
    pub subject: Subject,
    /// The account's name.
    pub username: String,
    /// The name people see.
    pub name: Option<String>,
    /// An absolute address of the picture.
    pub picture: Option<String>,
    /// Whether the place confirms that a second factor was shown just now.
    #[serde(default)]
    pub second_factor: bool,
}

/// Why nothing was proven.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The person said no, or the place did for them.
    #[error("the sign-in was cancelled")]
    Declined,
    /// What came back was not made for this attempt.
    #[error("the answer does not belong to this attempt: {0}")]
    Forged(&'static str),
    /// The place could not be asked.
    #[error("could not ask {place}: {why}")]
    Unreachable {
        /// Which place.
        place: String,
        /// What happened.
        why: String,
    },
    /// The hall's own credentials or settings are wrong; only its owner can mend that.
    #[error("{place} refuses the hall itself: {why}")]
    Misconfigured {
        /// Which place.
        place: String,
        /// What the owner should look at.
        why: String,
    },
}
