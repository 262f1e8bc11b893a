//! `/admin/users/…` and the staff log.

use serde_json::{Value, json};

use super::{Ask, Gate, Route, delete, get, post, put};
use crate::forum::acts::Refused;
use crate::forum::answer::Answer;
use crate::forum::groups::GroupId;
use crate::forum::people::{List, Person, PersonId};
use crate::forum::staff_log::{LogEntry, LogFilter};
use crate::forum::state::Forum;
use crate::forum::views;

/// People on a page of the list.
const PEOPLE_PER_PAGE: usize = 100;

/// Most lines on a page of the log.
const LOG_LINES_MAX: usize = 200;

pub(super) const ROUTES: &[Route] = &[
    get("admin/users/list/{list}", "users/index", Gate::Staff, list),
    get("admin/users/list", "users/index", Gate::Staff, list),
    get("admin/users", "users/index", Gate::Staff, list),
    get("admin/users/{id}", "users/show", Gate::Staff, show),
    get("admin/users/{id}/{username}", "users/show", Gate::Staff, show),
    delete("admin/users/{id}", "users/destroy", Gate::Staff, destroy),
    put("admin/users/{id}/suspend", "users/suspend", Gate::Staff, suspend),
    put("admin/users/{id}/unsuspend", "users/unsuspend", Gate::Staff, unsuspend),
    put("admin/users/{id}/silence", "users/silence", Gate::Staff, silence),
    put("admin/users/{id}/unsilence", "users/unsilence", Gate::Staff, unsilence),
    put("admin/users/{id}/activate", "users/activate", Gate::Staff, |forum, ask| {
        let done = forum.activate(ask.by(), ask.person_id());
        success(forum, done)
    }),
    put("admin/users/{id}/deactivate", "users/deactivate", Gate::Staff, |forum, ask| {
        let done = forum.deactivate(ask.by(), ask.person_id());
        success(forum, done)
    }),
    put("admin/users/{id}/approve", "users/approve", Gate::Staff, |forum, ask| {
        let done = forum.change(ask.person_id(), |person| person.approved = true);
        success(forum, done)
    }),
    post("admin/users/{id}/log_out", "users/log_out", Gate::Staff, |forum, ask| {
        let done = forum.log_out(ask.by(), ask.person_id());
        success(forum, done)
    }),
    put("admin/users/{id}/trust_level", "users/trust_level", Gate::Staff, trust_level),
    put("admin/users/{id}/trust_level_lock", "users/trust_level_lock", Gate::Staff, trust_level_lock),
    put("admin/users/{id}/grant_admin", "users/grant_admin", Gate::Staff, grant_admin),
    put("admin/users/{id}/revoke_admin", "users/revoke_admin", Gate::Staff, |forum, ask| {
        let done = forum.revoke_admin(ask.by(), ask.person_id());
        detail(forum, ask, done)
    }),
    put("admin/users/{id}/grant_moderation", "users/grant_moderation", Gate::Staff, |forum, ask| {
        let done = forum.grant_moderation(ask.by(), ask.person_id());
        detail(forum, ask, done)
    }),
    put("admin/users/{id}/revoke_moderation", "users/revoke_moderation", Gate::Staff, |forum, ask| {
        let done = forum.revoke_moderation(ask.by(), ask.person_id());
        detail(forum, ask, done)
    }),
    put("admin/users/{id}/primary_group", "users/primary_group", Gate::Staff, primary_group),
    post("admin/users/{id}/groups", "users/add_group", Gate::Admin, add_group),
    delete("admin/users/{id}/groups/{group}", "users/remove_group", Gate::Admin, remove_group),
    put("admin/users/{id}/anonymize", "users/anonymize", Gate::Staff, anonymize),
    post("admin/users/{id}/merge", "users/merge", Gate::Staff, merge),
    get("admin/logs/staff_action_logs", "staff_action_logs/index", Gate::Staff, staff_log),
];

/// `{"success": "OK"}`, or why not.
fn success(forum: &Forum, done: Result<(), Refused>) -> Answer {
    match done {
        Ok(()) => Answer::success(),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

/// The person's page, or why not.
fn detail(forum: &Forum, ask: &Ask, done: Result<(), Refused>) -> Answer {
    match (done, forum.person(ask.person_id())) {
        (Ok(()), Some(person)) => Answer::ok(&views::admin_detail(forum, person, ask.viewer)),
        (Err(refused), _) => refused.answer(forum.settings.locale),
        (Ok(()), None) => Answer::not_found(forum.settings.locale),
    }
}

fn show(forum: &mut Forum, ask: &Ask) -> Answer {
    for group in forum.person(ask.person_id()).into_iter().flat_map(groups_of).collect::<Vec<_>>() {
        forum.recount(group);
    }
    detail(forum, ask, Ok(()))
}

fn groups_of(person: &Person) -> Vec<GroupId> {
    person.memberships.iter().map(|place| place.group).collect()
}

fn list(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let show_emails = request.flag("show_emails");
    if show_emails {
        let entry = LogEntry { context: Some("/admin/users/list".to_owned()), ..LogEntry::default() };
        let by = ask.by();
        let at_ms = forum.now_ms();
        let line = LogEntry { action: "check_email", by: Some(by), at_ms, ..entry };
        forum.staff_log.add(line);
    }
    let page = request.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or_default().max(1);
    let skip = (page - 1).saturating_mul(PEOPLE_PER_PAGE);
    let people = listed(forum, ask, skip);
    Answer::ok(
        &people.iter().map(|person| views::admin_row(forum, person, ask.viewer, show_emails)).collect(),
    )
}

/// One page of people, in the order asked for.
fn listed<'f>(forum: &'f Forum, ask: &Ask, skip: usize) -> Vec<&'f Person> {
    let request = ask.request;
    let name = ask.param("list");
    let now_ms = forum.now_ms();
    let list = match name {
        "staff" | "admins" | "moderators" => List::Staff,
        "suspended" => List::Suspended,
        "silenced" => List::Silenced,
        "staged" => List::Staged,
        "newuser" => List::Level(0),
        "basic" => List::Level(1),
        "member" => List::Level(2),
        "regular" => List::Level(3),
        "leader" => List::Level(4),
        _ => List::Everybody,
    };
    let in_force = |person: &&Person| match name {
        "suspended" => person.suspension(now_ms).is_some(),
        "silenced" => person.silence(now_ms).is_some(),
        "admins" => person.admin,
        "moderators" => person.moderator,
        _ => true,
    };
    let wanted = request.filled("filter").map(|filter| filter.to_lowercase());
    let email = request.filled("email").map(|email| email.to_lowercase());
    let fits = |person: &&Person| {
        in_force(person)
            && wanted.as_deref().is_none_or(|wanted| holds(person, wanted))
            && email.as_deref().is_none_or(|email| person.email.to_lowercase() == email)
    };
    let ascending = request.filled("asc").is_some_and(|asc| asc != "false");
    let order = request.filled("order");
    let page = |people: &mut dyn Iterator<Item = &'f Person>| {
        people.filter(fits).skip(skip).take(PEOPLE_PER_PAGE).collect::<Vec<_>>()
    };
    let holds_all = !matches!(name, "suspended" | "silenced" | "admins" | "moderators");
    let is_by_creation = order.as_deref() == Some("created");
    if is_by_creation && holds_all && wanted.is_none() && email.is_none() {
        return forum.people.page_by_creation(list, !ascending, skip, PEOPLE_PER_PAGE);
    }
    match (order.as_deref(), name) {
        (Some("created"), _) if ascending => page(&mut forum.people.by_creation(list)),
        (None, "active") | (Some("last_seen" | "seen"), "active") => page(&mut forum.people.by_visit()),
        (None | Some("created"), _) => page(&mut forum.people.by_creation(list).rev()),
        (Some(other), _) => {
            let mut people: Vec<&Person> = forum.people.by_creation(list).collect();
            sort(&mut people, other, ascending);
            page(&mut people.into_iter())
        }
    }
}

fn holds(person: &Person, wanted: &str) -> bool {
    person.username.to_lowercase().contains(wanted)
        || person.name.as_ref().is_some_and(|name| name.to_lowercase().contains(wanted))
        || person.email.to_lowercase().contains(wanted)
}

fn sort(people: &mut [&Person], order: &str, ascending: bool) {
    match order {
        "username" => people.sort_by_cached_key(|person| person.username.to_lowercase()),
        "email" => people.sort_by_cached_key(|person| person.email.to_lowercase()),
        "trust_level" => people.sort_by_key(|person| person.trust_level),
        "posts" | "post_count" => people.sort_by_key(|person| person.post_count),
        _ => people.sort_by_key(|person| person.last_seen_at_ms),
    }
    if !ascending {
        people.reverse();
    }
}

fn suspend(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let Some(till_ms) = request.filled("suspend_until").as_deref().and_then(views::read_time) else {
        return Answer::bad_parameter("suspend_until");
    };
    let reason = request.text("reason").unwrap_or_default();
    let message = request.text("message");
    match forum.suspend(ask.by(), ask.person_id(), till_ms, &reason, message.as_deref()) {
        Ok(()) => Answer::ok(&json!({"suspension": {
            "suspend_reason": reason,
            "full_suspend_reason": reason,
            "suspended_till": views::time(till_ms),
            "suspended_at": views::time(forum.now_ms()),
        }})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn unsuspend(forum: &mut Forum, ask: &Ask) -> Answer {
    match forum.unsuspend(ask.by(), ask.person_id()) {
        Ok(()) => Answer::ok(&json!({"suspension": {"suspended_till": null, "suspended_at": null}})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn silence(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let till_ms = request.filled("silenced_till").as_deref().and_then(views::read_time);
    let reason = request.text("reason").unwrap_or_default();
    let message = request.text("message");
    let id = ask.person_id();
    match forum.silence(ask.by(), id, till_ms, &reason, message.as_deref()) {
        Ok(()) => {
            let penalty = forum.person(id).and_then(|person| person.silenced.as_ref());
            let by = penalty.and_then(|penalty| forum.person(penalty.by)).map(views::person_brief);
            Answer::ok(&json!({"silence": {
                "silenced": true,
                "silence_reason": reason,
                "silenced_till": penalty.map(|penalty| views::time(penalty.till_ms)),
                "silenced_at": penalty.map(|penalty| views::time(penalty.from_ms)),
                "silenced_by": by,
            }}))
        }
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn unsilence(forum: &mut Forum, ask: &Ask) -> Answer {
    match forum.unsilence(ask.by(), ask.person_id()) {
        Ok(()) => Answer::ok(&json!({"unsilence": {
            "silenced": false,
            "silence_reason": null,
            "silenced_till": null,
            "silenced_at": null,
        }})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn trust_level(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(level) =
        ask.request.number("level").and_then(|level| u8::try_from(level).ok()).filter(|it| *it <= 4)
    else {
        return Answer::bad_parameter("level");
    };
    let id = ask.person_id();
    match (forum.set_trust_level(ask.by(), id, level), forum.person(id)) {
        (Ok(()), Some(person)) => Answer::ok(&views::standing_row(forum, person, ask.viewer)),
        (Err(refused), _) => refused.answer(forum.settings.locale),
        (Ok(()), None) => Answer::not_found(forum.settings.locale),
    }
}

fn trust_level_lock(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(locked) = ask.request.filled("locked") else {
        return Answer::bad_parameter("locked");
    };
    match forum.lock_trust_level(ask.by(), ask.person_id(), locked == "true") {
        Ok(()) => Answer::plain(200, ""),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

/// Admins are not made at once: a letter has to be answered first.
fn grant_admin(forum: &mut Forum, ask: &Ask) -> Answer {
    let allowed = forum.admin(ask.by()).and_then(|_| forum.found(ask.person_id())).map(|person| person.admin);
    match allowed {
        Ok(false) => Answer::ok(&json!({"success": "OK", "email_confirmation_required": true})),
        Ok(true) => Answer::no_access(forum.settings.locale),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn primary_group(forum: &mut Forum, ask: &Ask) -> Answer {
    let group = ask.request.number("primary_group_id").map(GroupId);
    match forum.set_primary_group(ask.by(), ask.person_id(), group) {
        Ok(()) => Answer::plain(200, ""),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn add_group(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(group) = ask.request.number("group_id").map(GroupId) else {
        return Answer::bad_parameter("group_id");
    };
    let done = forum.add_to_group(ask.by(), group, &[ask.person_id()], false);
    success(forum, done)
}

fn remove_group(forum: &mut Forum, ask: &Ask) -> Answer {
    let group = GroupId(ask.param("group").parse().unwrap_or_default());
    let done = forum.remove_from_group(ask.by(), group, &[ask.person_id()]).map(|_| ());
    success(forum, done)
}

fn anonymize(forum: &mut Forum, ask: &Ask) -> Answer {
    match forum.anonymize(ask.by(), ask.person_id()) {
        Ok(username) => Answer::ok(&json!({"success": "OK", "username": username})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn merge(forum: &mut Forum, ask: &Ask) -> Answer {
    let target = ask.request.filled("target_username");
    let Some(survivor) = target.and_then(|name| forum.people.named(&name)).map(|person| person.id) else {
        return Answer::not_found(forum.settings.locale);
    };
    let done = forum.merge(ask.by(), ask.person_id(), survivor);
    success(forum, done)
}

fn destroy(forum: &mut Forum, ask: &Ask) -> Answer {
    match forum.destroy(ask.by(), ask.person_id()) {
        Ok(()) => Answer::ok(&json!({"deleted": true})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn staff_log(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let size = |name: &str| request.number(name).and_then(|size| usize::try_from(size).ok());
    let limit = size("limit").or_else(|| size("page_size")).unwrap_or(LOG_LINES_MAX).clamp(1, LOG_LINES_MAX);
    let named = |name: &str| -> Option<PersonId> {
        let username = request.filled(name)?;
        Some(forum.people.named(&username).map(|person| person.id).unwrap_or_default())
    };
    let filter = LogFilter {
        action: request.number("action_id"),
        action_name: request.filled("action_name"),
        subject: request.filled("subject").is_some(),
        target: named("target_user"),
        by: named("acting_user"),
    };
    let page: Value = forum.log_page(limit, size("page").unwrap_or_default(), &filter);
    Answer::ok(&page)
}
