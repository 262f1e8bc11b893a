//! Says what a source says about one fact.

use super::atom::Atom;
use super::gather::Explainer;
use super::said::{moment_ago, quoted};
use super::{Known, Reason, ReasonKind};
use crate::facts::{Cell, FactRef, FactType, FactView};
use crate::ids::GroupId;
use crate::rules::truth::Truth;

impl<F: FactView + ?Sized, G: Fn(usize) -> Option<GroupId>> Explainer<'_, '_, F, G> {
    pub(super) fn reason(
        &self,
        atom: &Atom<'_>,
        fact: Option<FactRef>,
        needs: String,
        truth: Truth,
        private: bool,
    ) -> Reason {
        let spec = fact.and_then(|fact| Some((fact, self.schema.spec(fact)?)));
        let Some((fact, spec)) = spec else {
            let says = super::said::moment(self.scope.now.0);
            let label = "the time".to_owned();
            let (kind, known) = (ReasonKind::Clock, Known::Value);
            return Reason { source: None, label, needs, says, truth, private, kind, known };
        };
        let cell = self.scope.facts.cell(fact);
        let (kind, known, says) = match (spec.kind, atom) {
            (FactType::Groups, Atom::InGroup { group }) => self.group_says(cell, *group),
            _ => self.says(cell, spec.kind),
        };
        let source = self.schema.sources.get(fact.source).map(|source| source.name.clone());
        Reason { source, label: spec.label.to_string(), needs, says, truth, private, kind, known }
    }

    fn group_says(&self, cell: &Cell, group: usize) -> (ReasonKind, Known, String) {
        let name = self.group_name(group);
        let kind = ReasonKind::Group;
        let Some(bound) = (self.scope.group)(group) else {
            return (kind, Known::Unknown, format!("unknown: the group {name} was not found"));
        };
        let member = match cell {
            Cell::Groups(groups) => groups.contains(bound),
            Cell::Null => Some(false),
            _ => None,
        };
        match member {
            Some(true) => (kind, Known::Value, format!("in {name}")),
            Some(false) => (kind, Known::Value, format!("not in {name}")),
            None => (kind, Known::Unknown, format!("unknown: the members of {name} were not read")),
        }
    }

    fn says(&self, cell: &Cell, kind: FactType) -> (ReasonKind, Known, String) {
        let shape = match kind {
            FactType::Bool => ReasonKind::Flag,
            FactType::Int | FactType::Text => ReasonKind::Value,
            FactType::Time => ReasonKind::Moment,
            FactType::Groups => ReasonKind::GroupCount,
        };
        let says = match (cell, kind) {
            (Cell::Null, _) => return (shape, Known::Null, "none".to_owned()),
            (Cell::Bool(value), FactType::Bool) => Some(if *value { "yes" } else { "no" }.to_owned()),
            (Cell::Int(value), FactType::Int) => Some(value.to_string()),
            (Cell::Text(text), FactType::Text) => Some(quoted(text)),
            (Cell::Time(time), FactType::Time) => Some(moment_ago(time.0, self.scope.now.0)),
            (Cell::Groups(groups), FactType::Groups) => groups.count().map(|count| count.to_string()),
            _ => None,
        };
        says.map_or_else(|| (shape, Known::Unknown, "unknown".to_owned()), |says| (shape, Known::Value, says))
    }
}
