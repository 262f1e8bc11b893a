//! The name of a source as rules say it.

use domain::ids::SourceName;

use super::Kind;
use crate::settings::given::{Given, Wrong, repeated};

/// Words that rules keep for themselves.
const RESERVED: [&str; 10] =
    ["true", "false", "null", "in", "now", "has", "size", "timestamp", "duration", "discord"];

/// A name that rules can say.
pub(in crate::settings) struct RuleName;

impl Kind for RuleName {
    type Value = SourceName;

    fn words(&self) -> String {
        format!("name of {}", allowed())
    }

    fn read(&self, given: &Given<'_>) -> Result<SourceName, Vec<Wrong>> {
        let text = given.text()?;
        if RESERVED.contains(&text) {
            return Err(given.wrong(format!("\"{text}\" means something else in rules")));
        }
        SourceName::new(text).ok_or_else(|| {
            let what = format!("rules cannot say {}: a name has {}", repeated(text), allowed());
            match suggestion(text) {
                Some(name) => given.wrong_because(what, format!("write {} = \"{name}\"", given.key)),
                None => given.wrong(what),
            }
        })
    }
}

fn allowed() -> String {
    format!("a to z, then also 0 to 9 and _, {} characters at most", SourceName::CHARS_MAX)
}

/// The nearest name that rules can say.
fn suggestion(text: &str) -> Option<SourceName> {
    let lower = text.trim().to_ascii_lowercase();
    let plain: String = lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    SourceName::new(plain.trim_matches('_'))
}
