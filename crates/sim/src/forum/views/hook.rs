//! What webhooks carry about people and groups.

use serde_json::{Value, json};

use super::{group_row, person::full};
use crate::forum::groups::GroupId;
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::viewer::Viewer;

/// The forum tells its webhooks what an admin who is nobody in particular would see.
const NOBODY_IN_PARTICULAR: Viewer = Viewer { person: None, admin: true, moderator: false };

/// Fields of the page that a webhook leaves out, since they are about who looks.
const LEFT_OUT: &[&str] = &[
    "ignored",
    "can_ignore_user",
    "can_mute_user",
    "can_send_private_messages",
    "can_send_private_message_to_user",
    "custom_fields",
    "pending_posts_count",
    "bio_cooked",
    "can_edit",
    "can_edit_username",
    "can_edit_email",
    "can_edit_name",
    "uploaded_avatar_id",
    "has_title_badges",
    "can_be_deleted",
    "can_delete_all_posts",
    "system_avatar_upload_id",
    "custom_avatar_upload_id",
    "can_change_bio",
    "can_change_location",
    "can_change_website",
    "can_change_tracking_preferences",
    "user_api_keys",
    "user_auth_tokens",
    "use_logo_small_as_avatar",
    "group_users",
    "unconfirmed_emails",
];

/// The `user` of a webhook.
pub(crate) fn person_for_hook(forum: &Forum, id: PersonId) -> Value {
    let Some(person) = forum.person(id) else {
        return Value::Null;
    };
    let Value::Object(page) = full(forum, person, NOBODY_IN_PARTICULAR) else {
        return Value::Null;
    };
    let mut fields = serde_json::Map::new();
    for (name, value) in page.into_iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str())) {
        let is_picture = name == "avatar_template";
        fields.insert(name, value);
        if is_picture {
            fields.insert("email".to_owned(), json!(person.email));
            fields.insert("secondary_emails".to_owned(), json!([]));
        }
    }
    Value::Object(fields)
}

/// The `user_promoted` of a webhook: the whole page of the person.
pub(crate) fn promoted(forum: &Forum, id: PersonId) -> Value {
    let viewer = Viewer { person: Some(crate::forum::people::SYSTEM), ..NOBODY_IN_PARTICULAR };
    forum.person(id).map(|person| full(forum, person, viewer)).unwrap_or_default()
}

/// The `group` of a webhook.
pub(crate) fn group_for_hook(forum: &Forum, id: GroupId) -> Value {
    forum.groups.get(id).map(|group| group_row(group, NOBODY_IN_PARTICULAR)).unwrap_or_default()
}
