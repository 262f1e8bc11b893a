//! People in stories: what they do either works, or the story has failed.

use sim::browser::{Browser, Page};
use sim::discord::Seen;
use sim::world::{Answered, ForumPerson, Person, World};

/// The password of everybody in the forum.
const PASSWORD: &str = "correct horse battery 9";

/// A person on Discord.
pub(crate) fn person(world: &World, username: &str) -> Someone {
    Someone { person: world.discord(username).unwrap(), username: username.to_owned() }
}

/// A person in the first forum.
pub(crate) fn forum_person(world: &World, username: &str) -> ForumPerson {
    world.forum_person(username).unwrap()
}

/// A person on Discord with browsers.
pub(crate) struct Someone {
    pub(crate) person: Person,
    username: String,
}

impl Someone {
    /// Types a command and waits for the answer.
    pub(crate) async fn runs(&self, command: &str) -> Heard {
        Heard(self.person.runs(command).await.unwrap())
    }

    /// Reads what the hall posted last in a channel.
    pub(crate) fn reads(&self, channel: &str) -> Heard {
        Heard(self.person.reads(channel).unwrap())
    }

    /// Links with an account of the forum, by password, all the way.
    pub(crate) async fn links_with(&self, forum_name: &str) -> Window {
        let login = self.reaches_the_forum().await;
        login.signs_in(forum_name).await.presses("Link my accounts").await
    }

    /// Goes as far as the forum's sign-in.
    pub(crate) async fn reaches_the_forum(&self) -> Window {
        self.runs("/link").await.opens_link().await.signs_in_to_discord(&self.username).await
    }

    /// Their browser.
    pub(crate) fn browser(&self) -> Browser {
        self.person.browser().unwrap()
    }

    /// Another browser of theirs.
    pub(crate) fn other_browser(&self, which: &str) -> Browser {
        self.person.other_browser(which).unwrap()
    }

    /// Names of their roles, highest first.
    pub(crate) fn roles(&self) -> Vec<String> {
        self.person.roles()
    }

    /// Their nickname.
    pub(crate) fn nickname(&self) -> Option<String> {
        self.person.nickname()
    }
}

/// Somebody who was answered.
pub(crate) struct Heard(Answered);

impl Heard {
    /// Presses a button.
    pub(crate) async fn presses(&self, label: &str) -> Heard {
        Heard(self.0.presses(label).await.unwrap())
    }

    /// Somebody else presses it.
    pub(crate) async fn is_pressed_by(&self, other: &Someone, label: &str) -> Heard {
        Heard(self.0.is_pressed_by(&other.person, label).await.unwrap())
    }

    /// Fills in the form that a button opened, and sends it.
    pub(crate) async fn types(&self, text: &str) -> Heard {
        Heard(self.0.types(text).await.unwrap())
    }

    /// The address that came with it.
    pub(crate) fn address(&self) -> String {
        self.0.address().unwrap()
    }

    /// Opens that address in the asker's browser.
    pub(crate) async fn opens_link(&self) -> Window {
        Window(self.0.opens_link().await.unwrap())
    }

    /// What they read.
    pub(crate) fn text(&self) -> String {
        self.0.reply().text()
    }

    /// The message itself.
    pub(crate) fn message(&self) -> Seen {
        self.0.reply().message.clone().unwrap()
    }

    /// Milliseconds until the first answer.
    pub(crate) fn answered_after_ms(&self) -> Option<i64> {
        self.0.reply().answered_after_ms
    }
}

/// Opens an address in a browser.
pub(crate) async fn opens(browser: &Browser, address: &str) -> Window {
    Window(browser.opens(address).await.unwrap())
}

/// A page in somebody's browser.
#[derive(Clone)]
pub(crate) struct Window(pub(crate) Page);

impl Window {
    /// Signs in to Discord, if they are not yet, and allows the hall to know them.
    pub(crate) async fn signs_in_to_discord(self, username: &str) -> Window {
        let asks_who = self.0.text().contains("Who are you?");
        let consent = if asks_who { self.presses(&format!("@{username}")).await } else { self };
        consent.presses("Authorise").await
    }

    /// Signs in to the forum by password.
    pub(crate) async fn signs_in(self, username: &str) -> Window {
        self.fills("Username or email", username).fills("Password", PASSWORD).presses("Log in").await
    }

    /// Fills in a field.
    pub(crate) fn fills(self, label: &str, value: &str) -> Window {
        Window(self.0.fills(label, value).unwrap())
    }

    /// Presses a button.
    pub(crate) async fn presses(self, words: &str) -> Window {
        Window(self.0.presses(words).await.unwrap())
    }

    /// Clicks a link.
    pub(crate) async fn clicks(self, words: &str) -> Window {
        Window(self.0.clicks(words).await.unwrap())
    }

    /// Loads the page again.
    pub(crate) async fn reloads(self) -> Window {
        Window(self.0.reloads().await.unwrap())
    }

    /// The status and what a person reads.
    pub(crate) fn says(&self) -> String {
        format!("{}\n{}", self.0.status(), self.0.text())
    }
}
