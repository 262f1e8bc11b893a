//! What is in order and yet hardly meant: told by `guildhall check`, refused by nobody.

use std::fmt;
use std::path::Path;

use domain::rules::Certain;
use domain::situation::{Mode, RoleRule};
use serde::Serialize;
use url::Url;

use crate::settings::Settings;
use crate::settings::database::DatabaseAddress;
use crate::settings::document;
use crate::settings::guild::Guild;

/// Ends of names that nobody can own (RFC 2606, RFC 6761): they stand in examples.
const EXAMPLE_HOSTS: [&str; 4] = ["example.org", "example.com", "example.net", "example"];

/// One thing that is in order and hardly meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Warning {
    /// The setting, `guild[0].role[2].when`.
    key: String,
    /// What is odd about it.
    what: String,
    /// What to do.
    remedy: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, what, remedy } = self;
        write!(f, "warning: {key}\n  {what}\n  help: {remedy}")
    }
}

/// Everything that is odd about some settings, in the order of the file.
pub(super) fn all(settings: &Settings) -> Vec<Warning> {
    let mut warnings = Vec::new();
    warnings.extend(example_address("hall.public_address", &settings.hall.public_address));
    warnings.extend(database(&settings.database.address));
    warnings.extend(example_id("discord.application_id", settings.discord.application_id));
    for (index, source) in settings.sources.iter().enumerate() {
        warnings.extend(example_address(&format!("source[{index}].address"), &source.address));
    }
    for (index, guild) in settings.guilds.iter().enumerate() {
        warnings.extend(example_id(&format!("guild[{index}].id"), guild.id.0));
        warnings.extend(no_rule(&format!("guild[{index}]"), guild));
        for (place, rule) in guild.rules.roles.iter().enumerate() {
            warnings.extend(condition(&format!("guild[{index}].role[{place}].when"), rule, settings));
        }
    }
    warnings
}

fn warning(key: &str, what: String, remedy: &str) -> Warning {
    Warning { key: key.to_owned(), what, remedy: remedy.to_owned() }
}

fn example_address(key: &str, address: &Url) -> Option<Warning> {
    let host = address.host_str()?;
    let is_example =
        |end: &str| host.strip_suffix(end).is_some_and(|name| name.is_empty() || name.ends_with('.'));
    EXAMPLE_HOSTS.into_iter().any(is_example).then(|| {
        warning(key, format!("{host} is a name for examples: nothing is there"), "write your own address")
    })
}

fn example_id(key: &str, id: u64) -> Option<Warning> {
    document::example()
        .contains(&format!("\"{id}\""))
        .then(|| warning(key, format!("{id} is the id of the example: nothing has it"), "write your own id"))
}

fn no_rule(key: &str, guild: &Guild) -> Option<Warning> {
    let is_bare = guild.rules.roles.is_empty() && guild.rules.nickname.is_none();
    is_bare.then(|| {
        let what = format!("no rule stands behind the server {}: nothing is done there", guild.id);
        warning(key, what, "write a [[guild.role]] with a role and who gets it, or leave it so for now")
    })
}

fn database(address: &DatabaseAddress) -> Option<Warning> {
    let DatabaseAddress::Sqlite(file) = address else { return None };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    (!folder.is_dir()).then(|| {
        let what =
            format!("there is no folder {}: the hall makes its file, not the folder", folder.display());
        warning("database.address", what, "make the folder, and let the hall's user write in it")
    })
}

fn condition(key: &str, rule: &RoleRule, settings: &Settings) -> Option<Warning> {
    let RoleRule { role, when, mode, .. } = rule;
    let (what, remedy) = match (when.certain(&settings.schema)?, mode) {
        (Certain::Never, Mode::Exact) => (
            format!("nobody can fulfil this: \"{role}\" is taken from everybody who is linked"),
            "correct the condition, or take the rule out",
        ),
        (Certain::Never, Mode::Grant) => (
            format!("nobody can fulfil this: \"{role}\" is never given"),
            "correct the condition, or take the rule out",
        ),
        (Certain::Always, _) => (
            format!("everybody fulfils this: \"{role}\" is given to everybody who is linked"),
            "leave it so if that is meant, else correct the condition",
        ),
    };
    Some(warning(key, what, remedy))
}
