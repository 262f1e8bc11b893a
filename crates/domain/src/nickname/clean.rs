//! Cleans text from outside of what deceives: invisible characters, direction tricks, piles of marks.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::emoji::{JOINER, TAG_END, TAGGED_FLAG, is_invisible, is_tag, is_variation, takes_variation};

/// How many marks a character may carry: as many as the scripts of the world need.
const MARKS_MAX: usize = 4;

/// How many accents that go with any letter it may carry: Vietnamese needs two.
const ACCENTS_MAX: usize = 2;

/// The longest cluster that a joiner may make, in UTF-16 units: a couple kissing in two skin tones has 15.
const CLUSTER_UNITS_MAX: usize = 16;

/// How often cleaning is repeated at most: what is taken away may let the rest combine anew.
const ROUNDS_MAX: usize = 8;

/// Makes text harmless to show: composed (NFC), on one line, single spaces inside and none around, nothing
/// invisible, no direction marks, no pile of marks. Emoji keep what they need. May return nothing at all.
pub fn clean(text: &str) -> String {
    // Most names are ASCII, which has neither marks nor clusters of several characters.
    if text.is_ascii() {
        return spaced(&text.replace(|c: char| c.is_ascii_control() && !c.is_whitespace(), ""));
    }
    let mut cleaned =
        spaced(&text.nfc().filter(|c| c.is_whitespace() || !is_invisible(*c)).collect::<String>());
    for _ in 0..ROUNDS_MAX {
        let visible: String = cleaned.graphemes(true).flat_map(cluster).collect();
        let next = spaced(&visible.nfc().collect::<String>());
        if next == cleaned {
            break;
        }
        cleaned = next;
    }
    cleaned
}

/// One line: whitespace around goes, whitespace inside becomes one space.
pub(super) fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}

/// The characters of one cluster that may stay.
fn cluster(cluster: &str) -> Vec<char> {
    let characters: Vec<char> = cluster.chars().collect();
    let too_long = cluster.encode_utf16().count() > CLUSTER_UNITS_MAX;
    let tags_end = characters.first() == Some(&TAGGED_FLAG) && characters.last() == Some(&TAG_END);
    let mut kept: Vec<char> = Vec::with_capacity(characters.len());
    let (mut marks, mut accents) = (0, 0);
    for (place, c) in characters.iter().copied().enumerate() {
        let before = kept.last().copied();
        let stays = if c == JOINER {
            !too_long && before.is_some() && joins(characters.get(place + 1))
        } else if is_variation(c) {
            before.is_some_and(takes_variation)
        } else if is_tag(c) {
            tags_end && !too_long
        } else if is_combining_mark(c) {
            marks += 1;
            accents += usize::from(is_accent(c));
            before.is_some_and(|c| !c.is_whitespace()) && marks <= MARKS_MAX && accents <= ACCENTS_MAX
        } else {
            (marks, accents) = (0, 0);
            true
        };
        if stays {
            kept.push(c);
        }
    }
    kept
}

/// A joiner joins when the rules of clusters (UAX #29) put what follows into the same cluster.
fn joins(next: Option<&char>) -> bool {
    next.is_some_and(|next| {
        *next != JOINER && !is_variation(*next) && !is_tag(*next) && !is_combining_mark(*next)
    })
}

/// Accents that go on any letter, of which piles are made.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}
