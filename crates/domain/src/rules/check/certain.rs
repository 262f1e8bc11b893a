//! Finds conditions that nobody can fulfil, and conditions that everybody fulfils: right in shape, never meant.

use crate::facts::{Cell, FactRef, FactType, FactView, Schema};
use crate::ids::GroupId;
use crate::rules::Condition;
use crate::rules::evaluate::Scope;
use crate::rules::node::{Literal, Node, NodeKind};
use crate::rules::truth::Truth;
use crate::time::Timestamp;

/// The most combinations that are tried; a condition with more of them is taken to be meant.
const COMBINATIONS_MAX: usize = 4096;

/// The widest range of a number that is tried value by value.
const RANGE_MAX: usize = 64;

/// What a condition says whoever is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certain {
    /// It holds for everybody of whom its facts are known.
    Always,
    /// It holds for nobody.
    Never,
}

impl Condition {
    /// Whether the condition always or never holds, by what facts can be ([`crate::facts::FactSpec::range`]) and
    /// by its own logic. Never wrong, and not complete: what is asked of texts, moments and groups may be so or
    /// not, each independently of the others. The schema is the one it was checked against.
    pub fn certain(&self, schema: &Schema) -> Option<Certain> {
        let mut unknowns = Unknowns { schema, text: self.text(), facts: Vec::new(), atoms: Vec::new() };
        unknowns.gather(&self.inner.root);
        let (mut holds, mut fails) = (false, false);
        for number in 0..unknowns.combinations()? {
            match unknowns.world(number).holds(&self.inner.root) {
                true => holds = true,
                false => fails = true,
            }
        }
        match (holds, fails) {
            (true, false) => Some(Certain::Always),
            (false, true) => Some(Certain::Never),
            _ => None,
        }
    }
}

/// What a condition depends on.
struct Unknowns<'a> {
    schema: &'a Schema,
    text: &'a str,
    /// Facts with few values, and those values.
    facts: Vec<(FactRef, Vec<Cell>)>,
    /// Questions that may be answered yes or no, by their text.
    atoms: Vec<&'a str>,
}

/// One way in which everything may be.
struct World<'a> {
    unknowns: &'a Unknowns<'a>,
    facts: Vec<(FactRef, &'a Cell)>,
    atoms: Vec<bool>,
}

impl<'a> Unknowns<'a> {
    fn gather(&mut self, node: &'a Node) {
        match &node.kind {
            NodeKind::All(parts) | NodeKind::Any(parts) => parts.iter().for_each(|part| self.gather(part)),
            NodeKind::Not(inner) => self.gather(inner),
            NodeKind::Choose(parts) => parts.iter().for_each(|part| self.gather(part)),
            _ if self.is_plain(node) => {
                for fact in node.facts() {
                    if !self.facts.iter().any(|(known, _)| *known == fact) {
                        let values = self.values(fact).unwrap_or_default();
                        self.facts.push((fact, values));
                    }
                }
            }
            _ => {
                let text = self.written(node);
                if !self.atoms.contains(&text) {
                    self.atoms.push(text);
                }
            }
        }
    }

    /// Whether everything the node asks has few values.
    fn is_plain(&self, node: &Node) -> bool {
        let mut plain = true;
        node.walk(&mut |kind| {
            plain &= match kind {
                NodeKind::Now | NodeKind::Has(_) | NodeKind::GroupCount(_) | NodeKind::InGroup { .. } => {
                    false
                }
                NodeKind::Fact(fact) => self.values(*fact).is_some(),
                _ => true,
            };
        });
        plain
    }

    /// All values of a fact, where they are few.
    fn values(&self, fact: FactRef) -> Option<Vec<Cell>> {
        let spec = self.schema.spec(fact)?;
        match (spec.kind, &spec.range) {
            (FactType::Bool, _) => Some(vec![Cell::Bool(false), Cell::Bool(true)]),
            (FactType::Int, Some(range)) => {
                let values: Vec<Cell> = range.clone().take(RANGE_MAX + 1).map(Cell::Int).collect();
                (values.len() <= RANGE_MAX).then_some(values)
            }
            _ => None,
        }
    }

    /// The node as written, without brackets around it, so that the same question is known again.
    fn written(&self, node: &Node) -> &'a str {
        let mut text = self.text.get(node.span.clone()).unwrap_or_default();
        while let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            text = inner.trim();
        }
        text
    }

    /// How many worlds there are; `None` when too many.
    fn combinations(&self) -> Option<usize> {
        let of_facts = self.facts.iter().map(|(_, values)| values.len());
        let sizes = of_facts.chain(self.atoms.iter().map(|_| 2));
        let product = |whole: usize, size| whole.checked_mul(size).filter(|whole| *whole <= COMBINATIONS_MAX);
        sizes.into_iter().try_fold(1, product)
    }

    /// The world of a number: its digits, each to the base of how many values there are.
    fn world(&'a self, number: usize) -> World<'a> {
        let mut rest = number;
        let mut digit = |base: usize| {
            let digit = rest.checked_rem(base).unwrap_or_default();
            rest = rest.checked_div(base).unwrap_or_default();
            digit
        };
        let fact = |(fact, values): &'a (FactRef, Vec<Cell>)| {
            (*fact, values.get(digit(values.len())).unwrap_or(&Cell::Unknown))
        };
        let facts = self.facts.iter().map(fact).collect();
        let atoms = self.atoms.iter().map(|_| digit(2) == 1).collect();
        World { unknowns: self, facts, atoms }
    }
}

impl World<'_> {
    fn holds(&self, node: &Node) -> bool {
        match &node.kind {
            NodeKind::All(parts) => parts.iter().all(|part| self.holds(part)),
            NodeKind::Any(parts) => parts.iter().any(|part| self.holds(part)),
            NodeKind::Not(inner) => !self.holds(inner),
            NodeKind::Choose(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                if self.holds(condition) { self.holds(then) } else { self.holds(otherwise) }
            }
            NodeKind::Literal(literal) => *literal == Literal::Bool(true),
            _ => self.answer(node),
        }
    }

    fn answer(&self, node: &Node) -> bool {
        let text = self.unknowns.written(node);
        match self.unknowns.atoms.iter().position(|atom| *atom == text) {
            Some(atom) => self.atoms.get(atom).copied().unwrap_or_default(),
            None => {
                let no_group = |_| None::<GroupId>;
                Scope { facts: self, group: no_group, now: Timestamp(0) }.truth(node) == Truth::True
            }
        }
    }
}

impl FactView for World<'_> {
    fn cell(&self, fact: FactRef) -> &Cell {
        let found = self.facts.iter().find(|(known, _)| *known == fact);
        found.map_or(&Cell::Unknown, |(_, cell)| cell)
    }
}
