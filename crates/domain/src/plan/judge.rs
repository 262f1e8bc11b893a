//! Rules asked about many people: each once for each distinct combination of the facts that it names.

use std::collections::HashMap;
use std::sync::Arc;

use super::Because;
use crate::facts::{Column, FactTable, Facts};
use crate::rules::{Bound, Explanation, Truth};
use crate::situation::{RoleRule, Situation};

/// The rules of a situation, and what they said so far.
pub(super) struct Judge<'a> {
    situation: &'a Situation<'a>,
    table: Option<&'a Arc<FactTable>>,
    rules: Vec<Asked<'a>>,
}

/// One rule, and what it said so far.
struct Asked<'a> {
    when: Bound,
    /// Its text as everybody may read it.
    condition: Arc<str>,
    said: Option<Said<'a>>,
}

/// What a rule says of each combination of values, as far as it was asked.
struct Said<'a> {
    /// The facts it names, each with how far apart two of its values are. What is known of nobody is not among them:
    /// it is unknown in every combination.
    columns: Vec<(&'a Column, usize)>,
    truths: Vec<Option<Truth>>,
    /// Why, by combination, of those that were asked about it.
    whys: HashMap<usize, Arc<Explanation>>,
}

impl<'a> Judge<'a> {
    pub(super) fn of(situation: &'a Situation<'a>) -> Self {
        let table = situation.members.first().map(|member| member.facts.place().0);
        let people = situation.members.len();
        let asked = |rule: &RoleRule| Asked {
            when: rule.when.bind(situation.groups),
            condition: rule.when.public_text(situation.groups, situation.schema).into(),
            said: table.and_then(|table| Said::about(rule, table, people)),
        };
        Self { situation, table, rules: situation.rules.roles.iter().map(asked).collect() }
    }

    /// Whether the rule at a place holds for somebody.
    pub(super) fn truth(&mut self, rule: usize, facts: &Facts) -> Truth {
        let now = self.situation.now;
        let Some((asked, at)) = self.asked(rule, facts) else { return Truth::Unknown };
        let slot = asked.said.as_mut().zip(at).and_then(|(said, at)| said.truths.get_mut(at));
        match slot {
            Some(slot) => *slot.get_or_insert_with(|| asked.when.evaluate(facts, now)),
            None => asked.when.evaluate(facts, now),
        }
    }

    /// Why the rule at a place says what it says of somebody.
    pub(super) fn because(&mut self, rule: usize, facts: &Facts) -> Option<Because> {
        let Situation { groups, now, schema, .. } = *self.situation;
        let (asked, at) = self.asked(rule, facts)?;
        let explain = || Arc::new(asked.when.condition().explain(facts, groups, now, schema));
        let explanation = match asked.said.as_mut().zip(at) {
            Some((said, at)) => Arc::clone(said.whys.entry(at).or_insert_with(explain)),
            None => explain(),
        };
        Some(Because::Rule { condition: Arc::clone(&asked.condition), explanation })
    }

    /// A rule, and the combination of values that somebody has of what it names.
    fn asked(&mut self, rule: usize, facts: &Facts) -> Option<(&mut Asked<'a>, Option<usize>)> {
        let asked = self.rules.get_mut(rule)?;
        let (table, person) = facts.place();
        let same_table = self.table.is_some_and(|known| Arc::ptr_eq(known, table));
        let at = asked.said.as_ref().filter(|_| same_table).map(|said| said.combination(person));
        Some((asked, at))
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
        (combinations < people).then(|| Self {
            columns,
            truths: vec![None; combinations],
            whys: HashMap::new(),
        })
    }

    fn combination(&self, person: usize) -> usize {
        self.columns.iter().map(|(column, apart)| column.code(person) * apart).sum()
    }
}
