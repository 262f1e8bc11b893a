//! People of the forum: what it knows of each, and the orders in which its lists go through them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::groups::GroupId;

/// The number of a person. Negative numbers are the forum's own: `-1` system, `-2` discobot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub i64);

/// The account in whose name the forum itself acts.
pub const SYSTEM: PersonId = PersonId(-1);

/// The forum's bot that greets people.
pub const DISCOBOT: PersonId = PersonId(-2);

/// A suspension or a silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Penalty {
    /// When it began, milliseconds since 1970.
    pub from_ms: i64,
    /// When it ends by itself, milliseconds since 1970.
    pub till_ms: i64,
    /// What staff gave as the reason.
    pub reason: String,
    /// Who gave it.
    pub by: PersonId,
}

/// A person's place in one group.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The number of the membership itself, growing.
    pub id: i64,
    /// Which group.
    pub group: GroupId,
    /// Whether the person owns it.
    pub owner: bool,
    /// When it began, milliseconds since 1970.
    pub since_ms: i64,
}

/// All that the forum knows of a person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The number, which never changes.
    pub id: PersonId,
    /// The name in addresses and mentions; found without regard to case.
    pub username: String,
    /// The full name, when there is one.
    pub name: Option<String>,
    /// The address of e-mail.
    pub email: String,
    /// What the sign-in form accepts.
    pub password: String,
    /// The title shown beside the name.
    pub title: Option<String>,
    /// 0 to 4.
    pub trust_level: u8,
    /// The level at which staff locked it.
    pub locked_level: Option<u8>,
    /// May do everything.
    pub admin: bool,
    /// May do most things.
    pub moderator: bool,
    /// Has confirmed the address.
    pub active: bool,
    /// Exists only because somebody wrote by e-mail.
    pub staged: bool,
    /// When it was made, milliseconds since 1970.
    pub created_at_ms: i64,
    /// When it was last seen.
    pub last_seen_at_ms: Option<i64>,
    /// When it last wrote.
    pub last_posted_at_ms: Option<i64>,
    /// The last suspension, also when it is over.
    pub suspended: Option<Penalty>,
    /// The last silence, also when it is over.
    pub silenced: Option<Penalty>,
    /// About me, in Markdown.
    pub bio_raw: Option<String>,
    /// The address of a site.
    pub website: Option<String>,
    /// A place.
    pub location: Option<String>,
    /// Answers to the forum's own questions, by number of the question.
    pub user_fields: BTreeMap<i64, String>,
    /// The group whose flair is worn.
    pub primary_group: Option<GroupId>,
    /// The number of an uploaded picture.
    pub avatar_upload: Option<i64>,
    /// Whether sign-in asks for a code.
    pub second_factor: bool,
    /// Accounts elsewhere: provider and the number there.
    pub associated: BTreeMap<String, String>,
    /// Groups, oldest membership first.
    pub memberships: Vec<Membership>,
    /// Posts written.
    pub post_count: i64,
    /// Topics begun.
    pub topic_count: i64,
    /// Suspensions and silences so far.
    pub penalties: (i64, i64),
    /// Whether staff once vouched for the account (all who became staff).
    pub approved: bool,
}

impl Person {
    /// Admin or moderator.
    pub fn is_staff(&self) -> bool {
        self.admin || self.moderator
    }

    /// The suspension in force at this moment.
    pub fn suspension(&self, now_ms: i64) -> Option<&Penalty> {
        self.suspended.as_ref().filter(|penalty| penalty.till_ms > now_ms)
    }

    /// The silence in force at this moment.
    pub fn silence(&self, now_ms: i64) -> Option<&Penalty> {
        self.silenced.as_ref().filter(|penalty| penalty.till_ms > now_ms)
    }

    /// The place in a group.
    pub fn membership(&self, group: GroupId) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.group == group)
    }

    /// One of the forum's own accounts, which no list of members holds.
    pub fn is_machine(&self) -> bool {
        self.id.0 < 0
    }
}

/// The lists that `/admin/users/list/…` keeps at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum List {
    Everybody,
    Staff,
    Suspended,
    Silenced,
    Staged,
    Level(u8),
}

/// Everybody, with the orders that make a page cheap: no request goes through all of them.
#[derive(Debug, Default)]
pub(crate) struct People {
    by_id: HashMap<PersonId, Person>,
    by_name: HashMap<String, PersonId>,
    by_email: HashMap<String, PersonId>,
    by_associated: HashMap<(String, String), PersonId>,
    by_creation: HashMap<List, BTreeSet<(i64, PersonId)>>,
    by_visit: BTreeSet<(Reverse<i64>, String, PersonId)>,
    last_id: i64,
}

/// What staff and members are found by: no regard to case.
pub(crate) fn folded(username: &str) -> String {
    username.to_lowercase()
}

impl People {
    pub(crate) fn next_id(&self) -> PersonId {
        PersonId(self.last_id + 1)
    }

    pub(crate) fn insert(&mut self, person: Person) {
        self.last_id = self.last_id.max(person.id.0);
        self.index(&person);
        self.by_id.insert(person.id, person);
    }

    pub(crate) fn remove(&mut self, id: PersonId) -> Option<Person> {
        let person = self.by_id.remove(&id)?;
        self.unindex(&person);
        Some(person)
    }

    /// Changes a person and keeps every order true. None when there is no such person.
    pub(crate) fn change<T>(&mut self, id: PersonId, change: impl FnOnce(&mut Person) -> T) -> Option<T> {
        let mut person = self.by_id.remove(&id)?;
        self.unindex(&person);
        let outcome = change(&mut person);
        self.index(&person);
        self.by_id.insert(id, person);
        Some(outcome)
    }

    pub(crate) fn get(&self, id: PersonId) -> Option<&Person> {
        self.by_id.get(&id)
    }

    pub(crate) fn named(&self, username: &str) -> Option<&Person> {
        self.by_name.get(&folded(username)).and_then(|id| self.get(*id))
    }

    pub(crate) fn with_email(&self, email: &str) -> Option<&Person> {
        self.by_email.get(&email.to_lowercase()).and_then(|id| self.get(*id))
    }

    pub(crate) fn associated(&self, provider: &str, uid: &str) -> Option<&Person> {
        self.by_associated.get(&(provider.to_owned(), uid.to_owned())).and_then(|id| self.get(*id))
    }

    /// How many people there are, machines left out.
    pub(crate) fn count(&self) -> usize {
        self.by_id.len().saturating_sub(usize::from(self.by_id.contains_key(&SYSTEM)))
            - usize::from(self.by_id.contains_key(&DISCOBOT))
    }

    /// A list by creation, oldest first.
    pub(crate) fn by_creation(&self, list: List) -> impl DoubleEndedIterator<Item = &Person> {
        self.by_creation.get(&list).into_iter().flatten().filter_map(|(_, id)| self.get(*id))
    }

    /// A page of a list by creation: those before it are passed by without being looked at.
    pub(crate) fn page_by_creation(
        &self,
        list: List,
        newest_first: bool,
        skip: usize,
        take: usize,
    ) -> Vec<&Person> {
        let ids = self.by_creation.get(&list).into_iter().flatten().map(|(_, id)| *id);
        let ids: Vec<PersonId> = match newest_first {
            true => ids.rev().skip(skip).take(take).collect(),
            false => ids.skip(skip).take(take).collect(),
        };
        ids.into_iter().filter_map(|id| self.get(id)).collect()
    }

    /// Everybody, who was seen last first, then by name.
    pub(crate) fn by_visit(&self) -> impl DoubleEndedIterator<Item = &Person> {
        self.by_visit.iter().filter_map(|(_, _, id)| self.get(*id))
    }

    fn index(&mut self, person: &Person) {
        self.by_name.insert(folded(&person.username), person.id);
        self.by_email.insert(person.email.to_lowercase(), person.id);
        for (provider, uid) in &person.associated {
            self.by_associated.insert((provider.clone(), uid.clone()), person.id);
        }
        for list in lists_of(person) {
            self.by_creation.entry(list).or_default().insert((person.created_at_ms, person.id));
        }
        self.by_visit.insert(visit_key(person));
    }

    fn unindex(&mut self, person: &Person) {
        self.by_name.remove(&folded(&person.username));
        self.by_email.remove(&person.email.to_lowercase());
        for (provider, uid) in &person.associated {
            self.by_associated.remove(&(provider.clone(), uid.clone()));
        }
        for list in lists_of(person) {
            if let Some(order) = self.by_creation.get_mut(&list) {
                order.remove(&(person.created_at_ms, person.id));
            }
        }
        self.by_visit.remove(&visit_key(person));
    }
}

fn visit_key(person: &Person) -> (Reverse<i64>, String, PersonId) {
    (Reverse(person.last_seen_at_ms.unwrap_or_default()), folded(&person.username), person.id)
}

fn lists_of(person: &Person) -> Vec<List> {
    let mut lists = vec![List::Everybody, List::Level(person.trust_level)];
    lists.extend(person.is_staff().then_some(List::Staff));
    lists.extend(person.suspended.is_some().then_some(List::Suspended));
    lists.extend(person.silenced.is_some().then_some(List::Silenced));
    lists.extend(person.staged.then_some(List::Staged));
    lists
}
