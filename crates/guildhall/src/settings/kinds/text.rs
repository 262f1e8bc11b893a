//! Plain texts, and names of roles.

use super::Kind;
use crate::settings::given::{Given, Wrong};

/// One line of text.
pub(in crate::settings) struct Text {
    pub(in crate::settings) characters_max: usize,
}

impl Kind for Text {
    type Value = String;

    fn words(&self) -> String {
        format!("text, {} characters at most", self.characters_max)
    }

    fn read(&self, given: &Given<'_>) -> Result<String, Vec<Wrong>> {
        let text = given.text()?;
        if text.trim().is_empty() {
            return Err(given.wrong("this is empty"));
        }
        if text.trim() != text {
            return Err(given.wrong_because("there are blanks around the text", "take them out"));
        }
        if text.chars().any(char::is_control) {
            let remedy = "write one line, without tabs and control characters";
            return Err(given.wrong_because("there is a control character in it", remedy));
        }
        let count = text.chars().count();
        if count > self.characters_max {
            let what = format!("this has {count} characters, and {} is the most", self.characters_max);
            return Err(given.wrong_because(what, "make it shorter"));
        }
        Ok(text.to_owned())
    }
}

/// The name of a Discord role: 1 to 100 characters (Discord docs: Create Guild Role).
pub(in crate::settings) struct RoleName;

/// The longest name of a role, in characters.
const ROLE_CHARS_MAX: usize = 100;

impl Kind for RoleName {
    type Value = String;

    fn words(&self) -> String {
        format!("name of a Discord role, {ROLE_CHARS_MAX} characters at most")
    }

    fn read(&self, given: &Given<'_>) -> Result<String, Vec<Wrong>> {
        let name = Text { characters_max: ROLE_CHARS_MAX }.read(given)?;
        match name.as_str() {
            "@everyone" | "everyone" => {
                let remedy = "name another role, or take this rule out";
                Err(given.wrong_because("everybody has this role, it can be neither given nor taken", remedy))
            }
            mention if mention.starts_with("<@&") || mention.starts_with('@') => {
                let remedy = format!("write {} = {}", given.key, given.presence.shown());
                Err(given.wrong_because("this is a mention, not the name of a role", remedy))
            }
            _ => Ok(name),
        }
    }
}
