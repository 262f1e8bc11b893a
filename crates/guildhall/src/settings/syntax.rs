//! What TOML itself has against the file.

use toml::de::Error;

use super::place::Place;
use super::problem::Problem;

/// The remedy for a text that is not TOML.
const REMEDY: &str = "write key = \"value\", and [section] in a line of its own (https://toml.io)";

/// Joins the errors of TOML with the problems found in what could be read. A line that is not TOML may hide
/// settings and break others, so what is missing, and what stands in such a line, is not told yet.
pub(super) fn with_errors(text: &str, errors: &[Error], problems: Vec<Problem>) -> Vec<Problem> {
    if errors.is_empty() {
        return problems;
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
    let what = error.message().lines().collect::<Vec<_>>().join(", ");
    Problem { place, key: String::new(), what, remedy: REMEDY.to_owned() }
}
