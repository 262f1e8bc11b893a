//! The list of commands as Discord keeps it, written only where it differs.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use service::Hall;

use crate::commands::{COMMANDS, Choice, ChoiceKind, Command};
use crate::discord::Discord;
use crate::rest::Problem;

/// How long to wait for a Discord that does not answer.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// `CHAT_INPUT`, and the context in a guild.
const SLASH: u8 = 1;
const IN_A_GUILD: u8 = 0;

const TEXT: u8 = 3;
const WHOLE_NUMBER: u8 = 4;
const FLAG: u8 = 5;
const USER: u8 = 6;
const ROLE: u8 = 8;

/// A command as Discord keeps it, as far as the hall sets it.
///
/// Who sees a command is left to the server: `default_member_permissions` stays unset, so that Server Settings,
/// Integrations has the say and `/why` stays everybody's. Who may do what is checked when it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Registration {
    name: String,
    description: String,
    #[serde(rename = "type", default = "slash")]
    kind: u8,
    #[serde(default)]
    options: Vec<RegisteredChoice>,
    #[serde(default)]
    contexts: Option<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RegisteredChoice {
    name: String,
    description: String,
    #[serde(rename = "type")]
    kind: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    required: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    choices: Vec<RegisteredValue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RegisteredValue {
    name: String,
    value: String,
}

impl Discord {
    /// Registers the commands, unless Discord has them as they are; while it does not answer, tries again.
    pub(crate) async fn register_commands(&self, hall: &Hall) {
        let wanted = registrations(hall);
        loop {
            let wait = match self.replace_if_different(&wanted).await {
                Ok(true) => return tracing::info!("registered the commands"),
                Ok(false) => return tracing::debug!("the commands are registered as they are"),
                Err(Problem::Later { why, wait }) => {
                    tracing::warn!(why, "could not register the commands; trying again");
                    wait.unwrap_or_default().max(TRY_AGAIN_AFTER)
                }
                Err(problem) => return tracing::error!(?problem, "could not register the commands"),
            };
            self.inner.clock.sleep_until(self.inner.clock.now().after(wait)).await;
        }
    }

    async fn replace_if_different(&self, wanted: &[Registration]) -> Result<bool, Problem> {
        let mut registered = self.inner.rest.commands().await?;
        registered.sort_by(|one, other| one.name.cmp(&other.name));
        let mut sorted = wanted.to_vec();
        sorted.sort_by(|one, other| one.name.cmp(&other.name));
        if registered == sorted {
            return Ok(false);
        }
        self.inner.rest.replace_commands(wanted).await?;
        Ok(true)
    }
}

fn registrations(hall: &Hall) -> Vec<Registration> {
    let sources: Vec<&str> = hall.source_names().map(|(name, _)| name.as_str()).collect();
    COMMANDS.iter().map(|command| Registration::of(command, &sources)).collect()
}

impl Registration {
    /// A command as it is registered where these are the sources.
    pub(crate) fn of(command: &Command, sources: &[&str]) -> Self {
        let offered =
            command.options.iter().filter(|choice| choice.kind != ChoiceKind::Source || sources.len() > 1);
        Self {
            name: command.name.to_owned(),
            description: command.about.to_owned(),
            kind: SLASH,
            options: offered.map(|choice| RegisteredChoice::of(choice, sources)).collect(),
            contexts: Some(vec![IN_A_GUILD]),
        }
    }
}

impl RegisteredChoice {
    fn of(choice: &Choice, sources: &[&str]) -> Self {
        let (kind, choices) = match choice.kind {
            ChoiceKind::Member => (USER, &[][..]),
            ChoiceKind::Name => (TEXT, &[][..]),
            ChoiceKind::Share => (FLAG, &[][..]),
            ChoiceKind::Source => (TEXT, sources),
            ChoiceKind::Role => (ROLE, &[][..]),
            ChoiceKind::Plan | ChoiceKind::Count => (WHOLE_NUMBER, &[][..]),
        };
        let value = |name: &&str| RegisteredValue { name: (*name).to_owned(), value: (*name).to_owned() };
        Self {
            name: choice.name.to_owned(),
            description: choice.about.to_owned(),
            kind,
            required: choice.needed,
            choices: choices.iter().map(value).collect(),
        }
    }
}

fn slash() -> u8 {
    SLASH
}
