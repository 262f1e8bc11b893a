//! A person as the pages of staff show it.

use serde_json::{Map, Value, json};

use super::{answers, avatar_template, extend, person_brief, time};
use crate::forum::people::{Person, PersonId};
use crate::forum::state::Forum;
use crate::forum::viewer::Viewer;

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// One row of `/admin/users/list/…`.
pub(crate) fn admin_row(forum: &Forum, person: &Person, viewer: Viewer, show_emails: bool) -> Value {
    let mut fields = Map::new();
    row(&mut fields, forum, person, viewer, show_emails);
    Value::Object(fields)
}

/// `/admin/users/{id}.json`
pub(crate) fn admin_detail(forum: &Forum, person: &Person, viewer: Viewer) -> Value {
    let mut fields = Map::new();
    row(&mut fields, forum, person, viewer, false);
    if viewer.is(person) || person.staged {
        fields.insert("associated_accounts".to_owned(), associated_accounts(person));
    }
    abilities(&mut fields, person, viewer);
    counts(&mut fields, forum, person);
    if let Some(answers) = answers(forum, person, false) {
        fields.insert("user_fields".to_owned(), answers);
    }
    standing(&mut fields, forum, person, viewer);
    if person.trust_level >= 2 && (person.active || person.staged) {
        fields.insert("tl3_requirements".to_owned(), requirements(person));
    }
    fields.insert("groups".to_owned(), super::person::groups(forum, person, viewer));
    Value::Object(fields)
}

/// What `trust_level.json` answers with.
pub(crate) fn standing_row(forum: &Forum, person: &Person, viewer: Viewer) -> Value {
    let mut fields = Map::new();
    row(&mut fields, forum, person, viewer, false);
    fields.insert("can_send_activation_email".to_owned(), json!(true));
    activation(&mut fields, person);
    extend(
        &mut fields,
        json!({"ip_address": null, "registration_ip_address": null, "single_sign_on_record": null}),
    );
    json!({ "admin_user": fields })
}

fn row(fields: &mut Map<String, Value>, forum: &Forum, person: &Person, viewer: Viewer, show_emails: bool) {
    let now_ms = forum.now_ms();
    extend(
        fields,
        json!({
            "id": person.id,
            "username": person.username,
            "name": person.name,
            "avatar_template": avatar_template(forum, person),
        }),
    );
    if viewer.is(person) || person.staged || show_emails {
        extend(fields, json!({"email": person.email, "secondary_emails": []}));
    }
    extend(
        fields,
        json!({
            "active": person.active,
            "admin": person.admin,
            "moderator": person.moderator,
            "last_seen_at": person.last_seen_at_ms.map(time),
            "last_emailed_at": null,
            "created_at": time(person.created_at_ms),
            "last_seen_age": person.last_seen_at_ms.map(|at_ms| seconds(now_ms - at_ms)),
            "last_emailed_age": null,
            "created_at_age": seconds(now_ms - person.created_at_ms),
            "trust_level": person.trust_level,
            "manual_locked_trust_level": person.locked_level,
            "flag_level": 0,
            "title": person.title,
        }),
    );
    if let Some(penalty) = person.suspension(now_ms) {
        let times = json!({"suspended_at": time(penalty.from_ms), "suspended_till": time(penalty.till_ms)});
        extend(fields, times);
    }
    if let Some(penalty) = person.silence(now_ms) {
        extend(fields, json!({"silenced": true, "silenced_till": time(penalty.till_ms)}));
    }
    extend(
        fields,
        json!({
            "time_read": 0,
            "staged": person.staged,
            "days_visited": i64::from(person.last_seen_at_ms.is_some()),
            "posts_read_count": 0,
            "topics_entered": 0,
            "post_count": person.post_count,
        }),
    );
}

/// An age in seconds, with its fraction.
fn seconds(span_ms: i64) -> f64 {
    // An age of whole seconds is said with a fraction too: clients rely on a float.
    let span = std::time::Duration::from_millis(u64::try_from(span_ms).unwrap_or_default());
    span.as_secs_f64() + 0.000_001
}

fn activation(fields: &mut Map<String, Value>, person: &Person) {
    extend(
        fields,
        json!({
            "can_activate": !person.active,
            "can_deactivate": person.active && !person.is_staff(),
        }),
    );
}

fn abilities(fields: &mut Map<String, Value>, person: &Person, viewer: Viewer) {
    let deletable = !person.is_staff();
    fields.insert("can_send_activation_email".to_owned(), json!(true));
    activation(fields, person);
    extend(
        fields,
        json!({
            "ip_address": null,
            "registration_ip_address": null,
            "can_grant_admin": viewer.admin && !person.admin,
            "can_revoke_admin": viewer.admin && person.admin && !viewer.is(person),
            "can_grant_moderation": viewer.admin && !person.moderator,
            "can_revoke_moderation": viewer.admin && person.moderator,
            "can_impersonate": viewer.admin && deletable,
        }),
    );
}

fn counts(fields: &mut Map<String, Value>, forum: &Forum, person: &Person) {
    let deletable = !person.is_staff();
    let (silenced, suspended) = person.penalties;
    let next_penalty = forum.now_ms() + DAY_MS * (1 + 2 * (silenced + suspended));
    let reason = |is_in_force: bool, reason: Option<&str>| reason.filter(|_| is_in_force).map(str::to_owned);
    let suspension = person.suspension(forum.now_ms());
    let silence = person.silence(forum.now_ms());
    extend(
        fields,
        json!({
            "like_count": 0,
            "like_given_count": 0,
            "topic_count": person.topic_count,
            "post_edits_count": null,
            "flags_given_count": 0,
            "flags_received_count": 0,
            "private_topics_count": 0,
            "can_delete_all_posts": deletable,
            "can_be_deleted": deletable,
            "can_be_anonymized": deletable,
            "can_be_merged": deletable,
            "full_suspend_reason": reason(suspension.is_some(), suspension.map(|it| it.reason.as_str())),
            "silence_reason": reason(silence.is_some(), silence.map(|it| it.reason.as_str())),
            "penalty_counts": {"silenced": silenced, "suspended": suspended},
            "next_penalty": time(next_penalty),
            "primary_group_id": person.primary_group,
            "badge_count": 0,
            "warnings_received_count": 0,
        }),
    );
}

fn standing(fields: &mut Map<String, Value>, forum: &Forum, person: &Person, viewer: Viewer) {
    let now_ms = forum.now_ms();
    let named = |by: Option<PersonId>| by.and_then(|id| forum.person(id)).map(person_brief);
    let keys = forum.keys.all().iter().filter(|key| key.only == Some(person.id)).count();
    let vouched = person.approved.then_some(crate::forum::people::SYSTEM);
    extend(
        fields,
        json!({
            "bounce_score": 0.0,
            "reset_bounce_score_after": null,
            "can_view_action_logs": true,
            "can_disable_second_factor": viewer.admin && !viewer.is(person),
            "can_delete_sso_record": false,
            "api_key_count": keys,
            "external_ids": {},
            "single_sign_on_record": null,
            "approved_by": named(vouched),
            "suspended_by": named(person.suspension(now_ms).map(|penalty| penalty.by)),
            "silenced_by": named(person.silence(now_ms).map(|penalty| penalty.by)),
        }),
    );
}

/// Accounts elsewhere, as `/u/{username}/emails.json` and staff see them.
pub(crate) fn associated_accounts(person: &Person) -> Value {
    let rows = person.associated.iter().map(|(provider, uid)| json!({"name": provider, "description": uid}));
    rows.collect()
}

/// How far a person is from trust level 3.
fn requirements(person: &Person) -> Value {
    let (silenced, suspended) = person.penalties;
    json!({
        "time_period": 100,
        "requirements_met": false,
        "requirements_lost": false,
        "trust_level_locked": person.locked_level.is_some(),
        "on_grace_period": false,
        "days_visited": 0, "min_days_visited": 50,
        "num_topics_replied_to": 0, "min_topics_replied_to": 10,
        "topics_viewed": 0, "min_topics_viewed": 3,
        "posts_read": 0, "min_posts_read": 4,
        "topics_viewed_all_time": 0, "min_topics_viewed_all_time": 200,
        "posts_read_all_time": 0, "min_posts_read_all_time": 500,
        "num_flagged_posts": 0, "max_flagged_posts": 5,
        "num_flagged_by_users": 0, "max_flagged_by_users": 5,
        "num_likes_given": 0, "min_likes_given": 30,
        "num_likes_received": 0, "min_likes_received": 20,
        "num_likes_received_days": 0, "min_likes_received_days": 7,
        "num_likes_received_users": 0, "min_likes_received_users": 5,
        "penalty_counts": {"silenced": silenced, "suspended": suspended, "total": silenced + suspended},
    })
}
