//! Discord's ids: numbers of up to 64 bits, written in quotes (Discord docs: Snowflakes).

use std::marker::PhantomData;
use std::str::FromStr;

use super::Kind;
use crate::settings::given::{Given, Wrong, repeated};

/// An id of Discord, or nothing.
pub(in crate::settings) struct MaybeSnowflake<T>(pub(in crate::settings) Snowflake<T>);

impl<T: FromStr> Kind for MaybeSnowflake<T> {
    type Value = Option<T>;

    fn words(&self) -> String {
        format!("{}, or \"\" for none", self.0.words())
    }

    fn read(&self, given: &Given<'_>) -> Result<Option<T>, Vec<Wrong>> {
        if given.value.get_ref().as_str() == Some("") { Ok(None) } else { self.0.read(given).map(Some) }
    }
}

/// The fewest digits of an id: Discord's first day has 17.
const DIGITS_MIN: usize = 15;

/// An id of Discord.
pub(in crate::settings) struct Snowflake<T> {
    found: &'static str,
    id: PhantomData<T>,
}

impl<T> Snowflake<T> {
    /// An id that is `found` there: words that say where, after "copy it".
    pub(in crate::settings) const fn found(found: &'static str) -> Self {
        Self { found, id: PhantomData }
    }
}

impl<T: FromStr> Kind for Snowflake<T> {
    type Value = T;

    fn words(&self) -> String {
        "Discord id: digits in quotes".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<T, Vec<Wrong>> {
        if let Some(number) = given.value.get_ref().as_integer() {
            let remedy = format!("write {} = \"{}\"", given.key, number.as_str());
            return Err(given.wrong_because("an id is written in quotes", remedy));
        }
        let text = given.text()?;
        let looks_right = text.len() >= DIGITS_MIN
            && !text.starts_with('0')
            && text.bytes().all(|byte| byte.is_ascii_digit());
        let id = looks_right.then(|| text.parse().ok()).flatten();
        id.ok_or_else(|| {
            let remedy = format!("copy it {}", self.found);
            given.wrong_because(format!("{} is not an id of Discord", repeated(text)), remedy)
        })
    }
}
