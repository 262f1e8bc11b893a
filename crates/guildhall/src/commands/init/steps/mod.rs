//! The steps of the first evening: one file a subject, one line a step in [`STEPS`].

mod address;
mod discord;
pub(super) mod finish;
mod first_plan;
mod forum;
mod pick;
mod roles;
mod webhook;

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret, SecretString};
use service::checkup::{Check, Verdict};
use service::ports::{Clock, Entropy};
use toml::Value;
use url::Url;

use super::draft::{Draft, Key};
use super::terminal::{Left, Terminal};
use crate::clock::{MachineClock, MachineEntropy};

/// Where the hall listens when nothing else is said.
const LISTEN: &str = "127.0.0.1:8080";
/// What an owner's only forum is called in rules.
const FORUM: &str = "forum";
/// Whose name the key is used in when nothing else is said.
const SYSTEM: &str = "system";

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Not answered yet.
    ToDo,
    /// Not answered, and it need not be.
    Optional,
    /// Answered before, and not tried since.
    Kept(String),
    /// Tried, and right.
    Done(String),
    /// Tried, and something is in the way.
    Wrong(String),
}

impl State {
    /// The word in the menu.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::ToDo => "to do",
            Self::Optional => "optional",
            Self::Kept(_) => "answered",
            Self::Done(_) => "done",
            Self::Wrong(_) => "not yet",
        }
    }

    /// What was answered, as far as it may be shown.
    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Self::ToDo | Self::Optional => None,
            Self::Kept(words) | Self::Done(words) | Self::Wrong(words) => {
                Some(words.as_str()).filter(|words| !words.is_empty())
            }
        }
    }

    /// Whether the owner may go on to the next.
    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Kept(_) | Self::Optional)
    }
}

type Asked<'a> = Pin<Box<dyn Future<Output = Result<(), Left>> + 'a>>;

/// One step.
pub(super) struct Step {
    /// What it is about, as the menu shows it.
    pub(super) title: &'static str,
    pub(super) state: fn(&Session) -> State,
    pub(super) run: for<'a> fn(&'a mut Session) -> Asked<'a>,
}

/// All steps, in the order in which they are easiest.
pub(super) const STEPS: &[Step] = &[
    address::STEP,
    discord::BOT,
    discord::SIGN_IN,
    discord::SERVER,
    forum::ADDRESS,
    forum::KEY,
    forum::CONNECT,
    webhook::STEP,
    roles::ROLES,
    roles::NICKNAMES,
];

/// An owner at a terminal, and what they answered.
pub(super) struct Session {
    pub(super) draft: Draft,
    terminal: Terminal,
    /// What trying each answer gave, by the setting it belongs to.
    tried: BTreeMap<&'static str, Verdict>,
}

impl Session {
    pub(super) fn new(draft: Draft, terminal: Terminal) -> Self {
        Self { draft, terminal, tried: BTreeMap::new() }
    }

    pub(super) fn say(&self, text: &str) -> io::Result<()> {
        self.terminal.say(text)
    }

    pub(super) async fn ask(&mut self, question: &str) -> Result<String, Left> {
        self.terminal.ask(question).await
    }

    /// Asks for a text; the one that was kept before stands in brackets and is taken for an empty answer.
    async fn ask_again(&mut self, question: &str, key: Key, otherwise: &str) -> Result<String, Left> {
        let before = self.draft.text(key).unwrap_or(otherwise).to_owned();
        let question =
            if before.is_empty() { format!("{question}: ") } else { format!("{question} [{before}]: ") };
        let answer = self.ask(&question).await?;
        Ok(if answer.is_empty() { before } else { answer })
    }

    /// Asks for a secret, which is on trial then. An empty answer tries the one that was kept before; without one
    /// it leaves the step, and so does `s`.
    async fn ask_secret(&mut self, question: &str, key: Key) -> Result<Option<SecretString>, Left> {
        let known = self.draft.secret(key);
        let brackets = if known.is_some() {
            " [Enter tries the one that is kept, s leaves this step]"
        } else {
            " (it is not shown; Enter leaves this step)"
        };
        let answer = self.terminal.ask_secret(&format!("{question}{brackets}: ")).await?;
        match answer.expose_secret() {
            "" => Ok(known),
            "s" => Ok(None),
            _ => {
                self.draft.tries(key, answer.clone());
                Ok(Some(answer))
            }
        }
    }

    /// Keeps the secret on trial where it works; says why not, when the settings refuse it.
    fn settles(&mut self, key: Key, works: bool) -> io::Result<bool> {
        match self.draft.settles(key, works) {
            Ok(()) => Ok(works),
            Err(why) => {
                self.say(&why)?;
                Ok(false)
            }
        }
    }

    /// Whether to look once more, after something was put right elsewhere.
    async fn again(&mut self) -> Result<bool, Left> {
        let answer = self.ask("Enter to look again, s to leave it for later: ").await?;
        Ok(answer.is_empty())
    }

    /// Keeps an address as people type it; says what to type instead.
    fn keep_address(&mut self, key: Key, typed: &str, example: &str) -> io::Result<bool> {
        let is_address = |text: &str| {
            text.parse::<Url>().is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        };
        let typed = typed.trim_end_matches('/');
        if is_address(typed) {
            return self.keep(key, typed);
        }
        let whole = format!("https://{typed}");
        let instead = if typed.contains('.') && is_address(&whole) { &whole } else { example };
        self.say(&format!("“{typed}” is no whole address. Type it as in your browser, such as {instead}"))?;
        Ok(false)
    }

    /// Keeps an answer; says why not, when the settings refuse it.
    fn keep(&mut self, key: Key, value: impl Into<Value>) -> io::Result<bool> {
        match self.draft.keep(key, value.into()) {
            Ok(()) => Ok(true),
            Err(why) => {
                self.say(&why)?;
                Ok(false)
            }
        }
    }

    /// Notes how far a step is where no check says so.
    fn notes(&mut self, step: &'static str, verdict: Verdict) {
        self.tried.insert(step, verdict);
    }

    /// Shows what was found, remembers the worst of it for a step, and says whether it works.
    fn shows(&mut self, step: &'static str, checks: &[Check]) -> io::Result<bool> {
        for check in checks {
            self.say(&said_here(&check.to_string()))?;
        }
        Ok(self.weighs(step, checks) != Verdict::Broken)
    }

    /// Remembers the worst of what was found for a step.
    fn weighs(&mut self, step: &'static str, checks: &[Check]) -> Verdict {
        let worst = checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Ok);
        self.tried.insert(step, worst);
        worst
    }

    /// Tries once more what was answered on another day, so that the menu knows what is in the way.
    pub(super) async fn looks(&mut self) -> Result<(), Left> {
        let answered = [Key::PUBLIC_ADDRESS, Key::APPLICATION_ID, Key::FORUM_ADDRESS];
        if answered.iter().all(|key| self.draft.value(*key).is_none()) {
            return Ok(());
        }
        self.say("\nLooking at what you answered before …")?;
        address::looks(self).await;
        discord::looks(self).await?;
        forum::looks(self).await
    }

    /// How far a step is: `words` of the answer, if there is one.
    fn state(&self, step: &'static str, words: Option<String>) -> State {
        match (words, self.tried.get(step)) {
            (None, _) => State::ToDo,
            (Some(words), None | Some(Verdict::NotTried)) => State::Kept(words),
            (Some(words), Some(Verdict::Broken)) => State::Wrong(words),
            (Some(words), Some(_)) => State::Done(words),
        }
    }

    /// A secret made up for two sides to share, kept at once; the one that is there already, if there is one.
    fn shared_secret(&mut self, key: Key) -> io::Result<Option<SecretString>> {
        if let Some(known) = self.draft.secret(key) {
            return Ok(Some(known));
        }
        let made = SecretString::from(HEXLOWER.encode(&MachineEntropy.bytes()));
        match self.draft.keep_secret(key, &made) {
            Ok(()) => Ok(Some(made)),
            Err(why) => {
                self.say(&why)?;
                Ok(None)
            }
        }
    }

    /// The hall's address, or what has to be answered first.
    fn public_address(&self) -> io::Result<Option<Url>> {
        let address = self.draft.address(Key::PUBLIC_ADDRESS);
        if address.is_none() {
            self.say("The hall's address has to be known first: step 1.")?;
        }
        Ok(address)
    }

    fn listen(&self) -> Option<SocketAddr> {
        self.draft.text(Key("hall", "listen")).unwrap_or(LISTEN).parse().ok()
    }
}

/// What the doctor says of settings, as it reads where they are asked for.
const SAID_HERE: &[(&str, &str)] = &[
    ("put the new token where bot_token points", "paste the new token here"),
    ("put the new one where client_secret points", "paste the new one here"),
    ("Put the key where api_key points", "Paste the key here"),
    ("the one where webhook_secret points", "the one that is shown here"),
    ("the secret that stands where connect_secret points", "the secret that is shown here"),
];

fn said_here(words: &str) -> String {
    SAID_HERE.iter().fold(words.to_owned(), |words, (there, here)| words.replace(there, here))
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(MachineClock)
}
