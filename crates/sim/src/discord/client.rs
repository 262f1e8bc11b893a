//! The simulated Discord client: what a person does with an application, and what that person then sees.

use serde::Serialize;
use serde_json::Value;

use super::DiscordSim;
use super::asking::{all_components, prepared};
use super::ids::Snowflake;
use super::model::{First, Message, flag};
use super::state::State;

/// How long the client waits for a deferred answer, in milliseconds of the simulated clock.
const DEFERRED_MS: i64 = 60_000;

/// What a person does.
#[derive(Clone, Debug)]
pub enum Interaction {
    /// Runs a slash command. Options are an object by name; a subcommand is an object in it.
    Command {
        /// Without the slash.
        name: String,
        /// `{"member": "123"}`, `{"set": {"key": "a"}}`, or null.
        options: Value,
    },
    /// Types into an option that has suggestions.
    Autocomplete {
        /// Without the slash.
        name: String,
        /// What is filled in so far, the one being typed included.
        options: Value,
        /// The option being typed.
        focused: String,
    },
    /// Presses a button.
    Button {
        /// The message it belongs to.
        message: Snowflake,
        /// Which one.
        custom_id: String,
    },
    /// Chooses in a menu.
    Select {
        /// The message it belongs to.
        message: Snowflake,
        /// Which one.
        custom_id: String,
        /// What was chosen.
        values: Vec<String>,
    },
    /// Sends a form that was shown.
    Modal {
        /// Of the form.
        custom_id: String,
        /// Texts by the inputs' custom ids.
        fields: Vec<(String, String)>,
        /// The message whose component opened it.
        message: Option<Snowflake>,
    },
}

impl Interaction {
    /// The message it is about.
    fn message(&self) -> Option<Snowflake> {
        match self {
            Self::Button { message, .. } | Self::Select { message, .. } => Some(*message),
            Self::Modal { message, .. } => *message,
            Self::Command { .. } | Self::Autocomplete { .. } => None,
        }
    }
}

/// A message as one person sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// Its id, to press its buttons.
    pub id: Snowflake,
    /// Its text.
    pub content: String,
    /// Its embeds as they were sent.
    pub embeds: Vec<Value>,
    /// Its components as they were sent.
    pub components: Vec<Value>,
    /// Nobody else sees it.
    pub ephemeral: bool,
    /// Still "thinking…".
    pub loading: bool,
}

/// What the person sees after an interaction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reply {
    /// The interaction, to look again later with [`DiscordSim::reply`].
    pub interaction: Option<Snowflake>,
    /// Milliseconds until the first answer; none when there was none in time.
    pub answered_after_ms: Option<i64>,
    /// "The application did not respond", or why the client would not even ask.
    pub problem: Option<String>,
    /// Whether the answer came late, after "thinking…".
    pub deferred: bool,
    /// The answer, or the message that was changed.
    pub message: Option<Seen>,
    /// Further messages.
    pub follow_ups: Vec<Seen>,
    /// Suggestions.
    pub choices: Vec<Value>,
    /// A form to fill in.
    pub modal: Option<Value>,
}

impl Reply {
    fn problem(text: impl Into<String>) -> Self {
        Self {
            interaction: None,
            answered_after_ms: None,
            problem: Some(text.into()),
            deferred: false,
            message: None,
            follow_ups: Vec::new(),
            choices: Vec::new(),
            modal: None,
        }
    }

    /// What somebody sees of a message that answers nobody.
    pub(crate) fn of(message: Seen) -> Self {
        Self { problem: None, message: Some(message), ..Self::problem("") }
    }

    /// The text of the answer, and of its embeds: for comparing by eye.
    pub fn text(&self) -> String {
        let messages = self.message.iter().chain(&self.follow_ups);
        let lines = messages.flat_map(|message| {
            let embeds = message.embeds.iter().flat_map(embed_texts);
            std::iter::once(message.content.clone()).chain(embeds)
        });
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).chain(self.problem.clone()).collect();
        lines.join("\n")
    }

    /// Addresses of all link buttons.
    pub fn links(&self) -> Vec<String> {
        let messages = self.message.iter().chain(&self.follow_ups);
        let inside = messages.flat_map(|message| all_components(&message.components));
        inside.filter_map(|button| button.get("url")?.as_str().map(Into::into)).collect()
    }
}

impl DiscordSim {
    /// Does something as that person, in the channel of the message that it is about, else in the guild's first
    /// channel, and gives what the person sees once the application has answered: within three seconds, or not at
    /// all; a deferred answer is awaited.
    pub async fn interact(&self, user: Snowflake, guild: Snowflake, what: Interaction) -> Reply {
        let channel = self.shared.read(|state| {
            let of_message = what.message().and_then(|id| state.messages.get(&id)).map(|found| found.channel);
            of_message.or_else(|| state.channels_of(guild).first().map(|channel| channel.id))
        });
        match channel {
            Some(channel) => self.interact_in(user, channel, what).await,
            None => Reply::problem("There is no channel."),
        }
    }

    /// The same in a channel of one's choice, a direct line among them.
    pub async fn interact_in(&self, user: Snowflake, channel: Snowflake, what: Interaction) -> Reply {
        let begun = self.shared.act(|state| {
            let what = prepared(state, user, channel, what)?;
            state.begin(&what).map_err(|refusal| refusal.message.to_owned())
        });
        let id = match begun {
            Ok(id) => id,
            Err(problem) => return Reply::problem(problem),
        };
        let asked_at_ms = self.clock.now_ms();
        let first = |state: &State| state.interactions.get(&id)?.first.as_ref().map(|_| ());
        if self.shared.wait(asked_at_ms + super::acts::FIRST_ANSWER_MS, first).await.is_none() {
            return Reply { interaction: Some(id), ..Reply::problem("The application did not respond") };
        }
        let whole = |state: &State| state.interactions.get(&id).filter(|found| !found.waiting).map(|_| ());
        // A late answer is shown as it is then: still thinking.
        let _ = self.shared.wait(asked_at_ms + DEFERRED_MS, whole).await;
        self.reply(id).unwrap_or_else(|| Reply::problem("The interaction is gone."))
    }

    /// What the person sees of an interaction now.
    pub fn reply(&self, interaction: Snowflake) -> Option<Reply> {
        self.shared.read(|state| {
            let found = state.interactions.get(&interaction)?;
            let seen = |id: &Snowflake| state.messages.get(id).map(seen);
            let (first, at_ms) = found.first.as_ref()?;
            let (choices, modal) = match first {
                First::Choices(choices) => (choices.clone(), None),
                First::Modal(modal) => (Vec::new(), Some(modal.clone())),
                First::Message | First::Update => (Vec::new(), None),
            };
            Some(Reply {
                interaction: Some(interaction),
                answered_after_ms: Some(at_ms - found.asked_at_ms),
                problem: None,
                deferred: found.deferred,
                message: found.original.as_ref().and_then(seen),
                follow_ups: found.follow_ups.iter().filter_map(seen).collect(),
                choices,
                modal,
            })
        })
    }
}

pub(super) fn seen(message: &Message) -> Seen {
    Seen {
        id: message.id,
        content: message.content.clone(),
        embeds: message.embeds.clone(),
        components: message.components.clone(),
        ephemeral: message.is(flag::EPHEMERAL),
        loading: message.is(flag::LOADING),
    }
}

fn embed_texts(embed: &Value) -> Vec<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(String::from);
    let fields = embed.get("fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let fields = fields.iter().flat_map(|field| [text(field.get("name")), text(field.get("value"))]);
    let ends = [text(embed.get("title")), text(embed.get("description"))];
    ends.into_iter().chain(fields).flatten().collect()
}
