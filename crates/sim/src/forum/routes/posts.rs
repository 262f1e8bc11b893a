//! Posts: writing, reading, editing, deleting.

use serde_json::{Value, json};

use super::topics::nothing;
use super::{Ask, Gate, Route, delete, get, post, put};
use crate::forum::acts::Refused;
use crate::forum::acts::writing::{Draft, NotWritten};
use crate::forum::answer::Answer;
use crate::forum::cook;
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::topics::Post;
use crate::forum::views::{self, Shown};

/// Posts in the list of the newest.
const NEWEST_MAX: usize = 50;

/// The number of a like among what may be done with a post.
const LIKE: i64 = 2;

pub(super) const ROUTES: &[Route] = &[
    get("posts", "posts/latest", Gate::Public, newest),
    post("posts", "posts/create", Gate::Public, create),
    get("posts/by_number/{topic}/{number}", "posts/by_number", Gate::Public, |forum, ask| {
        let found = numbered(forum, ask).map(|post| views::post_view(forum, post, ask.viewer, Shown::Alone));
        shown(forum, found)
    }),
    get("posts/{number}", "posts/show", Gate::Public, |forum, ask| {
        let found = visible(forum, ask).map(|post| views::post_view(forum, post, ask.viewer, Shown::Alone));
        shown(forum, found)
    }),
    get("posts/{number}/cooked", "posts/cooked", Gate::Public, |forum, ask| {
        let found = visible(forum, ask).map(|post| json!({"cooked": cook::cooked(&post.raw)}));
        shown(forum, found)
    }),
    get("posts/{number}/replies", "posts/replies", Gate::Public, |forum, ask| {
        let found = visible(forum, ask).map(|post| views::reply_rows(forum, post, ask.viewer));
        shown(forum, found)
    }),
    get("posts/{number}/reply-history", "posts/reply_history", Gate::Public, |forum, ask| {
        let row = |post: &&Post| views::post_view(forum, post, ask.viewer, Shown::Cooked);
        let found =
            visible(forum, ask).map(|post| views::reply_history(forum, post).iter().map(row).collect());
        shown(forum, found)
    }),
    put("posts/{id}", "posts/update", Gate::Public, update),
    put("posts/{id}/recover", "posts/recover", Gate::Public, |forum, ask| {
        let done = forum.recover_post(ask.by(), post_id(ask));
        nothing(forum, done)
    }),
    delete("posts/{id}", "posts/destroy", Gate::Public, |forum, ask| {
        let done = forum.delete_post(ask.by(), post_id(ask));
        nothing(forum, done)
    }),
    put("posts/{id}/wiki", "posts/wiki", Gate::Public, |forum, ask| {
        let done = forum.set_wiki(ask.by(), post_id(ask), ask.request.flag("wiki"));
        nothing(forum, done)
    }),
    post("post_actions", "post_actions/create", Gate::Public, |forum, ask| {
        let id = ask.request.number("id").unwrap_or_default();
        acted(forum, ask, id, Forum::like)
    }),
    delete("post_actions/{id}", "post_actions/destroy", Gate::Public, |forum, ask| {
        acted(forum, ask, post_id(ask), Forum::unlike)
    }),
    get("raw/{topic}/{number}", "posts/markdown_num", Gate::Public, |forum, ask| {
        match numbered(forum, ask) {
            Some(post) => Answer::plain(200, &post.raw),
            None => Answer::not_found(forum.settings.locale),
        }
    }),
    get("p/{number}", "posts/short_link", Gate::Public, short_link),
];

fn shown(forum: &Forum, found: Option<Value>) -> Answer {
    match found {
        Some(value) => Answer::ok(&value),
        None => Answer::not_found(forum.settings.locale),
    }
}

fn post_id(ask: &Ask) -> i64 {
    ask.param("id").parse().unwrap_or_default()
}

/// A post that the viewer may see, if there is one.
fn seen<'f>(forum: &'f Forum, ask: &Ask, post: Option<&'f Post>) -> Option<&'f Post> {
    let post = post?;
    let topic = forum.topics.topic(post.topic)?;
    (forum.sees_topic(ask.viewer, topic) && forum.sees_post(ask.viewer, post)).then_some(post)
}

fn visible<'f>(forum: &'f Forum, ask: &Ask) -> Option<&'f Post> {
    let id: i64 = ask.param("number").parse().ok()?;
    seen(forum, ask, forum.topics.post(id))
}

fn numbered<'f>(forum: &'f Forum, ask: &Ask) -> Option<&'f Post> {
    let (topic, number) = (ask.param("topic").parse().ok()?, ask.param("number").parse().ok()?);
    seen(forum, ask, forum.topics.numbered(topic, number))
}

fn newest(forum: &mut Forum, ask: &Ask) -> Answer {
    let before = ask.request.number("before").unwrap_or(i64::MAX);
    let rows: Vec<Value> = forum
        .topics
        .newest_posts()
        .filter(|post| post.id < before && seen(forum, ask, Some(post)).is_some())
        .filter(|post| forum.topics.topic(post.topic).is_some_and(|topic| !topic.is_private()))
        .take(NEWEST_MAX)
        .map(|post| views::post_view(forum, post, ask.viewer, Shown::Newest))
        .collect();
    Answer::ok(&json!({ "latest_posts": rows }))
}

fn create(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(by) = ask.viewer.person else {
        return Answer::error(403, forum.settings.locale.not_logged_in(), "not_logged_in");
    };
    match forum.write(by, &draft(forum, ask)) {
        Ok(id) => {
            let written =
                forum.topics.post(id).map(|it| views::post_view(forum, it, ask.viewer, Shown::Written));
            shown(forum, written)
        }
        Err(NotWritten::Invalid(errors)) => {
            Answer::json(422, &json!({"action": "create_post", "errors": errors}))
        }
        Err(NotWritten::NotPermitted) => Answer::no_access(forum.settings.locale),
    }
}

fn draft(forum: &Forum, ask: &Ask) -> Draft {
    let request = ask.request;
    let names = request.list("target_recipients").into_iter().chain(request.list("target_usernames"));
    let to: Vec<PersonId> =
        names.filter_map(|name| forum.people.named(&name).map(|person| person.id)).collect();
    // Only staff whisper, skip the checks and set the date.
    let is_staff = ask.viewer.is_staff();
    Draft {
        topic: request.number("topic_id"),
        title: request.text("title").unwrap_or_default(),
        raw: request.text("raw").unwrap_or_default(),
        category: request.number("category"),
        to,
        reply_to: request.number("reply_to_post_number").and_then(|number| usize::try_from(number).ok()),
        external_id: request.filled("external_id"),
        tags: request.list("tags"),
        whisper: is_staff && request.flag("whisper"),
        unchecked: is_staff && request.flag("skip_validations"),
        created_at_ms: request
            .filled("created_at")
            .filter(|_| is_staff)
            .as_deref()
            .and_then(views::read_time),
    }
}

fn update(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let Some(raw) = request.filled("post/raw").or_else(|| request.filled("raw")) else {
        return Answer::missing_parameter("post");
    };
    let reason = request.filled("post/edit_reason").or_else(|| request.filled("edit_reason"));
    let id = post_id(ask);
    match (forum.edit_post(ask.by(), id, &raw, reason.as_deref()), forum.topics.post(id)) {
        (Ok(()), Some(post)) => {
            Answer::ok(&json!({"post": views::post_view(forum, post, ask.viewer, Shown::Written)}))
        }
        (Err(refused), _) => refused.answer(forum.settings.locale),
        (Ok(()), None) => Answer::not_found(forum.settings.locale),
    }
}

/// A like given or taken back; other actions, flags, are not played.
fn acted(
    forum: &mut Forum,
    ask: &Ask,
    id: i64,
    act: fn(&mut Forum, PersonId, i64) -> Result<(), Refused>,
) -> Answer {
    if ask.request.number("post_action_type_id") != Some(LIKE) {
        return Answer::bad_parameter("post_action_type_id");
    }
    match (act(forum, ask.by(), id), forum.topics.post(id)) {
        (Ok(()), Some(post)) => Answer::ok(&views::post_view(forum, post, ask.viewer, Shown::Cooked)),
        (Err(refused), _) => refused.answer(forum.settings.locale),
        (Ok(()), None) => Answer::not_found(forum.settings.locale),
    }
}

fn short_link(forum: &mut Forum, ask: &Ask) -> Answer {
    let found = visible(forum, ask).and_then(|post| Some((post, forum.topics.topic(post.topic)?)));
    match found {
        Some((post, topic)) => {
            let place = if post.number > 1 { format!("/{}", post.number) } else { String::new() };
            Answer::redirect(&format!("{}/t/{}/{}{place}", forum.base_url, topic.slug, topic.id))
        }
        None => Answer::not_found(forum.settings.locale),
    }
}
