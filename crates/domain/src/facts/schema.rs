//! Which facts exist: the names and types that rules are checked against.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::ids::SourceName;

/// The type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactType {
    /// Yes or no.
    Bool,
    /// A whole number.
    Int,
    /// Text.
    Text,
    /// A moment.
    Time,
    /// Groups of the source, named in rules by their names and bound to their ids.
    Groups,
}

/// One fact that a source can state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactSpec {
    /// The name after the source's: `trust_level` in `forum.trust_level`.
    pub name: Cow<'static, str>,
    /// How people say it: `trust level`.
    pub label: Cow<'static, str>,
    /// Its type.
    pub kind: FactType,
    /// What it says, in one sentence, for documents and suggestions.
    pub about: Cow<'static, str>,
    /// A rule that asks for it, of a source called `forum`, for documents.
    pub example: Cow<'static, str>,
    /// What a number can be, where the source says so: a rule that asks for another is told.
    pub range: Option<RangeInclusive<i64>>,
    /// Hidden from others by the source: rules may use it, no page or command shows it to others.
    pub private: bool,
}

/// The facts of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSchema {
    /// The name rules say.
    pub name: SourceName,
    /// The facts, in the order of the cells of a [`super::Row`].
    pub facts: Vec<FactSpec>,
}

/// All facts that rules may name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The sources in the order of the settings.
    pub sources: Vec<SourceSchema>,
}

/// A fact, by its place in the [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactRef {
    /// The place of the source in [`Schema::sources`].
    pub source: usize,
    /// The place of the fact in [`SourceSchema::facts`].
    pub fact: usize,
}

impl Schema {
    /// Finds `source.fact`.
    pub fn find(&self, source: &str, fact: &str) -> Option<FactRef> {
        let source_index = self.sources.iter().position(|known| known.name.as_str() == source)?;
        let facts = &self.sources.get(source_index)?.facts;
        let fact_index = facts.iter().position(|known| known.name == fact)?;
        Some(FactRef { source: source_index, fact: fact_index })
    }

    /// The description of a fact.
    pub fn spec(&self, fact: FactRef) -> Option<&FactSpec> {
        self.sources.get(fact.source)?.facts.get(fact.fact)
    }
}
