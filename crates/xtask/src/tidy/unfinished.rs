//! Notes that say something is not done, without an issue that says when.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule {
    name: "unfinished",
    why: "a note nobody is asked about is never read again",
    remedy: "do it, or open an issue and name it with `#N` on the same line",
    check,
};

// In two halves, so that this file does not find itself.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.texts().filter(|(name, _)| looked_at(name));
    files
        .flat_map(|(name, text)| unfinished(text).map(move |(line, mark)| Finding::new(name, line, mark)))
        .collect()
}

fn looked_at(name: &str) -> bool {
    ["rs", "toml", "sql", "html", "css", "js", "md", "yml"]
        .iter()
        .any(|ending| name.ends_with(&format!(".{ending}")))
}

fn unfinished(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    let marked = text.lines().enumerate().filter(|(_, line)| !names_an_issue(line));
    marked.filter_map(|(index, line)| {
        MARKS.iter().find(|mark| has_word(line, mark)).map(|mark| (index + 1, *mark))
    })
}

fn has_word(line: &str, mark: &str) -> bool {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == mark)
}

fn names_an_issue(line: &str) -> bool {
    line.split('#').skip(1).any(|after| after.starts_with(|letter: char| letter.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::broken;

    #[test]
    fn a_note_needs_an_issue() {
        for (text, count) in [
            (format!("// {}: later\n", MARKS[0]), 1),
            (format!("// {}(#12): later\n", MARKS[0]), 0),
            (format!("/* {} */\n", MARKS[1]), 1),
            ("// nothing is left to do\n".to_owned(), 0),
            (format!("const {}S: u8 = 1;\n", MARKS[0]), 0),
        ] {
            assert_eq!(
                broken(&RULE, &Tree::of(&[("crates/store/src/jobs.rs", &text)])).len(),
                count,
                "{text}"
            );
        }
    }
}
