//! A person with a Discord client and a browser.

use serde_json::{Map, Value};
use thiserror::Error;

use super::World;
use crate::browser::{Browser, Page, Trouble};
use crate::discord::{Interaction, Reply, Snowflake};
use crate::transcript;

/// A person on Discord.
#[derive(Clone, Debug)]
pub struct Person {
    world: World,
    user: Snowflake,
    username: String,
}

/// A person who was answered: what they see, and can press.
#[derive(Clone, Debug)]
pub struct Answered {
    person: Person,
    reply: Reply,
    /// The message whose button was pressed.
    pressed: Option<Snowflake>,
}

/// What is not there to be done.
#[derive(Debug, Error)]
pub enum NotSaid {
    /// There is no such button.
    #[error("could not press \"{0}\": there is no such button; there is:\n{1}")]
    NoButton(String, String),
    /// There is no form to fill in.
    #[error("could not fill in a form: there is none; there is:\n{0}")]
    NoForm(String),
    /// There is no button with an address.
    #[error("could not open an address: there is none; there is:\n{0}")]
    NoAddress(String),
    /// There is no such person or role to be named in a command.
    #[error("could not name {0}: nobody is called that")]
    Nobody(String),
    /// There is nothing to read.
    #[error("could not read in {0}: the hall posted nothing there")]
    NoMessage(String),
    /// No browser.
    #[error("could not start a browser: {0}")]
    NoBrowser(#[from] reqwest::Error),
    /// The browser got no further.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl Person {
    pub(super) fn new(world: World, user: Snowflake, username: &str) -> Self {
        Self { world, user, username: username.to_owned() }
    }

    /// The account's id.
    pub fn user(&self) -> Snowflake {
        self.user
    }

    /// Names of the roles in the first guild, highest first.
    pub fn roles(&self) -> Vec<String> {
        self.world.discord_sim().roles_of(self.world.guild(), self.user)
    }

    /// The nickname in the first guild.
    pub fn nickname(&self) -> Option<String> {
        self.world.discord_sim().nick_of(self.world.guild(), self.user)
    }

    /// Their browser: the same one every time.
    pub fn browser(&self) -> Result<Browser, NotSaid> {
        self.other_browser("")
    }

    /// Another browser of theirs, by what they call it (`phone`): the same one every time.
    pub fn other_browser(&self, which: &str) -> Result<Browser, NotSaid> {
        Ok(self.world.browser(&self.username, which)?)
    }

    /// Types a command: `/profile name:mira share:true`; `@name` is a person, `&Name` a role.
    pub async fn runs(&self, command: &str) -> Result<Answered, NotSaid> {
        let mut words = command.trim_start_matches('/').split_whitespace();
        let name = words.next().unwrap_or_default().to_owned();
        let mut options = Map::new();
        for word in words {
            let (option, value) = word.split_once(':').unwrap_or((word, ""));
            options.insert(option.to_owned(), self.option(value)?);
        }
        let what = Interaction::Command { name, options: options.into() };
        Ok(self.does(format!("{} runs {command}", self.username), what).await)
    }

    /// Reads what the hall posted last in a channel of the first guild.
    pub fn reads(&self, channel: &str) -> Result<Answered, NotSaid> {
        self.world.look_outside();
        let (discord, guild) = (self.world.discord_sim(), self.world.guild());
        let mut posts = discord.posts(guild, self.world.application());
        posts.retain(|(name, _)| name == channel);
        let (_, message) = posts.pop().ok_or_else(|| NotSaid::NoMessage(channel.to_owned()))?;
        Ok(Answered { person: self.clone(), reply: Reply::of(message), pressed: None })
    }

    fn option(&self, value: &str) -> Result<Value, NotSaid> {
        match (value, value.strip_prefix('@')) {
            ("true", _) => Ok(true.into()),
            ("false", _) => Ok(false.into()),
            (role, None) if role.starts_with('&') => {
                let role = role.trim_start_matches('&');
                let known = self.world.discord_sim().role_named(self.world.guild(), role);
                Ok(known.ok_or_else(|| NotSaid::Nobody(role.to_owned()))?.to_string().into())
            }
            (_, Some(username)) => {
                let user = self.world.discord_sim().user_named(username);
                Ok(user.ok_or_else(|| NotSaid::Nobody(username.to_owned()))?.to_string().into())
            }
            _ => match value.parse::<u64>() {
                Ok(number) => Ok(number.into()),
                Err(_) => Ok(value.into()),
            },
        }
    }

    async fn does(&self, line: String, what: Interaction) -> Answered {
        self.world.look_outside();
        let pressed = match &what {
            Interaction::Button { message, .. } => Some(*message),
            Interaction::Modal { message, .. } => *message,
            _ => None,
        };
        let reply = self.world.discord_sim().interact(self.user, self.world.guild(), what).await;
        self.world.note([line]);
        self.world.note(transcript::reply(&reply, &self.world.names()));
        Answered { person: self.clone(), reply, pressed }
    }
}

impl Answered {
    /// The answer as the client has it.
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// Presses the button with that label.
    pub async fn presses(&self, label: &str) -> Result<Self, NotSaid> {
        self.is_pressed_by(&self.person, label).await
    }

    /// Somebody else presses it.
    pub async fn is_pressed_by(&self, person: &Person, label: &str) -> Result<Self, NotSaid> {
        let messages = self.reply.message.iter().chain(&self.reply.follow_ups);
        let found = messages
            .flat_map(|message| {
                let buttons = transcript::buttons(&message.components).into_iter();
                buttons.map(move |(words, custom_id)| (message.id, words, custom_id))
            })
            .find(|(_, words, _)| words == label);
        let Some((message, _, custom_id)) = found else {
            return Err(NotSaid::NoButton(label.to_owned(), self.reply.text()));
        };
        let what = Interaction::Button { message, custom_id };
        Ok(person.does(format!("{} presses [{label}]", person.username), what).await)
    }

    /// Fills in the one input of the form that was shown, and sends it.
    pub async fn types(&self, text: &str) -> Result<Self, NotSaid> {
        let person = &self.person;
        let form = self.reply.modal.as_ref().and_then(transcript::form);
        let Some((custom_id, input)) = form else {
            return Err(NotSaid::NoForm(self.reply.text()));
        };
        let fields = vec![(input, text.to_owned())];
        let what = Interaction::Modal { custom_id, fields, message: self.pressed };
        Ok(person.does(format!("{} types {text}", person.username), what).await)
    }

    /// The address of the first button that has one.
    pub fn address(&self) -> Result<String, NotSaid> {
        self.reply.links().into_iter().next().ok_or_else(|| NotSaid::NoAddress(self.reply.text()))
    }

    /// Opens that address in the person's browser.
    pub async fn opens_link(&self) -> Result<Page, NotSaid> {
        Ok(self.person.browser()?.opens(&self.address()?).await?)
    }
}
