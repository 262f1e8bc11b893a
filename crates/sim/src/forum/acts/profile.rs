//! What people (or staff for them) change about themselves.

use std::collections::BTreeMap;

use super::Refused;
use super::account::check_username;
use crate::forum::groups::GroupId;
use crate::forum::people::{Person, PersonId};
use crate::forum::staff_log::LogEntry;
use crate::forum::state::Forum;
use crate::forum::views;

/// What is changed of a profile; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// The full name; an empty one takes it away.
    pub name: Option<String>,
    /// The title; only staff may choose freely, members among those of their groups.
    pub title: Option<String>,
    /// About me, in Markdown.
    pub bio_raw: Option<String>,
    /// The address of a site.
    pub website: Option<String>,
    /// A place.
    pub location: Option<String>,
    /// Answers to the forum's questions, by number.
    pub user_fields: BTreeMap<i64, String>,
    /// Whether a picture is uploaded (or taken away).
    pub avatar: Option<bool>,
}

impl Forum {
    /// Changes a profile and tells `user_updated`, also when nothing came of it.
    pub(crate) fn update_profile(
        &mut self,
        by: PersonId,
        id: PersonId,
        change: &ProfileChange,
    ) -> Result<(), Refused> {
        if by != id {
            self.staff(by)?;
        }
        let may_title = self.may_grant_title(by, id, change.title.as_deref());
        let old_name = self.found(id)?.name.clone();
        self.change(id, |person| apply(person, change, may_title))?;
        let new_name = self.found(id)?.name.clone();
        if old_name != new_name && self.staff(by).is_ok() {
            let entry = LogEntry { previous: old_name, new: new_name, ..LogEntry::default() };
            self.log("change_name", by, id, entry);
        }
        self.tell("user_updated", "user", |forum| views::person_for_hook(forum, id));
        self.changed("update_profile", Some(id), None);
        Ok(())
    }

    /// Changes the username. The old one is free at once and leads nowhere.
    pub(crate) fn rename(&mut self, by: PersonId, id: PersonId, username: &str) -> Result<(), Refused> {
        if by != id {
            self.staff(by)?;
        }
        let old = self.found(id)?.username.clone();
        check_username(username).map_err(Refused::invalid)?;
        if self.people.named(username).is_some_and(|holder| holder.id != id) {
            return Err(Refused::invalid("Username must be unique"));
        }
        self.change(id, |person| username.clone_into(&mut person.username))?;
        self.order_again(id);
        let entry = LogEntry { previous: Some(old), new: Some(username.to_owned()), ..LogEntry::default() };
        self.log("change_username", by, id, entry);
        self.tell("user_updated", "user", |forum| views::person_for_hook(forum, id));
        self.changed("change_username", Some(id), None);
        Ok(())
    }

    /// Sets or clears the primary group. Nobody is told.
    pub(crate) fn set_primary_group(
        &mut self,
        by: PersonId,
        id: PersonId,
        group: Option<GroupId>,
    ) -> Result<(), Refused> {
        self.staff(by)?;
        let is_member =
            group.is_none_or(|group| self.person(id).is_some_and(|it| it.membership(group).is_some()));
        if !is_member {
            return Err(Refused::invalid("The user is not a member of that group"));
        }
        self.change(id, |person| person.primary_group = group)?;
        self.changed("primary_group", Some(id), None);
        Ok(())
    }

    /// The pages of a person's groups go by name: a new name moves it.
    pub(crate) fn order_again(&mut self, id: PersonId) {
        let groups: Vec<GroupId> = self
            .person(id)
            .into_iter()
            .flat_map(|person| person.memberships.iter().map(|it| it.group))
            .collect();
        for group in groups {
            if let Some(group) = self.groups.get_mut(group) {
                group.order_is_stale = true;
            }
        }
    }

    fn may_grant_title(&self, by: PersonId, id: PersonId, title: Option<&str>) -> bool {
        let of_a_group = |person: &Person| {
            let mut groups = person.memberships.iter().filter_map(|place| self.groups.get(place.group));
            groups.any(|group| group.title.as_deref() == title)
        };
        self.staff(by).is_ok() || title == Some("") || self.person(id).is_some_and(of_a_group)
    }
}

fn apply(person: &mut Person, change: &ProfileChange, may_title: bool) {
    let set = |field: &mut Option<String>, new: &Option<String>| {
        if let Some(new) = new {
            *field = Some(new.clone()).filter(|text| !text.is_empty());
        }
    };
    set(&mut person.name, &change.name);
    if may_title {
        set(&mut person.title, &change.title);
    }
    set(&mut person.bio_raw, &change.bio_raw);
    set(&mut person.website, &change.website);
    set(&mut person.location, &change.location);
    for (field, answer) in &change.user_fields {
        person.user_fields.insert(*field, answer.clone());
    }
    if let Some(has_picture) = change.avatar {
        person.avatar_upload = has_picture.then_some(person.id.0);
    }
}
