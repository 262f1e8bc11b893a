//! What staff and members do, for tests and the demo.

use super::ForumSim;
use crate::forum::acts::Refused;
use crate::forum::acts::account::PersonSpec;
use crate::forum::acts::group::{GroupChange, GroupSpec};
use crate::forum::acts::profile::ProfileChange;
use crate::forum::groups::GroupId;
use crate::forum::people::{Person, PersonId};
use crate::forum::user_fields::UserField;

/// What staff and members do. `by` is who does it; [`ForumSim::admin`] may do everything.
impl ForumSim {
    /// Makes an account.
    pub fn create_user(&self, spec: PersonSpec) -> Result<PersonId, Refused> {
        self.forum().create_person(spec)
    }

    /// Sets a trust level, 0 to 4.
    pub fn set_trust_level(&self, by: PersonId, id: PersonId, level: u8) -> Result<(), Refused> {
        self.forum().set_trust_level(by, id, level)
    }

    /// The forum itself sets a level, as its nightly job does: nothing in the staff log.
    pub fn drift_to_level(&self, id: PersonId, level: u8) -> Result<(), Refused> {
        self.forum().drift_to_level(id, level)
    }

    /// Locks a level, or unlocks it.
    pub fn lock_trust_level(&self, by: PersonId, id: PersonId, locked: bool) -> Result<(), Refused> {
        self.forum().lock_trust_level(by, id, locked)
    }

    /// Makes an admin, the confirmation by e-mail included.
    pub fn grant_admin(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().grant_admin(by, id)
    }

    /// Makes an admin a member again.
    pub fn revoke_admin(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().revoke_admin(by, id)
    }

    /// Makes a moderator.
    pub fn grant_moderation(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().grant_moderation(by, id)
    }

    /// Makes a moderator a member again.
    pub fn revoke_moderation(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().revoke_moderation(by, id)
    }

    /// Suspends until a moment, milliseconds since 1970.
    pub fn suspend(&self, by: PersonId, id: PersonId, till_ms: i64, reason: &str) -> Result<(), Refused> {
        self.forum().suspend(by, id, till_ms, reason, None)
    }

    /// Lifts a suspension.
    pub fn unsuspend(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().unsuspend(by, id)
    }

    /// Silences until a moment, or for ever.
    pub fn silence(
        &self,
        by: PersonId,
        id: PersonId,
        till_ms: Option<i64>,
        reason: &str,
    ) -> Result<(), Refused> {
        self.forum().silence(by, id, till_ms, reason, None)
    }

    /// Lifts a silence.
    pub fn unsilence(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().unsilence(by, id)
    }

    /// Confirms the address for a person.
    pub fn activate(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().activate(by, id)
    }

    /// Takes the confirmation back.
    pub fn deactivate(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().deactivate(by, id)
    }

    /// Ends every session of a person.
    pub fn log_out(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().log_out(by, id)
    }

    /// Takes everything personal away and says the new name.
    pub fn anonymize(&self, by: PersonId, id: PersonId) -> Result<String, Refused> {
        self.forum().anonymize(by, id)
    }

    /// Makes one account of two: `id` vanishes into `survivor`.
    pub fn merge(&self, by: PersonId, id: PersonId, survivor: PersonId) -> Result<(), Refused> {
        self.forum().merge(by, id, survivor)
    }

    /// Deletes an account.
    pub fn destroy(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.forum().destroy(by, id)
    }

    /// Changes a profile: name, title, bio, answers, picture.
    pub fn update_profile(&self, by: PersonId, id: PersonId, change: &ProfileChange) -> Result<(), Refused> {
        self.forum().update_profile(by, id, change)
    }

    /// Sets the full name.
    pub fn set_name(&self, by: PersonId, id: PersonId, name: &str) -> Result<(), Refused> {
        let change = ProfileChange { name: Some(name.to_owned()), ..ProfileChange::default() };
        self.update_profile(by, id, &change)
    }

    /// Sets the title; an empty one takes it away.
    pub fn set_title(&self, by: PersonId, id: PersonId, title: &str) -> Result<(), Refused> {
        let change = ProfileChange { title: Some(title.to_owned()), ..ProfileChange::default() };
        self.update_profile(by, id, &change)
    }

    /// Changes the username.
    pub fn rename(&self, by: PersonId, id: PersonId, username: &str) -> Result<(), Refused> {
        self.forum().rename(by, id, username)
    }

    /// Sets or clears the primary group.
    pub fn set_primary_group(
        &self,
        by: PersonId,
        id: PersonId,
        group: Option<GroupId>,
    ) -> Result<(), Refused> {
        self.forum().set_primary_group(by, id, group)
    }

    /// Makes a group.
    pub fn create_group(&self, by: PersonId, spec: GroupSpec) -> Result<GroupId, Refused> {
        self.forum().create_group(by, spec)
    }

    /// Changes a group.
    pub fn update_group(&self, by: PersonId, group: GroupId, change: &GroupChange) -> Result<(), Refused> {
        self.forum().update_group(by, group, change)
    }

    /// Renames a group.
    pub fn rename_group(&self, by: PersonId, group: GroupId, name: &str) -> Result<(), Refused> {
        self.update_group(by, group, &GroupChange { name: Some(name.to_owned()), ..GroupChange::default() })
    }

    /// Deletes a group.
    pub fn delete_group(&self, by: PersonId, group: GroupId) -> Result<(), Refused> {
        self.forum().delete_group(by, group)
    }

    /// Puts a person into a group.
    pub fn add_to_group(&self, by: PersonId, group: GroupId, id: PersonId) -> Result<(), Refused> {
        self.forum().add_to_group(by, group, &[id], false)
    }

    /// Takes a person out of a group; says whether it was in it.
    pub fn remove_from_group(&self, by: PersonId, group: GroupId, id: PersonId) -> Result<bool, Refused> {
        self.forum().remove_from_group(by, group, &[id]).map(|removed| !removed.is_empty())
    }

    /// Makes a member an owner, or an owner a member. Nobody is told.
    pub fn set_owner(&self, group: GroupId, id: PersonId, owner: bool) {
        self.forum().set_owner(id, group, owner);
    }

    /// Adds a question of the forum's own and says its number.
    pub fn add_user_field(&self, field: UserField) -> i64 {
        let mut forum = self.forum();
        let id = forum.user_fields.last().map_or(1, |last| last.id + 1);
        forum.user_fields.push(UserField { id, ..field });
        id
    }

    /// Changes a person without telling anybody and without a line in the log, as a repair in the
    /// database would: for worlds that start in the middle.
    pub fn edit_user(&self, id: PersonId, edit: impl FnOnce(&mut Person)) -> Result<(), Refused> {
        let mut forum = self.forum();
        forum.change(id, edit)?;
        forum.keep_automatic_groups(id);
        Ok(())
    }
}
