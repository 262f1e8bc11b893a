//! Posts: alone, in a topic, in webhooks.

use serde_json::{Map, Value, json};

use super::{avatar_template, extend, flair, person_brief, time};
use crate::forum::cook;
use crate::forum::people::Person;
use crate::forum::state::Forum;
use crate::forum::topics::{Post, PostKind};
use crate::forum::viewer::Viewer;

/// Where a post is shown: the same post says a little more or less in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// By itself, with its Markdown.
    Alone,
    /// By itself, without its Markdown.
    Cooked,
    /// To whoever wrote it just now.
    Written,
    /// In a topic, with or without its Markdown.
    InTopic { raw: bool },
    /// In the list of the newest posts.
    Newest,
}

/// One post.
pub(crate) fn post_view(forum: &Forum, post: &Post, viewer: Viewer, shown: Shown) -> Value {
    let mut fields = Map::new();
    common(&mut fields, forum, post);
    let has_raw = match shown {
        Shown::InTopic { raw } => raw,
        Shown::Cooked => false,
        Shown::Alone | Shown::Written | Shown::Newest => true,
    };
    if !has_raw {
        fields.shift_remove("raw");
    }
    if let (Some(person), Some(own)) = (forum.person(post.by), fields.get_mut("flair_name")) {
        *own = flair(forum, person).get("flair_name").cloned().unwrap_or_default();
    }
    abilities(&mut fields, forum, post, viewer);
    match shown {
        Shown::InTopic { .. } => {
            fields.insert("read".to_owned(), json!(viewer.person.is_none()));
            fields.extend(answered(forum, post).map(|who| ("reply_to_user".to_owned(), who)));
        }
        Shown::Written => {
            fields.insert("draft_sequence".to_owned(), json!(0));
        }
        Shown::Newest => {
            let topic = forum.topics.topic(post.topic);
            let title = topic.map(|topic| &topic.title);
            let category = topic.and_then(|topic| topic.category);
            let more = json!({"topic_title": title, "topic_html_title": title, "category_id": category});
            extend(&mut fields, more);
        }
        Shown::Alone | Shown::Cooked => {}
    }
    if let Some(by) = post.deleted.and_then(|(_, by)| forum.person(by)) {
        fields.insert("deleted_by".to_owned(), person_brief(by));
    }
    if viewer.is_staff() {
        let review = if matches!(shown, Shown::InTopic { .. }) { json!(0) } else { Value::Null };
        fields.insert("reviewable_id".to_owned(), review);
        extend(&mut fields, json!({"reviewable_score_count": 0, "reviewable_score_pending_count": 0}));
    }
    Value::Object(fields)
}

fn abilities(fields: &mut Map<String, Value>, forum: &Forum, post: &Post, viewer: Viewer) {
    let own = viewer.person == Some(post.by);
    let may_edit = viewer.is_staff() || own;
    let group = forum.person(post.by).map(|person| flair(forum, person)).unwrap_or_default();
    extend(
        fields,
        json!({
            "readers_count": 0,
            "yours": own,
            "can_edit": may_edit,
            "can_delete": may_edit && post.number > 1 && post.deleted.is_none(),
            "can_recover": viewer.is_staff() && post.deleted.is_some(),
            "can_wiki": viewer.is_staff(),
            "actions_summary": actions(post, viewer),
            "can_view_edit_history": true,
            "flair_url": group.get("flair_url"),
            "flair_bg_color": group.get("flair_bg_color"),
            "flair_color": group.get("flair_color"),
        }),
    );
}

/// What the viewer may do with a post; 2 is a like.
fn actions(post: &Post, viewer: Viewer) -> Vec<Value> {
    let can_act = |id: i64| json!({"id": id, "can_act": true});
    let liked = viewer.person.is_some_and(|id| post.likes.contains(&id));
    let like = match (post.likes.len(), liked) {
        (count, true) => json!({"id": 2, "count": count, "acted": true, "can_undo": true}),
        (0, false) => can_act(2),
        (count, false) => json!({"id": 2, "count": count, "can_act": true}),
    };
    let likes = (!post.likes.is_empty()).then(|| json!({"id": 2, "count": post.likes.len()}));
    match viewer.person {
        None => likes.into_iter().collect(),
        Some(id) if id == post.by => likes.into_iter().chain([can_act(3)]).collect(),
        Some(_) => [like].into_iter().chain([3, 4, 8, 6, 7].map(can_act)).collect(),
    }
}

/// The `post` of `post_edited`, which also says whose post it answers.
pub(crate) fn edited_post_for_hook(forum: &Forum, id: i64) -> Value {
    let mut payload = post_for_hook(forum, id);
    let who = forum.topics.post(id).and_then(|post| answered(forum, post));
    if let (Some(fields), Some(who)) = (payload.as_object_mut(), who) {
        fields.insert("reply_to_user".to_owned(), who);
    }
    payload
}

/// The `post` of a webhook.
pub(crate) fn post_for_hook(forum: &Forum, id: i64) -> Value {
    let Some(post) = forum.topics.post(id) else {
        return Value::Null;
    };
    let topic = forum.topics.topic(post.topic);
    let category = topic.and_then(|topic| topic.category);
    let slug = category.and_then(|id| forum.categories.get(id)).map(|it| &it.slug);
    let mut fields = Map::new();
    common(&mut fields, forum, post);
    let count = topic.map(|topic| topic.posts.len());
    let is_private = topic.is_some_and(crate::forum::topics::Topic::is_private);
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
            "topic_archetype": if is_private { "private_message" } else { "regular" },
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
            "post_type": i64::from(post.kind),
            "updated_at": time(post.updated_at_ms),
            "reply_count": replies(forum, post).count(),
            "reply_to_post_number": post.reply_to,
            "quote_count": usize::from(post.raw.contains("[quote=")),
            "incoming_link_count": 0,
            "reads": 0,
            "score": 0,
            "topic_id": post.topic,
            "topic_slug": forum.topics.topic(post.topic).map(|topic| &topic.slug),
            "display_username": person.and_then(|person| person.name.as_ref()),
            "primary_group_name": group.map(|group| &group.name),
            "flair_name": group.map(|group| &group.name),
            "version": post.version,
            "user_title": title,
            "bookmarked": false,
            "raw": post.raw,
        }),
    );
    if title.is_some() {
        fields.insert("title_is_group".to_owned(), json!(group.is_some_and(|it| it.title.as_ref() == title)));
    }
    if let (PostKind::SmallAction, Some(code)) = (post.kind, &post.action_code) {
        fields.insert("action_code".to_owned(), json!(code));
    }
    standing(fields, post, person);
}

fn standing(fields: &mut Map<String, Value>, post: &Post, person: Option<&Person>) {
    extend(
        fields,
        json!({
            "moderator": person.is_some_and(|person| person.moderator),
            "admin": person.is_some_and(|person| person.admin),
            "staff": person.is_some_and(Person::is_staff),
            "user_id": post.by,
            "hidden": false,
            "trust_level": person.map(|person| person.trust_level),
            "deleted_at": post.deleted.map(|(at_ms, _)| time(at_ms)),
            "user_deleted": post.taken_back,
            "edit_reason": post.edit_reason,
            "wiki": post.wiki,
        }),
    );
}

/// Whose post it answers.
fn answered(forum: &Forum, post: &Post) -> Option<Value> {
    let answered = forum.topics.numbered(post.topic, post.reply_to?)?;
    let author = forum.person(answered.by)?;
    Some(json!({"username": author.username, "avatar_template": avatar_template(forum, author)}))
}

/// The posts of the same topic that answer a post.
pub(crate) fn replies<'f>(forum: &'f Forum, post: &'f Post) -> impl Iterator<Item = &'f Post> {
    let topic = forum.topics.topic(post.topic).into_iter().flat_map(|topic| &topic.posts);
    let posts = topic.filter_map(|id| forum.topics.post(*id));
    posts.filter(|other| other.reply_to == Some(post.number))
}
