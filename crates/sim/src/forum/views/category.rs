//! Categories: in lists, alone, in webhooks.

use serde_json::{Map, Value, json};

use super::extend;
use crate::forum::categories::Category;
use crate::forum::groups::EVERYONE;
use crate::forum::state::Forum;
use crate::forum::viewer::Viewer;

/// The category of topics that name none: it has no topic about itself, and cannot go.
const UNCATEGORIZED: i64 = 1;

/// `/categories.json`; with `nested`, categories come inside those they lie in.
pub(crate) fn category_list(forum: &Forum, viewer: Viewer, nested: bool) -> Value {
    let rows: Vec<Value> = forum
        .readable(viewer)
        .filter(|category| category.parent.is_none())
        .map(|category| listed(forum, category, viewer, nested))
        .collect();
    json!({"category_list": {
        "can_create_category": viewer.admin,
        "can_create_topic": viewer.person.is_some(),
        "categories": rows,
    }})
}

fn listed(forum: &Forum, category: &Category, viewer: Viewer, nested: bool) -> Value {
    let mut fields = seen(forum, category, viewer);
    fields.insert("has_children".to_owned(), json!(children(forum, category).next().is_some()));
    let count = forum.topics.count_in(category.id);
    for span in ["topics_day", "topics_week", "topics_month", "topics_year", "topics_all_time"] {
        fields.insert(span.to_owned(), json!(count));
    }
    if category.id == UNCATEGORIZED {
        fields.insert("is_uncategorized".to_owned(), json!(true));
    }
    let inner: Vec<&Category> =
        children(forum, category).filter(|category| forum.may_read(viewer, category)).collect();
    fields.insert("subcategory_ids".to_owned(), inner.iter().map(|category| category.id).collect());
    if nested && !inner.is_empty() {
        let rows = inner.iter().map(|category| listed(forum, category, viewer, false)).collect();
        fields.insert("subcategory_list".to_owned(), rows);
    }
    Value::Object(fields)
}

fn children<'f>(forum: &'f Forum, category: &'f Category) -> impl Iterator<Item = &'f Category> {
    forum.categories.all().filter(|child| child.parent == Some(category.id))
}

/// A category in `/site.json`.
pub(crate) fn category_in_site(forum: &Forum, category: &Category, viewer: Viewer) -> Value {
    let mut fields = seen(forum, category, viewer);
    fields.insert("has_children".to_owned(), json!(children(forum, category).next().is_some()));
    if category.id == UNCATEGORIZED {
        fields.insert("topic_url".to_owned(), json!("/t/"));
    }
    extend(
        &mut fields,
        json!({
            "allowed_tags": [], "allowed_tag_groups": [], "allow_global_tags": false,
            "read_only_banner": null, "required_tag_groups": [],
        }),
    );
    Value::Object(fields)
}

/// `/c/{id}/show.json`, and what an act on a category answers (`changed`, an oddity of 2.9).
pub(crate) fn category_page(forum: &Forum, category: &Category, viewer: Viewer, changed: bool) -> Value {
    let mut fields = seen(forum, category, viewer);
    if changed {
        extend(&mut fields, json!({"has_children": "false", "permission": null}));
    }
    settings(&mut fields, forum, category);
    let groups = forum.groups.all().filter(|group| group.id != EVERYONE);
    let names: Vec<&str> = groups.map(|group| group.name.as_str()).collect();
    fields.insert("available_groups".to_owned(), json!(names));
    Value::Object(fields)
}

/// The `category` of a webhook.
pub(crate) fn category_for_hook(forum: &Forum, category: &Category) -> Value {
    let mut fields = base(forum, category);
    fields.insert("permission".to_owned(), Value::Null);
    settings(&mut fields, forum, category);
    Value::Object(fields)
}

/// What anybody who may read it sees, and what they may do.
fn seen(forum: &Forum, category: &Category, viewer: Viewer) -> Map<String, Value> {
    let mut fields = base(forum, category);
    fields.insert("permission".to_owned(), json!(viewer.person.map(|_| 1)));
    fields.insert("notification_level".to_owned(), json!(1));
    if viewer.person.is_some() {
        fields.insert("can_edit".to_owned(), json!(viewer.admin));
    }
    fields
}

fn base(forum: &Forum, category: &Category) -> Map<String, Value> {
    let mut fields = Map::new();
    let count = forum.topics.count_in(category.id);
    let about = format!("/t/about-the-{}-category/{}", category.slug, category.id);
    extend(
        &mut fields,
        json!({
            "id": category.id,
            "name": category.name,
            "color": category.color,
            "text_color": category.text_color,
            "slug": category.slug,
            "topic_count": count,
            "post_count": count,
            "position": category.id - 1,
            "description": category.description,
            "description_text": category.description,
            "description_excerpt": category.description,
            "topic_url": (category.id != UNCATEGORIZED).then_some(about),
            "read_restricted": category.is_restricted(),
        }),
    );
    if let Some(parent) = category.parent {
        fields.insert("parent_category_id".to_owned(), json!(parent));
    }
    extend(
        &mut fields,
        json!({
            "topic_template": null,
            "has_children": null,
            "sort_order": null,
            "sort_ascending": null,
            "show_subcategory_list": false,
            "num_featured_topics": 3,
            "default_view": null,
            "subcategory_list_style": "rows_with_featured_topics",
            "default_top_period": "all",
            "default_list_filter": "all",
            "minimum_required_tags": 0,
            "navigate_to_first_post_after_read": false,
            "uploaded_logo": null,
            "uploaded_background": null,
        }),
    );
    fields
}

/// What only whoever may change it is told.
fn settings(fields: &mut Map<String, Value>, forum: &Forum, category: &Category) {
    let row = |(group, may): &(_, i64)| {
        let name = forum.groups.get(*group).map(|group| &group.name);
        json!({"permission_type": may, "group_name": name})
    };
    let permissions: Vec<Value> = category.permissions.iter().map(row).collect();
    extend(
        fields,
        json!({
            "custom_fields": {},
            "allowed_tags": [],
            "allowed_tag_groups": [],
            "allow_global_tags": false,
            "read_only_banner": null,
            "auto_close_hours": null,
            "auto_close_based_on_last_post": false,
            "group_permissions": permissions,
            "email_in": null,
            "email_in_allow_strangers": false,
            "mailinglist_mirror": false,
            "all_topics_wiki": false,
            "allow_unlimited_owner_edits_on_first_post": false,
            "allow_badges": true,
            "topic_featured_link_allowed": true,
            "search_priority": 0,
            "default_slow_mode_seconds": null,
            "required_tag_groups": [],
        }),
    );
    let why_not = match category.id {
        UNCATEGORIZED => Some("This category is special. It is intended for topics that have none."),
        _ if children(forum, category).next().is_some() => {
            Some("Can't delete this category because it has sub-categories.")
        }
        _ if forum.topics.count_in(category.id) > 0 => {
            Some("Can't delete this category because it has topics.")
        }
        _ => None,
    };
    match why_not {
        Some(words) => fields.insert("cannot_delete_reason".to_owned(), json!(words)),
        None => fields.insert("can_delete".to_owned(), json!(true)),
    };
    if category.id == UNCATEGORIZED {
        fields.insert("is_special".to_owned(), json!(true));
    }
}
