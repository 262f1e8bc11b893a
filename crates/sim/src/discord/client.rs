//! The simulated Discord client: what a person does with an application, and what that person then sees.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::DiscordSim;
use super::acts::Use;
use super::ids::Snowflake;
use super::model::{Application, Asked, Command, First, Message, flag};
use super::permissions::{bits, in_guild};
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
    /// Does something in the guild's first channel as that person, and gives what the person sees once
    /// the application has answered: within three seconds, or not at all; a deferred answer is awaited.
    pub async fn interact(&self, user: Snowflake, guild: Snowflake, what: Interaction) -> Reply {
        let channel = self.shared.read(|state| state.channels_of(guild).first().map(|channel| channel.id));
        match channel {
            Some(channel) => self.interact_in(user, channel, what).await,
            None => Reply::problem("There is no channel."),
        }
    }

    /// The same in a channel of one's choice, a direct line among them.
    pub async fn interact_in(&self, user: Snowflake, channel: Snowflake, what: Interaction) -> Reply {
        let begun = self.shared.act(|state| {
            let what = prepared(state, user, channel, what)?;
            state.begin(what).map_err(|refusal| refusal.message.to_owned())
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

fn prepared(state: &State, user: Snowflake, channel: Snowflake, what: Interaction) -> Result<Use, String> {
    state.visible_channel(channel, user).map_err(|_| "You do not see that channel.".to_owned())?;
    let (asked, application, data, source) = match what {
        Interaction::Command { name, options } => {
            let (application, command) = usable(state, user, channel, &name)?;
            (Asked::Command, application.id, command_data(state, channel, command, &options, None)?, None)
        }
        Interaction::Autocomplete { name, options, focused } => {
            let (application, command) = usable(state, user, channel, &name)?;
            let data = command_data(state, channel, command, &options, Some(&focused))?;
            (Asked::Autocomplete, application.id, data, None)
        }
        Interaction::Button { message, custom_id } => {
            let (application, component) = pressable(state, message, &custom_id)?;
            let data = json!({ "custom_id": custom_id, "component_type": 2, "id": component.get("id") });
            (Asked::Component, application, data, Some(message))
        }
        Interaction::Select { message, custom_id, values } => {
            let (application, component) = pressable(state, message, &custom_id)?;
            let kind = component.get("type").cloned().unwrap_or_default();
            let data = json!({ "custom_id": custom_id, "component_type": kind, "id": component.get("id"),
                "values": values, "resolved": resolved(state, channel, &values) });
            (Asked::Component, application, data, Some(message))
        }
        Interaction::Modal { custom_id, fields, message } => {
            let shown = state.interactions.values().rev().find(|found| {
                let Some((First::Modal(modal), _)) = &found.first else { return false };
                found.user == user && modal.get("custom_id").and_then(Value::as_str) == Some(&custom_id)
            });
            let application = shown.ok_or("No such form is open.")?.application;
            let rows: Vec<Value> = fields
                .iter()
                .zip(1..)
                .map(|((id, value), number)| {
                    let input = json!({ "type": 4, "custom_id": id, "value": value, "id": number * 2 });
                    json!({ "type": 1, "id": number * 2 - 1, "components": [input] })
                })
                .collect();
            (Asked::Modal, application, json!({ "custom_id": custom_id, "components": rows }), message)
        }
    };
    Ok(Use { asked, application, channel, user, data, source })
}

/// The command that the client would offer under that name: the guild's own before the one for all.
fn usable<'a>(
    state: &'a State,
    user: Snowflake,
    channel: Snowflake,
    name: &str,
) -> Result<(&'a Application, &'a Command), String> {
    let guild = state.channel(channel).ok().and_then(|channel| channel.guild());
    let here =
        |application: &&Application| guild.is_none_or(|guild| state.member(guild, application.bot).is_ok());
    let all = state.applications.values().filter(here);
    let mut found: Vec<(&Application, &Command)> = all
        .flat_map(|application| application.commands.iter().map(move |command| (application, command)))
        .filter(|(_, command)| command.kind == 1 && command.name == name)
        .filter(|(_, command)| command.guild.is_none() || command.guild == guild)
        .collect();
    found.sort_by_key(|(_, command)| command.guild.is_none());
    let (application, command) = *found.first().ok_or_else(|| format!("There is no command /{name}."))?;
    let held = guild
        .and_then(|id| state.guilds.get(&id))
        .map_or(bits::ALL, |guild| in_guild(guild, user, state.now_ms()));
    let needed = command.shown.get("default_member_permissions").and_then(Value::as_str);
    let shown = match needed.and_then(|needed| needed.parse::<u64>().ok()) {
        None => held & bits::USE_APPLICATION_COMMANDS != 0,
        Some(0) => held & bits::ADMINISTRATOR != 0,
        Some(needed) => held & needed == needed,
    };
    if shown { Ok((application, command)) } else { Err(format!("You do not see the command /{name}.")) }
}

fn command_data(
    state: &State,
    channel: Snowflake,
    command: &Command,
    given: &Value,
    focused: Option<&str>,
) -> Result<Value, String> {
    let known = command.shown.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut named = Vec::new();
    let options = options(known, given, focused, &mut named)?;
    let mut data =
        json!({ "id": command.id, "name": command.name, "type": command.kind, "options": options });
    if let Some(fields) = data.as_object_mut() {
        if options.is_empty() {
            fields.remove("options");
        }
        if let Some(guild) = command.guild {
            fields.insert("guild_id".into(), guild.to_string().into());
        }
        if !named.is_empty() {
            fields.insert("resolved".into(), resolved(state, channel, &named));
        }
    }
    Ok(data)
}

/// The given options with their types; ids of users, roles and channels are gathered in `named`.
fn options(
    known: &[Value],
    given: &Value,
    focused: Option<&str>,
    named: &mut Vec<String>,
) -> Result<Vec<Value>, String> {
    let empty = Map::new();
    let given = given.as_object().unwrap_or(&empty);
    let mut list = Vec::new();
    for option in known {
        let name = option.get("name").and_then(Value::as_str).unwrap_or_default();
        let kind = option.get("type").and_then(Value::as_u64).unwrap_or(0);
        let Some(value) = given.get(name) else {
            if option.get("required").and_then(Value::as_bool) == Some(true) && focused.is_none() {
                return Err(format!("The option {name} is required."));
            }
            continue;
        };
        if matches!(kind, 1 | 2) {
            let inside =
                option.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let inside = options(inside, value, focused, named)?;
            list.push(json!({ "name": name, "type": kind, "options": inside }));
            continue;
        }
        let value = if matches!(kind, 3 | 6..=9 | 11) { json!(plain(value)) } else { value.clone() };
        if matches!(kind, 6..=9) {
            named.push(plain(&value));
        }
        let mut row = json!({ "name": name, "type": kind, "value": value });
        if let (true, Some(fields)) = (focused == Some(name), row.as_object_mut()) {
            fields.insert("focused".into(), true.into());
        }
        list.push(row);
    }
    match given
        .keys()
        .find(|name| !known.iter().any(|option| option.get("name").and_then(Value::as_str) == Some(name)))
    {
        Some(name) => Err(format!("There is no option {name}.")),
        None => Ok(list),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), Into::into)
}

/// Users, members, roles and channels that were named, in full.
fn resolved(state: &State, channel: Snowflake, named: &[String]) -> Value {
    let guild = state.channel(channel).ok().and_then(|channel| channel.guild());
    let mut parts: [Map<String, Value>; 4] = Default::default();
    let [users, members, roles, channels] = &mut parts;
    for id in named.iter().filter_map(|text| text.parse::<Snowflake>().ok()) {
        if let Ok(user) = state.user(id) {
            users.insert(id.to_string(), user.json());
        }
        let Some(guild) = guild else { continue };
        if let (Ok(member), Ok(known)) = (state.member(guild, id), state.guild(guild)) {
            let mut member = member.bare_json();
            if let Some(fields) = member.as_object_mut() {
                fields.insert("permissions".into(), in_guild(known, id, state.now_ms()).to_string().into());
            }
            members.insert(id.to_string(), member);
        }
        if let Ok(role) = state.role(guild, id) {
            roles.insert(id.to_string(), role.json());
        }
        if let Ok(channel) = state.channel(id) {
            channels.insert(id.to_string(), channel.guild_json(guild));
        }
    }
    let names = ["users", "members", "roles", "channels"].into_iter().map(String::from);
    let parts = names.zip(parts).filter(|(_, part)| !part.is_empty());
    Value::Object(parts.map(|(name, part)| (name, Value::Object(part))).collect())
}

/// The application behind a message's component, unless it is disabled.
fn pressable(state: &State, message: Snowflake, custom_id: &str) -> Result<(Snowflake, Value), String> {
    let message = state.messages.get(&message).ok_or("There is no such message.")?;
    let all = all_components(&message.components);
    let found = all.into_iter().find(|one| one.get("custom_id").and_then(Value::as_str) == Some(custom_id));
    let component = found.ok_or_else(|| format!("There is no {custom_id} to press."))?;
    if component.get("disabled").and_then(Value::as_bool) == Some(true) {
        return Err(format!("{custom_id} is disabled."));
    }
    let application = state.applications.values().find(|application| application.bot == message.author);
    Ok((application.ok_or("No application made that message.")?.id, component.clone()))
}

fn all_components(components: &[Value]) -> Vec<&Value> {
    let mut all = Vec::new();
    for component in components {
        all.push(component);
        if let Some(inside) = component.get("components").and_then(Value::as_array) {
            all.extend(all_components(inside));
        }
        all.extend(component.get("accessory"));
    }
    all
}

fn embed_texts(embed: &Value) -> Vec<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(String::from);
    let fields = embed.get("fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let fields = fields.iter().flat_map(|field| [text(field.get("name")), text(field.get("value"))]);
    let ends = [text(embed.get("title")), text(embed.get("description"))];
    ends.into_iter().chain(fields).flatten().collect()
}
