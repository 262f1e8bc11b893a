//! Topics: their pages, and in webhooks.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::post::{Shown, post_view, replies};
use super::topic_list::suggested;
use super::{avatar_template, extend, flair, person_brief, time};
use crate::forum::answer::escaped;
use crate::forum::people::{Person, PersonId};
use crate::forum::state::Forum;
use crate::forum::topics::{Post, Topic};
use crate::forum::viewer::Viewer;

/// Posts in the first answer about a topic.
pub(crate) const POSTS_PER_PAGE: usize = 20;

/// How many posts before the one asked for a page begins.
const POSTS_BEFORE: usize = 5;

/// Participants that are named.
const PARTICIPANTS_MAX: usize = 24;

/// Which posts of a topic are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A page, from 1.
    Page(usize),
    /// Around a post's number.
    Near(usize),
}

/// What every view of a topic says.
pub(super) fn head(forum: &Forum, topic: &Topic) -> Value {
    let reply_count = posts(forum, topic).filter(|post| post.reply_to.is_some()).count();
    json!({
        "id": topic.id,
        "title": topic.title,
        "fancy_title": escaped(&topic.title),
        "slug": topic.slug,
        "posts_count": topic.posts.len(),
        "reply_count": reply_count,
        "highest_post_number": topic.posts.len(),
        "created_at": time(topic.created_at_ms),
        "last_posted_at": time(topic.last_posted_at_ms),
        "views": 0,
        "like_count": posts(forum, topic).map(|post| post.likes.len()).sum::<usize>(),
        "visible": !topic.unlisted,
        "closed": topic.closed,
        "archived": topic.archived,
        "archetype": if topic.is_private() { "private_message" } else { "regular" },
        "category_id": topic.category,
        "featured_link": null,
        "pinned": topic.pinned_at_ms.is_some(),
        "unpinned": null,
        "pinned_globally": false,
        "tags": forum.tag_names(&topic.tags),
        "tags_descriptions": {},
    })
}

fn posts<'f>(forum: &'f Forum, topic: &'f Topic) -> impl Iterator<Item = &'f Post> {
    topic.posts.iter().filter_map(|id| forum.topics.post(*id))
}

/// What a page and a webhook say beside the head.
fn more(fields: &mut Map<String, Value>, forum: &Forum, topic: &Topic) {
    let words = posts(forum, topic).map(|post| post.raw.split_whitespace().count()).sum::<usize>();
    extend(
        fields,
        json!({
            "word_count": words,
            "deleted_at": topic.deleted.map(|(at_ms, _)| time(at_ms)),
            "user_id": topic.by,
            "pinned_at": topic.pinned_at_ms.map(time),
            "pinned_until": null,
            "deleted_by": topic.deleted.and_then(|(_, by)| forum.person(by)).map(person_brief),
            "bookmarked": false,
            "participant_count": participants(forum, topic, Viewer::default()).len(),
            "thumbnails": null,
        }),
    );
}

fn ends(forum: &Forum, topic: &Topic) -> Value {
    let last = posts(forum, topic).last().map_or(topic.by, |post| post.by);
    json!({
        "created_by": forum.person(topic.by).map(person_brief),
        "last_poster": forum.person(last).map(person_brief),
    })
}

/// Who wrote how much of what the viewer sees, in the order of their first posts.
fn participants<'f>(forum: &'f Forum, topic: &'f Topic, viewer: Viewer) -> Vec<(&'f Person, usize)> {
    let mut counts: BTreeMap<PersonId, (usize, usize)> = BTreeMap::new();
    for post in posts(forum, topic).filter(|post| forum.sees_post(viewer, post)) {
        counts.entry(post.by).or_insert((post.number, 0)).1 += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().map(|(id, (first, count))| (first, id, count)).collect();
    rows.sort_unstable();
    rows.into_iter().filter_map(|(_, id, count)| Some((forum.person(id)?, count))).collect()
}

/// The `topic` of a webhook.
pub(crate) fn topic_for_hook(forum: &Forum, id: i64) -> Value {
    let Some(topic) = forum.topics.topic(id) else {
        return Value::Null;
    };
    let mut fields = Map::new();
    extend(&mut fields, head(forum, topic));
    more(&mut fields, forum, topic);
    fields.insert("has_deleted".to_owned(), json!(false));
    extend(&mut fields, ends(forum, topic));
    if topic.is_private() {
        message(&mut fields);
    }
    Value::Object(fields)
}

/// `/t/{id}.json`
pub(crate) fn topic_page(forum: &Forum, topic: &Topic, viewer: Viewer, part: Part, raw: bool) -> Value {
    let seen: Vec<&Post> = posts(forum, topic).filter(|post| forum.sees_post(viewer, post)).collect();
    let skip = match part {
        Part::Page(page) => page.saturating_sub(1).saturating_mul(POSTS_PER_PAGE),
        Part::Near(number) => number.saturating_sub(POSTS_BEFORE + 1),
    };
    let page = seen.iter().skip(skip).take(POSTS_PER_PAGE);
    let shown: Vec<Value> = page.map(|post| post_view(forum, post, viewer, Shown::InTopic { raw })).collect();
    let stream: Vec<i64> = seen.iter().map(|post| post.id).collect();
    let current = if let Part::Near(number) = part { number } else { skip + 1 };
    let mut fields = Map::new();
    fields.insert("post_stream".to_owned(), json!({"posts": shown, "stream": stream}));
    fields.insert("timeline_lookup".to_owned(), json!([[1, 0]]));
    if skip + shown.len() >= seen.len() {
        fields.insert("suggested_topics".to_owned(), suggested(forum, topic, viewer));
    }
    extend(&mut fields, head(forum, topic));
    more(&mut fields, forum, topic);
    extend(
        &mut fields,
        json!({
            "has_summary": false,
            "image_url": null,
            "slow_mode_seconds": 0,
            "slow_mode_enabled_until": null,
            "draft": null,
            "draft_key": format!("topic_{}", topic.id),
            "draft_sequence": viewer.person.map(|_| 0),
            "current_post_number": current,
            "chunk_size": POSTS_PER_PAGE,
            "bookmarks": [],
            "topic_timer": null,
            "message_bus_last_id": 0,
            "show_read_indicator": false,
        }),
    );
    for_viewer(&mut fields, topic, viewer, &seen);
    fields.insert("details".to_owned(), details(forum, topic, viewer));
    if topic.is_private() {
        message(&mut fields);
        extend(&mut fields, json!({"pm_with_non_human_user": false, "suggested_group_name": null}));
    }
    Value::Object(fields)
}

/// What a private message says, in place of tags.
fn message(fields: &mut Map<String, Value>) {
    fields.shift_remove("tags");
    extend(fields, json!({"message_archived": false, "related_messages": []}));
}

fn for_viewer(fields: &mut Map<String, Value>, topic: &Topic, viewer: Viewer, seen: &[&Post]) {
    let flag = |id: i64| json!({"id": id, "count": 0, "hidden": false, "can_act": viewer.person.is_some_and(|by| by != topic.by)});
    fields.insert("actions_summary".to_owned(), [4, 8, 7].map(flag).to_vec().into());
    if viewer.is_staff() {
        fields.insert("has_deleted".to_owned(), json!(seen.iter().any(|post| post.deleted.is_some())));
    }
    let own = seen.iter().rfind(|post| viewer.person == Some(post.by));
    if let Some(post) = own {
        let read =
            json!({"posted": true, "last_read_post_number": post.number, "last_read_post_id": post.id});
        extend(fields, read);
    }
}

fn details(forum: &Forum, topic: &Topic, viewer: Viewer) -> Value {
    let mut fields = Map::new();
    fields.insert("can_edit".to_owned(), json!(viewer.is_staff() || viewer.person == Some(topic.by)));
    fields.insert("notification_level".to_owned(), json!(1));
    if viewer.person.is_some() {
        extend(&mut fields, json!({"can_reply_as_new_topic": true, "can_flag_topic": true}));
    }
    if viewer.is_staff() {
        for ability in [
            "can_move_posts",
            "can_remove_allowed_users",
            "can_invite_to",
            "can_invite_via_email",
            "can_review_topic",
            "can_close_topic",
            "can_archive_topic",
            "can_split_merge_topic",
            "can_edit_staff_notes",
            "can_toggle_topic_visibility",
            "can_pin_unpin_topic",
            "can_moderate_category",
        ] {
            fields.insert(ability.to_owned(), json!(true));
        }
        fields.insert("can_remove_self_id".to_owned(), json!(viewer.person));
    }
    let of_standing: &[&str] = match topic.deleted {
        Some(_) => &["can_recover"],
        None if viewer.is_staff() => &["can_create_post", "can_delete", "can_convert_topic"],
        None if viewer.person.is_some() => &["can_create_post"],
        None => &[],
    };
    fields.extend(of_standing.iter().map(|ability| ((*ability).to_owned(), json!(true))));
    if posts(forum, topic).any(|post| viewer.person == Some(post.by)) {
        fields.insert("notifications_reason_id".to_owned(), json!(4));
    }
    if topic.is_private() {
        let allowed: Vec<Value> =
            topic.to.iter().filter_map(|id| forum.person(*id)).map(person_brief).collect();
        extend(&mut fields, json!({"allowed_users": allowed, "allowed_groups": []}));
    }
    let rows = participants(forum, topic, viewer);
    let rows = rows.iter().take(PARTICIPANTS_MAX).map(|(person, count)| participant(forum, person, *count));
    fields.insert("participants".to_owned(), rows.collect());
    extend(&mut fields, ends(forum, topic));
    Value::Object(fields)
}

fn participant(forum: &Forum, person: &Person, count: usize) -> Value {
    let group = flair(forum, person);
    let mut row = Map::new();
    extend(
        &mut row,
        json!({
            "id": person.id,
            "username": person.username,
            "name": person.name,
            "avatar_template": avatar_template(forum, person),
            "post_count": count,
            "primary_group_name": group.get("primary_group_name"),
            "flair_name": group.get("flair_name"),
            "flair_url": group.get("flair_url"),
            "flair_color": group.get("flair_color"),
            "flair_bg_color": group.get("flair_bg_color"),
        }),
    );
    for (name, is_so) in [("admin", person.admin), ("moderator", person.moderator && !person.admin)] {
        if is_so {
            row.insert(name.to_owned(), json!(true));
        }
    }
    row.insert("trust_level".to_owned(), json!(person.trust_level));
    Value::Object(row)
}

/// `/posts/{id}/reply-history.json`: the posts that led to this one, oldest first.
pub(crate) fn reply_history<'f>(forum: &'f Forum, post: &'f Post) -> Vec<&'f Post> {
    let mut line = Vec::new();
    let mut at = post;
    // A post answers an earlier one, so that this ends.
    while let Some(earlier) = at.reply_to.and_then(|number| forum.topics.numbered(at.topic, number)) {
        if earlier.number >= at.number {
            break;
        }
        line.push(earlier);
        at = earlier;
    }
    line.reverse();
    line
}

/// `/posts/{id}/replies.json`
pub(crate) fn reply_rows(forum: &Forum, post: &Post, viewer: Viewer) -> Value {
    replies(forum, post).map(|post| post_view(forum, post, viewer, Shown::Cooked)).collect()
}
