//! Finds the place in the file of a place inside a text value, whatever quotes and escapes it is written with
//! (TOML 1.1, "String").

use std::ops::Range;

/// The bytes of the file that hold these bytes of a text's value. `written` is where the value stands in the
/// file, its quotes included.
pub(super) fn span_in_file(file: &str, written: &Range<usize>, inside: &Range<usize>) -> Range<usize> {
    let start = byte_in_file(file, written, inside.start);
    start..byte_in_file(file, written, inside.end).max(start)
}

fn byte_in_file(file: &str, written: &Range<usize>, inside: usize) -> usize {
    let text = file.get(written.clone()).unwrap_or_default();
    let quotes = Quotes::of(text);
    let mut rest = text.get(quotes.opening_bytes..).unwrap_or_default();
    let mut value_bytes = 0;
    while value_bytes < inside {
        let (written_bytes, meant_bytes) = quotes.next_piece(rest);
        value_bytes += meant_bytes;
        match rest.get(written_bytes..) {
            Some(left) if !left.is_empty() => rest = left,
            _ => break,
        }
    }
    written.end.saturating_sub(rest.len()).max(written.start)
}

struct Quotes {
    /// The quotes that open the text, with the line end that three of them swallow.
    opening_bytes: usize,
    escapes: bool,
}

impl Quotes {
    fn of(text: &str) -> Self {
        let escapes = text.starts_with('"');
        let three = text.starts_with("\"\"\"") || text.starts_with("'''");
        let opening = if three { 3 } else { 1 };
        let line_end = match text.get(opening..) {
            Some(rest) if three && rest.starts_with("\r\n") => 2,
            Some(rest) if three && rest.starts_with('\n') => 1,
            _ => 0,
        };
        Self { opening_bytes: opening + line_end, escapes }
    }

    /// How many bytes the next piece has in the file, and how many in the value.
    fn next_piece(&self, rest: &str) -> (usize, usize) {
        let mut characters = rest.chars();
        let Some(first) = characters.next() else { return (0, usize::MAX) };
        if first != '\\' || !self.escapes {
            return (first.len_utf8(), first.len_utf8());
        }
        match characters.next() {
            Some('x') => number_piece(rest, 2),
            Some('u') => number_piece(rest, 4),
            Some('U') => number_piece(rest, 8),
            Some(blank) if blank.is_ascii_whitespace() => {
                let swallowed = characters.as_str();
                let kept = swallowed.trim_start_matches([' ', '\t', '\r', '\n']).len();
                (rest.len().saturating_sub(kept), 0)
            }
            Some(_) => (2, 1),
            None => (1, 1),
        }
    }
}

fn number_piece(rest: &str, digits: usize) -> (usize, usize) {
    let number = rest.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let meant = number.and_then(char::from_u32).map_or(1, char::len_utf8);
    ((2 + digits).min(rest.len()), meant)
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    /// Looks for an X in the value and expects to find the X of the file.
    #[test]
    fn a_place_in_a_value_is_found_in_the_file() {
        for file in [
            r#"a = "X""#,
            r#"a = "..X..""#,
            r#"a = 'C:\X'"#,
            r#"a = "\t\"\\X""#,
            r#"a = "\u00e9\U0001F600\x41X""#,
            r#"a = "éé😀X""#,
            "a = \"\"\"\nlong\\\n   joined X\"\"\"",
            "a = \"\"\"\r\nlong\r\njoined X\"\"\"",
            "a = '''\nlong \\ X'''",
        ] {
            let table = DeTable::parse(file).expect("the example is TOML");
            let value = table.get_ref().get("a").expect("the example has an a");
            let at = value.get_ref().as_str().and_then(|text| text.find('X')).expect("the value has an X");
            let found = span_in_file(file, &value.span(), &(at..at + 1));
            assert_eq!(file.get(found.clone()), Some("X"), "{file:?} at {found:?}");
        }
    }
}
