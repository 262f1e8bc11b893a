//! Which characters show nothing, and which of them an emoji needs.

/// Joins emoji into one: a family, a profession.
pub(super) const JOINER: char = '\u{200D}';

/// Asks for the emoji's picture (or, the one before it, for its text shape).
pub(super) fn is_variation(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}')
}

/// The letters of a regional flag (England, Scotland, Wales), invisible by themselves.
pub(super) fn is_tag(c: char) -> bool {
    matches!(c, '\u{E0020}'..='\u{E007F}')
}

/// The black flag, which alone may carry tags.
pub(super) const TAGGED_FLAG: char = '\u{1F3F4}';

/// What ends the tags of a flag.
pub(super) const TAG_END: char = '\u{E007F}';

/// Whether a character shows nothing by itself: controls, direction marks, zero-width spaces, fillers
/// (Unicode's `Default_Ignorable_Code_Point`, and the blank pattern of Braille), but not what
/// an emoji may need: the joiner, variation selectors 15 and 16, tags.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E001F}' | '\u{E0080}'..='\u{E0FFF}')
}

/// Whether a variation selector may stand behind a character (Unicode's emoji-variation-sequences, by
/// blocks).
pub(super) fn takes_variation(c: char) -> bool {
    matches!(c,
        '#' | '*' | '0'..='9' | '©' | '®' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2194}'..='\u{21AA}' | '\u{231A}'..='\u{23FF}' | '\u{24C2}' | '\u{25AA}'..='\u{25FE}'
        | '\u{2600}'..='\u{27BF}' | '\u{2934}' | '\u{2935}' | '\u{2B05}'..='\u{2B55}' | '\u{3030}'
        | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}
