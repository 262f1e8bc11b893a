//! The facts of many people: a column for each fact, and in it each distinct value once.
//!
//! People share their trust levels, their titles and their sets of groups, so that a fact costs a person four
//! bytes, and a rule needs to be asked once for each combination of values instead of once for each person.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Cell, FactRef, FactView, Row};
use crate::time::Timestamp;

/// The facts of many people, sources and facts in the order of the schema.
#[derive(Debug, Default)]
pub struct FactTable {
    sources: Vec<SourceColumns>,
}

#[derive(Debug, Default)]
struct SourceColumns {
    /// When the person was read, a time; unknown where nothing was read of them.
    read_at: Column,
    facts: Vec<Column>,
}

/// One fact of everybody.
#[derive(Debug, Default)]
pub(crate) struct Column {
    /// Each value once; the first is unknown.
    values: Vec<Cell>,
    /// By person, the place of their value. Whoever is beyond the end has the first.
    codes: Vec<u32>,
}

/// What is known of one person.
#[derive(Clone, Debug)]
pub struct Facts {
    table: Arc<FactTable>,
    person: usize,
}

impl FactTable {
    /// The facts of people in the order given: of each what each source said, `None` without an account there.
    pub fn of(people: impl IntoIterator<Item = Vec<Option<Row>>>) -> Vec<Facts> {
        let mut growing = Growing::default();
        let mut count = 0;
        for said in people {
            growing.add(count, said);
            count += 1;
        }
        let table = Arc::new(growing.finish());
        (0..count).map(|person| Facts { table: Arc::clone(&table), person }).collect()
    }

    /// A fact of everybody; `None` where nobody's is known.
    pub(crate) fn column(&self, fact: FactRef) -> Option<&Column> {
        self.sources.get(fact.source)?.facts.get(fact.fact)
    }
}

impl Facts {
    /// What the sources said of one person alone.
    pub fn of(said: Vec<Option<Row>>) -> Self {
        let mut growing = Growing::default();
        growing.add(0, said);
        Self { table: Arc::new(growing.finish()), person: 0 }
    }

    /// The same person, of whom a source says something else.
    #[must_use]
    pub fn with(&self, source: usize, row: Row) -> Self {
        let sources = self.table.sources.len().max(source + 1);
        let mut said: Vec<Option<Row>> = (0..sources).map(|known| self.row(known)).collect();
        if let Some(slot) = said.get_mut(source) {
            *slot = Some(row);
        }
        Self::of(said)
    }

    /// When a source was read; `None` where it never said anything of the person.
    pub fn read_at(&self, source: usize) -> Option<Timestamp> {
        match self.table.sources.get(source)?.read_at.at(self.person) {
            Cell::Time(at) => Some(*at),
            _ => None,
        }
    }

    /// The oldest reading of those that say something of the person; `None` where none does.
    pub fn oldest_reading(&self) -> Option<Timestamp> {
        (0..self.table.sources.len()).filter_map(|source| self.read_at(source)).min()
    }

    /// All that a source said of the person.
    pub fn row(&self, source: usize) -> Option<Row> {
        let read_at = self.read_at(source)?;
        let columns = &self.table.sources.get(source)?.facts;
        let cells = columns.iter().map(|column| column.at(self.person).clone()).collect();
        Some(Row { read_at, cells })
    }

    /// The table, and which of its people this is.
    pub(crate) fn place(&self) -> (&Arc<FactTable>, usize) {
        (&self.table, self.person)
    }
}

impl FactView for Facts {
    fn cell(&self, fact: FactRef) -> &Cell {
        self.table.column(fact).map_or(&Cell::Unknown, |column| column.at(self.person))
    }
}

impl Column {
    /// How many different values there are, unknown among them.
    pub(crate) fn distinct(&self) -> usize {
        self.values.len().max(1)
    }

    /// Which of them a person has.
    pub(crate) fn code(&self, person: usize) -> usize {
        self.codes.get(person).map_or(0, |code| usize::try_from(*code).unwrap_or(0))
    }

    fn at(&self, person: usize) -> &Cell {
        self.values.get(self.code(person)).unwrap_or(&Cell::Unknown)
    }
}

/// A table to which people are still added.
#[derive(Default)]
struct Growing {
    sources: Vec<(GrowingColumn, Vec<GrowingColumn>)>,
}

#[derive(Default)]
struct GrowingColumn {
    numbers: HashMap<Cell, u32>,
    codes: Vec<u32>,
}

impl Growing {
    fn add(&mut self, person: usize, said: Vec<Option<Row>>) {
        for (source, row) in said.into_iter().enumerate() {
            if source >= self.sources.len() {
                self.sources.push(Default::default());
            }
            let (Some(row), Some((read_at, facts))) = (row, self.sources.get_mut(source)) else { continue };
            read_at.put(person, Cell::Time(row.read_at));
            if facts.len() < row.cells.len() {
                facts.resize_with(row.cells.len(), Default::default);
            }
            for (column, cell) in facts.iter_mut().zip(row.cells) {
                column.put(person, cell);
            }
        }
    }

    fn finish(self) -> FactTable {
        let finished = |(read_at, facts): (GrowingColumn, Vec<GrowingColumn>)| SourceColumns {
            read_at: read_at.finish(),
            facts: facts.into_iter().map(GrowingColumn::finish).collect(),
        };
        FactTable { sources: self.sources.into_iter().map(finished).collect() }
    }
}

impl GrowingColumn {
    fn put(&mut self, person: usize, cell: Cell) {
        if cell == Cell::Unknown {
            return;
        }
        let next = u32::try_from(self.numbers.len() + 1).unwrap_or(0);
        let code = *self.numbers.entry(cell).or_insert(next);
        self.codes.resize(person, 0);
        self.codes.push(code);
    }

    fn finish(self) -> Column {
        let mut values = vec![Cell::Unknown; self.numbers.len() + 1];
        for (cell, number) in self.numbers {
            if let Some(slot) = usize::try_from(number).ok().and_then(|number| values.get_mut(number)) {
                *slot = cell;
            }
        }
        Column { values, codes: self.codes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(read_at: i64, cells: Vec<Cell>) -> Option<Row> {
        Some(Row { read_at: Timestamp(read_at), cells })
    }

    fn fact(source: usize, fact: usize) -> FactRef {
        FactRef { source, fact }
    }

    #[test]
    fn everybody_has_what_was_said_of_them_and_what_was_not_said_is_unknown() {
        let said = [
            vec![row(1, vec![Cell::Int(2), Cell::Null]), None],
            vec![None, row(2, vec![Cell::Bool(true)])],
            vec![row(3, vec![Cell::Unknown, Cell::Text("Keeper".into())]), row(4, vec![])],
            vec![],
        ];
        let people = FactTable::of(said.clone());
        for (person, said) in people.iter().zip(&said) {
            for source in 0..3 {
                let row = said.get(source).and_then(Option::as_ref);
                assert_eq!(person.read_at(source), row.map(|row| row.read_at));
                for at in 0..3 {
                    let expected = row.map_or(&Cell::Unknown, |row| row.cell(at));
                    assert_eq!(person.cell(fact(source, at)), expected);
                }
            }
        }
        assert_eq!(people.iter().map(Facts::oldest_reading).collect::<Vec<_>>(), {
            let at = |at| Some(Timestamp(at));
            [at(1), at(2), at(3), None]
        });
    }

    #[test]
    fn equal_values_are_kept_once() {
        let people = FactTable::of((0..100).map(|at| vec![row(7, vec![Cell::Int(at % 5)])]));
        let (table, _) = people[0].place();
        let column = table.column(fact(0, 0)).unwrap();
        assert_eq!(column.distinct(), 6);
        assert_eq!(column.code(3), column.code(98));
        assert_ne!(column.code(3), column.code(97));
    }

    #[test]
    fn one_person_may_be_given_other_facts() {
        let people =
            FactTable::of([vec![row(1, vec![Cell::Int(1)]), None], vec![row(1, vec![Cell::Int(2)]), None]]);
        let newer = people[1].with(1, Row { read_at: Timestamp(9), cells: vec![Cell::Null] });
        assert_eq!((newer.cell(fact(0, 0)), newer.cell(fact(1, 0))), (&Cell::Int(2), &Cell::Null));
        assert_eq!(newer.row(1), row(9, vec![Cell::Null]));
        assert_eq!(people[1].row(1), None);
    }
}
