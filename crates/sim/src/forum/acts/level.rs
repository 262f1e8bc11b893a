//! Trust levels, and who is admin or moderator.

use super::Refused;
use crate::forum::groups::{ADMINS, GroupId, MODERATORS, STAFF, of_level};
use crate::forum::people::PersonId;
use crate::forum::staff_log::LogEntry;
use crate::forum::state::Forum;
use crate::forum::views;

/// The highest trust level.
pub(crate) const TRUST_LEVEL_MAX: u8 = 4;

impl Forum {
    /// Staff sets a trust level. Upwards tells `user_promoted`, downwards tells nobody.
    pub(crate) fn set_trust_level(&mut self, by: PersonId, id: PersonId, level: u8) -> Result<(), Refused> {
        self.staff(by)?;
        let old = self.found(id)?.trust_level;
        if level > TRUST_LEVEL_MAX {
            return Err(Refused::invalid("Trust level is not valid"));
        }
        self.change(id, |person| person.trust_level = level)?;
        let details = format!("old trust level: {old}\nnew trust level: {level}");
        self.log("change_trust_level", by, id, LogEntry { details: Some(details), ..LogEntry::default() });
        self.level_changed(id, old, level);
        Ok(())
    }

    /// The forum itself sets a level, as its nightly job does: nothing in the staff log.
    pub(crate) fn drift_to_level(&mut self, id: PersonId, level: u8) -> Result<(), Refused> {
        let old = self.found(id)?.trust_level;
        let level = level.min(TRUST_LEVEL_MAX);
        self.change(id, |person| person.trust_level = level)?;
        self.level_changed(id, old, level);
        Ok(())
    }

    fn level_changed(&mut self, id: PersonId, old: u8, level: u8) {
        if level > old {
            self.tell("user_promoted", "user_promoted", |forum| views::promoted(forum, id));
        }
        for added in self.keep_automatic_groups(id) {
            self.tell_joined(id, added);
        }
        self.changed("change_trust_level", Some(id), None);
    }

    /// Locks a level, or unlocks it. Nobody is told.
    pub(crate) fn lock_trust_level(
        &mut self,
        by: PersonId,
        id: PersonId,
        locked: bool,
    ) -> Result<(), Refused> {
        self.staff(by)?;
        self.found(id)?;
        self.change(id, |person| person.locked_level = locked.then_some(person.trust_level))?;
        let action = if locked { "lock_trust_level" } else { "unlock_trust_level" };
        self.log(action, by, id, LogEntry::default());
        self.changed(action, Some(id), None);
        Ok(())
    }

    /// Makes an admin at once, as the confirmed request of an admin does.
    pub(crate) fn grant_admin(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.set_staff(by, id, "grant_admin", |person| person.admin = true)
    }

    pub(crate) fn revoke_admin(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        if by == id {
            return Err(Refused::NotPermitted);
        }
        self.set_staff(by, id, "revoke_admin", |person| person.admin = false)
    }

    /// Makes a moderator, who gets a private message about it.
    pub(crate) fn grant_moderation(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.set_staff(by, id, "grant_moderation", |person| person.moderator = true)?;
        self.message_from_system(id, "You are now a moderator", "Welcome to the staff of this forum.");
        Ok(())
    }

    pub(crate) fn revoke_moderation(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.set_staff(by, id, "revoke_moderation", |person| person.moderator = false)
    }

    fn set_staff(
        &mut self,
        by: PersonId,
        id: PersonId,
        action: &'static str,
        set: impl FnOnce(&mut crate::forum::people::Person),
    ) -> Result<(), Refused> {
        self.admin(by)?;
        self.found(id)?;
        self.change(id, |person| {
            set(person);
            person.approved |= person.is_staff();
        })?;
        self.keep_automatic_groups(id);
        self.log(action, by, id, LogEntry::default());
        for group in [ADMINS, MODERATORS, STAFF] {
            self.tell("group_updated", "group", |forum| views::group_for_hook(forum, group));
        }
        self.changed(action, Some(id), None);
        Ok(())
    }

    /// Puts a person into the automatic groups that fit, and says which are new.
    pub(crate) fn keep_automatic_groups(&mut self, id: PersonId) -> Vec<GroupId> {
        let Some(person) = self.person(id).filter(|person| !person.is_machine()) else {
            return Vec::new();
        };
        let mut wanted: Vec<(GroupId, bool)> =
            (0..=TRUST_LEVEL_MAX).map(|level| (of_level(level), person.trust_level >= level)).collect();
        wanted.push((ADMINS, person.admin));
        wanted.push((MODERATORS, person.moderator));
        wanted.push((STAFF, person.is_staff()));
        let member_of: Vec<GroupId> = person.memberships.iter().map(|membership| membership.group).collect();
        let mut added = Vec::new();
        for (group, belongs) in wanted {
            match (belongs, member_of.contains(&group)) {
                (true, false) => {
                    self.join(id, group, false);
                    added.push(group);
                }
                (false, true) => {
                    self.leave(id, group);
                }
                (true, true) | (false, false) => {}
            }
        }
        added
    }
}
