//! A value as the file gives it, and what a kind of setting may say against it.

use std::ops::Range;
use std::path::Path;

use domain::facts::Schema;
use toml::Spanned;
use toml::de::DeValue;

use super::section::Presence;

/// The longest piece of somebody's text that a problem repeats, in characters.
const REPEATED_CHARS_MAX: usize = 60;

/// What reading a value may need beside the value.
pub(super) struct Surroundings<'a> {
    /// The whole file.
    pub(super) text: &'a str,
    /// The folder of the file: relative paths begin there.
    pub(super) folder: &'a Path,
    /// The environment, by name.
    pub(super) environment: &'a dyn Fn(&str) -> Option<String>,
    /// The facts that rules may name.
    pub(super) schema: &'a Schema,
    /// Whether each source has a name: where one has none, a rule may well mean it by a name that is not known.
    pub(super) sources_are_named: bool,
    /// Whether secrets are read where they stand; else each is empty.
    pub(super) secrets_are_read: bool,
}

/// A value and whose value it is.
pub(super) struct Given<'a> {
    pub(super) key: &'static str,
    pub(super) presence: Presence,
    pub(super) value: &'a Spanned<DeValue<'a>>,
    pub(super) surroundings: &'a Surroundings<'a>,
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Where, in bytes of the file.
    pub(super) span: Range<usize>,
    /// What is wrong. Never holds the value of a secret.
    pub(super) what: String,
    /// What to do.
    pub(super) remedy: String,
}

impl Given<'_> {
    /// The value is wrong as a whole; the remedy is the example.
    pub(super) fn wrong(&self, what: impl Into<String>) -> Vec<Wrong> {
        self.wrong_because(what, format!("write {} = {}", self.key, self.presence.shown()))
    }

    /// The value is wrong as a whole, with a remedy of its own.
    pub(super) fn wrong_because(&self, what: impl Into<String>, remedy: impl Into<String>) -> Vec<Wrong> {
        vec![Wrong { span: self.value.span(), what: what.into(), remedy: remedy.into() }]
    }

    /// The value as text.
    pub(super) fn text(&self) -> Result<&str, Vec<Wrong>> {
        let text = self.value.get_ref().as_str();
        text.ok_or_else(|| self.wrong(format!("a text in quotes belongs here, not {}", self.type_words())))
    }

    /// What the value is, in words.
    pub(super) fn type_words(&self) -> &'static str {
        type_words(self.value.get_ref())
    }
}

/// What a value is, in words.
pub(super) fn type_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a bare number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Somebody's text, fit to be repeated in a problem: in quotes, bounded, without control characters.
pub(super) fn repeated(text: &str) -> String {
    let mut shown: String = text.chars().take(REPEATED_CHARS_MAX).map(visible).collect();
    if text.chars().nth(REPEATED_CHARS_MAX).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

fn visible(character: char) -> char {
    let turns_text =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if character.is_control() || turns_text { '\u{fffd}' } else { character }
}
