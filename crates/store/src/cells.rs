//! Values on their way in and out: the one place where ids and times become cells and back.

use std::borrow::Cow;

use domain::ids::{GroupId, GuildId, MemberId, PlaceId, PlanId, RevisionId, RoleId, Subject, UserId};
use domain::time::Timestamp;
use serde::Serialize;

use crate::error::Error;

/// A value for a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    /// A whole number, an id, a moment.
    Int(Option<i64>),
    /// Text.
    Text(Option<Cow<'a, str>>),
}

/// The values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::cells::Value::from($value)),*] };
}
pub(crate) use values;

macro_rules! number {
    ($($kind:ty => |$value:ident| $number:expr),+ $(,)?) => {$(
        impl From<$kind> for Value<'_> {
            fn from($value: $kind) -> Self {
                Self::Int(Some($number))
            }
        }

        impl From<Option<$kind>> for Value<'_> {
            fn from(value: Option<$kind>) -> Self {
                Self::Int(value.map(|$value| $number))
            }
        }
    )+};
}

// Snowflakes and fingerprints are unsigned and the columns are not: the same 64 bits, read as signed.
number! {
    i64 => |value| value,
    u64 => |value| value.cast_signed(),
    Timestamp => |value| value.0,
    MemberId => |value| value.0,
    PlaceId => |value| value.0,
    RevisionId => |value| value.0,
    PlanId => |value| value.0,
    bool => |value| i64::from(value),
    GroupId => |value| value.0,
    GuildId => |value| value.0.cast_signed(),
    UserId => |value| value.0.cast_signed(),
    RoleId => |value| value.0.cast_signed(),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(without_nul(text)))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text.map(without_nul))
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        Self::from(text.as_deref())
    }
}

impl<'a> From<&'a Subject> for Value<'a> {
    fn from(subject: &'a Subject) -> Self {
        Self::from(subject.0.as_str())
    }
}

impl<'a> From<Option<&'a Subject>> for Value<'a> {
    fn from(subject: Option<&'a Subject>) -> Self {
        Self::from(subject.map(|subject| subject.0.as_str()))
    }
}

/// PostgreSQL cannot store U+0000, so neither database does.
fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Many rows as one value, for statements that read them with `rows` or `texts`.
pub(crate) fn json<T: Serialize>(rows: &T) -> Result<String, Error> {
    let text = serde_json::to_string(rows)
        .map_err(|error| Error::Broken { why: format!("rows cannot be written as JSON: {error}") })?;
    // Inside JSON a NUL is written \u0000, which PostgreSQL refuses to read back as text. Where the
    // backslash is itself escaped it is no NUL.
    Ok(if text.contains("\\u0000") { replace_escaped_nul(&text) } else { text })
}

fn replace_escaped_nul(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        clean.push_str(before);
        if let Some(after) = escape.strip_prefix("\\u0000") {
            clean.push_str("\\ufffd");
            rest = after;
        } else {
            let end = escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end);
            let (pair, after) = escape.split_at(end);
            clean.push_str(pair);
            rest = after;
        }
    }
    clean + rest
}

/// A user from a column of numbers.
pub(crate) fn user(cell: i64) -> UserId {
    UserId(cell.cast_unsigned())
}

/// A role from a column of numbers.
pub(crate) fn role(cell: i64) -> RoleId {
    RoleId(cell.cast_unsigned())
}

/// A guild from a column of numbers.
pub(crate) fn guild(cell: i64) -> GuildId {
    GuildId(cell.cast_unsigned())
}

/// How many, for a `limit`.
pub(crate) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// How many, from a `count`.
pub(crate) fn count(cell: i64) -> usize {
    usize::try_from(cell).unwrap_or(0)
}
