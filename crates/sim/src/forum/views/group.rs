//! Groups and their members.

use serde_json::{Map, Value, json};

use super::{avatar_template, extend, time};
use crate::forum::cook;
use crate::forum::groups::{Group, GroupId};
use crate::forum::people::Person;
use crate::forum::state::Forum;
use crate::forum::viewer::Viewer;

/// A group inside a person's page, or as the base of every other view of it.
pub(crate) fn group_row(group: &Group, viewer: Viewer) -> Value {
    let mut fields = Map::new();
    head(&mut fields, group, viewer);
    tail(&mut fields, group, viewer);
    Value::Object(fields)
}

/// A group in `/groups.json`: it says whether the viewer is in it.
pub(crate) fn group_page(forum: &Forum, group: &Group, viewer: Viewer, whole: bool) -> Value {
    let mut fields = Map::new();
    head(&mut fields, group, viewer);
    if let Some(person) = viewer.person.and_then(|id| forum.person(id)) {
        let place = person.membership(group.id);
        fields.insert("is_group_user".to_owned(), json!(place.is_some()));
        if place.is_some_and(|place| place.owner) {
            fields.insert("is_group_owner".to_owned(), json!(true));
        }
    }
    tail(&mut fields, group, viewer);
    if whole {
        rest(&mut fields, group, viewer);
    }
    Value::Object(fields)
}

fn head(fields: &mut Map<String, Value>, group: &Group, viewer: Viewer) {
    extend(fields, json!({"id": group.id, "automatic": group.automatic, "name": group.name}));
    if group.automatic {
        fields.insert("display_name".to_owned(), json!(group.name));
    }
    extend(
        fields,
        json!({
            "user_count": group.user_count,
            "mentionable_level": 0,
            "messageable_level": 0,
            "visibility_level": i64::from(group.visibility),
            "primary_group": group.primary,
            "title": group.title,
            "grant_trust_level": group.grant_trust_level,
        }),
    );
    if viewer.is_staff() {
        extend(fields, json!({"incoming_email": null, "has_messages": false}));
    }
    extend(
        fields,
        json!({
            "flair_url": group.flair_url,
            "flair_bg_color": group.flair_bg_color,
            "flair_color": group.flair_color,
        }),
    );
    if viewer.is_staff() {
        fields.insert("bio_raw".to_owned(), json!(group.bio_raw));
    }
    let cooked = group.bio_raw.as_deref().map(cook::cooked);
    let excerpt = cooked.as_deref().map(cook::excerpt);
    extend(
        fields,
        json!({
            "bio_cooked": cooked,
            "bio_excerpt": excerpt,
            "public_admission": false,
            "public_exit": false,
            "allow_membership_requests": false,
            "full_name": group.full_name,
            "default_notification_level": 3,
            "membership_request_template": null,
        }),
    );
}

fn tail(fields: &mut Map<String, Value>, group: &Group, viewer: Viewer) {
    let level = i64::from(group.members_visibility);
    extend(fields, json!({"members_visibility_level": level, "can_see_members": true}));
    if viewer.admin {
        fields.insert("can_admin_group".to_owned(), json!(true));
    }
    fields.insert("publish_read_state".to_owned(), json!(false));
}

/// What only the page of one group says.
fn rest(fields: &mut Map<String, Value>, group: &Group, viewer: Viewer) {
    extend(
        fields,
        json!({
            "is_group_owner_display": false,
            "mentionable": !group.automatic,
            "messageable": false,
            "flair_icon": group.flair_url,
            "flair_type": group.flair_url.as_ref().map(|_| "icon"),
        }),
    );
    if viewer.admin {
        extend(fields, json!({"automatic_membership_email_domains": null}));
        for name in ["smtp_server", "smtp_port", "smtp_ssl"] {
            fields.insert(name.to_owned(), Value::Null);
        }
        extend(fields, json!({"smtp_enabled": false, "smtp_updated_at": null, "smtp_updated_by": null}));
        for name in ["imap_server", "imap_port", "imap_ssl"] {
            fields.insert(name.to_owned(), Value::Null);
        }
        extend(fields, json!({"imap_mailbox_name": "", "imap_mailboxes": [], "imap_enabled": false}));
        for name in [
            "imap_updated_at",
            "imap_updated_by",
            "email_username",
            "email_password",
            "email_from_alias",
            "imap_last_error",
            "imap_old_emails",
            "imap_new_emails",
        ] {
            fields.insert(name.to_owned(), Value::Null);
        }
    }
    fields.insert("message_count".to_owned(), json!(0));
    if viewer.is_staff() {
        fields.insert("allow_unknown_sender_topic_replies".to_owned(), json!(false));
        for name in [
            "watching_category_ids",
            "tracking_category_ids",
            "watching_first_post_category_ids",
            "regular_category_ids",
            "muted_category_ids",
            "watching_tags",
            "watching_first_post_tags",
            "tracking_tags",
            "regular_tags",
            "muted_tags",
        ] {
            fields.insert(name.to_owned(), json!([]));
        }
    }
    fields.insert("has_visible_data_explorer_queries".to_owned(), json!(false));
}

/// One row of `/groups/{name}/members.json`: what is not so is left out.
pub(crate) fn group_member(forum: &Forum, person: &Person, group: GroupId) -> Value {
    let mut fields = Map::new();
    extend(
        &mut fields,
        json!({
            "id": person.id,
            "username": person.username,
            "name": person.name,
            "avatar_template": avatar_template(forum, person),
        }),
    );
    match person.primary_group.and_then(|id| forum.groups.get(id)) {
        Some(primary) => extend(
            &mut fields,
            json!({
                "primary_group_name": primary.name,
                "flair_name": primary.name,
                "flair_url": primary.flair_url,
                "flair_bg_color": primary.flair_bg_color,
                "flair_color": primary.flair_color,
            }),
        ),
        None => extend(&mut fields, json!({"flair_name": null})),
    }
    if person.admin {
        fields.insert("admin".to_owned(), json!(true));
    }
    if person.moderator {
        fields.insert("moderator".to_owned(), json!(true));
    }
    extend(
        &mut fields,
        json!({
            "trust_level": person.trust_level,
            "title": person.title,
            "last_posted_at": person.last_posted_at_ms.map(time),
            "last_seen_at": person.last_seen_at_ms.map(time),
            "added_at": person.membership(group).map(|place| time(place.since_ms)),
            "timezone": null,
        }),
    );
    Value::Object(fields)
}
