//! What the hall's owner says about one forum, as plain values.

use std::time::Duration;

use domain::ids::SourceName;
use secrecy::SecretString;
use url::Url;

/// One forum, as the settings have it. Secrets cannot be printed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What rules call it.
    pub name: SourceName,
    /// Its address as people know it; may have a path (`https://example.org/forum`).
    pub address: Url,
    /// An API key that may read everything; scope `global:read` is enough.
    pub api_key: SecretString,
    /// The user whom the key acts as: an admin.
    pub api_username: SecretString,
    /// The secret of DiscourseConnect's provider for the hall's host.
    pub connect_secret: SecretString,
    /// The secret by which the forum signs its webhooks.
    pub webhook_secret: SecretString,
    /// How many calls a minute the hall makes at most. The forum grants 60 to all its keys together.
    pub calls_per_minute: u32,
    /// How long the hall waits for the forum.
    pub patience: Patience,
}

/// How long to wait for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub silence: Duration,
    /// For an answer as a whole.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(15),
            answer: Duration::from_secs(45),
        }
    }
}
