//! What rules answer, refuse and say.

mod certain;
mod explanations;

mod hostile;
mod language;
mod mistakes;
mod operators;
mod oracle;

use std::borrow::Cow;

use super::{Bindings, Condition, Truth, check};
use crate::facts::{Cell, FactRef, FactSpec, FactType, Facts, Groups, Row, Schema, SourceSchema};
use crate::ids::{GroupId, SourceName};
use crate::time::Timestamp;

/// 2026-11-21T09:00:00Z
const NOW: Timestamp = Timestamp(1_795_251_600_000);

const DAY_MS: i64 = 86_400_000;

const MAKERS: GroupId = GroupId(41);
const CREW: GroupId = GroupId(42);

fn schema() -> Schema {
    let forum = [
        ("trust_level", "trust level", FactType::Int),
        ("admin", "admin", FactType::Bool),
        ("moderator", "moderator", FactType::Bool),
        ("groups", "groups", FactType::Groups),
        ("title", "title", FactType::Text),
        ("name", "name", FactType::Text),
        ("username", "username", FactType::Text),
        ("suspended", "suspended", FactType::Bool),
        ("silenced", "silenced", FactType::Bool),
        ("joined_at", "join date", FactType::Time),
    ];
    let club = [
        ("payment_status", "payment status", FactType::Text),
        ("points", "points", FactType::Int),
        ("newsletter", "newsletter", FactType::Bool),
    ];
    Schema { sources: vec![source("forum", &forum), source("club", &club)] }
}

fn source(name: &str, facts: &[(&'static str, &'static str, FactType)]) -> SourceSchema {
    let fact = |(name, label, kind): &(&'static str, &'static str, FactType)| FactSpec {
        name: Cow::Borrowed(name),
        label: Cow::Borrowed(label),
        kind: *kind,
        about: Cow::Borrowed("A fact."),
        example: Cow::Borrowed(""),
        range: (*name == "trust_level").then_some(0..=4),
        private: *name == "silenced",
    };
    SourceSchema { name: SourceName::new(name).unwrap(), facts: facts.iter().map(fact).collect() }
}

fn bindings() -> Bindings {
    let mut bindings = Bindings::default();
    bindings.bind(0, "makers", Some(MAKERS));
    bindings.bind(0, "crew", Some(CREW));
    bindings.bind(0, "gone", None);
    bindings
}

/// Somebody of whom only these facts are known.
fn person(facts: &[(&str, Cell)]) -> Facts {
    let schema = schema();
    let mut rows: Vec<Row> = schema
        .sources
        .iter()
        .map(|source| Row { read_at: NOW, cells: vec![Cell::Unknown; source.facts.len()] })
        .collect();
    for (name, cell) in facts {
        let FactRef { source, fact } = fact(name);
        rows[source].cells[fact] = cell.clone();
    }
    Facts::of(rows.into_iter().map(Some).collect())
}

fn fact(name: &str) -> FactRef {
    let (source, fact) = name.split_once('.').unwrap();
    schema().find(source, fact).unwrap()
}

fn rule(text: &str) -> Condition {
    check(text, &schema()).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}

fn ask(text: &str, facts: &[(&str, Cell)]) -> Truth {
    rule(text).evaluate(&person(facts), &bindings(), NOW)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn days_ago(days: i64) -> Cell {
    Cell::Time(Timestamp(NOW.0 - days * DAY_MS))
}

fn member_of(groups: &[GroupId]) -> Cell {
    Cell::Groups(Groups::all(groups.iter().copied()))
}
