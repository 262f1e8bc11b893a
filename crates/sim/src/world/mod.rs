//! A world for stories: forums and guilds with named people, what they do, and what the outside saw.
//!
//! ```text
//! World::plan().forum("Harbor", |f| f.user("mira", |p| p.trust_level = 2))
//!     .guild("Harbor", |g| g.role("Regular").member("mira_d")).start()
//! ```
//!
//! Discord has a name of its own (`discord.localhost`), since cookies ignore ports; a forum is `127.0.0.1`,
//! which programs find without a resolver.

mod forum_person;
mod journal;
mod person;
mod plan;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use forum_person::ForumPerson;
pub use person::{Answered, NotSaid, Person};
pub use plan::{ForumPlan, GuildPlan, WorldPlan};

use crate::browser::Browser;
use crate::clock::Clock;
use crate::discord::{DiscordSim, Snowflake};
use crate::forum::ForumSim;
use crate::transcript::Names;
use journal::Journal;

/// A running world. Clones are the same one. When the last goes, everything that was said or written must have
/// been read with [`World::transcript`].
#[derive(Clone, Debug)]
pub struct World {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    clock: Clock,
    discord: DiscordSim,
    application: Snowflake,
    forums: Vec<(String, ForumSim)>,
    guilds: Vec<(String, Snowflake)>,
    journal: Mutex<Journal>,
    /// By person and what they call it.
    browsers: Mutex<BTreeMap<(String, String), Browser>>,
}

impl World {
    /// An empty plan of a world.
    pub fn plan() -> WorldPlan {
        WorldPlan::default()
    }

    /// The time that everything in it lives in.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Its Discord.
    pub fn discord_sim(&self) -> &DiscordSim {
        &self.inner.discord
    }

    /// The hall's application, and its bot.
    pub fn application(&self) -> Snowflake {
        self.inner.application
    }

    /// Its forums with their titles, in the order of the plan.
    pub fn forums(&self) -> &[(String, ForumSim)] {
        &self.inner.forums
    }

    /// Its guilds with their names, in the order of the plan.
    pub fn guilds(&self) -> &[(String, Snowflake)] {
        &self.inner.guilds
    }

    /// The first guild.
    pub fn guild(&self) -> Snowflake {
        self.inner.guilds.first().map(|(_, guild)| *guild).unwrap_or_default()
    }

    /// The person of that username on Discord; none who is not in the plan.
    pub fn discord(&self, username: &str) -> Option<Person> {
        let user = self.inner.discord.user_named(username)?;
        Some(Person::new(self.clone(), user, username))
    }

    /// The person of that username in the first forum; none who is not there.
    pub fn forum_person(&self, username: &str) -> Option<ForumPerson> {
        let (_, forum) = self.inner.forums.first()?;
        ForumPerson::named(forum, username)
    }

    /// What was said and written since this was asked last, a line each: commands with their answers, roles and
    /// nicknames with the reasons that Discord's audit log has, direct messages.
    pub fn transcript(&self) -> String {
        self.inner.look_outside();
        self.inner.journal().take().join("\n")
    }

    pub(in crate::world) fn browser(&self, person: &str, which: &str) -> Result<Browser, reqwest::Error> {
        let mut browsers = self.inner.browsers.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (person.to_owned(), which.to_owned());
        if let Some(browser) = browsers.get(&key) {
            return Ok(browser.clone());
        }
        let browser = Browser::new(self.inner.clock.clone())?;
        browsers.insert(key, browser.clone());
        Ok(browser)
    }

    pub(in crate::world) fn note(&self, lines: impl IntoIterator<Item = String>) {
        self.inner.journal().note(lines);
    }

    /// Brings what happened so far into the journal, so that what follows stands behind it.
    pub(in crate::world) fn look_outside(&self) {
        self.inner.look_outside();
    }

    pub(in crate::world) fn names(&self) -> Names {
        self.inner.names()
    }
}

impl Inner {
    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_outside(&self) {
        let guilds: Vec<Snowflake> = self.guilds.iter().map(|(_, guild)| *guild).collect();
        self.journal().look(&self.discord, &guilds, self.application, &self.names());
    }

    /// People by username, the hall's bot, guilds and roles by name.
    fn names(&self) -> Names {
        let people = self.discord.people().into_iter().map(|(id, username, _)| (id, username));
        let bot = std::iter::once((self.application, "the hall".to_owned()));
        let roles = self.guilds.iter().flat_map(|(_, guild)| self.discord.roles(*guild));
        let roles = roles.map(|(name, id)| (id, name));
        let guilds = self.guilds.iter().map(|(name, id)| (*id, format!("guild {name}")));
        people.chain(bot).chain(roles).chain(guilds).map(|(id, name)| (id.get(), name)).collect()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.look_outside();
        let unread = self.journal().take();
        assert!(
            unread.is_empty(),
            "this was said or written, and the story did not read it:\n{}",
            unread.join("\n")
        );
    }
}
