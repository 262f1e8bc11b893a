//! A checked rule, ready to be asked about people.

use std::sync::Arc;

use super::bindings::Bindings;
use super::evaluate::Scope;
use super::node::Node;
use super::truth::Truth;
use crate::facts::{FactRef, FactView, Schema};
use crate::ids::GroupId;
use crate::time::Timestamp;

/// What stands for the text of a condition that others must not read.
pub const PRIVATE_RULE: &str = "a private rule";

/// A condition on facts, checked against a schema. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Condition {
    pub(super) inner: Arc<Checked>,
}

/// What checking made of a text.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) text: String,
    pub(super) root: Node,
    pub(super) facts: Vec<FactRef>,
    pub(super) groups: Vec<GroupName>,
}

/// A group that a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupName {
    pub(super) source: usize,
    pub(super) name: String,
}

impl Condition {
    /// The text it was written as.
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// Its text as everybody may read it: [`PRIVATE_RULE`] when it names a private fact or a hidden group. The
    /// schema is the one it was checked against.
    pub fn public_text(&self, bindings: &Bindings, schema: &Schema) -> &str {
        let private = self.facts().any(|fact| schema.spec(fact).is_some_and(|spec| spec.private))
            || self.groups().any(|(source, name)| bindings.is_hidden(source, name));
        if private { PRIVATE_RULE } else { self.text() }
    }

    /// The facts it names, each once, in the order of the text.
    pub fn facts(&self) -> impl Iterator<Item = FactRef> {
        self.inner.facts.iter().copied()
    }

    /// The groups it names, each once: the place of the source in the schema, and the name.
    pub fn groups(&self) -> impl Iterator<Item = (usize, &str)> {
        self.inner.groups.iter().map(|group| (group.source, group.name.as_str()))
    }

    /// Whether it holds for a person. Allocates nothing and always answers; see [`super`] for unknown and
    /// null.
    pub fn evaluate<F: FactView + ?Sized>(&self, facts: &F, bindings: &Bindings, now: Timestamp) -> Truth {
        let group = |index| self.bound_group(index, bindings);
        Scope { facts, group, now }.truth(&self.inner.root)
    }

    /// Looks its groups up once, for many people.
    pub fn bind(&self, bindings: &Bindings) -> Bound {
        let groups = (0..self.inner.groups.len()).map(|index| self.bound_group(index, bindings)).collect();
        Bound { condition: self.clone(), groups }
    }

    pub(super) fn bound_group(&self, index: usize, bindings: &Bindings) -> Option<GroupId> {
        self.inner.groups.get(index).and_then(|group| bindings.get(group.source, &group.name))
    }
}

/// A condition whose groups are looked up.
#[derive(Clone, Debug)]
pub struct Bound {
    condition: Condition,
    groups: Vec<Option<GroupId>>,
}

impl Bound {
    /// The condition it was made from.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// As [`Condition::evaluate`], with no group looked up by name.
    pub fn evaluate<F: FactView + ?Sized>(&self, facts: &F, now: Timestamp) -> Truth {
        let group = |index| self.groups.get(index).copied().flatten();
        Scope { facts, group, now }.truth(&self.condition.inner.root)
    }
}
