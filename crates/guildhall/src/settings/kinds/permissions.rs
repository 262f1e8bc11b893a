//! Names of Discord's permissions over a community.

use domain::plan::Permissions;

use super::Kind;
use crate::settings::given::{Given, Wrong, repeated};
use crate::settings::near::most_alike;

/// A list of permissions over a community, by Discord's names in lower case.
pub(in crate::settings) struct PermissionNames;

impl Kind for PermissionNames {
    type Value = Permissions;

    fn words(&self) -> String {
        "list of Discord's permissions, [\"administrator\"]".to_owned()
    }

    fn read(&self, given: &Given<'_>) -> Result<Permissions, Vec<Wrong>> {
        let list = "a list of permissions belongs here, [\"administrator\"]";
        let Some(names) = given.value.get_ref().as_array() else {
            return Err(given.wrong(format!("{list}, not {}", given.type_words())));
        };
        let mut permits = Permissions::default();
        let mut wrong = Vec::new();
        for name in names {
            let Some(name) = name.get_ref().as_str() else {
                wrong.extend(given.wrong(format!("{list}, each name in quotes")));
                continue;
            };
            match Permissions::named(name) {
                Some(permission) => permits = permits.and(permission),
                None => wrong.extend(unknown(given, name)),
            }
        }
        if wrong.is_empty() { Ok(permits) } else { Err(wrong) }
    }
}

fn unknown(given: &Given<'_>, name: &str) -> Vec<Wrong> {
    let known: Vec<String> = Permissions::names().map(str::to_ascii_lowercase).collect();
    let what = format!("{} is not one of Discord's permissions over a community", repeated(name));
    let remedy = match most_alike(name, known.iter().map(String::as_str)) {
        Some(meant) => format!("write \"{meant}\""),
        None => format!("these are: {}", known.join(", ")),
    };
    given.wrong_because(what, remedy)
}
