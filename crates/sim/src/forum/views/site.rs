//! The forum as a whole: what it is, what it offers, who looks at it.

use serde_json::{Map, Value, json};

use super::category::category_in_site;
use super::{avatar_template, extend, time};
use crate::forum::people::{List, Person};
use crate::forum::state::Forum;
use crate::forum::viewer::Viewer;

/// What `/site.json` says of every forum of this version, as data.
const SITE_CONSTANTS: &str = include_str!("site.json");

/// `/site.json`
pub(crate) fn site(forum: &Forum, viewer: Viewer) -> Value {
    let mut fields: Map<String, Value> = serde_json::from_str(SITE_CONSTANTS).unwrap_or_default();
    let mut groups: Vec<_> = forum.groups.all().filter(|group| forum.sees_group(viewer, group)).collect();
    groups.sort_by_key(|group| group.name.to_lowercase());
    let rows: Vec<Value> = groups
        .iter()
        .map(|group| {
            json!({
                "id": group.id,
                "name": group.name,
                "flair_url": group.flair_url,
                "flair_bg_color": group.flair_bg_color,
                "flair_color": group.flair_color,
            })
        })
        .collect();
    fields.insert("groups".to_owned(), json!(rows));
    let categories: Vec<Value> =
        forum.readable(viewer).map(|category| category_in_site(forum, category, viewer)).collect();
    fields.insert("categories".to_owned(), json!(categories));
    let questions: Vec<Value> =
        forum.user_fields.iter().map(crate::forum::user_fields::UserField::view).collect();
    fields.insert("user_fields".to_owned(), json!(questions));
    Value::Object(fields)
}

/// `/site/basic-info.json`
pub(crate) fn basic_info(forum: &Forum) -> Value {
    let image = |name: &str| format!("{}/images/{name}.png", forum.base_url);
    json!({
        "logo_url": image("discourse-logo-sketch"),
        "logo_small_url": image("discourse-logo-sketch-small"),
        "apple_touch_icon_url": image("discourse-logo-sketch-small"),
        "favicon_url": image("discourse-logo-sketch-small"),
        "title": forum.settings.title,
        "description": forum.settings.description,
        "header_primary_color": "333333",
        "header_background_color": "ffffff",
        "login_required": forum.settings.login_required,
        "mobile_logo_url": image("discourse-logo-sketch"),
    })
}

/// `/site/statistics.json`
pub(crate) fn statistics(forum: &Forum) -> Value {
    let people = forum.people.count();
    let (topics, posts) = forum.topics.counts();
    json!({
        "topic_count": topics, "topics_last_day": topics, "topics_7_days": topics, "topics_30_days": topics,
        "post_count": posts, "posts_last_day": posts, "posts_7_days": posts, "posts_30_days": posts,
        "user_count": people, "users_last_day": people, "users_7_days": people, "users_30_days": people,
        "active_users_last_day": 0, "active_users_7_days": 0, "active_users_30_days": 0,
        "like_count": 0, "likes_last_day": 0, "likes_7_days": 0, "likes_30_days": 0,
    })
}

/// `/about.json`
pub(crate) fn about(forum: &Forum) -> Value {
    let listed = |fits: fn(&Person) -> bool| -> Vec<Value> {
        let staff = forum.people.by_creation(List::Staff).filter(|person| !person.is_machine());
        staff.filter(|person| fits(person)).map(|person| staff_row(forum, person)).collect()
    };
    json!({"about": {
        "stats": statistics(forum),
        "description": forum.settings.description,
        "title": forum.settings.title,
        "locale": forum.settings.locale.code(),
        "version": forum.settings.version,
        "https": forum.settings.https,
        "can_see_about_stats": true,
        "contact_url": "",
        "contact_email": format!("hello@{}", forum.settings.host),
        "moderators": listed(|person| person.moderator),
        "admins": listed(|person| person.admin),
        "category_moderators": [],
    }})
}

fn staff_row(forum: &Forum, person: &Person) -> Value {
    json!({
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "avatar_template": avatar_template(forum, person),
        "title": person.title,
        "last_seen_at": person.last_seen_at_ms.map(time),
    })
}

/// `/session/current.json`
pub(crate) fn current_user(forum: &Forum, person: &Person) -> Value {
    let mut fields = Map::new();
    extend(
        &mut fields,
        json!({
            "id": person.id,
            "username": person.username,
            "name": person.name,
            "avatar_template": avatar_template(forum, person),
            "unread_notifications": 0,
            "unread_private_messages": 0,
            "unread_high_priority_notifications": 0,
            "read_first_notification": true,
            "admin": person.admin,
            "notification_channel_position": null,
            "moderator": person.moderator,
            "staff": person.is_staff(),
            "title": person.title,
            "any_posts": person.post_count > 0,
            "enable_quoting": true,
            "enable_defer": false,
            "external_links_in_new_tab": false,
            "dynamic_favicon": false,
            "trust_level": person.trust_level,
            "can_send_private_email_messages": person.is_staff(),
            "can_send_private_messages": true,
            "can_edit": true,
            "can_invite_to_forum": person.trust_level > 1,
            "should_be_redirected_to_top": false,
            "custom_fields": {},
        }),
    );
    for list in [
        "muted_category_ids",
        "indirectly_muted_category_ids",
        "regular_category_ids",
        "tracked_category_ids",
        "watched_first_post_category_ids",
        "watched_category_ids",
        "muted_tag_ids",
        "watched_tags",
        "watching_first_post_tags",
        "tracked_tags",
        "muted_tags",
        "regular_tags",
    ] {
        fields.insert(list.to_owned(), json!([]));
    }
    current_habits(&mut fields, forum, person);
    json!({ "current_user": fields })
}

fn current_habits(fields: &mut Map<String, Value>, forum: &Forum, person: &Person) {
    extend(
        fields,
        json!({
            "dismissed_banner_key": null,
            "is_anonymous": false,
            "reviewable_count": 0,
            "read_faq": false,
            "automatically_unpin_topics": true,
            "mailing_list_mode": false,
            "treat_as_new_topic_start_date": time(person.created_at_ms),
            "previous_visit_at": null,
            "seen_notification_id": 0,
            "primary_group_id": person.primary_group,
            "flair_group_id": person.primary_group,
            "can_create_topic": true,
        }),
    );
    if person.admin {
        fields.insert("can_create_group".to_owned(), json!(true));
    }
    let mut groups: Vec<Value> = person
        .memberships
        .iter()
        .filter_map(|place| forum.groups.get(place.group).map(|group| (place, group)))
        .map(|(place, group)| {
            let mut row = json!({"id": group.id, "name": group.name, "has_messages": false});
            if let (true, Some(row)) = (place.owner, row.as_object_mut()) {
                row.insert("owner".to_owned(), json!(true));
            }
            row
        })
        .collect();
    groups.sort_by_key(|row| row.get("name").and_then(Value::as_str).unwrap_or_default().to_lowercase());
    extend(
        fields,
        json!({
            "link_posting_access": "full",
            "top_category_ids": [],
            "hide_profile_and_presence": false,
            "groups": groups,
            "second_factor_enabled": person.second_factor,
            "ignored_users": [],
            "title_count_mode": "notifications",
            "timezone": null,
            "featured_topic": null,
            "skip_new_user_tips": false,
            "do_not_disturb_until": null,
            "can_review": person.is_staff(),
            "draft_count": 0,
            "default_calendar": "none_selected",
            "bookmark_auto_delete_preference": 3,
            "pending_posts_count": 0,
        }),
    );
}
