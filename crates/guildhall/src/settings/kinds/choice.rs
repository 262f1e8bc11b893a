//! One of a few words.

use std::marker::PhantomData;

use super::Kind;
use crate::settings::given::{Given, Wrong, repeated};
use crate::settings::near::most_alike;

/// A type whose values have words in the file.
pub(in crate::settings) trait Choices: Copy + 'static {
    /// Each word and what it means.
    const WORDS: &'static [(&'static str, Self)];
}

/// One of the words of a type.
pub(in crate::settings) struct Choice<T>(PhantomData<T>);

impl<T> Choice<T> {
    /// The kind; it has no choices of its own.
    pub(in crate::settings) const NEW: Self = Self(PhantomData);
}

impl<T: Choices> Kind for Choice<T> {
    type Value = T;

    fn words(&self) -> String {
        words::<T>()
    }

    fn read(&self, given: &Given<'_>) -> Result<T, Vec<Wrong>> {
        let text = given.text()?;
        if let Some((_, value)) = T::WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(*value);
        }
        let what = format!("{} is not one of the words for this", repeated(text));
        let remedy = match most_alike(text, T::WORDS.iter().map(|(word, _)| *word)) {
            Some(meant) => format!("write {} = \"{meant}\"", given.key),
            None => format!("write {}", words::<T>()),
        };
        Err(given.wrong_because(what, remedy))
    }
}

fn words<T: Choices>() -> String {
    let words: Vec<String> = T::WORDS.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    words.join(" or ")
}
