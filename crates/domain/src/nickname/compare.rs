//! Tells whether two nicknames are the same to Discord, and keeps one in eight bytes.

use unicode_normalization::UnicodeNormalization;

use super::clean::spaced;
use super::emoji::is_invisible;

/// What Discord makes of a nickname, as far as it can be foretold: trimmed, whitespace inside reduced to
/// one space, nothing invisible; composed (NFC), so that both spellings of an accent compare alike. Empty
/// when Discord would keep no nickname. Doing it twice changes nothing.
pub fn normalise(nickname: &str) -> String {
    let visible: String = nickname.chars().filter(|c| c.is_whitespace() || !is_invisible(*c)).nfc().collect();
    spaced(&visible)
}

/// Whether two nicknames are the same once Discord has normalised them.
pub fn same(a: &str, b: &str) -> bool {
    normalise(a) == normalise(b)
}

/// A number for a nickname, the same for all that are [`same`]: FNV-1a (64 bits) over the UTF-8 of the
/// normalised nickname. 0 is no nickname, and nothing else is. It is stored: it must never change.
pub fn fingerprint(nickname: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let normalised = normalise(nickname);
    if normalised.is_empty() {
        return 0;
    }
    normalised.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME)).max(1)
}
