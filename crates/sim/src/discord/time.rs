//! Moments as Discord writes them: ISO 8601 with microseconds and `+00:00`.

use chrono::{DateTime, SecondsFormat, Utc};

/// The text of a moment, given in milliseconds since 1970.
pub(super) fn iso(at_ms: i64) -> String {
    moment(at_ms).to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// Milliseconds since 1970 of any ISO 8601 text with an offset; none when it is not one.
pub(super) fn from_iso(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.timestamp_millis())
}

fn moment(at_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default()
}

/// Milliseconds as seconds with three decimals, as limits and headers speak.
pub(super) fn seconds(span_ms: i64) -> f64 {
    let span_ms = i32::try_from(span_ms.clamp(0, i64::from(i32::MAX))).unwrap_or(i32::MAX);
    f64::from(span_ms) / 1000.0
}
