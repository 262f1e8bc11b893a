//! Where facts come from.

use std::time::Duration;

use async_trait::async_trait;
use domain::facts::{Row, SourceSchema};
use domain::ids::{GroupId, Subject};
use domain::time::Timestamp;
use thiserror::Error;

/// A source of facts about people: a forum, later a database.
#[async_trait]
pub trait Source: Send + Sync {
    /// The facts it can state, under its name in the settings.
    fn schema(&self) -> &SourceSchema;

    /// Its address as people know it, `https://forum.example`.
    fn address(&self) -> &str;

    /// Reads one person by the source's own id.
    ///
    /// [`Person::Gone`] only where the answer *proves* that the source knows no such person; whatever proves
    /// nothing is an error.
    async fn one(&self, subject: &Subject) -> Result<Person, SourceError>;

    /// The same because somebody asked, who may ask again and again: it leaves what hints need to them, and
    /// says that the source is busy sooner than it waits.
    async fn one_asked(&self, subject: &Subject) -> Result<Person, SourceError>;

    /// Reads everybody, keeping those whom `keep` wants, and says whether the reading is proven complete.
    async fn everybody(
        &self,
        wanted: &Wanted,
        keep: &(dyn for<'s> Fn(&'s Subject) -> bool + Sync),
    ) -> Result<Snapshot, SourceError>;

    /// The groups the source has, for binding names in rules to ids.
    async fn groups(&self) -> Result<Vec<SourceGroup>, SourceError>;

    /// Who is in one group now, read completely or not at all.
    async fn members_of(&self, group: GroupId) -> Result<Vec<Subject>, SourceError>;

    /// The facts of which one holds for whoever is in this group, where being in it is nothing else. What staff
    /// did ([`Source::acts_since`]) names whoever comes into such a group or leaves it.
    fn standing_in(&self, _group: GroupId) -> &'static [&'static str] {
        &[]
    }

    /// What staff did since, for acts that send no webhook. Without a cursor: only where the log stands now.
    async fn acts_since(&self, cursor: Option<ActsCursor>) -> Result<Acts, SourceError>;

    /// A person's public profile, as `viewer` may see it; `None` when there is no such person.
    async fn profile(
        &self,
        whose: &WhoseProfile,
        viewer: ProfileViewer,
    ) -> Result<Option<Profile>, SourceError>;
}

/// What a reading must cover, so that nothing else is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Places in the source's schema.
    pub facts: Vec<usize>,
    /// The groups that rules name.
    pub groups: Vec<GroupId>,
}

/// What reading one person gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Person {
    /// The person as the source has them.
    Here(PersonRead),
    /// Proven: the source knows no such person.
    Gone,
}

/// One person as a source has them.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRead {
    /// The source's own id.
    pub subject: Subject,
    /// The account's name there, for people to read.
    pub username: String,
    /// The person's full name there.
    pub name: Option<String>,
    /// The facts.
    pub row: Row,
    /// When a fact ends by itself (a suspension runs out): time to look again.
    pub look_again: Option<Timestamp>,
}

/// Everything a source says at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The people who were asked to be kept.
    pub people: Vec<PersonRead>,
    /// How many people the source counts in all.
    pub population: usize,
    /// Why it proves no absence, if it does not.
    pub incomplete: Option<Incomplete>,
}

/// Why a snapshot is not proven complete.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Incomplete(pub String);

/// A group of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceGroup {
    /// Its id, which stays.
    pub id: GroupId,
    /// Its name today, in the source's language.
    pub name: String,
    /// The name that rules say for a group every source of this kind has, whatever its language.
    pub standard_name: Option<&'static str>,
    /// Hidden from people who are not in it: never named to others.
    pub hidden: bool,
}

/// Where the reading of a source's log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActsCursor(pub i64);

/// What a source's log said since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acts {
    /// Where it stands now.
    pub cursor: Option<ActsCursor>,
    /// Whom to look at, each once.
    pub people: Vec<Subject>,
    /// Something happened that names nobody: look at everybody.
    pub everybody: bool,
}

/// Whose profile is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhoseProfile {
    /// By the source's own id.
    Subject(Subject),
    /// By the name people write.
    Username(String),
}

/// Through whose eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileViewer {
    /// The person themselves.
    Themselves,
    /// Anybody else: only what the source shows a visitor who is not signed in.
    Visitor,
}

/// A profile for people to read. All text is the source's, untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The source's own id.
    pub subject: Option<Subject>,
    /// The account's name.
    pub username: String,
    /// The full name.
    pub name: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The trust level, 0 to 4.
    pub trust_level: Option<i64>,
    /// Names of the groups the viewer may see, those every person has left out.
    pub groups: Vec<String>,
    /// The biography as Markdown that Discord shows, links kept; at most 1,000 characters.
    pub bio: Option<String>,
    /// An absolute address of the picture.
    pub picture: Option<String>,
    /// An absolute address of the profile page.
    pub page: String,
    /// Whether this is a program and no person (discobot, system).
    pub automatic: bool,
}

/// Why a source could not be read. Whatever it is, it removes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SourceError {
    /// No answer, or a broken one.
    #[error("could not reach {address}: {why}")]
    Unreachable {
        /// Which address.
        address: String,
        /// What happened.
        why: String,
    },
    /// It asks for patience.
    #[error("{address} asks to wait {} s", .wait.as_secs())]
    Busy {
        /// Which address.
        address: String,
        /// For how long.
        wait: Duration,
    },
    /// The key is wrong, revoked, or not allowed to read this.
    #[error("{address} does not honour the key: {why}")]
    Forbidden {
        /// Which address.
        address: String,
        /// What shows it, and what to do.
        why: String,
    },
    /// An answer that is not what it should be: a page instead of data, a truncated list.
    #[error("{address} answered something else than it should: {why}")]
    Nonsense {
        /// Which address.
        address: String,
        /// What was wrong with it.
        why: String,
    },
    /// The source has no such thing; says nothing about people.
    #[error("{what} is not there")]
    Missing {
        /// What was asked for.
        what: String,
    },
}

impl SourceError {
    /// How long the source asked to be left alone.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Busy { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}
