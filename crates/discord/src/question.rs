//! A question as Discord sends it, and what is read out of it. (Discord docs: Interactions.)

use std::sync::Arc;

use domain::ids::{GuildId, PlanId, SourceName};
use domain::plan::Permissions;
use domain::situation::GuildPicture;
use serde::Deserialize;
use serde_json::Value;
use service::Asker;

use crate::commands::{COMMANDS, Call, ChoiceKind, Command};
use crate::powers::Powers;
use crate::press::{Press, Pressing};
use crate::rest::Ask;
use crate::view::Form;
use crate::wire::{Bits, Member, Snowflake, role_ids};

/// The longest text that is taken as a name, in characters.
const NAME_CHARS_MAX: usize = 100;

/// The longest text that a form takes, in characters.
pub(crate) const TYPED_CHARS_MAX: usize = 100;

const COMMAND: u8 = 2;
const COMPONENT: u8 = 3;
const SUBMIT: u8 = 5;

/// The flag of a message that only one person sees (Discord docs: Message Flags).
const EPHEMERAL: u64 = 1 << 6;

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
    message: Option<Pressed>,
}

/// The message whose button was pressed.
#[derive(Clone, Debug, Deserialize)]
struct Pressed {
    #[serde(default)]
    flags: u64,
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
    components: Vec<Typed>,
}

/// A component of a form that was sent. An input is inside a label or, as older clients send it, in a row; no form
/// of the hall has more than one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    custom_id: String,
    value: Option<String>,
    component: Option<Box<Typed>>,
    components: Vec<Typed>,
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
    /// A button, or the form that it opened.
    Button(Press, Pressing),
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

    /// What they want; `seen` is their guild as it is seen now, which says what they may do.
    pub(crate) fn wanted(&self, seen: Option<Arc<GuildPicture>>) -> Wanted {
        let Some((guild, member)) = self.member() else {
            return Wanted::Nothing("This works only in a server.");
        };
        let (user, username) = (member.user.id(), member.user.username.clone());
        let powers = Powers::new(user, self.permissions(), role_ids(&member.roles), seen);
        let asker = Asker { guild, user, username };
        let Some(data) = &self.data else { return Wanted::Nothing(UNKNOWN) };
        let press = || Press::read(&data.custom_id);
        match self.kind {
            COMMAND => match COMMANDS.iter().find(|command| command.name == data.name) {
                Some(command) => Wanted::Command(command, call(command, asker, powers, &data.options)),
                None => Wanted::Nothing(UNKNOWN),
            },
            COMPONENT => match press() {
                Some(press) => Wanted::Button(press, self.pressing(asker, powers, None)),
                None => Wanted::Nothing(UNKNOWN),
            },
            SUBMIT => match (press().filter(|press| press.form().is_some()), typed(&data.components)) {
                (Some(press), Some(typed)) => {
                    Wanted::Button(press, self.pressing(asker, powers, Some(typed)))
                }
                _ => Wanted::Nothing(UNKNOWN),
            },
            _ => Wanted::Nothing(UNKNOWN),
        }
    }

    fn permissions(&self) -> Permissions {
        Permissions(self.member.as_ref().map_or(0, |member| member.permissions.0))
    }

    fn pressing(&self, asker: Asker, powers: Powers, typed: Option<String>) -> Pressing {
        let flags = self.message.as_ref().map_or(0, |message| message.flags);
        Pressing { asker, powers, alone: flags & EPHEMERAL != 0, typed }
    }
}

fn call(command: &Command, asker: Asker, powers: Powers, given: &[Given]) -> Call {
    let mut call = Call {
        asker,
        powers,
        member: None,
        name: None,
        source: None,
        share: false,
        role: None,
        plan: None,
        count: None,
    };
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
            ChoiceKind::Role => call.role = text.and_then(|text| text.parse().ok()),
            ChoiceKind::Plan => call.plan = value.and_then(Value::as_i64).map(PlanId),
            ChoiceKind::Count => {
                let count = value.and_then(Value::as_u64);
                call.count = count.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
            }
        }
    }
    call
}

/// What was typed into the one input of a form, trimmed.
fn typed(components: &[Typed]) -> Option<String> {
    let [outer] = components else { return None };
    let input = match (&outer.component, outer.components.as_slice()) {
        (Some(input), []) => input,
        (None, [input]) => input,
        _ => return None,
    };
    let text = input.value.as_deref().filter(|_| input.custom_id == Form::INPUT)?.trim();
    (text.chars().count() <= TYPED_CHARS_MAX).then(|| text.to_owned())
}

/// What is answered to what nobody was offered.
pub(crate) const UNKNOWN: &str = "This is not known here any more; /help lists what is.";
