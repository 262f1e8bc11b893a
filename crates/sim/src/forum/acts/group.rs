//! Making, changing and deleting groups.

use super::Refused;
use super::account::check_letters;
use crate::forum::groups::{Audience, Group, GroupId, Groups};
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::views;

/// The shortest and the longest name of a group.
const NAME_LETTERS: std::ops::RangeInclusive<usize> = 3..=20;

/// What a group is made with. `GroupSpec::new("makers")` is a public group without extras.
#[derive(Clone, Debug, Default)]
pub struct GroupSpec {
    /// The name in addresses.
    pub name: String,
    /// The name in full.
    pub full_name: Option<String>,
    /// A title its members may wear.
    pub title: Option<String>,
    /// Whether it becomes the primary group of its members.
    pub primary: bool,
    /// The level new members get at least.
    pub grant_trust_level: Option<u8>,
    /// Icon, background and colour.
    pub flair: Option<(String, String, String)>,
    /// About the group, in Markdown.
    pub bio_raw: Option<String>,
    /// Who sees the group.
    pub visibility: Audience,
    /// Who sees its members.
    pub members_visibility: Audience,
    /// Who is in it from the start.
    pub members: Vec<PersonId>,
    /// Who owns it from the start.
    pub owners: Vec<PersonId>,
}

impl GroupSpec {
    /// A public group without extras.
    pub fn new(name: &str) -> GroupSpec {
        GroupSpec { name: name.to_owned(), ..GroupSpec::default() }
    }
}

/// What is changed of a group; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct GroupChange {
    /// A new name.
    pub name: Option<String>,
    /// A new full name.
    pub full_name: Option<String>,
    /// A new title; an empty one takes it away.
    pub title: Option<String>,
    /// Who sees it.
    pub visibility: Option<Audience>,
    /// Who sees its members.
    pub members_visibility: Option<Audience>,
    /// About the group.
    pub bio_raw: Option<String>,
}

impl Forum {
    pub(crate) fn create_group(&mut self, by: PersonId, spec: GroupSpec) -> Result<GroupId, Refused> {
        self.admin(by)?;
        self.check_name(&spec.name, None)?;
        let id = self.groups.next_id();
        let mut group = Groups::blank(id, spec.name);
        group.full_name = spec.full_name;
        group.title = spec.title;
        group.primary = spec.primary;
        group.grant_trust_level = spec.grant_trust_level;
        if let Some((url, background, colour)) = spec.flair {
            group.flair_url = Some(url);
            group.flair_bg_color = Some(background);
            group.flair_color = Some(colour);
        }
        group.bio_raw = spec.bio_raw;
        group.visibility = spec.visibility;
        group.members_visibility = spec.members_visibility;
        self.groups.insert(group);
        for (people, owner) in [(&spec.owners, true), (&spec.members, false)] {
            for person in people {
                self.found(*person)?;
                self.join(*person, id, owner);
                self.wear_quietly(*person, id);
            }
        }
        self.recount(id);
        self.tell("group_created", "group", |forum| views::group_for_hook(forum, id));
        self.changed("create_group", None, Some(id));
        Ok(id)
    }

    pub(crate) fn update_group(
        &mut self,
        by: PersonId,
        id: GroupId,
        change: &GroupChange,
    ) -> Result<(), Refused> {
        let group = self.groups.get(id).ok_or(Refused::NotFound)?;
        let automatic = group.automatic;
        let old_title = group.title.clone();
        let owns = self.found(by)?.membership(id).is_some_and(|membership| membership.owner);
        if !owns {
            self.admin(by)?;
        }
        if let Some(name) = change.name.as_deref().filter(|_| !automatic) {
            self.check_name(name, Some(id))?;
            self.groups.rename(id, name);
        }
        if let Some(group) = self.groups.get_mut(id) {
            apply(group, change);
        }
        self.retitle(id, old_title.as_deref());
        // The recorded forum says it twice: once for the group, once for what hangs on it.
        for _ in 0..2 {
            self.tell("group_updated", "group", |forum| views::group_for_hook(forum, id));
        }
        self.changed("update_group", None, Some(id));
        Ok(())
    }

    pub(crate) fn delete_group(&mut self, by: PersonId, id: GroupId) -> Result<(), Refused> {
        self.admin(by)?;
        let group = self.groups.get(id).ok_or(Refused::NotFound)?;
        if group.automatic {
            return Err(Refused::invalid("You cannot delete an automatic group"));
        }
        let payload = views::group_for_hook(self, id);
        for member in group.members.clone() {
            self.take_off(member, id);
            self.leave(member, id);
        }
        self.groups.remove(id);
        self.tell("group_destroyed", "group", |_| payload);
        self.changed("delete_group", None, Some(id));
        Ok(())
    }

    fn check_name(&self, name: &str, own: Option<GroupId>) -> Result<(), Refused> {
        let letters = name.chars().count();
        if letters < *NAME_LETTERS.start() {
            return Err(Refused::invalid("Name is too short (minimum is 3 characters)"));
        }
        if letters > *NAME_LETTERS.end() {
            return Err(Refused::invalid("Name is too long (maximum is 20 characters)"));
        }
        check_letters(name).map_err(|why| Refused::invalid(format!("Name {why}")))?;
        let taken = self.groups.named(name).is_some_and(|group| Some(group.id) != own);
        match taken || self.people.named(name).is_some() {
            true => Err(Refused::invalid("Name has already been taken")),
            false => Ok(()),
        }
    }

    fn wear_quietly(&mut self, id: PersonId, group: GroupId) {
        let Some((title, primary)) = self.groups.get(group).map(|group| (group.title.clone(), group.primary))
        else {
            return;
        };
        let _changed = self.change(id, |person| {
            if person.title.is_none() {
                person.title = title;
            }
            if primary && person.primary_group.is_none() {
                person.primary_group = Some(group);
            }
        });
    }

    /// Members who wore the old title wear the new one.
    fn retitle(&mut self, id: GroupId, old: Option<&str>) {
        let Some(group) = self.groups.get(id).filter(|group| group.title.as_deref() != old) else {
            return;
        };
        let new = group.title.clone();
        for member in group.members.clone() {
            let _changed = self.change(member, |person| {
                if person.title.is_none() || person.title.as_deref() == old {
                    person.title.clone_from(&new);
                }
            });
        }
    }
}

fn apply(group: &mut Group, change: &GroupChange) {
    if let Some(full_name) = &change.full_name {
        group.full_name = Some(full_name.clone());
    }
    if let Some(title) = &change.title {
        group.title = Some(title.clone()).filter(|title| !title.is_empty());
    }
    if let Some(bio) = &change.bio_raw {
        group.bio_raw = Some(bio.clone());
    }
    group.visibility = change.visibility.unwrap_or(group.visibility);
    group.members_visibility = change.members_visibility.unwrap_or(group.members_visibility);
}
