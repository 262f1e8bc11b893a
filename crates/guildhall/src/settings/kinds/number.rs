//! Whole numbers, and switches.

use toml::de::DeValue;

use super::Kind;
use crate::settings::given::{Given, Wrong};

/// A whole number between two others, both included.
pub(in crate::settings) struct WholeNumber {
    pub(in crate::settings) least: u32,
    pub(in crate::settings) most: u32,
    /// What a number outside is refused with: "a forum allows 60 calls a minute for all keys together".
    pub(in crate::settings) because: &'static str,
}

impl Kind for WholeNumber {
    type Value = u32;

    fn words(&self) -> String {
        format!("whole number from {} to {}", self.least, self.most)
    }

    fn read(&self, given: &Given<'_>) -> Result<u32, Vec<Wrong>> {
        let range = format!("a whole number from {} to {} belongs here", self.least, self.most);
        let DeValue::Integer(integer) = given.value.get_ref() else {
            let what = match given.value.get_ref() {
                DeValue::Float(_) => format!("{range}, not a fraction"),
                _ => format!("{range}, not {}", given.type_words()),
            };
            return Err(given.wrong(what));
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number = number.and_then(|number| u32::try_from(number).ok());
        let inside = number.filter(|number| (self.least..=self.most).contains(number));
        inside.ok_or_else(|| given.wrong(format!("{range}: {}", self.because)))
    }
}

/// Yes or no.
pub(in crate::settings) struct Switch;

impl Kind for Switch {
    type Value = bool;

    fn words(&self) -> String {
        "true or false".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<bool, Vec<Wrong>> {
        let given_value = given.value.get_ref();
        given_value.as_bool().ok_or_else(|| {
            given.wrong(format!("true or false belongs here, without quotes, not {}", given.type_words()))
        })
    }
}
