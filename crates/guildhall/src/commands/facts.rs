//! Which facts each kind of source knows, by its adapter.

use domain::facts::FactSpec;

use crate::settings::source::SourceKind;

/// The facts of a kind of source, `discourse`; none when there is no such kind.
pub fn facts_of(kind: &str) -> Vec<FactSpec> {
    if kind == SourceKind::Discourse.word() { discourse::facts() } else { Vec::new() }
}
