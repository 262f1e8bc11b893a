//! The forum as one value: everything that its answers are made from.

use std::collections::VecDeque;

use tokio::sync::{broadcast, mpsc};

use super::calls::Call;
use super::categories::Categories;
use super::faults::Faults;
use super::groups::Groups;
use super::keys::Keys;
use super::limits::Limits;
use super::people::{DISCOBOT, People, Person, PersonId, SYSTEM};
use super::settings::ForumSettings;
use super::signin::Sessions;
use super::staff_log::StaffLog;
use super::tags::Tags;
use super::topics::Topics;
use super::user_fields::UserField;
use super::webhooks::{Delivery, Webhooks};
use crate::clock::Clock;

/// Changes that a slow listener may fall behind before it misses some.
const CHANGES_KEPT: usize = 1024;

/// Something changed: enough for a page that follows along, or for a test that waits.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Change {
    /// Growing.
    pub number: u64,
    /// What was done, in the words of the staff log (`change_trust_level`).
    pub what: &'static str,
    /// Whom it concerns.
    pub person: Option<PersonId>,
    /// Which group it concerns.
    pub group: Option<super::groups::GroupId>,
}

/// The forum.
#[derive(Debug)]
pub(crate) struct Forum {
    pub(crate) settings: ForumSettings,
    pub(crate) clock: Clock,
    /// `https://forum.example`, without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) read_only: bool,
    pub(crate) people: People,
    pub(crate) groups: Groups,
    pub(crate) categories: Categories,
    pub(crate) topics: Topics,
    pub(crate) tags: Tags,
    pub(crate) user_fields: Vec<UserField>,
    pub(crate) staff_log: StaffLog,
    pub(crate) keys: Keys,
    pub(crate) webhooks: Webhooks,
    pub(crate) sessions: Sessions,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) calls: VecDeque<Call>,
    pub(crate) calls_total: u64,
    pub(crate) changes: broadcast::Sender<Change>,
    changes_total: u64,
}

impl Forum {
    /// A forum with its own accounts, one admin and the two keys of the settings.
    pub(crate) fn new(
        settings: ForumSettings,
        clock: Clock,
        base_url: String,
        outgoing: mpsc::UnboundedSender<Delivery>,
    ) -> Forum {
        let mut forum = Forum {
            base_url,
            read_only: false,
            people: People::default(),
            groups: Groups::automatic(settings.locale),
            categories: Categories::default(),
            topics: Topics::default(),
            tags: Tags::default(),
            user_fields: Vec::new(),
            staff_log: StaffLog::default(),
            keys: Keys::default(),
            webhooks: Webhooks::new(outgoing),
            sessions: Sessions::default(),
            limits: Limits::new(settings.limits),
            faults: Faults::default(),
            calls: VecDeque::new(),
            calls_total: 0,
            changes: broadcast::channel(CHANGES_KEPT).0,
            changes_total: 0,
            settings,
            clock,
        };
        forum.make_machines();
        forum
    }

    fn make_machines(&mut self) {
        let now_ms = self.now_ms();
        for (id, username, moderator, bio) in [
            (SYSTEM, "system", true, None),
            (DISCOBOT, "discobot", false, Some("Hi! I’m a bot that shows newcomers around. Mention me.")),
        ] {
            let mut person = blank_person(id, username, now_ms);
            person.name = Some(username.to_owned());
            person.email = format!("{username}@{}", self.settings.host);
            person.admin = true;
            person.moderator = moderator;
            person.trust_level = 4;
            person.bio_raw = bio.map(str::to_owned);
            self.people.insert(person);
        }
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub(crate) fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(id)
    }

    /// Tells whoever listens that something changed.
    pub(crate) fn changed(
        &mut self,
        what: &'static str,
        person: Option<PersonId>,
        group: Option<super::groups::GroupId>,
    ) {
        self.changes_total += 1;
        let number = self.changes_total;
        // Nobody listening is no failure.
        let _listeners = self.changes.send(Change { number, what, person, group });
    }
}

/// An account with nothing in it.
pub(crate) fn blank_person(id: PersonId, username: &str, created_at_ms: i64) -> Person {
    Person {
        id,
        username: username.to_owned(),
        name: None,
        email: String::new(),
        password: String::new(),
        title: None,
        trust_level: 0,
        locked_level: None,
        admin: false,
        moderator: false,
        active: true,
        staged: false,
        created_at_ms,
        last_seen_at_ms: None,
        last_posted_at_ms: None,
        suspended: None,
        silenced: None,
        bio_raw: None,
        website: None,
        location: None,
        user_fields: std::collections::BTreeMap::new(),
        primary_group: None,
        avatar_upload: None,
        second_factor: false,
        associated: std::collections::BTreeMap::new(),
        memberships: Vec::new(),
        post_count: 0,
        topic_count: 0,
        penalties: (0, 0),
        approved: false,
    }
}
