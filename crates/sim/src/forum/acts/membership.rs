//! Who is in which group.

use std::cmp::Reverse;

use serde_json::json;

use super::Refused;
use crate::forum::groups::GroupId;
use crate::forum::people::{Membership, People, PersonId, folded};
use crate::forum::state::Forum;
use crate::forum::views::time;

/// How long a group's `user_count` stays as it was when members change.
const COUNT_DELAY_MS: i64 = 60_000;

/// Where a member stands among others: owners first, then names from z to a.
fn place_in(people: &People, group: GroupId, id: PersonId) -> (bool, Reverse<Option<String>>) {
    let person = people.get(id);
    let owns = person.and_then(|person| person.membership(group)).is_some_and(|place| place.owner);
    (!owns, Reverse(person.map(|person| folded(&person.username))))
}

impl Forum {
    /// Puts people into a group. Refuses who is there already, and automatic groups.
    pub(crate) fn add_to_group(
        &mut self,
        by: PersonId,
        group: GroupId,
        people: &[PersonId],
        owner: bool,
    ) -> Result<(), Refused> {
        self.may_manage(by, group)?;
        let mut already = Vec::new();
        for id in people {
            let person = self.found(*id)?;
            if person.membership(group).is_some() {
                already.push(format!("'{}'", person.username));
            }
        }
        if !already.is_empty() && !owner {
            let names = already.join(", ");
            let verb = if already.len() == 1 { "is already a member" } else { "are already members" };
            return Err(Refused::invalid(format!("{names} {verb} of this group.")));
        }
        for id in people {
            if self.found(*id)?.membership(group).is_some() {
                self.set_owner(*id, group, owner);
                continue;
            }
            self.join(*id, group, owner);
            self.wear(*id, group);
            self.tell_joined(*id, group);
            self.changed("add_to_group", Some(*id), Some(group));
        }
        Ok(())
    }

    /// Takes people out of a group, and says who was in it.
    pub(crate) fn remove_from_group(
        &mut self,
        by: PersonId,
        group: GroupId,
        people: &[PersonId],
    ) -> Result<Vec<PersonId>, Refused> {
        if people != [by] || self.groups.get(group).is_none_or(|group| group.automatic) {
            self.may_manage(by, group)?;
        }
        let mut removed = Vec::new();
        for id in people {
            let Some(membership) = self.leave(*id, group) else {
                continue;
            };
            self.take_off(*id, group);
            let payload = membership_for_hook(*id, &membership);
            self.tell("user_removed_from_group", "group_user", |_| payload);
            self.changed("remove_from_group", Some(*id), Some(group));
            removed.push(*id);
        }
        Ok(removed)
    }

    /// Makes members owners, or owners members again. Nobody is told.
    pub(crate) fn set_owner(&mut self, id: PersonId, group: GroupId, owner: bool) {
        let _changed = self.change(id, |person| {
            if let Some(membership) =
                person.memberships.iter_mut().find(|membership| membership.group == group)
            {
                membership.owner = owner;
            }
        });
        if let Some(group) = self.groups.get_mut(group) {
            group.order_is_stale = true;
        }
        self.changed("set_owner", Some(id), Some(group));
    }

    /// Tells that a person joined.
    pub(crate) fn tell_joined(&mut self, id: PersonId, group: GroupId) {
        self.tell("user_added_to_group", "group_user", |forum| {
            let membership = forum.person(id).and_then(|person| person.membership(group));
            membership.map(|membership| membership_for_hook(id, membership)).unwrap_or_default()
        });
    }

    /// Writes a membership down; who is in already stays as it is.
    pub(crate) fn join(&mut self, id: PersonId, group: GroupId, owner: bool) {
        let since_ms = self.now_ms();
        let number = self.groups.next_membership();
        let membership = Membership { id: number, group, owner, since_ms };
        let joined = self.people.change(id, |person| {
            let is_new = person.membership(group).is_none();
            if is_new {
                person.memberships.push(membership);
            }
            is_new
        });
        let people = &self.people;
        if joined == Some(true)
            && let Some(group) = self.groups.get_mut(group)
        {
            // Into its place where there is an order; a group that is being filled is put in order once.
            let at = match group.order_is_stale {
                true => group.members.len(),
                false => {
                    let own = place_in(people, group.id, id);
                    group.members.partition_point(|member| place_in(people, group.id, *member) < own)
                }
            };
            group.members.insert(at, id);
        }
    }

    /// Strikes a membership out.
    pub(crate) fn leave(&mut self, id: PersonId, group: GroupId) -> Option<Membership> {
        let left = self.people.change(id, |person| {
            let at = person.memberships.iter().position(|membership| membership.group == group)?;
            Some(person.memberships.remove(at))
        })??;
        if let Some(group) = self.groups.get_mut(group) {
            group.members.retain(|member| *member != id);
        }
        Some(left)
    }

    /// The members in the order of the members page: owners first, then names from z to a.
    pub(crate) fn ordered_members(&mut self, id: GroupId) -> Vec<PersonId> {
        self.order_members(id);
        self.groups.get(id).map(|group| group.members.clone()).unwrap_or_default()
    }

    /// Brings the members of a group into their order, where they are not.
    pub(crate) fn order_members(&mut self, id: GroupId) {
        let people = &self.people;
        let Some(group) = self.groups.get_mut(id).filter(|group| group.order_is_stale) else {
            return;
        };
        group.members.sort_by_cached_key(|member| place_in(people, id, *member));
        group.order_is_stale = false;
    }

    /// Brings a group's own count up to date when it is old enough.
    pub(crate) fn recount(&mut self, id: GroupId) {
        let now_ms = self.now_ms();
        if let Some(group) = self.groups.get_mut(id)
            && (now_ms - group.counted_at_ms >= COUNT_DELAY_MS)
        {
            group.user_count = group.members.len();
            group.counted_at_ms = now_ms;
        }
    }

    fn may_manage(&self, by: PersonId, group: GroupId) -> Result<(), Refused> {
        let group = self.groups.get(group).ok_or(Refused::NotFound)?;
        let person = self.found(by)?;
        let owns = person.membership(group.id).is_some_and(|membership| membership.owner);
        match (person.admin || owns, group.automatic) {
            (false, _) => Err(Refused::NotPermitted),
            (true, true) => Err(Refused::invalid("You cannot modify an automatic group")),
            (true, false) => Ok(()),
        }
    }

    /// What a new member gets from the group: its title, its flair, its level.
    fn wear(&mut self, id: PersonId, group: GroupId) {
        let Some((title, primary, level)) =
            self.groups.get(group).map(|group| (group.title.clone(), group.primary, group.grant_trust_level))
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
            person.trust_level = person.trust_level.max(level.unwrap_or_default());
        });
        self.keep_automatic_groups(id);
    }

    /// What a member loses with the group.
    pub(crate) fn take_off(&mut self, id: PersonId, group: GroupId) {
        let title = self.groups.get(group).and_then(|group| group.title.clone());
        let _changed = self.change(id, |person| {
            if title.is_some() && person.title == title {
                person.title = None;
            }
            if person.primary_group == Some(group) {
                person.primary_group = None;
            }
        });
    }
}

fn membership_for_hook(id: PersonId, membership: &Membership) -> serde_json::Value {
    json!({
        "group_id": membership.group,
        "user_id": id,
        "notification_level": 3,
        "id": membership.id,
        "created_at": time(membership.since_ms),
    })
}
