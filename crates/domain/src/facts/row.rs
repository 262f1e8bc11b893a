//! One person's facts from one source, cell by cell in the order of the source's schema.

use serde::{Deserialize, Serialize};

use super::{FactRef, Groups};
use crate::time::Timestamp;

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// The source did not say, or could not be asked.
    Unknown,
    /// The source said that there is none (a person without a title).
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text as the source has it, untrusted.
    Text(Box<str>),
    /// A moment.
    Time(Timestamp),
    /// Groups of the source.
    Groups(Groups),
}

impl Cell {
    /// Text, or null when there is none.
    pub fn text_or_null(text: Option<&str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.into()))
    }

    /// The text, when this is a known text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// One person's facts from one source. Cells stand in the order of the source's [`super::SourceSchema`];
/// a missing cell is unknown, so that a schema may grow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// When the source was read.
    pub read_at: Timestamp,
    /// The facts.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell at a place of the schema.
    pub fn cell(&self, fact: usize) -> &Cell {
        self.cells.get(fact).unwrap_or(&Cell::Unknown)
    }
}

/// Something that can be asked for facts about one person.
pub trait FactView {
    /// The fact, `Cell::Unknown` when the source did not say.
    fn cell(&self, fact: FactRef) -> &Cell;
}
