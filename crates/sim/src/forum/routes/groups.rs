//! `/groups…` and what staff does with groups.

use serde_json::{Value, json};

use super::{Ask, Gate, Route, delete, get, post, put};
use crate::forum::acts::Refused;
use crate::forum::acts::group::{GroupChange, GroupSpec};
use crate::forum::answer::Answer;
use crate::forum::groups::{Audience, Group, GroupId};
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::views;

/// Groups on a page.
const GROUPS_PER_PAGE: usize = 36;

/// Members on a page when nobody says how many, and the most that may be asked for.
const MEMBERS_PER_PAGE: i64 = 50;
const MEMBERS_MAX: i64 = 1000;

pub(super) const ROUTES: &[Route] = &[
    get("groups", "groups/index", Gate::Public, index),
    get("groups/search", "groups/search", Gate::Public, search),
    get("groups/{name}", "groups/show", Gate::Public, show),
    get("groups/{name}/members", "groups/members", Gate::Public, members),
    post("admin/groups", "groups/create", Gate::Admin, create),
    delete("admin/groups/{id}", "groups/destroy", Gate::Admin, |forum, ask| {
        let done = forum.delete_group(ask.by(), group_id(ask));
        success(forum, done)
    }),
    put("groups/{id}", "groups/update", Gate::Public, update),
    put("groups/{id}/members", "groups/add_members", Gate::Public, add_members),
    delete("groups/{id}/members", "groups/remove_member", Gate::Public, remove_members),
    put("groups/{id}/owners", "groups/add_owners", Gate::Public, add_owners),
    put("admin/groups/{id}/owners", "groups/add_owners", Gate::Admin, add_owners),
    delete("admin/groups/{id}/owners", "groups/remove_owner", Gate::Admin, remove_owners),
];

fn success(forum: &Forum, done: Result<(), Refused>) -> Answer {
    match done {
        Ok(()) => Answer::success(),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn group_id(ask: &Ask) -> GroupId {
    GroupId(ask.param("id").parse().unwrap_or(-1))
}

fn index(forum: &mut Forum, ask: &Ask) -> Answer {
    recount_all(forum);
    let wanted = ask.request.filled("filter").map(|filter| filter.to_lowercase());
    let mut groups: Vec<&Group> = forum
        .groups
        .all()
        .filter(|group| forum.sees_group(ask.viewer, group))
        .filter(|group| !group.automatic || ask.viewer.is_staff())
        .filter(|group| wanted.as_deref().is_none_or(|wanted| group.name.to_lowercase().contains(wanted)))
        .collect();
    groups.sort_by_key(|group| group.name.to_lowercase());
    let page = ask.request.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or_default();
    let total = groups.len();
    let rows: Vec<Value> = groups
        .into_iter()
        .skip(page.saturating_mul(GROUPS_PER_PAGE))
        .take(GROUPS_PER_PAGE)
        .map(|group| views::group_page(forum, group, ask.viewer, false))
        .collect();
    let filters: &[&str] = match ask.viewer.person {
        Some(_) if ask.viewer.is_staff() => &["my", "owner", "public", "close", "automatic"],
        Some(_) => &["my", "owner", "public", "close"],
        None => &["public", "close"],
    };
    Answer::ok(&json!({
        "groups": rows,
        "extras": {"type_filters": filters},
        "total_rows_groups": total,
        "load_more_groups": format!("/groups?page={}", page + 1),
    }))
}

fn recount_all(forum: &mut Forum) {
    let ids: Vec<GroupId> = forum.groups.all().map(|group| group.id).collect();
    for id in ids {
        forum.recount(id);
    }
}

fn search(forum: &mut Forum, ask: &Ask) -> Answer {
    recount_all(forum);
    if ask.viewer.person.is_none() {
        return Answer::error(403, forum.settings.locale.not_logged_in(), "not_logged_in");
    }
    let groups = forum.groups.all().filter(|group| forum.sees_group(ask.viewer, group));
    Answer::ok(&groups.map(|group| views::group_row(group, ask.viewer)).collect())
}

/// The group of that name, if the viewer may know of it.
fn visible(forum: &Forum, ask: &Ask) -> Result<GroupId, Answer> {
    let group = forum
        .groups
        .named(ask.param("name"))
        .filter(|group| group.id == crate::forum::groups::EVERYONE || forum.sees_group(ask.viewer, group));
    group.map(|group| group.id).ok_or_else(|| Answer::not_found(forum.settings.locale))
}

fn show(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = match visible(forum, ask) {
        Ok(id) => id,
        Err(answer) => return answer,
    };
    forum.recount(id);
    let Some(group) = forum.groups.get(id) else {
        return Answer::not_found(forum.settings.locale);
    };
    let mut names: Vec<&str> = forum
        .groups
        .all()
        .filter(|group| forum.sees_group(ask.viewer, group))
        .map(|group| group.name.as_str())
        .collect();
    names.sort_unstable();
    let page = views::group_page(forum, group, ask.viewer, true);
    Answer::ok(&json!({"group": page, "extras": {"visible_group_names": names}}))
}

fn members(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = match visible(forum, ask) {
        Ok(id) => id,
        Err(answer) => return answer,
    };
    let locale = forum.settings.locale;
    if forum.groups.get(id).is_some_and(|group| !forum.sees_members(ask.viewer, group)) {
        return Answer::no_access(locale);
    }
    // A limit that is no number counts as none at all, as Ruby reads it.
    let limit = ask.request.text("limit").map_or(MEMBERS_PER_PAGE, |limit| leading_number(&limit));
    let offset = ask.request.text("offset").map_or(0, |offset| leading_number(&offset));
    if !(0..=MEMBERS_MAX).contains(&limit) {
        return Answer::bad_parameter("limit");
    }
    if offset < 0 {
        return Answer::bad_parameter("offset");
    }
    forum.order_members(id);
    let Some(group) = forum.groups.get(id) else {
        return Answer::not_found(locale);
    };
    let row = |id: &PersonId| forum.person(*id).map(|person| views::group_member(forum, person, group.id));
    let size = |number: i64| usize::try_from(number).unwrap_or_default();
    let rows: Vec<Value> =
        group.members.iter().skip(size(offset)).take(size(limit)).filter_map(row).collect();
    let owns = |id: &&PersonId| {
        forum.person(**id).and_then(|person| person.membership(group.id)).is_some_and(|place| place.owner)
    };
    // Owners come first, so that the first member who owns nothing ends the search.
    let owners: Vec<Value> = group.members.iter().take_while(owns).filter_map(row).collect();
    Answer::ok(&json!({
        "members": rows,
        "owners": owners,
        "meta": {"total": group.members.len(), "limit": limit, "offset": offset},
    }))
}

fn leading_number(text: &str) -> i64 {
    let trimmed = text.trim();
    let sign_end = usize::from(trimmed.starts_with('-'));
    let digits = trimmed.chars().skip(sign_end).take_while(char::is_ascii_digit).count();
    trimmed.get(..sign_end + digits).and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// People named by `usernames`, `username`, `user_ids`, `user_id` or `emails`.
fn named(forum: &Forum, ask: &Ask) -> Vec<PersonId> {
    let request = ask.request;
    let lists = |names: [&str; 2]| names.into_iter().flat_map(|name| request.list(name)).collect::<Vec<_>>();
    let by_name = lists(["usernames", "username"]);
    let by_id = lists(["user_ids", "user_id"]);
    let by_email = lists(["emails", "user_emails"]);
    let mut people: Vec<PersonId> = Vec::new();
    people.extend(by_name.iter().filter_map(|name| forum.people.named(name)).map(|person| person.id));
    people.extend(
        by_id
            .iter()
            .filter_map(|id| id.parse().ok())
            .filter_map(|id| forum.person(PersonId(id)))
            .map(|it| it.id),
    );
    people.extend(by_email.iter().filter_map(|email| forum.people.with_email(email)).map(|person| person.id));
    people.dedup();
    people
}

fn usernames(forum: &Forum, people: &[PersonId]) -> Vec<String> {
    people.iter().filter_map(|id| forum.person(*id)).map(|person| person.username.clone()).collect()
}

fn audience(ask: &Ask, name: &str) -> Option<Audience> {
    ask.request.number(&format!("group/{name}")).map(Audience::from)
}

fn create(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let people = |name: &str| -> Vec<PersonId> {
        let names = request.list(&format!("group/{name}"));
        names.iter().filter_map(|name| forum.people.named(name)).map(|person| person.id).collect()
    };
    let Some(name) = request.text("group/name") else {
        return Answer::missing_parameter("group");
    };
    let filled = |name: &str| request.filled(&format!("group/{name}"));
    let spec = GroupSpec {
        name,
        full_name: filled("full_name"),
        title: filled("title"),
        primary: request.flag("group/primary_group"),
        grant_trust_level: request
            .number("group/grant_trust_level")
            .and_then(|level| u8::try_from(level).ok()),
        flair: filled("flair_icon").map(|icon| {
            (icon, filled("flair_bg_color").unwrap_or_default(), filled("flair_color").unwrap_or_default())
        }),
        bio_raw: filled("bio_raw"),
        visibility: audience(ask, "visibility_level").unwrap_or_default(),
        members_visibility: audience(ask, "members_visibility_level").unwrap_or_default(),
        members: people("usernames"),
        owners: people("owner_usernames"),
    };
    match forum.create_group(ask.by(), spec) {
        Ok(id) => {
            let group = forum.groups.get(id).map(|group| views::group_row(group, ask.viewer));
            Answer::ok(&json!({ "basic_group": group }))
        }
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn update(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let change = GroupChange {
        name: request.filled("group/name"),
        full_name: request.text("group/full_name"),
        title: request.text("group/title"),
        visibility: audience(ask, "visibility_level"),
        members_visibility: audience(ask, "members_visibility_level"),
        bio_raw: request.text("group/bio_raw"),
    };
    let done = forum.update_group(ask.by(), group_id(ask), &change);
    success(forum, done)
}

fn add_members(forum: &mut Forum, ask: &Ask) -> Answer {
    let people = named(forum, ask);
    if people.is_empty() {
        return Answer::bad_parameter("user_ids or usernames or emails must be present");
    }
    match forum.add_to_group(ask.by(), group_id(ask), &people, false) {
        Ok(()) => Answer::ok(&json!({"success": "OK", "usernames": usernames(forum, &people), "emails": []})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn remove_members(forum: &mut Forum, ask: &Ask) -> Answer {
    let people = named(forum, ask);
    if people.is_empty() {
        return Answer::bad_parameter("user_ids or usernames or emails must be present");
    }
    match forum.remove_from_group(ask.by(), group_id(ask), &people) {
        Ok(removed) => {
            let skipped: Vec<PersonId> = people.iter().copied().filter(|id| !removed.contains(id)).collect();
            Answer::ok(&json!({
                "success": "OK",
                "usernames": usernames(forum, &removed),
                "skipped_usernames": usernames(forum, &skipped),
            }))
        }
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn owners_named(forum: &Forum, ask: &Ask) -> Vec<PersonId> {
    let names = ask.request.list("group/usernames");
    let mut people: Vec<PersonId> =
        names.iter().filter_map(|name| forum.people.named(name)).map(|person| person.id).collect();
    people.extend(ask.request.number("user_id").map(PersonId));
    people.extend(named(forum, ask));
    people.dedup();
    people
}

fn add_owners(forum: &mut Forum, ask: &Ask) -> Answer {
    let people = owners_named(forum, ask);
    match forum.add_to_group(ask.by(), group_id(ask), &people, true) {
        Ok(()) => Answer::ok(&json!({"success": "OK", "usernames": usernames(forum, &people), "emails": []})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn remove_owners(forum: &mut Forum, ask: &Ask) -> Answer {
    for id in owners_named(forum, ask) {
        forum.set_owner(id, group_id(ask), false);
    }
    Answer::success()
}
