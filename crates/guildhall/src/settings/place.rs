//! Where something stands in the settings file, as editors count.

use std::fmt;

use serde::Serialize;

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Place {
    /// The place of a byte of the text; the end of the text when it lies behind it.
    pub(super) fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let in_line = before.get(line_start..).unwrap_or_default();
        Self { line: before.matches('\n').count() + 1, column: in_line.chars().count() + 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        for (text, byte, expected) in [
            ("", 0, "1:1"),
            ("ab", 1, "1:2"),
            ("a\nbc", 2, "2:1"),
            ("a\r\nbc", 4, "2:2"),
            ("é = x", 3, "1:3"),
            ("ab", 99, "1:3"),
        ] {
            assert_eq!(Place::of(text, byte).to_string(), expected, "{text:?} at {byte}");
        }
    }
}
