//! Rules and templates: their own language inside a text, with the place of each mistake inside the text.

use domain::nickname::Template;
use domain::rules::{self, Condition, Mistake};

use super::Kind;
use crate::settings::given::{Given, Wrong};
use crate::settings::inside_text::span_in_file;

/// A condition on facts.
pub(in crate::settings) struct RuleText;

/// What a nickname is made of.
pub(in crate::settings) struct NicknameTemplate;

impl Kind for RuleText {
    type Value = Condition;

    fn words(&self) -> String {
        format!("rule, {} bytes at most", rules::TEXT_BYTES_MAX)
    }

    fn read(&self, given: &Given<'_>) -> Result<Condition, Vec<Wrong>> {
        let text = given.text()?;
        rules::check(text, given.surroundings.schema).map_err(|mistakes| placed(given, mistakes))
    }
}

impl Kind for NicknameTemplate {
    type Value = Template;

    fn words(&self) -> String {
        "text with {source.fact} for what the source says".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<Template, Vec<Wrong>> {
        let text = given.text()?;
        Template::parse(text, given.surroundings.schema).map_err(|mistakes| placed(given, mistakes))
    }
}

fn placed(given: &Given<'_>, mistakes: Vec<Mistake>) -> Vec<Wrong> {
    let place = |mistake: Mistake| Wrong {
        span: span_in_file(given.surroundings.text, &given.value.span(), &mistake.span),
        what: mistake.what,
        remedy: mistake.remedy,
    };
    mistakes.into_iter().map(place).collect()
}
