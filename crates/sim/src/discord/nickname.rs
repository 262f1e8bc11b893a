//! Nicknames as Discord keeps them, which is not always as they were sent.

use super::refusal::{Refusal, invalid};

/// The longest nickname, in characters.
const LONGEST: usize = 32;

/// What Discord makes of a nickname: none when nothing is left of it. Refuses more than 32 characters.
///
/// Whitespace around it goes, runs inside become one space, and characters that show nothing (controls,
/// zero-width spaces, direction marks) are dropped.
pub(super) fn normalised(sent: &str) -> Result<Option<String>, Refusal> {
    let visible: String = sent.chars().filter(|c| c.is_whitespace() || !shows_nothing(*c)).collect();
    let kept = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if kept.chars().count() > LONGEST {
        return Err(invalid("nick", "BASE_TYPE_MAX_LENGTH", "Must be 32 or fewer in length."));
    }
    Ok(Some(kept).filter(|kept| !kept.is_empty()))
}

/// The zero-width joiner stays: emoji of families are made with it.
fn shows_nothing(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn a_nickname_is_kept_as_discord_keeps_it() {
        let table = [
            ("Mira", Some("Mira")),
            ("  Mira\u{a0} Lund \n", Some("Mira Lund")),
            ("a\t\t b", Some("a b")),
            ("\u{202E}arim", Some("arim")),
            ("zero\u{200B}width", Some("zerowidth")),
            ("👩\u{200D}🚀", Some("👩\u{200D}🚀")),
            ("   ", None),
            ("", None),
        ];
        for (sent, kept) in table {
            assert_eq!(normalised(sent).unwrap().as_deref(), kept, "{sent:?}");
        }
    }

    #[test]
    fn a_nickname_of_33_characters_is_refused() {
        assert!(normalised(&"é".repeat(32)).is_ok());
        assert_eq!(normalised(&"é".repeat(33)).unwrap_err().code, 50035);
    }
}
