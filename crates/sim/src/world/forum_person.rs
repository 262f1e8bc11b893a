//! A person of a forum, and what staff does to them.

use crate::forum::{ForumSim, GroupId, PersonId, Refused};

/// A person of a forum. What staff alone may do is done by the forum's admin.
#[derive(Clone, Debug)]
pub struct ForumPerson {
    forum: ForumSim,
    id: PersonId,
}

impl ForumPerson {
    pub(super) fn named(forum: &ForumSim, username: &str) -> Option<Self> {
        Some(Self { forum: forum.clone(), id: forum.user_named(username)?.id })
    }

    /// The number of the account.
    pub fn id(&self) -> PersonId {
        self.id
    }

    /// Staff sets the trust level, 0 to 4.
    pub fn gets_level(&self, level: u8) -> Result<(), Refused> {
        self.forum.set_trust_level(self.forum.admin(), self.id, level)
    }

    /// The forum itself sets the trust level, as its nightly job does.
    pub fn drifts_to_level(&self, level: u8) -> Result<(), Refused> {
        self.forum.drift_to_level(self.id, level)
    }

    /// Staff puts them into a group.
    pub fn joins(&self, group: &str) -> Result<(), Refused> {
        self.forum.add_to_group(self.forum.admin(), self.group(group)?, self.id)
    }

    /// Staff takes them out of a group.
    pub fn leaves(&self, group: &str) -> Result<(), Refused> {
        self.forum.remove_from_group(self.forum.admin(), self.group(group)?, self.id).map(|_| ())
    }

    /// Staff gives a title; an empty one takes it away.
    pub fn gets_title(&self, title: &str) -> Result<(), Refused> {
        self.forum.set_title(self.forum.admin(), self.id, title)
    }

    /// They change their name.
    pub fn calls_themselves(&self, name: &str) -> Result<(), Refused> {
        self.forum.set_name(self.id, self.id, name)
    }

    /// Staff changes the username.
    pub fn is_renamed(&self, username: &str) -> Result<(), Refused> {
        self.forum.rename(self.forum.admin(), self.id, username)
    }

    /// Becomes an admin, or an ordinary member again.
    pub fn is_admin(&self, admin: bool) -> Result<(), Refused> {
        match admin {
            true => self.forum.grant_admin(self.forum.admin(), self.id),
            false => self.forum.revoke_admin(self.forum.admin(), self.id),
        }
    }

    /// Becomes a moderator, or an ordinary member again.
    pub fn is_moderator(&self, moderator: bool) -> Result<(), Refused> {
        match moderator {
            true => self.forum.grant_moderation(self.forum.admin(), self.id),
            false => self.forum.revoke_moderation(self.forum.admin(), self.id),
        }
    }

    /// Is suspended until a moment, milliseconds since 1970.
    pub fn is_suspended_until(&self, till_ms: i64) -> Result<(), Refused> {
        self.forum.suspend(self.forum.admin(), self.id, till_ms, "quarrels")
    }

    /// Staff lifts the suspension.
    pub fn is_let_back(&self) -> Result<(), Refused> {
        self.forum.unsuspend(self.forum.admin(), self.id)
    }

    /// Is deleted.
    pub fn is_deleted(&self) -> Result<(), Refused> {
        self.forum.destroy(self.forum.admin(), self.id)
    }

    fn group(&self, name: &str) -> Result<GroupId, Refused> {
        self.forum.group_named(name).map(|group| group.id).ok_or(Refused::NotFound)
    }
}
