//! What is left of a settings file whose rules are wrong: whether all the rest of it still says what it is to say.

use super::problem::Problem;

/// How the lines begin that open a server, or a part of one.
const OPENS_SERVER: [&str; 2] = ["[[guild", "[guild"];

/// Whether every problem is about what servers follow, and hides nothing else.
pub(super) fn is_rest_in_order(text: &str, problems: &[Problem]) -> bool {
    let rest_lines = lines_before_servers(text);
    problems.iter().all(|problem| match (problem.key.as_str(), problem.place) {
        // What is no TOML may swallow what stands behind it.
        ("", Some(place)) => rest_lines.is_some_and(|lines| place.line > lines),
        (key, _) => key == "guild" || key.starts_with("guild[") || key.starts_with("guild."),
    })
}

/// How many lines stand before the first server; `None` where another section comes behind one.
fn lines_before_servers(text: &str) -> Option<usize> {
    let opens = |line: &str| OPENS_SERVER.iter().any(|opens| line.trim_start().starts_with(opens));
    let before = text.lines().position(opens)?;
    let others = text.lines().skip(before).filter(|line| line.trim_start().starts_with('['));
    others.into_iter().all(opens).then_some(before)
}
