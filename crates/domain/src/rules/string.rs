//! Texts in quotes, as CEL writes them: two kinds of quotes, tripled quotes, raw texts, escapes.
//!
//! Follows "CEL language definition", Syntax. Texts of bytes (`b"…"`) are refused.

use super::Mistake;

/// A text in quotes at the beginning of what is left.
pub(super) struct Quoted {
    /// The text, its escapes resolved.
    pub(super) text: String,
    /// The length in bytes, quotes included.
    pub(super) length: usize,
    /// What is wrong with it; places count from its first quote.
    pub(super) mistakes: Vec<Mistake>,
}

/// Reads a text in quotes; `None` when there is none.
pub(super) fn quoted(rest: &str) -> Option<Quoted> {
    let prefix = rest.find(['"', '\'', '“', '”']).filter(|length| *length <= 2)?;
    let letters = rest.get(..prefix)?;
    if !letters.chars().all(|c| matches!(c, 'r' | 'R' | 'b' | 'B')) {
        return None;
    }
    let raw = letters.contains(['r', 'R']);
    let after = rest.get(prefix..)?;
    let (opening, closing) = delimiters(after)?;
    let mut reader =
        Reader { at: prefix + opening.len(), rest, raw, text: String::new(), mistakes: Vec::new() };
    reader.read_until(closing);
    let length = reader.at;
    let mut mistakes = reader.mistakes;
    if letters.contains(['b', 'B']) {
        mistakes.push(Mistake::new(&(0..length), "rules do not compare bytes", "leave the letter b out"));
    }
    if opening.starts_with(['“', '”']) {
        mistakes.push(Mistake::new(
            &(0..length),
            "these are typographic quotes",
            "write straight ones: `\"`",
        ));
    }
    Some(Quoted { text: reader.text, length, mistakes })
}

fn delimiters(after: &str) -> Option<(&'static str, &'static [&'static str])> {
    const DELIMITERS: [(&str, &[&str]); 6] = [
        ("\"\"\"", &["\"\"\""]),
        ("'''", &["'''"]),
        ("\"", &["\""]),
        ("'", &["'"]),
        ("“", &["”", "“", "\""]),
        ("”", &["”", "“", "\""]),
    ];
    DELIMITERS.into_iter().find(|(opening, _)| after.starts_with(opening))
}

struct Reader<'a> {
    at: usize,
    rest: &'a str,
    raw: bool,
    text: String,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn read_until(&mut self, closing: &[&str]) {
        let tripled = closing.iter().any(|closing| closing.len() == 3 && closing.is_ascii());
        loop {
            let left = self.rest.get(self.at..).unwrap_or("");
            if let Some(closing) = closing.iter().find(|closing| left.starts_with(**closing)) {
                self.at += closing.len();
                return;
            }
            match left.chars().next() {
                Some('\\') if !self.raw => self.escape(left),
                Some(c) if tripled || c != '\n' => {
                    self.text.push(c);
                    self.at += c.len_utf8();
                }
                _ => {
                    let what = "this text is not closed";
                    let remedy = format!("end it with {}", closing.first().unwrap_or(&"\""));
                    self.mistakes.push(Mistake::new(&(0..self.at), what, remedy));
                    return;
                }
            }
        }
    }

    fn escape(&mut self, left: &str) {
        let resolved = left.chars().nth(1).and_then(|kind| resolve(kind, left));
        if let Some((character, length)) = resolved {
            self.text.push(character);
            self.at += length;
        } else {
            let length: usize = left.chars().take(2).map(char::len_utf8).sum();
            let letter = left.chars().nth(1).map(|c| c.escape_debug().to_string()).unwrap_or_default();
            let what = format!("`\\{letter}` is not an escape");
            let remedy = "write `\\\\` for a backslash";
            self.mistakes.push(Mistake::new(&(self.at..self.at + length), what, remedy));
            self.at += length;
        }
    }
}

/// The character an escape stands for and the length of the escape in bytes, backslash included.
fn resolve(kind: char, left: &str) -> Option<(char, usize)> {
    let simple = match kind {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '?' | '"' | '\'' | '`' => kind,
        'x' | 'X' => return numbered(left, 2, 2, 16),
        'u' => return numbered(left, 2, 4, 16),
        'U' => return numbered(left, 2, 8, 16),
        '0'..='3' => return numbered(left, 1, 3, 8),
        _ => return None,
    };
    Some((simple, 2))
}

fn numbered(left: &str, from: usize, count: usize, radix: u32) -> Option<(char, usize)> {
    let digits = left.get(from..from + count)?;
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let code = u32::from_str_radix(digits, radix).ok()?;
    Some((char::from_u32(code)?, from + count))
}
