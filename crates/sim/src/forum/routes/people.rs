//! `/u/…`: people as everybody may ask about them, and what people change about themselves.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Ask, Gate, Route, get, post, put};
use crate::forum::acts::Refused;
use crate::forum::acts::account::{PersonSpec, check_username};
use crate::forum::acts::profile::ProfileChange;
use crate::forum::answer::{Answer, escaped};
use crate::forum::people::{Person, PersonId};
use crate::forum::state::Forum;
use crate::forum::topics::PostKind;
use crate::forum::views;

/// The shortest password, in letters.
const PASSWORD_LETTERS_MIN: usize = 10;

/// Rows about what somebody wrote, on a page.
const ACTIONS_PER_PAGE: usize = 30;

pub(super) const ROUTES: &[Route] = &[
    get("u/by-external/{external_id}", "users/show", Gate::Public, |forum, _| {
        // Only a forum that takes its people from elsewhere has such numbers.
        Answer::not_found(forum.settings.locale)
    }),
    get("u/by-external/{external_provider}/{external_id}", "users/show", Gate::Public, by_external),
    get("u/check_username", "users/check_username", Gate::Public, check_name),
    get("u/hp", "users/get_honeypot_value", Gate::Open, honeypot),
    get("session/hp", "users/get_honeypot_value", Gate::Open, honeypot),
    get("u/{username}", "users/show", Gate::Public, show),
    get("u/{username}/card", "users/show_card", Gate::Public, |forum, ask| {
        with_person(forum, ask, |forum, person| views::person_card(forum, person, ask.viewer))
    }),
    get("u/{username}/summary", "users/summary", Gate::Public, |forum, ask| {
        with_person(forum, ask, |_, person| summary(person))
    }),
    get("u/{username}/emails", "users/check_emails", Gate::Public, emails),
    post("u", "users/create", Gate::Public, create),
    put("u/{username}", "users/update", Gate::Public, update),
    put("u/{username}/preferences/username", "users/username", Gate::Public, rename),
    put("u/{username}/preferences/avatar/pick", "users/pick_avatar", Gate::Public, pick_avatar),
    get("user-badges/{username}", "user_badges/username", Gate::Public, |forum, ask| {
        with_person(forum, ask, |_, _| json!({"user_badges": [], "badges": [], "badge_types": []}))
    }),
    get("user_actions", "user_actions/index", Gate::Public, user_actions),
    get("notifications", "notifications/index", Gate::Public, |forum, ask| match ask.viewer.person {
        Some(_) => Answer::ok(&json!({
            "notifications": [],
            "total_rows_notifications": 0,
            "seen_notification_id": 0,
            "load_more_notifications": "/notifications?offset=60",
        })),
        None => Answer::error(403, forum.settings.locale.not_logged_in(), "not_logged_in"),
    }),
    get("directory_items", "directory_items/index", Gate::Public, |_, _| {
        Answer::ok(&json!({"directory_items": [], "meta": {
            "last_updated_at": null,
            "total_rows_directory_items": 0,
            "load_more_directory_items": "/directory_items.json?order=likes_received&page=1&period=all",
        }}))
    }),
];

fn with_person(forum: &Forum, ask: &Ask, view: impl FnOnce(&Forum, &Person) -> Value) -> Answer {
    match forum.people.named(ask.param("username")) {
        Some(person) => Answer::ok(&view(forum, person)),
        None => Answer::not_found(forum.settings.locale),
    }
}

fn show(forum: &mut Forum, ask: &Ask) -> Answer {
    let groups: Vec<_> = forum
        .people
        .named(ask.param("username"))
        .into_iter()
        .flat_map(|person| person.memberships.iter().map(|place| place.group))
        .collect();
    for group in groups {
        forum.recount(group);
    }
    with_person(forum, ask, |forum, person| views::person_page(forum, person, ask.viewer))
        .header("X-Robots-Tag", "noindex")
}

fn by_external(forum: &mut Forum, ask: &Ask) -> Answer {
    let found = forum.people.associated(ask.param("external_provider"), ask.param("external_id"));
    match found.filter(|_| ask.viewer.is_staff()) {
        Some(person) => Answer::ok(&views::person_page(forum, person, ask.viewer)),
        None => Answer::not_found(forum.settings.locale),
    }
}

/// What somebody began (4) and answered (5), newest first, as far as whoever asks may read it.
fn user_actions(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let Some(person) = request.filled("username").and_then(|name| forum.people.named(&name)) else {
        return Answer::not_found(forum.settings.locale);
    };
    let kinds = request.list("filter");
    let skip = request.number("offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default();
    let rows: Vec<Value> = forum
        .topics
        .newest_posts()
        .filter(|post| post.by == person.id && post.kind == PostKind::Regular)
        .filter(|post| kinds.is_empty() || kinds.contains(&views::action_of(post).to_string()))
        .filter_map(|post| views::user_action(forum, post, ask.viewer))
        .skip(skip)
        .take(ACTIONS_PER_PAGE)
        .collect();
    Answer::ok(&json!({ "user_actions": rows }))
}

fn summary(person: &Person) -> Value {
    json!({"topics": [], "user_summary": {
        "likes_given": 0,
        "likes_received": 0,
        "topics_entered": 0,
        "posts_read_count": 0,
        "days_visited": 0,
        "topic_count": person.topic_count,
        "post_count": person.post_count,
        "time_read": 0,
        "recent_time_read": 0,
        "can_see_summary_stats": true,
        "topic_ids": [],
        "replies": [],
        "links": [],
        "most_liked_by_users": [],
        "most_liked_users": [],
        "most_replied_to_users": [],
        "badges": [],
        "top_categories": [],
    }})
}

fn emails(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(person) = forum.people.named(ask.param("username")) else {
        return Answer::not_found(forum.settings.locale);
    };
    if !ask.viewer.is_staff() && !ask.viewer.is(person) {
        return Answer::no_access(forum.settings.locale);
    }
    let answer = Answer::ok(&json!({
        "email": person.email,
        "secondary_emails": [],
        "unconfirmed_emails": [],
        "associated_accounts": views::associated_accounts(person),
    }));
    let (id, by) = (person.id, ask.by());
    if id != by {
        let entry = crate::forum::staff_log::LogEntry::default();
        forum.log("check_email", by, id, entry);
    }
    answer
}

fn check_name(forum: &mut Forum, ask: &Ask) -> Answer {
    let username = ask.request.text("username").unwrap_or_default();
    if let Err(error) = check_username(&username) {
        return Answer::ok(&json!({ "errors": [error] }));
    }
    match forum.people.named(&username) {
        Some(_) => Answer::ok(&json!({"available": false, "suggestion": format!("{username}1")})),
        None => Answer::ok(&json!({"available": true, "is_developer": false})),
    }
}

/// A trap for programs that fill in forms: keys do not need it, old clients ask for it all the same.
fn honeypot(_: &mut Forum, _: &Ask) -> Answer {
    Answer::ok(&json!({"value": Forum::made_up_key(), "challenge": Forum::made_up_key(), "expires_in": 3599}))
}

fn create(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    if !ask.viewer.is_staff() {
        return Answer::no_access(forum.settings.locale);
    }
    let text = |name: &str| request.text(name).unwrap_or_default();
    let (username, email) = (text("username"), text("email"));
    let active = request.flag("active");
    let spec = PersonSpec {
        name: request.filled("name"),
        email: Some(email.clone()),
        password: Some(text("password")),
        trust_level: 0,
        active,
        staged: request.flag("staged") && !active,
        ..PersonSpec::new(&username)
    };
    let values = json!({"name": text("name"), "username": username, "email": email});
    if let Some((field, error)) = wrong(forum, &spec) {
        let message = format!("{} {error}", capitalised(field));
        return Answer::ok(&json!({
            "success": false,
            "message": message,
            "errors": {field: [error]},
            "values": values,
            "is_developer": false,
        }));
    }
    match forum.create_person(spec) {
        Ok(id) => created(forum, id, active, &email),
        Err(refused) => {
            let words = refused.to_string();
            Answer::ok(&json!({"success": false, "message": words, "errors": {}, "values": values}))
        }
    }
}

fn created(forum: &mut Forum, id: PersonId, active: bool, email: &str) -> Answer {
    let message = match active {
        true => "Your account is activated and ready to use.".to_owned(),
        false => format!(
            "<p>You’re almost done! We sent an activation mail to <b>{}</b>. \
             Please follow the instructions in the mail to activate your account.</p>",
            escaped(email)
        ),
    };
    forum.changed("create_user", Some(id), None);
    Answer::ok(&json!({"success": true, "active": active, "message": message, "user_id": id}))
}

/// The first field that is wrong, in the forum's words.
fn wrong(forum: &Forum, spec: &PersonSpec) -> Option<(&'static str, String)> {
    let email = spec.email.as_deref().unwrap_or_default();
    let password = spec.password.as_deref().unwrap_or_default();
    if let Err(error) = check_username(&spec.username) {
        return Some(("username", error.trim_start_matches("Username ").to_owned()));
    }
    if forum.people.named(&spec.username).is_some() || forum.groups.named(&spec.username).is_some() {
        return Some(("username", "must be unique".to_owned()));
    }
    if !email.contains('@') {
        return Some(("email", "is invalid.".to_owned()));
    }
    if forum.people.with_email(email).is_some() {
        return Some(("email", "has already been taken".to_owned()));
    }
    let is_short = password.chars().count() < PASSWORD_LETTERS_MIN;
    is_short.then(|| ("password", format!("is too short (minimum is {PASSWORD_LETTERS_MIN} characters)")))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The person in the path, if whoever asks may change it.
fn changeable(forum: &Forum, ask: &Ask) -> Result<PersonId, Answer> {
    let locale = forum.settings.locale;
    if ask.viewer.person.is_none() {
        return Err(Answer::error(403, locale.not_logged_in(), "not_logged_in"));
    }
    match forum.people.named(ask.param("username")) {
        Some(person) if ask.viewer.is(person) || ask.viewer.is_staff() => Ok(person.id),
        Some(_) => Err(Answer::no_access(locale)),
        None => Err(Answer::not_found(locale)),
    }
}

fn update(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = match changeable(forum, ask) {
        Ok(id) => id,
        Err(answer) => return answer,
    };
    let request = ask.request;
    let mut user_fields = BTreeMap::new();
    if let Some(Value::Object(answers)) = request.value("user_fields") {
        for name in answers.keys() {
            let answer = request.text(&format!("user_fields/{name}")).unwrap_or_default();
            user_fields.extend(name.parse().ok().map(|number: i64| (number, answer)));
        }
    }
    let change = ProfileChange {
        name: request.text("name"),
        title: request.text("title"),
        bio_raw: request.text("bio_raw"),
        website: request.text("website"),
        location: request.text("location"),
        user_fields,
        avatar: None,
    };
    match (forum.update_profile(ask.by(), id, &change), forum.person(id)) {
        (Ok(()), Some(person)) => {
            let page = views::person_page(forum, person, ask.viewer);
            Answer::ok(&json!({"success": "OK", "user": page.get("user")}))
        }
        (Err(refused), _) => refused.answer(forum.settings.locale),
        (Ok(()), None) => Answer::not_found(forum.settings.locale),
    }
}

fn rename(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = match changeable(forum, ask) {
        Ok(id) => id,
        Err(answer) => return answer,
    };
    let Some(username) = ask.request.filled("new_username").or_else(|| ask.request.filled("username")) else {
        return Answer::missing_parameter("new_username");
    };
    match forum.rename(ask.by(), id, &username) {
        Ok(()) => Answer::ok(&json!({"id": id, "username": username})),
        Err(Refused::Invalid(errors)) => Answer::invalid(&errors),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn pick_avatar(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = match changeable(forum, ask) {
        Ok(id) => id,
        Err(answer) => return answer,
    };
    let uploaded = ask.request.filled("upload_id").is_some();
    let change = ProfileChange { avatar: Some(uploaded), ..ProfileChange::default() };
    match forum.update_profile(ask.by(), id, &change) {
        Ok(()) => Answer::success(),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}
