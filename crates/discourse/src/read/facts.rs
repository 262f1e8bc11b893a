//! The facts a forum can state: one line each.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use domain::facts::{Cell, FactSpec, FactType, SourceSchema};
use domain::ids::SourceName;

/// One fact: its place in [`FACTS`] is its place in every row, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fact {
    TrustLevel,
    Admin,
    Moderator,
    Groups,
    Title,
    Name,
    Username,
    Suspended,
    Silenced,
    Staged,
    Active,
    JoinedAt,
}

struct Line {
    fact: Fact,
    name: &'static str,
    label: &'static str,
    kind: FactType,
    about: &'static str,
    example: &'static str,
    range: Option<RangeInclusive<i64>>,
    private: bool,
}

const fn line(
    fact: Fact,
    name: &'static str,
    label: &'static str,
    kind: FactType,
    about: &'static str,
    example: &'static str,
) -> Line {
    Line { fact, name, label, kind, about, example, range: None, private: false }
}

/// The table. A new fact is a new line at the end.
const FACTS: &[Line] = &[
    Line {
        range: Some(0..=4),
        ..line(
            Fact::TrustLevel,
            "trust_level",
            "trust level",
            FactType::Int,
            "The trust level, from 0 (new) to 4 (leader).",
            "forum.trust_level >= 3",
        )
    },
    line(
        Fact::Admin,
        "admin",
        "admin",
        FactType::Bool,
        "Whether the person is an admin of the forum.",
        "forum.admin",
    ),
    line(
        Fact::Moderator,
        "moderator",
        "moderator",
        FactType::Bool,
        "Whether the person is a moderator of the forum.",
        "forum.moderator && !forum.admin",
    ),
    line(
        Fact::Groups,
        "groups",
        "groups",
        FactType::Groups,
        "The groups the person is in, the automatic ones by their English names.",
        "\"makers\" in forum.groups",
    ),
    line(
        Fact::Title,
        "title",
        "title",
        FactType::Text,
        "The title shown beside the name; null when there is none.",
        "forum.title.startsWith(\"Chief\")",
    ),
    line(
        Fact::Name,
        "name",
        "full name",
        FactType::Text,
        "The full name; null when there is none.",
        "has(forum.name)",
    ),
    line(
        Fact::Username,
        "username",
        "username",
        FactType::Text,
        "The account's name.",
        "forum.username in [\"mira\", \"noor\"]",
    ),
    line(
        Fact::Suspended,
        "suspended",
        "suspended",
        FactType::Bool,
        "Whether the person is suspended now.",
        "!forum.suspended",
    ),
    Line {
        private: true,
        ..line(
            Fact::Silenced,
            "silenced",
            "silenced",
            FactType::Bool,
            "Whether the person is silenced now; the forum hides this from others.",
            "!forum.silenced",
        )
    },
    line(
        Fact::Staged,
        "staged",
        "staged",
        FactType::Bool,
        "Whether the account was made by an e-mail and never taken over.",
        "!forum.staged",
    ),
    line(
        Fact::Active,
        "active",
        "active",
        FactType::Bool,
        "Whether the account's e-mail address is confirmed.",
        "forum.active",
    ),
    line(
        Fact::JoinedAt,
        "joined_at",
        "join date",
        FactType::Time,
        "When the account was made.",
        "now - forum.joined_at >= duration(\"720h\")",
    ),
];

impl Fact {
    /// The fact's place in a row.
    pub(crate) fn index(self) -> usize {
        FACTS.iter().position(|line| line.fact == self).unwrap_or(usize::MAX)
    }

    /// The fact at a place of the schema.
    pub(crate) fn at(index: usize) -> Option<Self> {
        FACTS.get(index).map(|line| line.fact)
    }
}

/// What this kind of source can state, under the name it has in the settings.
pub(crate) fn schema(name: SourceName) -> SourceSchema {
    SourceSchema { name, facts: specs() }
}

/// The facts that every Discourse forum can state, in the order of a row's cells.
pub fn specs() -> Vec<FactSpec> {
    let spec = |line: &Line| FactSpec {
        name: Cow::Borrowed(line.name),
        label: Cow::Borrowed(line.label),
        kind: line.kind,
        about: Cow::Borrowed(line.about),
        example: Cow::Borrowed(line.example),
        range: line.range.clone(),
        private: line.private,
    };
    FACTS.iter().map(spec).collect()
}

/// A row of cells in the table's order; facts that are not given are unknown.
pub(crate) fn cells(given: impl IntoIterator<Item = (Fact, Cell)>) -> Vec<Cell> {
    let mut cells = vec![Cell::Unknown; FACTS.len()];
    for (fact, cell) in given {
        if let Some(place) = cells.get_mut(fact.index()) {
            *place = cell;
        }
    }
    cells
}
