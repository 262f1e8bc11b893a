//! Puts the pieces of a nickname together: no holes where a piece is missing, no more than fits.

use unicode_segmentation::UnicodeSegmentation;

use super::NICKNAME_UNITS_MAX;
use super::clean::clean;

/// A piece of a nickname. Texts of facts are cleaned before.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Text of the template.
    Literal(String),
    /// What the person is called; empty when missing.
    Name(String),
    /// Something about the person; empty when missing.
    Other(String),
}

/// One character of the template, the text of a fact, or the place where one is missing.
#[derive(Clone, Debug, PartialEq)]
enum Item<'a> {
    Literal(char),
    Fact(&'a str),
    Hole,
}

/// The nickname that the pieces make, at most [`NICKNAME_UNITS_MAX`]; `None` when no fact of it is there.
///
/// What is too long loses first what is not the name, the last first, then the words of the template; a
/// name that is too long by itself is cut at the border of a cluster.
pub(super) fn fitted(pieces: &[Piece]) -> Option<String> {
    let lead = lead(pieces)?;
    let mut others: Vec<usize> = (0..pieces.len()).filter(|place| is_other(pieces, *place, lead)).collect();
    loop {
        let nickname =
            together(pieces, |place| place == lead || !is_fact(pieces, place) || others.contains(&place));
        if units(&nickname) <= NICKNAME_UNITS_MAX && !nickname.is_empty() {
            return Some(nickname);
        }
        if others.pop().is_none() {
            break;
        }
    }
    let alone = clean(&cut(text(pieces.get(lead)?)));
    (!alone.is_empty()).then_some(alone)
}

/// The piece that is kept to the last: the first name, else the first fact that is there.
fn lead(pieces: &[Piece]) -> Option<usize> {
    let there = |place: &usize| pieces.get(*place).is_some_and(|piece| !text(piece).is_empty());
    let name =
        (0..pieces.len()).filter(there).find(|place| matches!(pieces.get(*place), Some(Piece::Name(_))));
    name.or_else(|| (0..pieces.len()).filter(there).find(|place| is_fact(pieces, *place)))
}

fn is_fact(pieces: &[Piece], place: usize) -> bool {
    !matches!(pieces.get(place), Some(Piece::Literal(_)))
}

fn is_other(pieces: &[Piece], place: usize, lead: usize) -> bool {
    place != lead && is_fact(pieces, place)
}

fn text(piece: &Piece) -> &str {
    match piece {
        Piece::Literal(text) | Piece::Name(text) | Piece::Other(text) => text,
    }
}

fn together(pieces: &[Piece], stays: impl Fn(usize) -> bool) -> String {
    let mut items: Vec<Item<'_>> = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(text) => items.extend(text.chars().map(Item::Literal)),
            Piece::Name(text) | Piece::Other(text) if text.is_empty() || !stays(place) => {
                items.push(Item::Hole);
            }
            Piece::Name(text) | Piece::Other(text) => items.push(Item::Fact(text)),
        }
    }
    close_brackets(&mut items);
    close_holes(&mut items);
    let mut whole = String::new();
    for item in &items {
        match item {
            Item::Literal(c) => whole.push(*c),
            Item::Fact(text) => whole.push_str(text),
            Item::Hole => {}
        }
    }
    clean(&whole)
}

const BRACKETS: [(char, char); 9] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('<', '>'),
    ('«', '»'),
    ('‹', '›'),
    ('「', '」'),
    ('【', '】'),
    ('“', '”'),
];

/// Brackets around nothing but holes become a hole themselves, from the inside out.
fn close_brackets(items: &mut Vec<Item<'_>>) {
    while let Some((open, close)) = empty_brackets(items) {
        items.splice(open..=close, [Item::Hole]);
    }
}

fn empty_brackets(items: &[Item<'_>]) -> Option<(usize, usize)> {
    items.iter().enumerate().find_map(|(open, item)| {
        let closing = BRACKETS.iter().find(|(bracket, _)| *item == Item::Literal(*bracket))?.1;
        let inside = items.get(open + 1..)?;
        let length = inside.iter().take_while(|item| **item == Item::Hole || is_between(item)).count();
        let holes = inside.iter().take(length).any(|item| *item == Item::Hole);
        let closed = inside.get(length) == Some(&Item::Literal(closing));
        (holes && closed).then_some((open, open + 1 + length))
    })
}

/// A hole takes what stands between it and its neighbours along, and leaves what must stand between these.
fn close_holes(items: &mut Vec<Item<'_>>) {
    while let Some(hole) = items.iter().position(|item| *item == Item::Hole) {
        let (before, behind) = items.split_at(hole);
        let left = before.iter().rev().take_while(|item| is_between(item)).count();
        let right = behind.iter().take_while(|item| **item == Item::Hole || is_between(item)).count();
        let (start, end) = (hole - left, hole + right);
        let at_start = start.checked_sub(1).is_none_or(|place| is_bracket(items.get(place), |pair| pair.0));
        let at_end = end == items.len() || is_bracket(items.get(end), |pair| pair.1);
        let kept = if at_start || at_end { Vec::new() } else { between(items, start, hole, end) };
        items.splice(start..end, kept);
    }
}

/// Of the separators on both sides of a hole, one side's: the left one, unless it is a mere space.
fn between<'a>(items: &[Item<'a>], start: usize, hole: usize, end: usize) -> Vec<Item<'a>> {
    let side = |range: std::ops::Range<usize>| -> Vec<Item<'a>> {
        items.get(range).unwrap_or_default().iter().filter(|item| **item != Item::Hole).cloned().collect()
    };
    let (left, right) = (side(start..hole), side(hole..end));
    let says =
        |side: &[Item<'_>]| side.iter().any(|item| !matches!(item, Item::Literal(c) if c.is_whitespace()));
    if left.is_empty() || (says(&right) && !says(&left)) { right } else { left }
}

fn is_between(item: &Item<'_>) -> bool {
    match item {
        Item::Literal(c) => c.is_whitespace() || "-–—−_|¦·•∙/\\:;,.~+=*#&→»›".contains(*c),
        _ => false,
    }
}

fn is_bracket(item: Option<&Item<'_>>, side: impl Fn(&(char, char)) -> char) -> bool {
    BRACKETS.iter().any(|pair| item == Some(&Item::Literal(side(pair))))
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn cut(text: &str) -> String {
    if units(text) <= NICKNAME_UNITS_MAX {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut left = NICKNAME_UNITS_MAX;
    for cluster in text.graphemes(true) {
        let Some(rest) = left.checked_sub(units(cluster)) else { break };
        kept.push_str(cluster);
        left = rest;
    }
    kept
}
