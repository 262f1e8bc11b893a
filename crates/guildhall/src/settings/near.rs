//! What somebody probably meant by a name that does not exist.

use super::OUTLINE;
use super::section::Outline;

/// How alike two names must be to be suggested, from 0 to 1.
const ALIKE_AT_LEAST: f64 = 0.8;

/// The most alike of some names, if one is alike enough.
pub(super) fn most_alike<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let scored = known.map(|known| (strsim::jaro_winkler(&name, known), known));
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (best.0 >= ALIKE_AT_LEAST).then_some(best.1)
}

/// What to do about an unknown name in a section: where it belongs, what was meant, else what there is.
pub(super) fn nearest(name: &str, section: &Outline) -> String {
    if let Some(elsewhere) = home_of(name, &OUTLINE).filter(|home| home.path != section.path) {
        return format!("it belongs under {}", elsewhere.header());
    }
    if let Some(meant) = most_alike(name, section.names()) {
        let part = section.parts.iter().find(|part| part.name() == meant);
        return format!("write {}", part.map_or_else(|| meant.to_owned(), |part| part.header()));
    }
    if let Some((home, meant)) = alike_elsewhere(name, &OUTLINE) {
        return format!("write {meant} under {}", home.header());
    }
    let names: Vec<&str> = section.names().collect();
    format!("take it out; there is {}", names.join(", "))
}

fn home_of(name: &str, section: &'static Outline) -> Option<&'static Outline> {
    let here = section.settings.iter().any(|setting| setting.name == name);
    if here { Some(section) } else { section.parts.iter().find_map(|part| home_of(name, part)) }
}

fn alike_elsewhere(name: &str, section: &'static Outline) -> Option<(&'static Outline, &'static str)> {
    let here = most_alike(name, section.settings.iter().map(|setting| setting.name));
    here.map(|meant| (section, meant))
        .or_else(|| section.parts.iter().find_map(|part| alike_elsewhere(name, part)))
}
