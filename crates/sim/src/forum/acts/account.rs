//! Making accounts, and making them vanish: anonymised, merged, deleted.

use std::collections::BTreeMap;

use super::Refused;
use super::level::TRUST_LEVEL_MAX;
use crate::forum::groups::GroupId;
use crate::forum::people::{Person, PersonId};
use crate::forum::staff_log::LogEntry;
use crate::forum::state::{Forum, blank_person};
use crate::forum::views::{self, day_and_time};

/// The shortest and the longest username, in letters.
const USERNAME_LETTERS: std::ops::RangeInclusive<usize> = 2..=60;

/// What an account is made with. `PersonSpec::new("mira")` is an active member of level 1.
#[derive(Clone, Debug)]
pub struct PersonSpec {
    /// The name in addresses and mentions.
    pub username: String,
    /// The full name.
    pub name: Option<String>,
    /// The address of e-mail; made up from the username when absent.
    pub email: Option<String>,
    /// The password; the forum's common one when absent.
    pub password: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// 0 to 4.
    pub trust_level: u8,
    /// Whether staff locked that level.
    pub locked: bool,
    /// Admin from the start.
    pub admin: bool,
    /// Moderator from the start.
    pub moderator: bool,
    /// Has confirmed the address.
    pub active: bool,
    /// Exists only because somebody wrote by e-mail.
    pub staged: bool,
    /// When it was made; now when absent.
    pub created_at_ms: Option<i64>,
    /// About me, in Markdown.
    pub bio_raw: Option<String>,
    /// The address of a site.
    pub website: Option<String>,
    /// A place.
    pub location: Option<String>,
    /// Has uploaded a picture.
    pub avatar: bool,
    /// Sign-in asks for a code.
    pub second_factor: bool,
    /// Accounts elsewhere: provider (`discord`) and the number there.
    pub associated: BTreeMap<String, String>,
}

impl PersonSpec {
    /// An active member of level 1.
    pub fn new(username: &str) -> PersonSpec {
        PersonSpec {
            username: username.to_owned(),
            name: None,
            email: None,
            password: None,
            title: None,
            trust_level: 1,
            locked: false,
            admin: false,
            moderator: false,
            active: true,
            staged: false,
            created_at_ms: None,
            bio_raw: None,
            website: None,
            location: None,
            avatar: false,
            second_factor: false,
            associated: BTreeMap::new(),
        }
    }
}

impl Forum {
    /// Makes an account and tells what the recorded forum told for one of its kind.
    pub(crate) fn create_person(&mut self, spec: PersonSpec) -> Result<PersonId, Refused> {
        check_username(&spec.username).map_err(Refused::invalid)?;
        if self.people.named(&spec.username).is_some() {
            return Err(Refused::invalid("Username must be unique"));
        }
        let id = self.people.next_id();
        let person = self.made_from(id, spec);
        if self.people.with_email(&person.email).is_some() {
            return Err(Refused::invalid("Primary email has already been taken"));
        }
        let active = person.active;
        self.people.insert(person);
        let joined = self.keep_automatic_groups(id);
        self.tell_created(id, active, &joined);
        self.changed("create_user", Some(id), None);
        Ok(id)
    }

    fn made_from(&self, id: PersonId, spec: PersonSpec) -> Person {
        let created_at_ms = spec.created_at_ms.unwrap_or_else(|| self.now_ms());
        let mut person = blank_person(id, &spec.username, created_at_ms);
        person.name = spec.name;
        person.email = spec.email.unwrap_or_else(|| format!("{}@people.test", spec.username.to_lowercase()));
        person.password = spec.password.unwrap_or_else(|| self.settings.password.clone());
        person.title = spec.title;
        person.trust_level = spec.trust_level.min(TRUST_LEVEL_MAX);
        person.locked_level = spec.locked.then_some(person.trust_level);
        person.admin = spec.admin;
        person.moderator = spec.moderator;
        person.approved = spec.admin || spec.moderator;
        person.active = spec.active && !spec.staged;
        person.staged = spec.staged;
        person.bio_raw = spec.bio_raw;
        person.website = spec.website;
        person.location = spec.location;
        person.avatar_upload = spec.avatar.then_some(id.0);
        person.second_factor = spec.second_factor;
        person.associated = spec.associated;
        person
    }

    fn tell_created(&mut self, id: PersonId, active: bool, joined: &[GroupId]) {
        let tell = |forum: &mut Forum, event: &str| {
            forum.tell(event, "user", |forum| views::person_for_hook(forum, id));
        };
        if active {
            tell(self, "user_created");
            tell(self, "user_logged_in");
        }
        for group in joined {
            self.tell_joined(id, *group);
        }
        tell(self, if active { "user_confirmed_email" } else { "user_created" });
    }

    /// Takes everything personal away. Number, level and groups stay.
    pub(crate) fn anonymize(&mut self, by: PersonId, id: PersonId) -> Result<String, Refused> {
        self.staff(by)?;
        let person = self.found(id)?;
        if person.is_staff() {
            return Err(Refused::NotPermitted);
        }
        let (username, email) = (person.username.clone(), person.email.clone());
        // Eight digits that differ from person to person and are the same in every run.
        let anonymous =
            format!("anon{:08}", (id.0.wrapping_mul(48_271) + 10_000_019).rem_euclid(100_000_000));
        let name = anonymous.clone();
        self.change(id, |person| strip(person, &name))?;
        self.order_again(id);
        let entry = LogEntry {
            details: Some(format!("username: {username}")),
            email: Some(email),
            ..LogEntry::default()
        };
        self.log("anonymize_user", by, id, entry);
        self.sessions.end_of(id);
        self.tell("user_updated", "user", |forum| views::person_for_hook(forum, id));
        self.changed("anonymize_user", Some(id), None);
        Ok(anonymous)
    }

    /// Makes one account of two: `id` vanishes into `survivor`.
    pub(crate) fn merge(&mut self, by: PersonId, id: PersonId, survivor: PersonId) -> Result<(), Refused> {
        self.admin(by)?;
        let person = self.found(id)?;
        self.found(survivor)?;
        if person.is_staff() || id == survivor {
            return Err(Refused::NotPermitted);
        }
        let (username, email) = (person.username.clone(), person.email.clone());
        let own_groups: Vec<GroupId> = person.memberships.iter().map(|place| place.group).collect();
        for group in own_groups {
            if self.groups.get(group).is_some_and(|group| !group.automatic) {
                self.join(survivor, group, false);
            }
        }
        let context = Some(format!("{username} was merged into this account"));
        self.log("merge_user", by, survivor, LogEntry { context, email: Some(email), ..LogEntry::default() });
        self.tell("user_updated", "user", |forum| views::person_for_hook(forum, survivor));
        self.vanish(id);
        self.changed("merge_user", Some(survivor), None);
        Ok(())
    }

    /// Deletes an account.
    pub(crate) fn destroy(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.staff(by)?;
        let person = self.found(id)?;
        if person.is_staff() || person.is_machine() {
            return Err(Refused::NotPermitted);
        }
        let time = |at_ms: Option<i64>| at_ms.map(day_and_time).unwrap_or_default();
        let details = format!(
            "id: {}\nusername: {}\nname: {}\ncreated_at: {}\ntrust_level: {}\nlast_seen_at: {}\nlast_emailed_at: ",
            id.0,
            person.username,
            person.name.as_deref().unwrap_or_default(),
            time(Some(person.created_at_ms)),
            person.trust_level,
            time(person.last_seen_at_ms),
        );
        let entry =
            LogEntry { details: Some(details), ip_address: Some(String::new()), ..LogEntry::default() };
        self.log("delete_user", by, id, entry);
        self.vanish(id);
        self.changed("delete_user", Some(id), None);
        Ok(())
    }

    fn vanish(&mut self, id: PersonId) {
        let payload = views::person_for_hook(self, id);
        self.sessions.end_of(id);
        let groups: Vec<GroupId> = self
            .person(id)
            .into_iter()
            .flat_map(|person| person.memberships.iter().map(|it| it.group))
            .collect();
        for group in groups {
            self.leave(id, group);
        }
        self.people.remove(id);
        self.staff_log.forget(id);
        self.tell("user_destroyed", "user", |_| payload);
    }
}

fn strip(person: &mut Person, username: &str) {
    username.clone_into(&mut person.username);
    person.name = None;
    person.email = format!("{username}@anonymized.invalid");
    person.password = String::new();
    person.title = None;
    person.bio_raw = None;
    person.website = None;
    person.location = None;
    person.avatar_upload = None;
    person.associated = BTreeMap::new();
    person.user_fields = BTreeMap::new();
    person.second_factor = false;
}

/// What a username may be: letters (of any script), digits, `_`, `-`, `.`.
pub(crate) fn check_username(username: &str) -> Result<(), String> {
    let letters = username.chars().count();
    if letters < *USERNAME_LETTERS.start() {
        return Err("Username must be at least 2 characters".to_owned());
    }
    if letters > *USERNAME_LETTERS.end() {
        return Err("Username must be no more than 60 characters".to_owned());
    }
    check_letters(username).map_err(|why| format!("Username {why}"))
}

/// What names of people and of groups are made of; says what is wrong as a sentence goes on.
pub(crate) fn check_letters(name: &str) -> Result<(), &'static str> {
    let allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    if !name.chars().all(allowed) {
        return Err("must only include numbers, letters, dashes, dots, and underscores");
    }
    let begins_well = name.starts_with(|first: char| first.is_alphanumeric() || first == '_');
    if begins_well { Ok(()) } else { Err("must begin with a letter, a number or an underscore") }
}
