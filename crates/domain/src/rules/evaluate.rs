//! Evaluates a checked rule for one person: total, without allocation, in three values.

use super::arithmetic::{combine, negate};
use super::node::{Comparison, Node, NodeKind, TextTest};
use super::truth::Truth;
use super::value::Value;
use crate::facts::{Cell, FactRef, FactView};
use crate::ids::GroupId;
use crate::time::Timestamp;

/// Everything a rule may ask.
pub(super) struct Scope<'a, F: ?Sized, G> {
    pub(super) facts: &'a F,
    /// The group at a place of the condition's groups.
    pub(super) group: G,
    pub(super) now: Timestamp,
}

impl<'a, F: FactView + ?Sized, G: Fn(usize) -> Option<GroupId>> Scope<'a, F, G> {
    /// Whether a node holds.
    pub(super) fn truth(&self, node: &Node) -> Truth {
        match &node.kind {
            NodeKind::All(parts) => self.all(parts),
            NodeKind::Any(parts) => self.any(parts),
            NodeKind::Not(inner) => !self.truth(inner),
            NodeKind::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            NodeKind::InGroup { fact, group } => self.in_group(*fact, *group),
            NodeKind::Has(fact) => match self.facts.cell(*fact) {
                Cell::Unknown => Truth::Unknown,
                cell => Truth::from(*cell != Cell::Null),
            },
            NodeKind::InList(value, items) => {
                let value = self.value(value);
                items.iter().fold(Truth::False, |found, item| found.or(value.equals(item.into())))
            }
            NodeKind::Text(test, text, part) => text_test(*test, self.value(text), self.value(part)),
            NodeKind::Matches(text, pattern) => match self.value(text) {
                Value::Text(text) => Truth::from(pattern.is_match(text)),
                Value::Null => Truth::False,
                _ => Truth::Unknown,
            },
            _ => self.value(node).truth(),
        }
    }

    /// What a node is.
    pub(super) fn value<'n>(&self, node: &'n Node) -> Value<'n>
    where
        'a: 'n,
    {
        match &node.kind {
            NodeKind::Literal(literal) => literal.into(),
            NodeKind::Now => Value::Time(self.now.0),
            NodeKind::Fact(fact) => self.facts.cell(*fact).into(),
            NodeKind::GroupCount(fact) => self.group_count(*fact),
            NodeKind::Size(text) => match self.value(text) {
                Value::Text(text) => Value::Int(count(text.chars().count())),
                Value::Null => Value::Null,
                _ => Value::Unknown,
            },
            NodeKind::Arithmetic(arithmetic, left, right) => {
                combine(*arithmetic, self.value(left), self.value(right))
            }
            NodeKind::Negate(inner) => negate(self.value(inner)),
            NodeKind::Choose(parts) => self.choose(parts),
            _ => self.truth(node).into(),
        }
    }

    fn all(&self, parts: &[Node]) -> Truth {
        let mut whole = Truth::True;
        for part in parts {
            whole = whole.and(self.truth(part));
            if whole == Truth::False {
                break;
            }
        }
        whole
    }

    fn any(&self, parts: &[Node]) -> Truth {
        let mut whole = Truth::False;
        for part in parts {
            whole = whole.or(self.truth(part));
            if whole == Truth::True {
                break;
            }
        }
        whole
    }

    fn compare(&self, comparison: Comparison, left: &Node, right: &Node) -> Truth {
        self.value(left).compare(comparison, self.value(right))
    }

    fn in_group(&self, fact: FactRef, group: usize) -> Truth {
        let Some(group) = (self.group)(group) else { return Truth::Unknown };
        match self.facts.cell(fact) {
            Cell::Groups(groups) => Truth::from(groups.contains(group)),
            Cell::Null => Truth::False,
            _ => Truth::Unknown,
        }
    }

    fn group_count(&self, fact: FactRef) -> Value<'static> {
        match self.facts.cell(fact) {
            Cell::Groups(groups) => groups.count().map_or(Value::Unknown, |groups| Value::Int(count(groups))),
            Cell::Null => Value::Null,
            _ => Value::Unknown,
        }
    }

    fn choose<'n>(&self, [condition, holds, otherwise]: &'n [Node; 3]) -> Value<'n>
    where
        'a: 'n,
    {
        match self.truth(condition) {
            Truth::True => self.value(holds),
            Truth::False => self.value(otherwise),
            Truth::Unknown => {
                let (holds, otherwise) = (self.value(holds), self.value(otherwise));
                if holds == otherwise { holds } else { Value::Unknown }
            }
        }
    }
}

fn text_test(test: TextTest, text: Value<'_>, part: Value<'_>) -> Truth {
    match (text, part) {
        (Value::Text(text), Value::Text(part)) => Truth::from(match test {
            TextTest::StartsWith => text.starts_with(part),
            TextTest::EndsWith => text.ends_with(part),
            TextTest::Contains => text.contains(part),
        }),
        (Value::Null, Value::Text(_) | Value::Null) | (Value::Text(_), Value::Null) => Truth::False,
        _ => Truth::Unknown,
    }
}

fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}
