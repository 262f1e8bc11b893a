//! Facts between the rules, which know them by place, and the store, which knows them by name.

use std::collections::BTreeMap;

use domain::facts::{Cell, Row, SourceSchema};
use domain::time::Timestamp;

/// A row as the store keeps it: known facts by name, so that a schema may change around them.
pub(crate) fn encode(schema: &SourceSchema, row: &Row) -> String {
    let named: BTreeMap<&str, &Cell> = schema
        .facts
        .iter()
        .zip(&row.cells)
        .filter(|(_, cell)| **cell != Cell::Unknown)
        .map(|(spec, cell)| (spec.name.as_ref(), cell))
        .collect();
    serde_json::to_string(&named).unwrap_or_else(|_| "{}".to_owned())
}

/// A row as the rules read it. What the store does not have, or has in a shape of another version, is unknown.
pub(crate) fn decode(schema: &SourceSchema, text: &str, read_at: Timestamp) -> Row {
    let mut named: BTreeMap<String, Cell> = serde_json::from_str(text).unwrap_or_default();
    let cells =
        schema.facts.iter().map(|spec| named.remove(spec.name.as_ref()).unwrap_or(Cell::Unknown)).collect();
    Row { read_at, cells }
}

/// What a reading of everybody adds to what is known. A fact it was asked for is as it says, unknown
/// included: what cannot be read now must not be acted on from memory. A fact that no rule names keeps what
/// it said, so that a narrow reading does not forget what a person's own page told.
pub(crate) fn merged(known: Option<&Row>, read: Row, asked: &[usize]) -> Row {
    let Some(known) = known else { return read };
    let longest = known.cells.len().max(read.cells.len());
    let cells = (0..longest)
        .map(|at| match (known.cell(at), read.cell(at)) {
            (Cell::Groups(before), Cell::Groups(now)) => Cell::Groups(before.updated(now)),
            (before, Cell::Unknown) if !asked.contains(&at) => before.clone(),
            (_, now) => now.clone(),
        })
        .collect();
    Row { read_at: read.read_at, cells }
}
