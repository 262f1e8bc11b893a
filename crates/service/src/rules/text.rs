//! The rules of a guild as text that is the same whenever they say the same, whatever their order in the file.

use std::collections::BTreeMap;

use domain::nickname::Prefer;
use domain::situation::Mode;
use serde::{Deserialize, Serialize};

use crate::hall::GuildSeat;

/// What a revision stores: everything that decides what the hall does in a guild.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Written {
    /// The rules by their roles.
    pub(crate) roles: BTreeMap<String, WrittenRule>,
    /// The nickname rule, if there is one.
    pub(crate) nickname: Option<WrittenNickname>,
    /// The other settings of the guild, by their names in the settings file.
    pub(crate) settings: BTreeMap<String, String>,
}

/// A rule for a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WrittenRule {
    /// The condition, as it was written.
    pub(crate) when: String,
    /// Whether it also takes.
    pub(crate) mode: Mode,
}

/// A rule for nicknames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WrittenNickname {
    /// The template, as it was written.
    pub(crate) template: String,
    /// What stands where it says name.
    pub(crate) prefer: Prefer,
}

impl Written {
    /// What a guild follows.
    pub(crate) fn of(seat: &GuildSeat) -> Self {
        let roles = seat.rules.roles.iter().map(|rule| {
            (rule.role.clone(), WrittenRule { when: rule.when.text().to_owned(), mode: rule.mode })
        });
        let nickname = seat
            .rules
            .nickname
            .as_ref()
            .map(|rule| WrittenNickname { template: rule.template.text().to_owned(), prefer: rule.prefer });
        let settings = [("sweep_every", format!("{}s", seat.sweep_every.as_secs()))];
        let settings = settings.map(|(name, value)| (name.to_owned(), value)).into();
        Self { roles: roles.collect(), nickname, settings }
    }
}

/// The rules of a guild as a revision stores them.
pub(crate) fn of(seat: &GuildSeat) -> String {
    // A map of texts can always be written.
    serde_json::to_string(&Written::of(seat)).unwrap_or_default()
}
