//! Preferences that nobody here has changed: the forum's defaults.

use serde_json::{Map, Value, json};

use crate::forum::people::PersonId;

/// When a working day begins and ends, in minutes after midnight.
const WORKING_DAY_MINUTES: (i64, i64) = (480, 1020);

/// When notifications are wanted.
pub(super) fn notification_schedule() -> Value {
    let mut schedule = Map::new();
    schedule.insert("enabled".to_owned(), json!(false));
    for day in 0..7 {
        schedule.insert(format!("day_{day}_start_time"), json!(WORKING_DAY_MINUTES.0));
        schedule.insert(format!("day_{day}_end_time"), json!(WORKING_DAY_MINUTES.1));
    }
    Value::Object(schedule)
}

/// Lists of what a person watches and mutes: all empty.
pub(super) fn watched() -> Value {
    json!({
        "locale": null,
        "muted_category_ids": [],
        "regular_category_ids": [],
        "watched_tags": [],
        "watching_first_post_tags": [],
        "tracked_tags": [],
        "muted_tags": [],
        "tracked_category_ids": [],
        "watched_category_ids": [],
        "watched_first_post_category_ids": [],
    })
}

/// Everything on the pages of preferences.
pub(super) fn options(person: PersonId) -> Value {
    json!({
        "user_id": person,
        "mailing_list_mode": false,
        "mailing_list_mode_frequency": 1,
        "email_digests": true,
        "email_level": 1,
        "email_messages_level": 0,
        "external_links_in_new_tab": false,
        "color_scheme_id": null,
        "dark_scheme_id": null,
        "dynamic_favicon": false,
        "enable_quoting": true,
        "enable_defer": false,
        "digest_after_minutes": 10080,
        "automatically_unpin_topics": true,
        "auto_track_topics_after_msecs": 240_000,
        "notification_level_when_replying": 2,
        "new_topic_duration_minutes": 2880,
        "email_previous_replies": 2,
        "email_in_reply_to": false,
        "like_notification_frequency": 1,
        "include_tl0_in_digests": false,
        "theme_ids": [1],
        "theme_key_seq": 0,
        "allow_private_messages": true,
        "enable_allowed_pm_users": false,
        "homepage_id": null,
        "hide_profile_and_presence": false,
        "text_size": "normal",
        "text_size_seq": 0,
        "title_count_mode": "notifications",
        "timezone": null,
        "skip_new_user_tips": false,
        "default_calendar": "none_selected",
        "oldest_search_log_date": null,
    })
}
