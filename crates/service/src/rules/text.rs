//! The rules of a guild as text that is the same whenever they say the same, whatever their order in the file.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::nickname::Prefer;
use domain::plan::Limit;
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
    /// The permissions over the community that the role may carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) permits: Vec<String>,
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
            let permits = rule.permits.dangerous().into_iter().map(str::to_ascii_lowercase).collect();
            let when = rule.when.text().to_owned();
            (rule.role.clone(), WrittenRule { when, mode: rule.mode, permits })
        });
        let nickname = seat
            .rules
            .nickname
            .as_ref()
            .map(|rule| WrittenNickname { template: rule.template.text().to_owned(), prefer: rule.prefer });
        let settings = settings_of(seat).map(|(name, value)| (name.to_owned(), value)).into();
        Self { roles: roles.collect(), nickname, settings }
    }

    /// As a revision stores it.
    pub(crate) fn to_text(&self) -> String {
        // Maps of texts can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From a revision; nothing, of one that cannot be read any more.
    pub(crate) fn from_text(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// A length of time as the settings file has it: `60m`.
fn span_words(span: Duration) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let seconds = span.as_secs();
    let whole = UNITS.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{seconds}s"), |(unit, letter)| format!("{}{letter}", seconds / unit))
}

fn settings_of(seat: &GuildSeat) -> [(&'static str, String); 11] {
    let (care, limits) = (&seat.care, &seat.care.limits);
    let share = |limit: Limit| format!("{} or {} %", limit.least, limit.percent);
    let changes = if limits.everything { "when asked" } else { "at once" };
    [
        ("sweep_every", span_words(seat.sweep_every)),
        ("changes", changes.to_owned()),
        ("overrides_last", span_words(care.overrides_last)),
        ("staff_channel", care.staff_channel.map_or_else(String::new, |channel| channel.to_string())),
        ("brake.removals", share(limits.removals)),
        ("brake.stripped", share(limits.stripped)),
        ("brake.nicknames", share(limits.nicknames)),
        ("brake.dangerous", limits.dangerous.to_string()),
        ("brake.shrink", share(limits.shrink)),
        ("tell.linked", care.tell_linked.to_string()),
        ("tell.removals", care.tell_removals.to_string()),
    ]
}
