//! People in an answer: what the forum calls them, with the number that Discord knows them by.

use domain::ids::UserId;
use service::rules::SomebodyNamed;

/// How many people a sentence names; the others are counted, and JSON has them all.
const NAMED_MAX: usize = 20;

/// Who, with the number that a command takes.
pub(super) fn named(user: UserId, name: Option<&str>) -> String {
    name.map_or_else(|| user.to_string(), |name| format!("{name} ({user})"))
}

/// Several people on one line.
pub(super) fn all_named(people: &[SomebodyNamed]) -> String {
    let names: Vec<String> =
        people.iter().take(NAMED_MAX).map(|who| named(who.user, who.name.as_deref())).collect();
    match people.len().saturating_sub(NAMED_MAX) {
        0 => names.join(", "),
        more => format!("{}, and {more} more, whom --json names", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_people_a_sentence_names_some_and_counts_the_rest() {
        let people = |many: u64| -> Vec<SomebodyNamed> {
            (1..=many)
                .map(|id| SomebodyNamed { name: (id == 1).then(|| "tove".to_owned()), user: UserId(id) })
                .collect()
        };
        assert_eq!(all_named(&people(3)), "tove (1), 2, 3");
        assert!(all_named(&people(20)).ends_with("19, 20"));
        assert!(all_named(&people(25)).ends_with("19, 20, and 5 more, whom --json names"));
    }
}
