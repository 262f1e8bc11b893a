//! What Discord says when it does not do what was asked.

use std::error::Error as _;
use std::time::Duration;

use http::StatusCode;
use service::ports::GuildError;

use crate::limits::Closed;

/// Codes that mean more than their status (Discord docs: JSON Error Codes).
pub(crate) mod code {
    /// The guild does not exist, or the bot is not in it.
    pub(crate) const UNKNOWN_GUILD: u64 = 10_004;
    /// The channel was deleted.
    pub(crate) const UNKNOWN_CHANNEL: u64 = 10_003;
    /// The person is not in the guild.
    pub(crate) const UNKNOWN_MEMBER: u64 = 10_007;
    /// The role was deleted.
    pub(crate) const UNKNOWN_ROLE: u64 = 10_011;
    /// The account does not exist.
    pub(crate) const UNKNOWN_USER: u64 = 10_013;
    /// The person takes no direct messages from the bot.
    pub(crate) const CANNOT_MESSAGE: u64 = 50_007;
}

/// The longest part of Discord's words that is kept, in characters.
const WORDS_CHARS_MAX: usize = 300;

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// No answer, 5xx, or a limit.
    Later { why: String, wait: Option<Duration> },
    /// The bot token was refused.
    TokenRefused,
    /// Not sent: Discord forbade several writes in this guild in a row.
    HeldBack,
    /// Discord refused this one thing.
    Refused { status: StatusCode, code: u64, words: String },
}

impl Problem {
    pub(super) fn later(why: &str) -> Self {
        Self::Later { why: why.to_owned(), wait: None }
    }

    /// No answer. The address stays out of the words: it can carry a token.
    pub(crate) fn unreachable(error: &reqwest::Error) -> Self {
        let kind = match error {
            _ if error.is_timeout() => "no answer in time",
            _ if error.is_connect() => "no connection",
            _ if error.is_body() || error.is_decode() => "the answer broke off",
            _ => "the request failed",
        };
        let mut cause = error.source();
        while let Some(deeper) = cause.and_then(std::error::Error::source) {
            cause = Some(deeper);
        }
        let why = cause.map_or_else(|| kind.to_owned(), |cause| format!("{kind}: {cause}"));
        Self::Later { why, wait: None }
    }

    /// An answer that is not what the documentation says. Its contents stay out of the words.
    pub(crate) fn nonsense(error: &serde_json::Error) -> Self {
        let why =
            format!("an answer that cannot be read, at line {} column {}", error.line(), error.column());
        Self::Later { why, wait: None }
    }

    /// Reads an answer that is not good.
    pub(super) fn read(status: StatusCode, body: &[u8]) -> Self {
        #[derive(Default, serde::Deserialize)]
        #[serde(default)]
        struct Body {
            code: u64,
            message: String,
        }
        let body = serde_json::from_slice::<Body>(body).ok();
        // A page instead of JSON, and a redirect, come from something that stands before Discord.
        if status.is_server_error() || status.is_redirection() || body.is_none() {
            return Self::Later { why: format!("HTTP {}", status.as_u16()), wait: None };
        }
        let Body { code, message } = body.unwrap_or_default();
        Self::Refused { status, code, words: message.chars().take(WORDS_CHARS_MAX).collect() }
    }

    /// Whether Discord forbade it.
    pub(crate) fn is_forbidden(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::FORBIDDEN)
    }

    /// Whether Discord refused with this code.
    pub(crate) fn is(&self, wanted: u64) -> bool {
        matches!(self, Self::Refused { code, .. } if *code == wanted)
    }
}

impl From<Closed> for Problem {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::TokenRefused => Self::TokenRefused,
            Closed::Later(wait) => Self::Later { why: "a limit is closed".to_owned(), wait: Some(wait) },
        }
    }
}

impl From<Problem> for GuildError {
    fn from(problem: Problem) -> Self {
        let (status, code, words) = match problem {
            Problem::Later { why, wait } => return Self::Later { why, wait },
            Problem::TokenRefused => return Self::TokenRefused,
            Problem::HeldBack => return Self::HeldBack,
            Problem::Refused { status, code, words } => (status, code, words),
        };
        let gone = |what: &str| Self::Gone { what: what.to_owned() };
        match code {
            code::UNKNOWN_GUILD => gone("the server"),
            code::UNKNOWN_MEMBER | code::UNKNOWN_USER => gone("the member"),
            code::UNKNOWN_ROLE => gone("the role"),
            0 if status == StatusCode::FORBIDDEN => Self::Forbidden { why: words },
            _ if status == StatusCode::FORBIDDEN => Self::Forbidden { why: format!("{words} ({code})") },
            _ if status == StatusCode::NOT_FOUND => gone("what was asked for"),
            _ => Self::Refused { why: format!("{words} ({code}, HTTP {})", status.as_u16()) },
        }
    }
}
