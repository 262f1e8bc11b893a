//! Categories: lists, pages, topics in them, and what admins do with them.

use serde_json::{Value, json};

use super::topics::list;
use super::{Ask, Gate, Route, delete, get, post, put};
use crate::forum::acts::Refused;
use crate::forum::acts::category::CategorySpec;
use crate::forum::answer::Answer;
use crate::forum::groups::GroupId;
use crate::forum::state::Forum;
use crate::forum::views;

pub(super) const ROUTES: &[Route] = &[
    get("categories", "categories/index", Gate::Public, |forum, ask| {
        let nested = ask.request.flag("include_subcategories");
        Answer::ok(&views::category_list(forum, ask.viewer, nested))
    }),
    post("categories", "categories/create", Gate::Public, create),
    put("categories/{id}", "categories/update", Gate::Public, update),
    delete("categories/{id}", "categories/destroy", Gate::Public, |forum, ask| {
        match forum.delete_category(ask.by(), id(ask)) {
            Ok(()) => Answer::success(),
            Err(refused) => refused.answer(forum.settings.locale),
        }
    }),
    get("c/{id}/show", "categories/show", Gate::Public, show),
    get("c/{slug}/show", "categories/show", Gate::Public, show),
    get("c/{id}", "list/category_default", Gate::Public, topics),
    get("c/{slug}/{id}", "list/category_default", Gate::Public, topics),
    get("c/{slug}/{id}/l/{filter}", "list/category_latest", Gate::Public, topics),
    get("c/{slug}/{id}/none", "list/category_none", Gate::Public, own_topics),
    get("c/{slug}/{id}/none/l/{filter}", "list/category_none_latest", Gate::Public, own_topics),
    get("c/{slug}", "list/category_default", Gate::Public, by_slug),
    get("c/{slug}/l/{filter}", "list/category_latest", Gate::Public, by_slug),
];

fn id(ask: &Ask) -> i64 {
    ask.param("id").parse().unwrap_or_default()
}

/// A category by its number, or by its name in addresses.
fn show(forum: &mut Forum, ask: &Ask) -> Answer {
    let slug = ask.param("slug");
    let found = forum.categories.get(id(ask));
    match found.or_else(|| forum.categories.all().find(|category| category.slug == slug)) {
        Some(category) if forum.may_read(ask.viewer, category) => {
            Answer::ok(&json!({"category": views::category_page(forum, category, ask.viewer, false)}))
        }
        Some(_) => Answer::no_access(forum.settings.locale),
        None => Answer::not_found(forum.settings.locale),
    }
}

fn topics(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = id(ask);
    let inner = forum.categories.all().filter(|category| category.parent == Some(id));
    let ids: Vec<i64> = inner.map(|category| category.id).chain([id]).collect();
    within(forum, ask, id, &ids)
}

/// The older address, without the category's number.
fn by_slug(forum: &mut Forum, ask: &Ask) -> Answer {
    let slug = ask.param("slug").to_lowercase();
    match forum.categories.all().find(|category| category.slug == slug).map(|category| category.id) {
        Some(id) => within(forum, ask, id, &[id]),
        None => Answer::not_found(forum.settings.locale),
    }
}

/// Without the topics of the categories inside.
fn own_topics(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = id(ask);
    within(forum, ask, id, &[id])
}

fn within(forum: &Forum, ask: &Ask, id: i64, ids: &[i64]) -> Answer {
    match forum.categories.get(id) {
        Some(category) if forum.may_read(ask.viewer, category) => list(forum, ask, Some(ids)),
        Some(_) => Answer::no_access(forum.settings.locale),
        None => Answer::not_found(forum.settings.locale),
    }
}

/// `permissions[staff]=1`: the group's name and what it may do.
fn permissions(forum: &Forum, ask: &Ask) -> Vec<(GroupId, i64)> {
    let Some(Value::Object(named)) = ask.request.value("permissions") else {
        return Vec::new();
    };
    let row = |name: &String| {
        let may = ask.request.number(&format!("permissions/{name}"))?;
        Some((forum.groups.named(name)?.id, may))
    };
    named.keys().filter_map(row).collect()
}

fn spec(forum: &Forum, ask: &Ask) -> CategorySpec {
    let request = ask.request;
    CategorySpec {
        name: request.filled("name"),
        slug: request.filled("slug"),
        color: request.filled("color"),
        text_color: request.filled("text_color"),
        description: request.filled("description"),
        parent: request.number("parent_category_id"),
        permissions: permissions(forum, ask),
    }
}

fn create(forum: &mut Forum, ask: &Ask) -> Answer {
    let spec = spec(forum, ask);
    let made = forum.create_category(ask.by(), spec);
    changed(forum, ask, made, false)
}

fn update(forum: &mut Forum, ask: &Ask) -> Answer {
    let (id, spec) = (id(ask), spec(forum, ask));
    let done = forum.update_category(ask.by(), id, spec).map(|()| id);
    changed(forum, ask, done, true)
}

fn changed(forum: &Forum, ask: &Ask, done: Result<i64, Refused>, says_success: bool) -> Answer {
    match done.map(|id| forum.categories.get(id)) {
        Ok(Some(category)) => {
            let page = views::category_page(forum, category, ask.viewer, true);
            match says_success {
                true => Answer::ok(&json!({"success": "OK", "category": page})),
                false => Answer::ok(&json!({ "category": page })),
            }
        }
        Ok(None) => Answer::not_found(forum.settings.locale),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}
