//! What an answer says about limits, apart from what it says about the request.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

/// The shortest and the longest wait that is believed; Discord has been seen to ask for a day.
const WAIT_MAX: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Waited when a 429 does not say how long.
const WAIT_UNSAID: Duration = Duration::from_secs(5);

/// The limit headers of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Headers {
    /// `X-RateLimit-Bucket`
    pub(crate) bucket: Option<Box<str>>,
    /// `X-RateLimit-Remaining`
    pub(crate) remaining: Option<u64>,
    /// `X-RateLimit-Reset-After`, rounded up to a millisecond, and one more for the clock's own rounding.
    pub(crate) reset_after: Duration,
}

/// Whose limit a 429 speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// This bot's on this bucket.
    User,
    /// Everybody's on this resource: not our doing, and not counted against us.
    Shared,
    /// This bot's on everything.
    Global,
}

/// What became of a request, as far as limits care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Discord answered.
    Answered,
    /// The bot token was refused.
    TokenRefused,
    /// 429.
    Limited {
        /// Whose limit.
        scope: Scope,
        /// How long to wait.
        wait: Duration,
    },
    /// No answer, or none from Discord itself.
    Broken,
}

/// What an answer teaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    /// What became of the request.
    pub(crate) outcome: Outcome,
    /// Whether Discord said that it was not allowed.
    pub(crate) forbidden: bool,
    /// The limit headers.
    pub(crate) headers: Headers,
}

impl Answered {
    /// No answer at all.
    pub(crate) fn broken() -> Self {
        Self { outcome: Outcome::Broken, forbidden: false, headers: Headers::default() }
    }

    /// Reads the head of an answer. `by_bot` says whether the bot token was what the request stood on.
    pub(crate) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8], by_bot: bool) -> Self {
        let outcome = match status {
            // Discord's own answers are JSON: a page comes from something between us, which knows no tokens.
            StatusCode::UNAUTHORIZED if !is_json(body) => Outcome::Broken,
            StatusCode::UNAUTHORIZED if by_bot => Outcome::TokenRefused,
            StatusCode::TOO_MANY_REQUESTS => limited(headers, body),
            _ if status.is_server_error() => Outcome::Broken,
            _ => Outcome::Answered,
        };
        let forbidden = matches!(status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED);
        Self { outcome, forbidden, headers: limit_headers(headers) }
    }

    /// Whether it counts towards Discord's limit on invalid requests: 401, 403 and 429, but for limits that
    /// others share.
    pub(crate) fn counts_as_invalid(&self) -> bool {
        let own_limit = matches!(self.outcome, Outcome::Limited { scope, .. } if scope != Scope::Shared);
        self.forbidden || own_limit
    }
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

fn limit_headers(headers: &HeaderMap) -> Headers {
    let bucket = text(headers, "x-ratelimit-bucket").map(Into::into);
    let remaining = text(headers, "x-ratelimit-remaining").and_then(|text| text.parse().ok());
    let reset_after = text(headers, "x-ratelimit-reset-after").and_then(seconds);
    Headers { bucket, remaining, reset_after: reset_after.unwrap_or(Duration::ZERO) }
}

fn limited(headers: &HeaderMap, body: &[u8]) -> Outcome {
    #[derive(serde::Deserialize)]
    struct Body {
        retry_after: f64,
        #[serde(default)]
        global: bool,
    }
    let body = serde_json::from_slice::<Body>(body).ok();
    let scope = match text(headers, "x-ratelimit-scope") {
        Some("shared") => Scope::Shared,
        Some("global") => Scope::Global,
        _ if headers.contains_key("x-ratelimit-global") => Scope::Global,
        // A 429 that is not Discord's JSON comes from what stands before it, and means every request.
        _ if body.as_ref().is_none_or(|body| body.global) => Scope::Global,
        _ => Scope::User,
    };
    let exact = body.and_then(|body| duration(body.retry_after));
    let wait = exact.or_else(|| text(headers, "retry-after").and_then(seconds)).unwrap_or(WAIT_UNSAID);
    Outcome::Limited { scope, wait }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().and_then(duration)
}

/// Rounded up to a millisecond, and one more because the clock may have rounded down.
fn duration(seconds: f64) -> Option<Duration> {
    let exact = Duration::try_from_secs_f64(seconds).ok()?.min(WAIT_MAX);
    let whole = u64::try_from(exact.as_micros().div_ceil(1_000)).ok()?;
    Some(Duration::from_millis(whole + 1))
}
