//! Rate limits as Discord's headers have been seen to tell them: fixed windows, a bucket a route and
//! top-level resource, a global one, and a ban for clients that do not listen.
//!
//! The figures are what was observed, not what is promised; a client must learn them from headers.

use std::collections::BTreeMap;

use super::ids::Snowflake;
use super::secrets::fingerprint;
use super::settings::LimitSettings;

/// The window in which refused calls are counted, in milliseconds.
const INVALID_WINDOW_MS: i64 = 600_000;
/// How long a client is refused everything after too many of them, in milliseconds.
const BAN_MS: i64 = 3_600_000;

/// How one route is limited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    /// Counted in no limit at all, not even the global one: interaction callbacks.
    Free,
    /// Only in the global one; answers carry no limit header.
    GlobalOnly,
    /// A bucket. Routes with the same name share it.
    Bucket { name: &'static str, uses: u32, window_ms: i64 },
}

/// What a route may do now, with what its headers say.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// Go on; the headers of the answer, if the route has any.
    Go(Option<Headers>),
    /// Too many; none of the headers where the global limit was hit.
    Wait { retry_after_ms: i64, scope: &'static str, headers: Option<Headers> },
    /// Refused altogether, as by the network before Discord.
    Banned { retry_after_ms: i64 },
}

/// `X-RateLimit-*`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Headers {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset_at_ms: i64,
    pub(super) reset_after_ms: i64,
    pub(super) bucket: String,
}

#[derive(Clone, Copy, Debug, Default)]
struct Window {
    ends_at_ms: i64,
    used: u32,
}

impl Window {
    /// Counts one use unless the window is full; true when it was counted.
    fn take(&mut self, now_ms: i64, uses: u32, window_ms: i64) -> bool {
        if now_ms >= self.ends_at_ms || self.ends_at_ms - now_ms > window_ms {
            *self = Self { ends_at_ms: now_ms + window_ms, used: 0 };
        }
        let fits = self.used < uses;
        if fits {
            self.used += 1;
        }
        fits
    }
}

/// All windows of one Discord.
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) settings: LimitSettings,
    /// Buckets that a test gave another size: uses and window in milliseconds, by name.
    changed: BTreeMap<String, (u32, i64)>,
    buckets: BTreeMap<String, Window>,
    global: BTreeMap<Option<Snowflake>, Window>,
    invalid: Window,
    banned_until_ms: i64,
}

impl Limits {
    pub(super) fn new(settings: LimitSettings) -> Self {
        Self {
            settings,
            changed: BTreeMap::new(),
            buckets: BTreeMap::new(),
            global: BTreeMap::new(),
            invalid: Window::default(),
            banned_until_ms: 0,
        }
    }

    /// Gives a bucket another size, as Discord does without a word.
    pub(super) fn change(&mut self, name: &str, uses: u32, window_ms: i64) {
        self.changed.insert(name.into(), (uses, window_ms));
    }

    /// Counts one call of `who` on a route whose bucket belongs to `top` (a guild, a channel, …).
    pub(super) fn take(&mut self, limit: Limit, top: &str, who: Option<Snowflake>, now_ms: i64) -> Verdict {
        if !self.settings.on {
            return Verdict::Go(None);
        }
        if now_ms < self.banned_until_ms {
            return Verdict::Banned { retry_after_ms: self.banned_until_ms - now_ms };
        }
        let Limit::Bucket { name, uses, window_ms } = limit else {
            return if limit == Limit::Free {
                Verdict::Go(None)
            } else {
                self.take_global(who, now_ms, None)
            };
        };
        let (uses, window_ms) = self.changed.get(name).copied().unwrap_or((uses, window_ms));
        let window_ms = self.scaled(window_ms);
        let owner = who.map_or_else(|| "-".into(), |who| who.to_string());
        let window = self.buckets.entry(format!("{name} {top} {owner}")).or_default();
        let fits = window.take(now_ms, uses, window_ms);
        let headers = Headers {
            limit: uses,
            remaining: uses.saturating_sub(window.used),
            reset_at_ms: window.ends_at_ms,
            reset_after_ms: window.ends_at_ms - now_ms,
            bucket: fingerprint(name),
        };
        if fits {
            return self.take_global(who, now_ms, Some(headers));
        }
        let retry_after_ms = headers.reset_after_ms;
        Verdict::Wait { retry_after_ms, scope: "user", headers: Some(headers) }
    }

    fn take_global(&mut self, who: Option<Snowflake>, now_ms: i64, headers: Option<Headers>) -> Verdict {
        let (uses, window_ms) = (self.settings.global_a_second, self.scaled(1_000));
        let window = self.global.entry(who).or_default();
        if window.take(now_ms, uses, window_ms) {
            return Verdict::Go(headers);
        }
        Verdict::Wait { retry_after_ms: window.ends_at_ms - now_ms, scope: "global", headers: None }
    }

    /// Counts a refused call; enough of them and everything is refused for an hour.
    pub(super) fn count_invalid(&mut self, now_ms: i64) {
        let (most, window_ms) = (self.settings.invalid_in_ten_minutes, self.scaled(INVALID_WINDOW_MS));
        if self.settings.on && !self.invalid.take(now_ms, most, window_ms) {
            self.banned_until_ms = now_ms + self.scaled(BAN_MS);
        }
    }

    /// Refused calls in the present window.
    pub(super) fn invalid(&self) -> u32 {
        self.invalid.used
    }

    fn scaled(&self, span_ms: i64) -> i64 {
        (span_ms / i64::from(self.settings.speed.max(1))).max(1)
    }
}
