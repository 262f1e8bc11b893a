//! The shapes in which the forum says what it knows, one file a subject.

mod admin_person;
mod category;
mod group;
mod hook;
mod person;
mod post;
mod preferences;
mod site;
mod topic;
mod topic_list;
mod user_action;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

pub(crate) use admin_person::{admin_detail, admin_row, associated_accounts, standing_row};
pub(crate) use category::{category_for_hook, category_list, category_page};
pub(crate) use group::{group_member, group_page, group_row};
pub(crate) use hook::{group_for_hook, person_for_hook, promoted};
pub(crate) use person::{person_card, person_page};
pub(crate) use post::{Shown, edited_post_for_hook, post_for_hook, post_view};
pub(crate) use site::{about, basic_info, current_user, site, statistics};
pub(crate) use topic::{POSTS_PER_PAGE, Part, reply_history, reply_rows, topic_for_hook, topic_page};
pub(crate) use topic_list::{found, topic_list};
pub(crate) use user_action::{action_of, user_action};

use super::people::{Person, SYSTEM, folded};
use super::state::Forum;

/// Colours behind letters.
const COLOURS: [&str; 8] = ["b5ac83", "a6a055", "c2a13f", "d6d6ee", "5daacb", "53a042", "dfb087", "51bf81"];

/// `2026-11-21T07:54:55.887Z`
pub(crate) fn time(at_ms: i64) -> String {
    moment(at_ms).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// `2026-11-21 07:55:04 UTC`
pub(crate) fn day_and_time(at_ms: i64) -> String {
    moment(at_ms).format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `Wed, 20 Jan 2027 08:06:03 GMT`
pub(crate) fn cookie_time(at_ms: i64) -> String {
    moment(at_ms).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Milliseconds since 1970 of a time as callers write it.
pub(crate) fn read_time(text: &str) -> Option<i64> {
    let with_zone = DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis());
    let bare = |format: &str| {
        chrono::NaiveDateTime::parse_from_str(text, format).ok().map(|at| at.and_utc().timestamp_millis())
    };
    let day = || {
        let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
    };
    with_zone
        .or_else(|| bare("%Y-%m-%dT%H:%M:%S%.f"))
        .or_else(|| bare("%Y-%m-%d %H:%M:%S%.f"))
        .or_else(|| bare("%Y-%m-%d %H:%M"))
        .or_else(day)
}

fn moment(at_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default()
}

/// Adds the fields of one object to another, in order.
pub(crate) fn extend(fields: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        fields.extend(more);
    }
}

/// Where a person's picture is, with a place for its size.
pub(crate) fn avatar_template(forum: &Forum, person: &Person) -> String {
    match person.avatar_upload {
        Some(upload) => {
            format!(
                "/user_avatar/{}/{}/{{size}}/{upload}_2.png",
                forum.settings.host,
                folded(&person.username)
            )
        }
        None => letter_template(person),
    }
}

/// Where the picture with a person's first letter is.
pub(crate) fn letter_template(person: &Person) -> String {
    if person.id == SYSTEM {
        return "/images/discourse-logo-sketch-small.png".to_owned();
    }
    let letter = folded(&person.username).chars().next().unwrap_or('x');
    let place = usize::try_from(person.id.0.unsigned_abs()).unwrap_or_default() % COLOURS.len();
    let colour = COLOURS.get(place).copied().unwrap_or("b5ac83");
    format!("/letter_avatar_proxy/v4/letter/{letter}/{colour}/{{size}}.png")
}

/// Number, names and picture: how a person is named inside other things.
pub(crate) fn person_brief(person: &Person) -> Value {
    json!({
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "avatar_template": letter_template(person),
    })
}

/// The primary group's name and flair, all null without one.
pub(crate) fn flair(forum: &Forum, person: &Person) -> Value {
    let group = person.primary_group.and_then(|id| forum.groups.get(id));
    json!({
        "primary_group_id": group.map(|group| group.id),
        "primary_group_name": group.map(|group| &group.name),
        "flair_group_id": group.map(|group| group.id),
        "flair_name": group.map(|group| &group.name),
        "flair_url": group.and_then(|group| group.flair_url.as_ref()),
        "flair_bg_color": group.and_then(|group| group.flair_bg_color.as_ref()),
        "flair_color": group.and_then(|group| group.flair_color.as_ref()),
    })
}

/// Answers to the forum's own questions; none when it has no questions.
pub(crate) fn answers(forum: &Forum, person: &Person, shown_to_all: bool) -> Option<Value> {
    let fields: Map<String, Value> = forum
        .user_fields
        .iter()
        .filter(|field| !shown_to_all || field.show_on_profile)
        .map(|field| (field.id.to_string(), json!(person.user_fields.get(&field.id))))
        .collect();
    (!fields.is_empty()).then_some(Value::Object(fields))
}
