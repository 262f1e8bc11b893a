//! Topics and posts.

use serde_json::{Map, Value, json};

use super::{avatar_template, extend, person_brief, time};
use crate::forum::answer::escaped;
use crate::forum::cook;
use crate::forum::state::Forum;
use crate::forum::topics::{CATEGORIES, Post, Topic};
use crate::forum::viewer::Viewer;

/// Posts in the first answer about a topic.
const POSTS_PER_PAGE: usize = 20;

/// Topics on a page.
const TOPICS_PER_PAGE: usize = 30;

/// One post: `/posts/{id}.json`, and inside a topic.
pub(crate) fn post_view(forum: &Forum, post: &Post, viewer: Viewer) -> Value {
    let mut fields = Map::new();
    common(&mut fields, forum, post);
    let own = viewer.person == Some(post.by);
    let may_edit = viewer.is_staff() || own;
    extend(
        &mut fields,
        json!({
            "readers_count": 0,
            "yours": own,
            "can_edit": may_edit,
            "can_delete": viewer.is_staff() && post.number > 1,
            "can_recover": false,
            "can_wiki": viewer.is_staff(),
            "actions_summary": [],
            "can_view_edit_history": true,
            "flair_url": null,
            "flair_bg_color": null,
            "flair_color": null,
        }),
    );
    Value::Object(fields)
}

/// The `post` of a webhook.
pub(crate) fn post_for_hook(forum: &Forum, id: i64) -> Value {
    let Some(post) = forum.topics.post(id) else {
        return Value::Null;
    };
    let topic = forum.topics.topic(post.topic);
    let category = topic.and_then(|topic| topic.category);
    let slug = category.and_then(|id| CATEGORIES.iter().find(|it| it.id == id)).map(|it| it.slug);
    let mut fields = Map::new();
    common(&mut fields, forum, post);
    let count = topic.map(|topic| topic.posts.len());
    extend(
        &mut fields,
        json!({
            "topic_title": topic.map(|topic| &topic.title),
            "category_id": category,
            "reviewable_id": null,
            "reviewable_score_count": 0,
            "reviewable_score_pending_count": 0,
            "topic_posts_count": count,
            "topic_filtered_posts_count": count,
            "topic_archetype": topic.map(archetype),
        }),
    );
    if slug.is_some() {
        fields.insert("category_slug".to_owned(), json!(slug));
    }
    Value::Object(fields)
}

fn common(fields: &mut Map<String, Value>, forum: &Forum, post: &Post) {
    let person = forum.person(post.by);
    let group = person.and_then(|person| person.primary_group).and_then(|id| forum.groups.get(id));
    let title = person.and_then(|person| person.title.as_ref());
    extend(
        fields,
        json!({
            "id": post.id,
            "name": person.and_then(|person| person.name.as_ref()),
            "username": person.map(|person| &person.username),
            "avatar_template": person.map(|person| avatar_template(forum, person)),
            "created_at": time(post.created_at_ms),
            "cooked": cook::cooked(&post.raw),
            "post_number": post.number,
            "post_type": 1,
            "updated_at": time(post.created_at_ms),
            "reply_count": 0,
            "reply_to_post_number": null,
            "quote_count": 0,
            "incoming_link_count": 0,
            "reads": 0,
            "score": 0,
            "topic_id": post.topic,
            "topic_slug": forum.topics.topic(post.topic).map(|topic| &topic.slug),
            "display_username": person.and_then(|person| person.name.as_ref()),
            "primary_group_name": group.map(|group| &group.name),
            "flair_name": group.map(|group| &group.name),
            "version": 1,
            "user_title": title,
            "bookmarked": false,
            "raw": post.raw,
        }),
    );
    if title.is_some() {
        fields.insert("title_is_group".to_owned(), json!(group.is_some_and(|it| it.title.as_ref() == title)));
    }
    extend(
        fields,
        json!({
            "moderator": person.is_some_and(|person| person.moderator),
            "admin": person.is_some_and(|person| person.admin),
            "staff": person.is_some_and(crate::forum::people::Person::is_staff),
            "user_id": post.by,
            "hidden": false,
            "trust_level": person.map(|person| person.trust_level),
            "deleted_at": null,
            "user_deleted": false,
            "edit_reason": null,
            "wiki": false,
        }),
    );
}

fn archetype(topic: &Topic) -> &'static str {
    if topic.to.is_empty() { "regular" } else { "private_message" }
}

fn head(topic: &Topic) -> Value {
    json!({
        "id": topic.id,
        "title": topic.title,
        "fancy_title": escaped(&topic.title),
        "slug": topic.slug,
        "posts_count": topic.posts.len(),
        "reply_count": 0,
        "highest_post_number": topic.posts.len(),
        "created_at": time(topic.created_at_ms),
        "last_posted_at": time(topic.last_posted_at_ms),
        "views": 0,
        "like_count": 0,
        "visible": true,
        "closed": false,
        "archived": false,
        "archetype": archetype(topic),
        "category_id": topic.category,
        "featured_link": null,
        "pinned": false,
        "unpinned": null,
        "pinned_globally": false,
        "tags": [],
        "tags_descriptions": {},
    })
}

/// The `topic` of a webhook.
pub(crate) fn topic_for_hook(forum: &Forum, id: i64) -> Value {
    let Some(topic) = forum.topics.topic(id) else {
        return Value::Null;
    };
    let mut fields = Map::new();
    extend(&mut fields, head(topic));
    let by = forum.person(topic.by).map(person_brief);
    extend(
        &mut fields,
        json!({
            "word_count": 0,
            "deleted_at": null,
            "user_id": topic.by,
            "pinned_at": null,
            "pinned_until": null,
            "deleted_by": null,
            "has_deleted": false,
            "bookmarked": false,
            "participant_count": 1,
            "thumbnails": null,
            "created_by": by,
            "last_poster": by,
        }),
    );
    Value::Object(fields)
}

/// `/t/{id}.json`
pub(crate) fn topic_page(forum: &Forum, topic: &Topic, viewer: Viewer) -> Value {
    let posts = topic.posts.iter().filter_map(|id| forum.topics.post(*id)).take(POSTS_PER_PAGE);
    let shown: Vec<Value> = posts.map(|post| post_view(forum, post, viewer)).collect();
    let mut fields = Map::new();
    fields.insert("post_stream".to_owned(), json!({"posts": shown, "stream": topic.posts}));
    extend(&mut fields, json!({"timeline_lookup": [[1, 0]], "suggested_topics": []}));
    extend(&mut fields, head(topic));
    let by = forum.person(topic.by).map(person_brief);
    extend(
        &mut fields,
        json!({
            "word_count": 0,
            "deleted_at": null,
            "user_id": topic.by,
            "pinned_at": null,
            "pinned_until": null,
            "has_deleted": false,
            "chunk_size": POSTS_PER_PAGE,
            "bookmarked": false,
            "participant_count": 1,
            "details": {"created_by": by, "last_poster": by, "participants": [], "notification_level": 1},
        }),
    );
    Value::Object(fields)
}

/// `/latest.json` and the lists of categories; pages count from 0.
pub(crate) fn topic_list(forum: &Forum, viewer: Viewer, category: Option<i64>, page: usize) -> Value {
    let topics: Vec<&Topic> = forum
        .topics
        .latest()
        .into_iter()
        .filter(|topic| category.is_none_or(|id| topic.category == Some(id)))
        .filter(|topic| viewer.is_staff() || topic.category != Some(3))
        .skip(page.saturating_mul(TOPICS_PER_PAGE))
        .take(TOPICS_PER_PAGE)
        .collect();
    let users: Vec<Value> =
        topics.iter().filter_map(|topic| forum.person(topic.by)).map(person_brief).collect();
    let rows: Vec<Value> = topics.iter().map(|topic| topic_row(forum, topic)).collect();
    json!({
        "users": users,
        "primary_groups": [],
        "flair_groups": [],
        "topic_list": {
            "can_create_topic": viewer.person.is_some(),
            "per_page": TOPICS_PER_PAGE,
            "top_tags": [],
            "topics": rows,
        },
    })
}

fn topic_row(forum: &Forum, topic: &Topic) -> Value {
    let mut fields = Map::new();
    extend(&mut fields, head(topic));
    extend(
        &mut fields,
        json!({
            "image_url": null,
            "bumped": true,
            "bumped_at": time(topic.last_posted_at_ms),
            "unseen": false,
            "bookmarked": null,
            "liked": null,
            "has_summary": false,
            "last_poster_username": forum.person(topic.by).map(|person| &person.username),
            "posters": [{
                "extras": "latest single",
                "description": "Original Poster, Most Recent Poster",
                "user_id": topic.by,
                "primary_group_id": null,
                "flair_group_id": null,
            }],
        }),
    );
    Value::Object(fields)
}
