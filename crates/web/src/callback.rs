//! What a browser brings along: the query of its address and the cookie of its attempt.

use axum::http::{HeaderMap, HeaderValue, header};
use service::linking::Cookie;
use service::ports::Callback;
use url::Url;

/// How long a query may be, in bytes: DiscourseConnect answers with long group lists stay well below.
const QUERY_BYTES_MAX: usize = 16 * 1024;
/// How long a cookie's secret may be, in characters: 256 bits as base64url have 43.
const SECRET_CHARS_MAX: usize = 64;
/// How long the cookie lasts, in seconds: as long as the attempt.
const COOKIE_LASTS_S: u32 = 600;

/// Reads a query; a repeated key counts once, as it came first. Too long a query says nothing.
pub(crate) fn callback(query: Option<&str>) -> Callback {
    let mut callback = Callback::default();
    let query = query.filter(|query| query.len() <= QUERY_BYTES_MAX).unwrap_or_default();
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        callback.query.entry(key.into_owned()).or_insert_with(|| value.into_owned());
    }
    callback
}

/// The cookie that binds an attempt to a browser (RFC 6265bis §4.1.3.2: `__Host-`).
///
/// Over plain HTTP, which the settings allow on loopback alone, browsers other than Chromium refuse secure
/// cookies: there it has a plain name. See `docs/decisions/0005`.
pub(crate) fn cookie_name(public_address: &Url) -> &'static str {
    if public_address.scheme() == "https" { "__Host-guildhall-link" } else { "guildhall-link" }
}

/// The attempt of this browser, if it has one.
pub(crate) fn cookie(headers: &HeaderMap, public_address: &Url) -> Option<Cookie> {
    let name = cookie_name(public_address);
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && value.len() <= SECRET_CHARS_MAX)
        .map(|(_, value)| Cookie(value.to_owned()))
}

/// Binds this browser.
pub(crate) fn set_cookie(cookie: &Cookie, public_address: &Url) -> Option<HeaderValue> {
    let secure = if public_address.scheme() == "https" { "; Secure" } else { "" };
    let name = cookie_name(public_address);
    let text =
        format!("{name}={}; Path=/; Max-Age={COOKIE_LASTS_S}; HttpOnly; SameSite=Lax{secure}", cookie.0);
    HeaderValue::from_str(&text).ok()
}
