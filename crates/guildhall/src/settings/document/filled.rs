//! A settings file made from answers: the example's words, with what was answered filled in.

use toml::{Table, Value};

use super::super::section::{Described, Outline, Times};
use super::{VALUES, joined};
use crate::settings::OUTLINE;

/// The file of these answers, which have the shape of the file itself. What was not answered stands there with a
/// `#` before it. Names that no section has are left out.
pub fn filled(answers: &Table) -> String {
    let mut lines = vec![
        "# The settings of the hall, guildhall.toml. Made by `guildhall init`; edit it as you like.".to_owned(),
        "#".to_owned(),
        "# A line `#key = …` shows a default, or an example of what is missing: take the # away to change it.".to_owned(),
    ];
    lines.extend(VALUES.iter().map(|line| format!("# {line}")));
    lines.push(
        "# `guildhall check` says whether all is in order, `guildhall doctor` whether it works.".to_owned(),
    );
    for part in OUTLINE.parts {
        add_part(part, Some(answers), true, &mut lines);
    }
    lines.join("\n") + "\n"
}

/// A section inside the one around it, as often as it was answered; once as an example when it was not, or when the one
/// around it is an example.
fn add_part(outline: &Outline, around: Option<&Table>, with_words: bool, lines: &mut Vec<String>) {
    let answered: Vec<&Table> = match around.and_then(|around| around.get(outline.name())) {
        Some(Value::Table(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_table).collect(),
        _ => Vec::new(),
    };
    for (number, table) in answered.iter().enumerate() {
        add_section(outline, (true, Some(table)), with_words && number == 0, lines);
    }
    if answered.is_empty() && with_words {
        let is_there = around.is_some() && outline.times == Times::Once;
        add_section(outline, (is_there, None), true, lines);
    }
}

/// The words stand at the first section of a kind alone; later ones hold only what was answered.
fn add_section(
    outline: &Outline,
    (is_there, answers): (bool, Option<&Table>),
    with_words: bool,
    lines: &mut Vec<String>,
) {
    lines.push(String::new());
    if with_words {
        lines.push(format!("# {}", joined(outline.about)));
    }
    lines.push(format!("{}{}", if is_there { "" } else { "#" }, outline.header()));
    for setting in outline.settings {
        let answer = answers.and_then(|answers| answers.get(setting.name));
        add_setting(setting, answer, with_words, lines);
    }
    for part in outline.parts {
        add_part(part, answers, with_words, lines);
    }
}

fn add_setting(setting: &Described, answer: Option<&Value>, with_words: bool, lines: &mut Vec<String>) {
    let Described { name, about, words, presence } = setting;
    if with_words {
        lines.push(String::new());
        lines.extend(about.iter().map(|line| format!("# {}", line.trim())));
        lines.push(format!("# ({})", words()));
    }
    match answer {
        Some(answer) => lines.push(format!("{name} = {answer}")),
        None if with_words => lines.push(format!("#{name} = {}", presence.shown())),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_comes_back_and_the_rest_is_an_example() {
        let answers: Table = "[hall]\npublic_address = 'https://hall.harbor.social'\n[discord]\n\
            bot_token = { file = 'secrets/bot_token' }\n[[source]]\nname = 'forum'\n[[guild]]\nid = '1'\n\
            [guild.nickname]\ntemplate = '{forum.name}'\n[[guild.role]]\nrole = 'A'\nwhen = '\"a\" in forum.groups'\n\
            [[guild.role]]\nrole = 'B'\nwhen = 'forum.admin'\n"
            .parse()
            .unwrap();
        let text = filled(&answers);
        assert_eq!(text.parse::<Table>().unwrap(), with_empty_parts(answers), "{text}");
        assert!(text.contains("\n# Where people reach the hall with their browsers.\n"), "{text}");
        assert!(text.contains("\n#listen = \"127.0.0.1:8080\"\n"), "{text}");
        assert_eq!(text.matches("# A role and who gets it.").count(), 1, "{text}");
    }

    #[test]
    fn a_file_of_no_answers_is_all_examples() {
        let text = filled(&Table::new());
        let read: Table = text.parse().unwrap();
        assert!(read.values().all(|section| section.as_table().is_some_and(Table::is_empty)), "{text}");
        assert!(text.contains("\n#[[source]]\n"), "{text}");
    }

    /// Sections that are not in answers and stand once in a file all the same.
    fn with_empty_parts(mut answers: Table) -> Table {
        answers.insert("database".to_owned(), Value::Table(Table::new()));
        for part in ["brake", "tell"] {
            let guild = answers["guild"][0].as_table_mut().unwrap();
            guild.insert(part.to_owned(), Value::Table(Table::new()));
        }
        answers
    }
}
