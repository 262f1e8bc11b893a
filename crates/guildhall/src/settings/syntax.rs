//! What TOML itself has against the file.

use toml::de::Error;

use super::place::Place;
use super::problem::Problem;

/// The remedy for a text that is not TOML.
const REMEDY: &str = "write key = \"value\", and [section] in a line of its own (https://toml.io)";

/// The remedy for a text in which something is left open.
const OPEN_REMEDY: &str = "close what is open here or in a line before: a bracket, a brace or a quote";

/// How the errors begin behind which everything is read wrongly.
const OPEN: [&str; 3] = ["unclosed inline", "unclosed array", "invalid multi-line"];

/// Joins the errors of TOML with the problems found in what could be read. A line that is not TOML may hide
/// settings and break others, so what is missing, and what stands in such a line, is not told yet; where
/// something is left open, only that is told.
pub(super) fn with_errors(text: &str, errors: &[Error], problems: Vec<Problem>) -> Vec<Problem> {
    let Some(first) = errors.first() else { return problems };
    let is_open = |error: &Error| OPEN.iter().any(|open| error.message().starts_with(open));
    if errors.iter().any(is_open) {
        return vec![Problem { remedy: OPEN_REMEDY.to_owned(), ..problem(text, first) }];
    }
    let mut all: Vec<Problem> = errors.iter().map(|error| problem(text, error)).collect();
    let broken: Vec<usize> = all.iter().filter_map(|problem| Some(problem.place?.line)).collect();
    let is_sure = |problem: &Problem| {
        let in_broken_line = problem.place.is_some_and(|place| broken.contains(&place.line));
        !in_broken_line && problem.what != super::reader::MISSING
    };
    all.extend(problems.into_iter().filter(is_sure));
    all
}

fn problem(text: &str, error: &Error) -> Problem {
    let place = error.span().map(|span| Place::of(text, span.start));
    if let Some(quoted) = place.and_then(|place| quotes_in_quotes(text, place)) {
        return quoted;
    }
    let what = error.message().lines().collect::<Vec<_>>().join(", ");
    Problem { place, key: String::new(), what, remedy: REMEDY.to_owned() }
}

/// Settings whose text holds quotes of its own, and never a secret: what stands there may be repeated.
const QUOTING: [&str; 2] = ["when", "template"];

/// The mistake that rules invite: double quotes inside double quotes. Told at the value, with the line to write.
fn quotes_in_quotes(text: &str, place: Place) -> Option<Problem> {
    let line = text.lines().nth(place.line.checked_sub(1)?)?;
    let (key, value) = line.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    let inside = value.strip_prefix('"')?.strip_suffix('"')?;
    if !QUOTING.contains(&key) || !inside.contains('"') || inside.contains(['\'', '\\']) {
        return None;
    }
    let column =
        line.find('"').and_then(|byte| line.get(..byte)).map_or(1, |before| before.chars().count() + 1);
    Some(Problem {
        place: Some(Place { line: place.line, column }),
        key: String::new(),
        what: "the text has double quotes in it, and ends at the second of them".to_owned(),
        remedy: format!("put it in single quotes: {key} = '{inside}'"),
    })
}
