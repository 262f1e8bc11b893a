//! Rules and templates: their own language inside a text, with the place of each mistake inside the text.

use domain::ids::SourceName;
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
        rules::check(text, given.surroundings.schema).map_err(|mistakes| placed(given, text, mistakes))
    }
}

impl Kind for NicknameTemplate {
    type Value = Template;

    fn words(&self) -> String {
        "text with {source.fact} for what the source says".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<Template, Vec<Wrong>> {
        let text = given.text()?;
        Template::parse(text, given.surroundings.schema).map_err(|mistakes| placed(given, text, mistakes))
    }
}

fn placed(given: &Given<'_>, text: &str, mistakes: Vec<Mistake>) -> Vec<Wrong> {
    let place = |mistake: Mistake| Wrong {
        span: span_in_file(given.surroundings.text, &given.value.span(), &mistake.span),
        what: mistake.what,
        remedy: mistake.remedy,
    };
    let follows = |mistake: &Mistake| follows_from_a_source(given, text, mistake);
    mistakes.into_iter().filter(|mistake| !follows(mistake)).map(place).collect()
}

/// Whether a mistake is about a source that is not known, where a source has no name that rules can say: that is
/// told where the source stands.
fn follows_from_a_source(given: &Given<'_>, text: &str, mistake: &Mistake) -> bool {
    if given.surroundings.sources_are_named {
        return false;
    }
    let written = text.get(mistake.span.clone()).unwrap_or_default().trim_start_matches('{');
    let named = written.split_once('.').map(|(source, _)| source.trim());
    let known =
        |name: &str| given.surroundings.schema.sources.iter().any(|source| source.name.as_str() == name);
    named.is_some_and(|name| SourceName::new(name).is_some() && !known(name))
}
