//! Facts between the rules, which know them by place, and the store, which knows them by name.

use std::collections::BTreeMap;

use domain::facts::{Cell, Groups, Row, SourceSchema};
use domain::ids::GroupId;
use domain::time::Timestamp;

use crate::ports::Wanted;

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
/// it said, so that a narrow reading does not forget what a person's own page told. Of groups the same holds
/// one by one.
pub(crate) fn merged(known: Option<&Row>, read: Row, asked: &Wanted) -> Row {
    let Some(known) = known else { return read };
    let longest = known.cells.len().max(read.cells.len());
    let cells = (0..longest)
        .map(|at| match (known.cell(at), read.cell(at)) {
            (Cell::Groups(before), Cell::Groups(now)) => {
                Cell::Groups(groups_merged(before, now, &asked.groups))
            }
            (before, Cell::Unknown) if !asked.facts.contains(&at) => before.clone(),
            (_, now) => now.clone(),
        })
        .collect();
    Row { read_at: read.read_at, cells }
}

fn groups_merged(before: &Groups, now: &Groups, asked: &[GroupId]) -> Groups {
    let unread: Vec<GroupId> =
        asked.iter().filter(|group| now.contains(**group).is_none()).copied().collect();
    before.updated(now).without(&unread, asked)
}

#[cfg(test)]
mod tests {
    use domain::facts::{FactSpec, FactType};
    use domain::ids::SourceName;

    use super::*;

    fn schema(names: &[&'static str]) -> SourceSchema {
        let fact = |name: &&'static str| FactSpec {
            name: (*name).into(),
            label: (*name).into(),
            kind: FactType::Int,
            about: "".into(),
            example: "".into(),
            range: None,
            private: false,
        };
        SourceSchema { name: SourceName::new("forum").unwrap(), facts: names.iter().map(fact).collect() }
    }

    fn row(cells: Vec<Cell>) -> Row {
        Row { read_at: Timestamp(7), cells }
    }

    fn asked(facts: &[usize], groups: &[i64]) -> Wanted {
        Wanted { facts: facts.to_vec(), groups: groups.iter().copied().map(GroupId).collect() }
    }

    #[test]
    fn a_row_survives_a_schema_whose_facts_moved_came_and_went() {
        let text =
            encode(&schema(&["level", "title", "gone"]), &row(vec![Cell::Int(2), Cell::Null, Cell::Int(9)]));
        let read = decode(&schema(&["new", "title", "level"]), &text, Timestamp(7));
        assert_eq!(read, row(vec![Cell::Unknown, Cell::Null, Cell::Int(2)]));
    }

    #[test]
    fn what_the_store_cannot_say_any_more_is_unknown() {
        for text in ["", "[]", "{\"level\":{\"strange\":1}}", "not json"] {
            let read = decode(&schema(&["level"]), text, Timestamp(7));
            assert_eq!(read.cells, [Cell::Unknown], "{text}");
        }
    }

    #[test]
    fn a_reading_of_everybody_forgets_only_what_it_was_asked_for_and_could_not_say() {
        let known = row(vec![Cell::Int(1), Cell::Int(1), Cell::Int(1)]);
        let read = row(vec![Cell::Int(2), Cell::Unknown, Cell::Unknown]);
        assert_eq!(
            merged(Some(&known), read, &asked(&[0, 1], &[])).cells,
            [Cell::Int(2), Cell::Unknown, Cell::Int(1)]
        );
    }

    #[test]
    fn groups_that_a_reading_did_not_cover_stay_as_they_were() {
        let known = row(vec![Cell::Groups(Groups::all([GroupId(1), GroupId(2)]))]);
        let read = row(vec![Cell::Groups(Groups::among([GroupId(3)], [GroupId(2), GroupId(3)]))]);
        let expected = Groups::all([GroupId(1), GroupId(3)]);
        assert_eq!(merged(Some(&known), read, &asked(&[0], &[2, 3])).cells, [Cell::Groups(expected)]);
    }

    #[test]
    fn a_group_that_was_asked_for_and_could_not_be_read_is_not_judged_from_memory() {
        let contains = |row: &Row, group| match row.cell(0) {
            Cell::Groups(groups) => groups.contains(GroupId(group)),
            _ => None,
        };
        let read = || row(vec![Cell::Groups(Groups::among([], [GroupId(3)]))]);
        for known in
            [Groups::all([GroupId(1), GroupId(2)]), Groups::among([GroupId(1)], [GroupId(1), GroupId(4)])]
        {
            let known = row(vec![Cell::Groups(known)]);
            let merged = merged(Some(&known), read(), &asked(&[0], &[1, 3]));
            assert_eq!(contains(&merged, 1), None, "asked for and not read");
            assert_eq!(contains(&merged, 3), Some(false), "asked for and read");
            assert_eq!(contains(&merged, 2), contains(&known, 2), "not asked for");
        }
    }
}
