//! Topics: lists of them, their pages, and what is done to one.

use serde_json::json;

use super::{Ask, Gate, Route, delete, get, post, put};
use crate::forum::acts::Refused;
use crate::forum::acts::editing::{TopicChange, TopicStatus};
use crate::forum::answer::Answer;
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::topics::Topic;
use crate::forum::views::{self, Part, Shown};

/// Posts by number that are given at once.
const POSTS_MAX: usize = 400;

pub(super) const ROUTES: &[Route] = &[
    get("latest", "list/latest", Gate::Public, |forum, ask| list(forum, ask, None)),
    get("new", "list/new", Gate::Public, |forum, ask| list(forum, ask, None)),
    get("hot", "list/hot", Gate::Public, |forum, ask| list(forum, ask, None)),
    get("unread", "list/unread", Gate::Public, |forum, ask| list(forum, ask, None)),
    get("top", "list/top", Gate::Public, |forum, ask| list(forum, ask, None)),
    get("topics/created-by/{username}", "list/topics_by", Gate::Public, |forum, ask| {
        of_person(forum, ask, |topic, person| !topic.is_private() && topic.by == person)
    }),
    get("topics/private-messages/{username}", "list/private_messages", Gate::Public, |forum, ask| {
        of_person(forum, ask, |topic, person| topic.is_private() && topic.to.contains(&person))
    }),
    get(
        "topics/private-messages-sent/{username}",
        "list/private_messages_sent",
        Gate::Public,
        |forum, ask| of_person(forum, ask, |topic, person| topic.is_private() && topic.by == person),
    ),
    get(
        "topics/private-messages-unread/{username}",
        "list/private_messages_unread",
        Gate::Public,
        |forum, ask| of_person(forum, ask, |_, _| false),
    ),
    get("search", "search/show", Gate::Public, |forum, ask| {
        let term = ask.request.text("q").unwrap_or_default();
        Answer::ok(&views::found(forum, ask.viewer, &term))
    }),
    get("t/external_id/{external_id}", "topics/show_by_external_id", Gate::Public, by_external_id),
    get("t/{topic_id}", "topics/show", Gate::Public, show),
    get("t/{id}/posts", "topics/posts", Gate::Public, posts),
    get("t/{id}/{near}", "topics/show", Gate::Public, show),
    get("t/{slug}/{topic_id}", "topics/show", Gate::Public, show),
    get("t/{slug}/{id}/{near}", "topics/show", Gate::Public, show),
    put("t/-/{id}", "topics/update", Gate::Public, update),
    put("t/{id}", "topics/update", Gate::Public, update),
    put("t/{id}/status", "topics/status", Gate::Public, status),
    post("t/{id}/change-owner", "topics/change_post_owners", Gate::Public, change_owner),
    put("t/{id}/recover", "topics/recover", Gate::Public, |forum, ask| {
        let done = forum.recover_topic(ask.by(), topic_id(ask).unwrap_or_default());
        nothing(forum, done)
    }),
    delete("t/{id}", "topics/destroy", Gate::Public, |forum, ask| {
        let done = forum.delete_topic(ask.by(), topic_id(ask).unwrap_or_default());
        nothing(forum, done)
    }),
];

/// Done, with nothing more to say.
pub(super) fn nothing(forum: &Forum, done: Result<(), Refused>) -> Answer {
    match done {
        Ok(()) => Answer::plain(200, ""),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn topic_id(ask: &Ask) -> Option<i64> {
    ask.param("topic_id").parse().or_else(|_| ask.param("id").parse()).ok()
}

/// A list of topics: by their last post, or with `order=created` by their age.
pub(super) fn list(forum: &Forum, ask: &Ask, categories: Option<&[i64]>) -> Answer {
    let request = ask.request;
    let page = request.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or_default();
    let mut topics = forum.topics.latest();
    if request.text("order").as_deref() == Some("created") {
        topics.sort_by_key(|topic| std::cmp::Reverse(topic.id));
    }
    if request.flag("ascending") {
        topics.reverse();
    }
    let lies_there = |topic: &&Topic| {
        categories.is_none_or(|there| topic.category.is_some_and(|category| there.contains(&category)))
    };
    Answer::ok(&views::topic_list(forum, ask.viewer, topics.into_iter().filter(lies_there), page))
}

/// Topics and messages of one person. Messages are shown to their parties and to admins.
fn of_person(forum: &mut Forum, ask: &Ask, fits: fn(&Topic, PersonId) -> bool) -> Answer {
    let Some(id) = forum.people.named(ask.param("username")).map(|person| person.id) else {
        return Answer::not_found(forum.settings.locale);
    };
    let topics = forum.topics.latest().into_iter().chain(forum.topics.messages_of(id));
    Answer::ok(&views::topic_list(forum, ask.viewer, topics.filter(|topic| fits(topic, id)), 0))
}

/// No such topic, in the words of the page that tells people so.
fn not_there(forum: &Forum) -> Answer {
    Answer::json(
        404,
        &json!({
            "errors": [forum.settings.locale.not_found()],
            "error_type": "not_found",
            "extras": {"html": "<div class=\"page-not-found\"></div>", "group": null},
        }),
    )
}

/// A topic that the viewer may see. What is no number at all is as unknown as a number that never was.
fn visible<'f>(forum: &'f Forum, ask: &Ask) -> Option<&'f Topic> {
    let topic = topic_id(ask).and_then(|id| forum.topics.topic(id))?;
    forum.sees_topic(ask.viewer, topic).then_some(topic)
}

fn show(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(topic) = visible(forum, ask) else {
        return not_there(forum);
    };
    let near = ask.param("near").parse::<usize>().ok();
    if !ask.request.wants_json && ask.param("slug") != topic.slug {
        let place = near.map(|number| format!("/{number}")).unwrap_or_default();
        return moved(&format!("{}/t/{}/{}{place}", forum.base_url, topic.slug, topic.id));
    }
    let page = ask.request.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or(1);
    let part = near.map_or(Part::Page(page), Part::Near);
    Answer::ok(&views::topic_page(forum, topic, ask.viewer, part, ask.request.flag("include_raw")))
}

/// Moved for good.
fn moved(address: &str) -> Answer {
    Answer { status: 301, ..Answer::redirect(address) }
}

fn by_external_id(forum: &mut Forum, ask: &Ask) -> Answer {
    let found = forum.topics.with_external_id(ask.param("external_id"));
    match found.filter(|topic| forum.sees_topic(ask.viewer, topic)) {
        Some(topic) => {
            let kind = if ask.request.wants_json { ".json" } else { "" };
            moved(&format!("{}/t/{}/{}{kind}", forum.base_url, topic.slug, topic.id))
        }
        None => not_there(forum),
    }
}

/// Posts of a topic by their own numbers.
fn posts(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(topic) = visible(forum, ask) else {
        return not_there(forum);
    };
    let wanted = ask.request.list("post_ids");
    let ids = wanted.iter().filter_map(|id| id.parse::<i64>().ok());
    let all: Vec<i64> = match wanted.is_empty() {
        true => topic.posts.iter().copied().take(views::POSTS_PER_PAGE).collect(),
        false => ids.filter(|id| topic.posts.contains(id)).take(POSTS_MAX).collect(),
    };
    let shown = Shown::InTopic { raw: ask.request.flag("include_raw") };
    let rows: Vec<_> = all
        .into_iter()
        .filter_map(|id| forum.topics.post(id))
        .filter(|post| forum.sees_post(ask.viewer, post))
        .map(|post| views::post_view(forum, post, ask.viewer, shown))
        .collect();
    Answer::ok(&json!({"post_stream": {"posts": rows}, "id": topic.id}))
}

fn update(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = topic_id(ask).unwrap_or_default();
    let title = ask.request.filled("title").or_else(|| ask.request.filled("topic/title"));
    let category = ask.request.number("category_id").or_else(|| ask.request.number("topic/category_id"));
    let tags = ask.request.value("tags").map(|_| ask.request.list("tags"));
    match (forum.edit_topic(ask.by(), id, TopicChange { title, category, tags }), forum.topics.topic(id)) {
        (Ok(()), Some(topic)) => Answer::ok(&json!({"basic_topic": {
            "id": topic.id,
            "title": topic.title,
            "fancy_title": crate::forum::answer::escaped(&topic.title),
            "slug": topic.slug,
            "posts_count": topic.posts.len(),
        }})),
        (Err(refused), _) => refused.answer(forum.settings.locale),
        (Ok(()), None) => not_there(forum),
    }
}

fn change_owner(forum: &mut Forum, ask: &Ask) -> Answer {
    let named = ask.request.filled("username").and_then(|name| forum.people.named(&name)).map(|it| it.id);
    let Some(to) = named else {
        return Answer::bad_parameter("username");
    };
    let posts: Vec<i64> = ask.request.list("post_ids").iter().filter_map(|id| id.parse().ok()).collect();
    match forum.change_owner(ask.by(), &posts, to) {
        Ok(()) => Answer::success(),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}

fn status(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(status) = ask.request.filled("status").as_deref().and_then(TopicStatus::named) else {
        return Answer::bad_parameter("status");
    };
    let on = ask.request.flag("enabled");
    match forum.set_status(ask.by(), topic_id(ask).unwrap_or_default(), status, on) {
        Ok(()) => Answer::ok(&json!({"success": "OK", "topic_status_update": null})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}
