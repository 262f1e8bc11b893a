//! Rules asked about many people: each once for each distinct combination of the facts that it names.

use std::sync::Arc;

use crate::facts::{Column, FactTable, Facts};
use crate::rules::{Bound, Truth};
use crate::situation::{RoleRule, Situation};
use crate::time::Timestamp;

/// The rules of a situation, and what they said so far.
pub(super) struct Judge<'a> {
    now: Timestamp,
    table: Option<&'a Arc<FactTable>>,
    rules: Vec<Asked<'a>>,
}

/// One rule, and what it said so far.
struct Asked<'a> {
    when: Bound,
    said: Option<Said<'a>>,
}

/// What a rule says of each combination of values, as far as it was asked.
struct Said<'a> {
    /// The facts it names, each with how far apart two of its values are. What is known of nobody is not among them:
    /// it is unknown in every combination.
    columns: Vec<(&'a Column, usize)>,
    of: Vec<Option<Truth>>,
}

impl<'a> Judge<'a> {
    pub(super) fn of(situation: &'a Situation<'_>) -> Self {
        let table = situation.members.first().map(|member| member.facts.place().0);
        let people = situation.members.len();
        let asked = |rule: &RoleRule| Asked {
            when: rule.when.bind(situation.groups),
            said: table.and_then(|table| Said::about(rule, table, people)),
        };
        Self { now: situation.now, table, rules: situation.rules.roles.iter().map(asked).collect() }
    }

    /// Whether the rule at a place holds for somebody.
    pub(super) fn truth(&mut self, rule: usize, facts: &Facts) -> Truth {
        let Some(asked) = self.rules.get_mut(rule) else { return Truth::Unknown };
        let (table, person) = facts.place();
        let same_table = self.table.is_some_and(|known| Arc::ptr_eq(known, table));
        let slot = asked.said.as_mut().filter(|_| same_table).and_then(|said| said.slot(person));
        let (when, now) = (&asked.when, self.now);
        match slot {
            Some(slot) => *slot.get_or_insert_with(|| when.evaluate(facts, now)),
            None => when.evaluate(facts, now),
        }
    }
}

impl<'a> Said<'a> {
    /// `None` where there are as many combinations as people, so that remembering them saves nothing.
    fn about(rule: &RoleRule, table: &'a FactTable, people: usize) -> Option<Self> {
        let mut combinations: usize = 1;
        let mut columns = Vec::new();
        for column in rule.when.facts().filter_map(|fact| table.column(fact)) {
            columns.push((column, combinations));
            combinations = combinations.checked_mul(column.distinct())?;
        }
        (combinations < people).then(|| Self { columns, of: vec![None; combinations] })
    }

    fn slot(&mut self, person: usize) -> Option<&mut Option<Truth>> {
        let at: usize = self.columns.iter().map(|(column, apart)| column.code(person) * apart).sum();
        self.of.get_mut(at)
    }
}
