//! A question as Discord sends it, and what is read out of it. (Discord docs: Interactions.)

use domain::ids::{GuildId, SourceName};
use domain::plan::Permissions;
use serde::Deserialize;
use serde_json::Value;
use service::Asker;

use crate::commands::{COMMANDS, Call, ChoiceKind, Command};
use crate::press::Press;
use crate::rest::Ask;
use crate::wire::{Bits, Member, Snowflake};

/// The longest text that is taken as a name, in characters.
const NAME_CHARS_MAX: usize = 100;

const COMMAND: u8 = 2;
const COMPONENT: u8 = 3;

/// A question.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Interaction {
    id: Snowflake,
    token: String,
    #[serde(rename = "type")]
    kind: u8,
    guild_id: Option<Snowflake>,
    member: Option<AskingMember>,
    data: Option<Data>,
}

#[derive(Clone, Debug, Deserialize)]
struct AskingMember {
    #[serde(flatten)]
    member: Member,
    #[serde(default)]
    permissions: Bits,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Data {
    name: String,
    custom_id: String,
    options: Vec<Given>,
}

#[derive(Clone, Debug, Deserialize)]
struct Given {
    name: String,
    value: Option<Value>,
}

/// What somebody wants.
pub(crate) enum Wanted {
    /// A command.
    Command(&'static Command, Call),
    /// A button.
    Button(Press, Asker),
    /// Nothing that can be done here, in words for them.
    Nothing(&'static str),
}

impl Interaction {
    /// Where the answer goes.
    pub(crate) fn ask(&self) -> Ask {
        Ask { id: self.id.0, token: self.token.clone() }
    }

    /// A number to find it by in the log.
    pub(crate) fn incident(&self) -> String {
        format!("{:08x}", self.id.0 & 0xffff_ffff)
    }

    /// The asker as a member of the guild, as Discord has them at this moment.
    pub(crate) fn member(&self) -> Option<(GuildId, &Member)> {
        Some((GuildId(self.guild_id?.0), &self.member.as_ref()?.member))
    }

    /// What they want.
    pub(crate) fn wanted(&self) -> Wanted {
        let Some((guild, member)) = self.member() else {
            return Wanted::Nothing("This works only in a server.");
        };
        let (user, username) = (member.user.id(), member.user.username.clone());
        let asker = Asker { guild, user, username };
        let Some(data) = &self.data else { return Wanted::Nothing(UNKNOWN) };
        match self.kind {
            COMMAND => match COMMANDS.iter().find(|command| command.name == data.name) {
                Some(command) => Wanted::Command(command, self.call(command, asker, &data.options)),
                None => Wanted::Nothing(UNKNOWN),
            },
            COMPONENT => match Press::read(&data.custom_id) {
                Some(press) => Wanted::Button(press, asker),
                None => Wanted::Nothing(UNKNOWN),
            },
            _ => Wanted::Nothing(UNKNOWN),
        }
    }

    fn call(&self, command: &Command, asker: Asker, given: &[Given]) -> Call {
        let permissions = self.member.as_ref().map_or(0, |member| member.permissions.0);
        let manages_roles = Permissions(permissions).holds(Permissions::MANAGE_ROLES);
        let mut call = Call { asker, manages_roles, member: None, name: None, source: None, share: false };
        for choice in command.options {
            let value =
                given.iter().find(|given| given.name == choice.name).and_then(|given| given.value.as_ref());
            let text = value.and_then(Value::as_str);
            match choice.kind {
                ChoiceKind::Member => call.member = text.and_then(|text| text.parse().ok()),
                ChoiceKind::Name => {
                    let name = text.map(|text| text.trim().trim_start_matches('@'));
                    call.name = name.map(|name| name.chars().take(NAME_CHARS_MAX).collect());
                }
                ChoiceKind::Share => call.share = value.and_then(Value::as_bool).unwrap_or_default(),
                ChoiceKind::Source => call.source = text.and_then(SourceName::new),
            }
        }
        call
    }
}

const UNKNOWN: &str = "This is not known here any more; /help lists what is.";
