//! How many calls the forum allows, and the four ways in which it says "too many".

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use super::answer::Answer;
use super::settings::Locale;

/// Calls by admin keys in a minute, all keys of the forum together (`max_admin_api_reqs_per_minute`).
const ADMIN_KEY_PER_MINUTE: u32 = 60;
/// Requests of one address in ten seconds.
const ADDRESS_PER_10_SECONDS: u32 = 50;
/// Requests of one address in a minute.
const ADDRESS_PER_MINUTE: u32 = 200;
/// Sign-ins of one address in a minute.
const SIGN_IN_PER_MINUTE: u32 = 6;
/// How many addresses are remembered; beyond it the memory starts afresh.
const ADDRESSES_REMEMBERED_MAX: usize = 10_000;

const MINUTE_MS: i64 = 60_000;
const TEN_SECONDS_MS: i64 = 10_000;

/// Whether and how tightly calls are limited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitSettings {
    /// Off: nothing is ever refused.
    pub enabled: bool,
    /// Every budget times this much.
    pub factor: u32,
    /// Requests of one address in a second that the front web server lets through; it is off when none.
    pub front_per_second: Option<u32>,
}

impl Default for LimitSettings {
    fn default() -> LimitSettings {
        LimitSettings { enabled: true, factor: 1, front_per_second: None }
    }
}

/// The four kinds of 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// The budget of admin keys.
    AdminKey,
    /// The budget of an address.
    Address,
    /// The web server before the forum.
    FrontProxy,
    /// The budget of sign-ins.
    SignIn,
}

/// Times of the calls in a window that slides.
#[derive(Debug, Default)]
struct Window(VecDeque<i64>);

impl Window {
    /// Counts one call, or says how many seconds to wait.
    fn take(&mut self, now_ms: i64, span_ms: i64, max: u32) -> Result<(), i64> {
        while self.0.front().is_some_and(|at| *at <= now_ms - span_ms) {
            self.0.pop_front();
        }
        if self.0.len() < usize::try_from(max).unwrap_or(usize::MAX) {
            self.0.push_back(now_ms);
            return Ok(());
        }
        let free_at = self.0.front().copied().unwrap_or(now_ms) + span_ms;
        Err(((free_at - now_ms + 999) / 1000).max(1))
    }
}

/// The budgets and what is left of them.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub(crate) settings: LimitSettings,
    admin_key: Window,
    address: HashMap<(IpAddr, i64), Window>,
    sign_in: HashMap<IpAddr, Window>,
}

impl Limits {
    pub(crate) fn new(settings: LimitSettings) -> Limits {
        Limits { settings, ..Limits::default() }
    }

    /// The front server and the budget of an address: before anybody looks at the key.
    pub(crate) fn arrive(&mut self, address: IpAddr, now_ms: i64) -> Result<(), Answer> {
        if !self.settings.enabled {
            return Ok(());
        }
        if self.address.len() > ADDRESSES_REMEMBERED_MAX {
            self.address.clear();
        }
        if let Some(most) = self.settings.front_per_second
            && self.window(address, 1000).take(now_ms, 1000, most).is_err()
        {
            return Err(front_proxy());
        }
        let factor = self.settings.factor;
        let within =
            |window: &mut Window, span, most: u32| window.take(now_ms, span, most.saturating_mul(factor));
        within(self.window(address, TEN_SECONDS_MS), TEN_SECONDS_MS, ADDRESS_PER_10_SECONDS)
            .map_err(|seconds| address_limit(seconds, "ip_10_secs_limit"))?;
        within(self.window(address, MINUTE_MS), MINUTE_MS, ADDRESS_PER_MINUTE)
            .map_err(|seconds| address_limit(seconds, "ip_60_secs_limit"))
    }

    /// One call by an admin key.
    pub(crate) fn admin_key(&mut self, now_ms: i64, locale: Locale) -> Result<(), Answer> {
        if !self.settings.enabled {
            return Ok(());
        }
        let most = ADMIN_KEY_PER_MINUTE.saturating_mul(self.settings.factor);
        self.admin_key.take(now_ms, MINUTE_MS, most).map_err(|seconds| admin_key_limit(seconds, locale))
    }

    /// One attempt to sign in.
    pub(crate) fn sign_in(&mut self, address: IpAddr, now_ms: i64) -> Result<(), i64> {
        if !self.settings.enabled {
            return Ok(());
        }
        let most = SIGN_IN_PER_MINUTE.saturating_mul(self.settings.factor);
        self.sign_in.entry(address).or_default().take(now_ms, MINUTE_MS, most)
    }

    pub(crate) fn forget_addresses(&mut self) {
        self.address.clear();
    }

    fn window(&mut self, address: IpAddr, span_ms: i64) -> &mut Window {
        self.address.entry((address, span_ms)).or_default()
    }
}

/// An answer of each kind, as recorded.
pub(crate) fn refusal(kind: LimitKind, seconds: i64, locale: Locale) -> Answer {
    match kind {
        LimitKind::AdminKey => admin_key_limit(seconds, locale),
        LimitKind::Address => address_limit(seconds, "ip_10_secs_limit"),
        LimitKind::FrontProxy => front_proxy(),
        LimitKind::SignIn => Answer::wait(seconds, locale),
    }
}

fn admin_key_limit(seconds: i64, locale: Locale) -> Answer {
    Answer::wait(seconds, locale).header("Discourse-Rate-Limit-Error-Code", "admin_api_key_rate_limit")
}

fn address_limit(seconds: i64, code: &str) -> Answer {
    let text = format!(
        "Slow down, too many requests from this IP address.\n\
         Please retry again in {seconds} seconds.\nError code: {code}.\n"
    );
    Answer::untyped(429, text)
        .header("Retry-After", &seconds.to_string())
        .header("Discourse-Rate-Limit-Error-Code", code)
}

fn front_proxy() -> Answer {
    let page = "<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n\
                <center><h1>429 Too Many Requests</h1></center>\r\n\
                <hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n";
    Answer::typed(429, "text/html", page)
}
