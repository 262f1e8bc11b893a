//! What changed from one set of rules to the next, as lines for people.

use std::collections::{BTreeMap, BTreeSet};

use domain::situation::Mode;

use super::text::{Written, WrittenNickname, WrittenRule};

/// What the nickname rule is called in a line.
const NICKNAME: &str = "nickname";

/// A line for each thing that differs: `+` came, `-` went, `~` changed. Roles first, by name.
pub(crate) fn lines(was: &Written, is: &Written) -> Vec<String> {
    let mut lines = changed(&was.roles, &is.roles, " when ", rule_words);
    lines.extend(line(NICKNAME, ": ", was.nickname.as_ref(), is.nickname.as_ref(), nickname_words));
    lines.extend(changed(&was.settings, &is.settings, " = ", Clone::clone));
    lines
}

/// The roles that had a rule and have none now.
pub(crate) fn roles_released(was: &Written, is: &Written) -> Vec<String> {
    was.roles.keys().filter(|role| !is.roles.contains_key(*role)).cloned().collect()
}

fn changed<T: PartialEq>(
    was: &BTreeMap<String, T>,
    is: &BTreeMap<String, T>,
    between: &str,
    words: impl Fn(&T) -> String,
) -> Vec<String> {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    names.into_iter().filter_map(|name| line(name, between, was.get(name), is.get(name), &words)).collect()
}

fn line<T: PartialEq>(
    name: &str,
    between: &str,
    was: Option<&T>,
    is: Option<&T>,
    words: impl Fn(&T) -> String,
) -> Option<String> {
    match (was, is) {
        (None, Some(is)) => Some(format!("+ {name}{between}{}", words(is))),
        (Some(was), None) => Some(format!("- {name}{between}{}", words(was))),
        (Some(was), Some(is)) if was != is => Some(format!("~ {name}: was {}, is {}", words(was), words(is))),
        _ => None,
    }
}

fn rule_words(rule: &WrittenRule) -> String {
    let mut words = rule.when.clone();
    if rule.mode == Mode::Grant {
        words.push_str(" (gives only)");
    }
    if !rule.permits.is_empty() {
        words.push_str(&format!(" (permits {})", rule.permits.join(", ")));
    }
    words
}

fn nickname_words(rule: &WrittenNickname) -> String {
    match rule.prefer {
        domain::nickname::Prefer::Name => rule.template.clone(),
        domain::nickname::Prefer::Username => format!("{} (by username)", rule.template),
    }
}

#[cfg(test)]
mod tests {
    use domain::nickname::Prefer;

    use super::*;

    fn rules(roles: &[(&str, &str, Mode)]) -> Written {
        let rule = |(role, when, mode): &(&str, &str, Mode)| {
            ((*role).to_owned(), WrittenRule { when: (*when).to_owned(), mode: *mode, permits: Vec::new() })
        };
        Written { roles: roles.iter().map(rule).collect(), ..Written::default() }
    }

    #[test]
    fn rules_that_came_went_or_changed_are_a_line_each() {
        let was = rules(&[
            ("Leader", "forum.trust_level == 4", Mode::Exact),
            ("Maker", "\"makers\" in forum.groups", Mode::Exact),
            ("Regular", "forum.trust_level >= 2", Mode::Exact),
        ]);
        let is = rules(&[
            ("Maker", "\"makers\" in forum.groups", Mode::Grant),
            ("Regular", "forum.trust_level >= 2", Mode::Exact),
            ("Staff", "forum.admin", Mode::Exact),
        ]);
        let expected = [
            "- Leader when forum.trust_level == 4",
            "~ Maker: was \"makers\" in forum.groups, is \"makers\" in forum.groups (gives only)",
            "+ Staff when forum.admin",
        ];
        assert_eq!(lines(&was, &is), expected);
        assert_eq!(roles_released(&was, &is), ["Leader"]);
        assert_eq!(lines(&is, &is), [""; 0]);
    }

    #[test]
    fn the_nickname_and_the_settings_of_a_server_stand_behind_the_roles() {
        let nickname =
            |template: &str, prefer| Some(WrittenNickname { template: template.to_owned(), prefer });
        let settings = |every: &str| [("sweep_every".to_owned(), every.to_owned())].into();
        let was = Written { settings: settings("3600s"), ..Written::default() };
        let is = Written {
            settings: settings("60s"),
            nickname: nickname("{forum.name}", Prefer::Username),
            ..Written::default()
        };
        let expected = ["+ nickname: {forum.name} (by username)", "~ sweep_every: was 3600s, is 60s"];
        assert_eq!(lines(&was, &is), expected);
        let bare = Written { nickname: nickname("{forum.name}", Prefer::Name), ..is.clone() };
        let expected = ["~ nickname: was {forum.name} (by username), is {forum.name}"];
        assert_eq!(lines(&is, &bare), expected);
    }
}
