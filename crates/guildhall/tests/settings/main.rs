//! Settings as a person meets them: what is refused, in which words, and what is never shown.

#![expect(clippy::expect_used, reason = "a test that cannot prepare its files should fail at once")]

mod documents;
mod file;
mod json;
mod right;
#[cfg(unix)]
mod root;
mod secrets;
mod written;
mod wrong;
