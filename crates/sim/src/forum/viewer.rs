//! Who looks: what an answer shows depends on it.

use super::groups::{Audience, Group};
use super::people::{Person, PersonId};
use super::state::Forum;

/// Somebody who asks, as far as answers care.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Viewer {
    pub(crate) person: Option<PersonId>,
    pub(crate) admin: bool,
    pub(crate) moderator: bool,
}

impl Viewer {
    pub(crate) fn of(person: &Person) -> Viewer {
        Viewer { person: Some(person.id), admin: person.admin, moderator: person.moderator }
    }

    pub(crate) fn is_staff(self) -> bool {
        self.admin || self.moderator
    }

    pub(crate) fn is(self, person: &Person) -> bool {
        self.person == Some(person.id)
    }
}

impl Forum {
    /// Whether the viewer sees that the group exists.
    pub(crate) fn sees_group(&self, viewer: Viewer, group: &Group) -> bool {
        self.belongs(viewer, group, group.visibility)
    }

    /// Whether the viewer sees who is in the group.
    pub(crate) fn sees_members(&self, viewer: Viewer, group: &Group) -> bool {
        self.belongs(viewer, group, group.members_visibility)
    }

    fn belongs(&self, viewer: Viewer, group: &Group, audience: Audience) -> bool {
        let place =
            viewer.person.and_then(|id| self.person(id)).and_then(|person| person.membership(group.id));
        let is_member = place.is_some();
        let is_owner = place.is_some_and(|place| place.owner);
        viewer.admin
            || match audience {
                Audience::Public => true,
                Audience::SignedIn => viewer.person.is_some(),
                Audience::Members => is_member,
                Audience::Staff => viewer.is_staff() || is_owner,
                Audience::Owners => is_owner,
            }
    }
}
