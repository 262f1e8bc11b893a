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
        add_part(part, answers, true, &mut lines);
    }
    lines.join("\n") + "\n"
}

/// A section inside the one around it, as often as it was answered; once as an example when it was not.
fn add_part(outline: &Outline, around: &Table, with_words: bool, lines: &mut Vec<String>) {
    let answered: Vec<&Table> = match around.get(outline.name()) {
        Some(Value::Table(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_table).collect(),
        _ => Vec::new(),
    };
    for (number, table) in answered.iter().enumerate() {
        add_section(outline, Some(table), with_words && number == 0, lines);
    }
    if answered.is_empty() && with_words {
        add_section(outline, None, true, lines);
    }
}

/// The words stand at the first section of a kind alone; later ones hold only what was answered.
fn add_section(outline: &Outline, answers: Option<&Table>, with_words: bool, lines: &mut Vec<String>) {
    lines.push(String::new());
    if with_words {
        lines.push(format!("# {}", joined(outline.about)));
    }
    let is_there = answers.is_some() || outline.times == Times::Once;
    lines.push(format!("{}{}", if is_there { "" } else { "#" }, outline.header()));
    let nothing = Table::new();
    let answers = answers.unwrap_or(&nothing);
    for setting in outline.settings {
        add_setting(setting, answers.get(setting.name), with_words, lines);
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
        assert_eq!(text.parse::<Table>().unwrap(), with_empty_database(answers), "{text}");
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

    fn with_empty_database(mut answers: Table) -> Table {
        answers.insert("database".to_owned(), Value::Table(Table::new()));
        answers
    }
}
