//! What somebody wrote, as their activity shows it.

use serde_json::{Value, json};

use super::{avatar_template, time};
use crate::forum::cook;
use crate::forum::state::Forum;
use crate::forum::topics::Post;
use crate::forum::viewer::Viewer;

/// 4 began a topic, 5 answered.
pub(crate) fn action_of(post: &Post) -> i64 {
    if post.number == 1 { 4 } else { 5 }
}

/// One row; none when the viewer may not read it.
pub(crate) fn user_action(forum: &Forum, post: &Post, viewer: Viewer) -> Option<Value> {
    let topic = forum.topics.topic(post.topic).filter(|topic| !topic.is_private())?;
    let person = forum.person(post.by)?;
    let avatar = avatar_template(forum, person);
    let is_first = post.number == 1;
    (forum.sees_topic(viewer, topic) && forum.sees_post(viewer, post)).then(|| {
        json!({
            "excerpt": cook::excerpt(&cook::cooked(&post.raw)),
            "truncated": true,
            "action_type": action_of(post),
            "created_at": time(post.created_at_ms),
            "avatar_template": avatar,
            "acting_avatar_template": avatar,
            "slug": topic.slug,
            "topic_id": topic.id,
            "target_user_id": person.id,
            "target_name": person.name,
            "target_username": person.username,
            "post_number": post.number,
            "post_id": (!is_first).then_some(post.id),
            "username": person.username,
            "name": person.name,
            "user_id": person.id,
            "acting_username": person.username,
            "acting_name": person.name,
            "acting_user_id": person.id,
            "title": topic.title,
            "deleted": false,
            "hidden": (!is_first).then_some(false),
            "post_type": (!is_first).then(|| i64::from(post.kind)),
            "action_code": null,
            "category_id": topic.category,
            "closed": topic.closed,
            "archived": topic.archived,
        })
    })
}
