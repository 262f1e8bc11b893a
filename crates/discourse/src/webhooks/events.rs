//! What an event of the forum tells to look at again. Its content is never believed, only its ids.

use domain::ids::{GroupId, SourceName, Subject};
use serde::Deserialize;
use service::Hint;

/// The parts of all payloads that name somebody or some group. A payload stands under its event's type.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Payload {
    #[serde(default, alias = "user_promoted")]
    user: Option<WithId>,
    #[serde(default)]
    group: Option<WithId>,
    #[serde(default)]
    group_user: Option<GroupUser>,
}

#[derive(Debug, Deserialize)]
struct WithId {
    id: i64,
}

#[derive(Debug, Deserialize)]
struct GroupUser {
    user_id: i64,
}

/// What an event is about.
#[derive(Clone, Copy)]
enum About {
    User,
    Group,
    GroupUser,
}

/// Events that say something about standing. Newer forums send more of them than older ones.
const EVENTS: &[(&str, About)] = &[
    ("user_created", About::User),
    ("user_approved", About::User),
    ("user_confirmed_email", About::User),
    ("user_updated", About::User),
    ("user_promoted", About::User),
    ("user_demoted", About::User),
    ("user_logged_in", About::User),
    ("user_logged_out", About::User),
    ("user_suspended", About::User),
    ("user_unsuspended", About::User),
    ("user_silenced", About::User),
    ("user_unsilenced", About::User),
    ("user_anonymized", About::User),
    ("user_destroyed", About::User),
    ("user_added_to_group", About::GroupUser),
    ("user_removed_from_group", About::GroupUser),
    ("group_created", About::Group),
    ("group_updated", About::Group),
    ("group_destroyed", About::Group),
];

/// Whether the hall has any use for an event of this name.
pub(super) fn matters(event: &str) -> bool {
    EVENTS.iter().any(|(name, _)| *name == event)
}

/// What an event's name adds to its body. The name is not signed, so it adds as little as it can: that somebody
/// came into a group and that they left it again may be told in the very same words.
pub(super) fn adds(event: &str) -> &str {
    match EVENTS.iter().find(|(name, _)| *name == event) {
        Some((name, About::GroupUser)) => name,
        _ => "",
    }
}

/// What to look at again: `Some(None)` when it is about the forum's own programs or about everyone, `None` when
/// the payload does not name what its event is about.
pub(super) fn hint(source: &SourceName, event: &str, payload: &Payload) -> Option<Option<Hint>> {
    let (_, about) = EVENTS.iter().find(|(name, _)| *name == event)?;
    let id = match about {
        About::User => payload.user.as_ref()?.id,
        About::GroupUser => payload.group_user.as_ref()?.user_id,
        About::Group => payload.group.as_ref()?.id,
    };
    let hint = match about {
        About::User | About::GroupUser => {
            Hint::Person { source: source.clone(), subject: Subject(id.to_string()) }
        }
        About::Group => Hint::Group { source: source.clone(), group: GroupId(id) },
    };
    Some((id > 0).then_some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coming_into_a_group_and_leaving_it_differ_and_no_other_name_adds_anything() {
        let adding: Vec<&str> =
            EVENTS.iter().map(|(name, _)| adds(name)).filter(|adds| !adds.is_empty()).collect();
        assert_eq!(adding, ["user_added_to_group", "user_removed_from_group"]);
        assert_eq!(adds("made_up"), "");
    }
}
