//! A person as the public pages show it: to a visitor, to a member, to staff, to themselves.

use serde_json::{Map, Value, json};

use super::{answers, avatar_template, extend, flair, group_row, letter_template, preferences, time};
use crate::forum::cook;
use crate::forum::people::{Membership, Person};
use crate::forum::state::Forum;
use crate::forum::viewer::Viewer;

/// `/u/{username}.json`
pub(crate) fn person_page(forum: &Forum, person: &Person, viewer: Viewer) -> Value {
    json!({ "user_badges": [], "user": full(forum, person, viewer) })
}

/// `/u/{username}/card.json`: the first half of the page.
pub(crate) fn person_card(forum: &Forum, person: &Person, viewer: Viewer) -> Value {
    let mut fields = Map::new();
    who(&mut fields, forum, person, viewer);
    about(&mut fields, forum, person, viewer);
    fields.shift_remove("bio_raw");
    fields.shift_remove("bio_cooked");
    fields.insert("featured_user_badge_ids".to_owned(), json!([]));
    json!({ "user_badges": [], "user": fields })
}

/// Everything the viewer may see of a person.
pub(super) fn full(forum: &Forum, person: &Person, viewer: Viewer) -> Value {
    let sees_private = viewer.is_staff() || viewer.is(person);
    let mut fields = Map::new();
    who(&mut fields, forum, person, viewer);
    about(&mut fields, forum, person, viewer);
    abilities(&mut fields, person, viewer);
    if sees_private {
        private(&mut fields, forum, person, viewer);
    }
    if let Some(upload) = person.avatar_upload {
        let template = avatar_template(forum, person);
        extend(&mut fields, json!({"custom_avatar_upload_id": upload, "custom_avatar_template": template}));
    }
    fields.insert("user_notification_schedule".to_owned(), preferences::notification_schedule());
    if sees_private {
        fields.insert("use_logo_small_as_avatar".to_owned(), json!(false));
    }
    extend(&mut fields, json!({"featured_user_badge_ids": [], "invited_by": null}));
    fields.insert("groups".to_owned(), groups(forum, person, viewer));
    if sees_private {
        fields.insert("group_users".to_owned(), memberships(person, viewer));
        fields.insert("user_option".to_owned(), preferences::options(person.id));
    }
    Value::Object(fields)
}

fn who(fields: &mut Map<String, Value>, forum: &Forum, person: &Person, viewer: Viewer) {
    let own = viewer.is(person);
    extend(
        fields,
        json!({
            "id": person.id,
            "username": person.username,
            "name": person.name,
            "avatar_template": avatar_template(forum, person),
        }),
    );
    if own || (person.staged && viewer.is_staff()) {
        let email = json!({"email": person.email, "secondary_emails": [], "unconfirmed_emails": []});
        extend(fields, email);
    }
    let may_avoid = viewer.person.is_some() && !own && !person.is_staff();
    extend(
        fields,
        json!({
            "last_posted_at": person.last_posted_at_ms.map(time),
            "last_seen_at": person.last_seen_at_ms.map(time),
            "created_at": time(person.created_at_ms),
            "ignored": false,
            "muted": false,
            "can_ignore_user": may_avoid,
            "can_mute_user": may_avoid,
            "can_send_private_messages": viewer.person.is_some(),
            "can_send_private_message_to_user": viewer.person.is_some() && !own,
            "trust_level": person.trust_level,
            "moderator": person.moderator,
            "admin": person.admin,
            "title": person.title,
        }),
    );
    if let Some(penalty) = person.suspension(forum.now_ms()) {
        let suspension = json!({"suspend_reason": penalty.reason, "suspended_till": time(penalty.till_ms)});
        extend(fields, suspension);
    }
}

fn about(fields: &mut Map<String, Value>, forum: &Forum, person: &Person, viewer: Viewer) {
    let sees_private = viewer.is_staff() || viewer.is(person);
    fields.insert("badge_count".to_owned(), json!(0));
    if let Some(answers) = answers(forum, person, !sees_private) {
        fields.insert("user_fields".to_owned(), answers);
    }
    extend(fields, json!({"custom_fields": {}, "time_read": 0, "recent_time_read": 0}));
    extend(fields, flair(forum, person));
    fields.insert("featured_topic".to_owned(), Value::Null);
    if sees_private {
        fields.insert("pending_posts_count".to_owned(), json!(0));
    }
    let cooked = person.bio_raw.as_deref().map(cook::cooked);
    if let Some(cooked) = &cooked {
        fields.insert("bio_excerpt".to_owned(), json!(cook::excerpt(cooked)));
    }
    if let Some(website) = &person.website {
        let name = url::Url::parse(website).ok().and_then(|url| url.host_str().map(str::to_owned));
        extend(fields, json!({"website": website, "website_name": name}));
    }
    if let Some(location) = &person.location {
        fields.insert("location".to_owned(), json!(location));
    }
    if viewer.is_staff() {
        fields.insert("staged".to_owned(), json!(person.staged));
    }
    if let Some(cooked) = cooked {
        extend(fields, json!({"bio_raw": person.bio_raw, "bio_cooked": cooked}));
    }
}

fn abilities(fields: &mut Map<String, Value>, person: &Person, viewer: Viewer) {
    let may_edit = viewer.is_staff() || viewer.is(person);
    extend(
        fields,
        json!({
            "can_edit": may_edit,
            "can_edit_username": may_edit,
            "can_edit_email": may_edit,
            "can_edit_name": may_edit,
            "uploaded_avatar_id": person.avatar_upload,
        }),
    );
    if may_edit {
        fields.insert("has_title_badges".to_owned(), json!(person.trust_level > 2));
    }
    extend(fields, json!({"pending_count": 0, "profile_view_count": 0}));
    if may_edit {
        fields.insert("second_factor_enabled".to_owned(), json!(person.second_factor));
    }
    if viewer.is(person) {
        extend(fields, json!({"second_factor_backup_enabled": false, "associated_accounts": []}));
    }
    extend(
        fields,
        json!({
            "can_upload_profile_header": may_edit,
            "can_upload_user_card_background": may_edit,
        }),
    );
}

fn private(fields: &mut Map<String, Value>, forum: &Forum, person: &Person, viewer: Viewer) {
    if viewer.is_staff() {
        let deletable = !person.is_staff();
        extend(
            fields,
            json!({
                "post_count": person.post_count,
                "can_be_deleted": deletable,
                "can_delete_all_posts": deletable,
            }),
        );
    }
    extend(fields, preferences::watched());
    let letter = letter_template(person);
    extend(fields, json!({"system_avatar_upload_id": null, "system_avatar_template": letter}));
    extend(
        fields,
        json!({
            "muted_usernames": [],
            "ignored_usernames": [],
            "allowed_pm_usernames": [],
            "mailing_list_posts_per_day": 0,
            "can_change_bio": true,
            "can_change_location": true,
            "can_change_website": true,
            "can_change_tracking_preferences": true,
            "user_api_keys": null,
            "user_auth_tokens": forum.sessions.tokens_of(person.id),
        }),
    );
}

/// The groups that the viewer may know the person to be in.
pub(super) fn groups(forum: &Forum, person: &Person, viewer: Viewer) -> Value {
    let visible = person
        .memberships
        .iter()
        .filter_map(|place| forum.groups.get(place.group))
        .filter(|group| forum.sees_group(viewer, group) && forum.sees_members(viewer, group));
    let row = |group| {
        let mut row = group_row(group, viewer);
        if let (true, Some(fields)) = (viewer.is(person), row.as_object_mut()) {
            fields.insert("has_messages".to_owned(), json!(false));
        }
        row
    };
    visible.map(row).collect()
}

fn memberships(person: &Person, viewer: Viewer) -> Value {
    let row = |place: &Membership| {
        let mut row = json!({"group_id": place.group, "user_id": person.id, "notification_level": 3});
        if let (true, Some(fields)) = (viewer.is(person), row.as_object_mut()) {
            fields.insert("owner".to_owned(), json!(place.owner));
        }
        row
    };
    person.memberships.iter().map(row).collect()
}
