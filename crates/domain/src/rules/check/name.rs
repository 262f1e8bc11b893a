//! Names of facts: found in the schema, or answered with the nearest that exists.

use super::Checker;
use crate::facts::{FactRef, FactType};
use crate::rules::syntax::{Expression, ExpressionKind};

impl Checker<'_> {
    /// The fact that `source.fact` names; tells what is wrong with every other name.
    pub(super) fn fact(&mut self, expression: &Expression) -> Option<(FactRef, FactType)> {
        let span = &expression.span;
        match &expression.kind {
            ExpressionKind::Name(name) => self.bare_name(expression, name),
            ExpressionKind::Select(inner, fact) => match &inner.kind {
                ExpressionKind::Name(source) => match self.schema.find(source, fact) {
                    Some(found) => self.use_fact(found),
                    None => self.wrong_name(expression, source, fact),
                },
                ExpressionKind::Select(..) => {
                    self.mistake(span, "a fact has two parts", "write source.fact, as in `forum.title`");
                    None
                }
                _ => {
                    let remedy = "write the name of a source before the dot, as in `forum.title`";
                    self.mistake(span, "only a source has facts", remedy);
                    None
                }
            },
            _ => {
                self.mistake(span, "a fact was expected here", "write source.fact, as in `forum.title`");
                None
            }
        }
    }

    fn bare_name(&mut self, expression: &Expression, name: &str) -> Option<(FactRef, FactType)> {
        let span = &expression.span;
        for (word, right) in
            [("true", "true"), ("false", "false"), ("null", "null"), ("none", "null"), ("nil", "null")]
        {
            if name.eq_ignore_ascii_case(word) {
                self.mistake(span, format!("rules do not know `{name}`"), format!("write `{right}`"));
                return None;
            }
        }
        if let Some(source) = self.schema.sources.iter().find(|source| source.name.as_str() == name) {
            let example = source.facts.first().map_or("title", |fact| fact.name.as_ref());
            let remedy = format!("name one of its facts, as in `{name}.{example}`");
            self.mistake(span, format!("`{name}` is a source, not a fact"), remedy);
            return None;
        }
        let suggestion = self.facts_called(name).or_else(|| self.nearest_fact(name));
        let remedy = suggestion.unwrap_or_else(|| self.all_sources());
        self.mistake(span, format!("`{name}` does not say which source it comes from"), remedy);
        None
    }

    fn wrong_name(
        &mut self,
        expression: &Expression,
        source: &str,
        fact: &str,
    ) -> Option<(FactRef, FactType)> {
        let known = self.schema.sources.iter().find(|known| known.name.as_str() == source);
        let (what, remedy) = if let Some(known) = known {
            let names = known.facts.iter().map(|fact| fact.name.as_ref());
            let remedy = match nearest(fact, names.clone()) {
                Some(near) => format!("did you mean `{source}.{near}`?"),
                None => format!("{source} has {}", listed(names)),
            };
            (format!("`{source}` has no fact `{fact}`"), remedy)
        } else {
            let names = self.schema.sources.iter().map(|known| known.name.as_str());
            let remedy = match nearest(source, names) {
                Some(near) => Some(format!("did you mean `{near}.{fact}`?")),
                None => self.facts_called(fact),
            };
            (format!("there is no source `{source}`"), remedy.unwrap_or_else(|| self.all_sources()))
        };
        self.mistake(&expression.span, what, remedy);
        None
    }

    /// `write forum.trust_level` for every source that has a fact of that name.
    fn facts_called(&self, fact: &str) -> Option<String> {
        let with = |source: &&crate::facts::SourceSchema| source.facts.iter().any(|known| known.name == fact);
        let places: Vec<String> = self
            .schema
            .sources
            .iter()
            .filter(with)
            .map(|source| format!("`{}.{fact}`", source.name))
            .collect();
        (!places.is_empty()).then(|| format!("write {}", places.join(" or ")))
    }

    fn nearest_fact(&self, name: &str) -> Option<String> {
        let names =
            self.schema.sources.iter().flat_map(|source| source.facts.iter().map(|fact| fact.name.as_ref()));
        self.facts_called(nearest(name, names)?)
            .map(|write| write.replacen("write ", "did you mean ", 1) + "?")
    }

    fn all_sources(&self) -> String {
        match listed(self.schema.sources.iter().map(|source| source.name.as_str())).as_str() {
            "" => "no source is configured yet: add one to the settings".to_owned(),
            names => format!("the sources are {names}"),
        }
    }
}

/// The nearest of some names, when it is near enough to be meant.
pub(crate) fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wrong = wrong.to_lowercase();
    let allowed = (wrong.chars().count() / 3).clamp(1, 3);
    names
        .map(|name| (strsim::osa_distance(&wrong, name), name))
        .filter(|(distance, name)| {
            let begins = wrong.len() >= 3 && (name.starts_with(&wrong) || wrong.starts_with(name));
            *distance <= allowed || begins
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
