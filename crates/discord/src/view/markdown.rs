//! Text from outside, made to say what it says and nothing more.

use domain::nickname::clean;

/// What Discord's markdown, mentions and links are made of.
const SPECIAL: &[char] =
    &['\\', '*', '_', '~', '`', '|', '>', '<', '#', '-', '[', ']', '(', ')', '@', ':', '+', '='];

/// On one line, nothing invisible, every character of Discord's markdown escaped.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in clean(text).chars() {
        if SPECIAL.contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A link whose words are text from outside.
pub(super) fn link(words: &str, address: &str) -> String {
    let safe = (address.starts_with("https://") || address.starts_with("http://"))
        && !address
            .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>'));
    if safe { format!("[{}]({address})", escape(words)) } else { escape(words) }
}
