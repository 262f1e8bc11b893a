//! Finds the parts of a rule that decided it.

use super::Reason;
use super::atom::Atom;
use crate::facts::{FactRef, FactView, Schema};
use crate::ids::GroupId;
use crate::rules::bindings::Bindings;
use crate::rules::condition::Checked;
use crate::rules::evaluate::Scope;
use crate::rules::node::{Literal, Node, NodeKind};
use crate::rules::truth::Truth;

/// Collects reasons for one person.
pub(super) struct Explainer<'a, 's, F: ?Sized, G> {
    pub(super) scope: &'a Scope<'s, F, G>,
    pub(super) condition: &'a Checked,
    pub(super) bindings: &'a Bindings,
    pub(super) schema: &'a Schema,
    pub(super) reasons: Vec<Reason>,
}

impl<F: FactView + ?Sized, G: Fn(usize) -> Option<GroupId>> Explainer<'_, '_, F, G> {
    /// Collects what decided a node; `negated` when an odd number of `!` stands before it.
    pub(super) fn gather(&mut self, node: &Node, negated: bool) {
        match &node.kind {
            NodeKind::All(parts) | NodeKind::Any(parts) => {
                let truth = self.scope.truth(node);
                for part in parts.iter().filter(|part| self.scope.truth(part) == truth) {
                    self.gather(part, negated);
                }
            }
            NodeKind::Not(inner) => self.gather(inner, !negated),
            NodeKind::Choose(parts) if !self.is_plain_value(parts) => self.choice(node, parts, negated),
            NodeKind::Literal(Literal::Bool(_)) => {}
            _ => self.atom(node, negated),
        }
    }

    fn choice(&mut self, node: &Node, [condition, holds, otherwise]: &[Node; 3], negated: bool) {
        let decided = self.scope.truth(condition);
        // Of two branches that agree neither depends on the condition.
        if decided != Truth::Unknown || self.scope.truth(node) == Truth::Unknown {
            self.gather(condition, false);
        }
        if decided == Truth::True || (decided == Truth::Unknown && self.scope.truth(node) != Truth::Unknown) {
            self.gather(holds, negated);
        }
        if decided == Truth::False || (decided == Truth::Unknown && self.scope.truth(node) != Truth::Unknown)
        {
            self.gather(otherwise, negated);
        }
    }

    /// Whether a branch of `?:` is null: then the whole is asked as one value.
    fn is_plain_value(&self, [_, holds, otherwise]: &[Node; 3]) -> bool {
        [holds, otherwise].iter().any(|branch| matches!(branch.kind, NodeKind::Literal(Literal::Null)))
    }

    fn atom(&mut self, node: &Node, negated: bool) {
        let atom = Atom::of(node);
        let truth = self.scope.truth(node);
        let truth = if negated { !truth } else { truth };
        let needs = atom.needs(
            negated,
            &|fact| self.label(fact),
            &|group| self.group_name(group),
            self.written(node),
        );
        let facts: Vec<Option<FactRef>> = match atom.facts(node) {
            facts if facts.is_empty() => vec![None],
            facts => facts.into_iter().map(Some).collect(),
        };
        let private = self.is_private(node);
        for fact in facts {
            let reason = self.reason(&atom, fact, needs.clone(), truth, private);
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
    }

    /// Whether it asks for anything that the source hides: then all that is said of it is private.
    fn is_private(&self, node: &Node) -> bool {
        let hidden = |group: &usize| {
            let group = self.condition.groups.get(*group);
            group.is_some_and(|group| self.bindings.is_hidden(group.source, &group.name))
        };
        node.facts().iter().any(|fact| self.schema.spec(*fact).is_some_and(|spec| spec.private))
            || node.groups().iter().any(hidden)
    }

    fn label(&self, fact: FactRef) -> String {
        self.schema.spec(fact).map_or_else(|| "fact".to_owned(), |spec| spec.label.to_string())
    }

    pub(super) fn group_name(&self, group: usize) -> String {
        self.condition.groups.get(group).map(|group| group.name.clone()).unwrap_or_default()
    }

    fn written(&self, node: &Node) -> &str {
        self.condition.text.get(node.span.clone()).unwrap_or("")
    }
}
