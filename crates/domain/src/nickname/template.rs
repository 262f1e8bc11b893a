//! A nickname's template, and what it makes of a person's facts.

use serde::{Deserialize, Serialize};

use super::clean::clean;
use super::fit::{Piece, fitted};
use crate::facts::{Cell, FactRef, FactView};

/// A checked template: `{forum.title} {forum.name}`.
#[derive(Clone, Debug)]
pub struct Template {
    pub(super) text: String,
    pub(super) parts: Vec<Part>,
    /// The username of the source that is named first, for when nothing else is left.
    pub(super) last_resort: Option<FactRef>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// Text of the owner.
    Literal(String),
    /// A name, and the username of the same source if it has one.
    Name { name: FactRef, username: Option<FactRef> },
    /// Another fact: a title, a number.
    Fact(FactRef),
}

/// What stands where the template says `{source.name}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Prefer {
    /// The name, or the username of who has none.
    #[default]
    Name,
    /// The username.
    Username,
}

/// What a template makes of a person's facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendered {
    /// The nickname: clean, 1 to [`super::NICKNAME_UNITS_MAX`] units.
    Name(String),
    /// A fact is unknown: the nickname stays as it is.
    Unknown,
    /// Nothing is left to show: the nickname stays as it is.
    Empty,
}

/// A fact that is not known.
struct NotKnown;

impl Template {
    /// The text it was written as.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The facts it may ask for, each once.
    pub fn facts(&self) -> impl Iterator<Item = FactRef> {
        let mut facts: Vec<FactRef> = Vec::new();
        let named = self.parts.iter().flat_map(|part| match part {
            Part::Literal(_) => [None, None],
            Part::Name { name, username } => [Some(*name), *username],
            Part::Fact(fact) => [Some(*fact), None],
        });
        for fact in named.flatten().chain(self.last_resort) {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        facts.into_iter()
    }

    /// Makes a person's nickname.
    pub fn render<F: FactView + ?Sized>(&self, facts: &F, prefer: Prefer) -> Rendered {
        self.pieces(facts, prefer).map_or(Rendered::Unknown, |pieces| match fitted(&pieces) {
            Some(nickname) => Rendered::Name(nickname),
            None => self.fall_back(facts),
        })
    }

    fn pieces<F: FactView + ?Sized>(&self, facts: &F, prefer: Prefer) -> Result<Vec<Piece>, NotKnown> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => Ok(Piece::Literal(text.clone())),
                Part::Fact(fact) => known(facts, *fact).map(Piece::Other),
                Part::Name { name, username } => called(facts, *name, *username, prefer).map(Piece::Name),
            })
            .collect()
    }

    fn fall_back<F: FactView + ?Sized>(&self, facts: &F) -> Rendered {
        let Some(username) = self.last_resort else { return Rendered::Empty };
        match known(facts, username) {
            Err(NotKnown) => Rendered::Unknown,
            Ok(text) => fitted(&[Piece::Name(text)]).map_or(Rendered::Empty, Rendered::Name),
        }
    }
}

fn called<F: FactView + ?Sized>(
    facts: &F,
    name: FactRef,
    username: Option<FactRef>,
    prefer: Prefer,
) -> Result<String, NotKnown> {
    let (first, second) = match (prefer, username) {
        (Prefer::Username, Some(username)) => (username, Some(name)),
        (_, username) => (name, username),
    };
    let called = known(facts, first)?;
    match second {
        Some(second) if called.is_empty() => known(facts, second),
        _ => Ok(called),
    }
}

/// The cleaned text of a fact, empty when there is none.
fn known<F: FactView + ?Sized>(facts: &F, fact: FactRef) -> Result<String, NotKnown> {
    match facts.cell(fact) {
        Cell::Text(text) => Ok(clean(text)),
        Cell::Int(number) => Ok(number.to_string()),
        Cell::Null => Ok(String::new()),
        Cell::Unknown | Cell::Bool(_) | Cell::Time(_) | Cell::Groups(_) => Err(NotKnown),
    }
}
