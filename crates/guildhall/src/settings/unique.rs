//! Refuses two sections of a list that claim the same thing.

use std::collections::BTreeMap;

use super::reader::TableReader;

/// Refuses each section whose text under `key` says the same as an earlier one, however wrong the rest of it
/// is. `same` brings a text to the form in which two are compared.
pub(super) fn refuse_twins(
    tables: &[TableReader<'_>],
    key: &str,
    same: impl Fn(&str) -> String,
    remedy: &str,
) {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for table in tables {
        let Some((text, span)) = table.raw_text(key) else { continue };
        if let Some(earlier) = first.get(&same(text)) {
            table.refuse(key, span, format!("{earlier} is the same"), remedy.to_owned());
        } else {
            first.insert(same(text), table.place_words(key, &span));
        }
    }
}
