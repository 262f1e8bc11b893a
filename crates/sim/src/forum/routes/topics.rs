//! Topics and posts, as far as clients that are after people need them.

use serde_json::json;

use super::{Ask, Gate, Route, get, post};
use crate::forum::answer::Answer;
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::views;

pub(super) const ROUTES: &[Route] = &[
    get("latest", "list/latest", Gate::Public, |forum, ask| list(forum, ask, None)),
    get("new", "list/new", Gate::Public, |forum, ask| list(forum, ask, None)),
    get("top", "list/top", Gate::Public, |forum, ask| list(forum, ask, None)),
    get("c/{slug}/{id}", "list/category_default", Gate::Public, in_category),
    get("c/{id}", "list/category_default", Gate::Public, in_category),
    get("c/{id}/show", "categories/show", Gate::Public, |forum, ask| {
        let id: i64 = ask.param("id").parse().unwrap_or_default();
        let found = views::categories(ask.viewer).find(|row| row.get("id") == Some(&json!(id)));
        match found {
            Some(category) => Answer::ok(&json!({ "category": category })),
            None => Answer::not_found(forum.settings.locale),
        }
    }),
    get("t/{number}", "topics/show", Gate::Public, topic),
    get("t/{slug}/{number}", "topics/show", Gate::Public, topic),
    get("posts/{number}", "posts/show", Gate::Public, show_post),
    post("posts", "posts/create", Gate::Public, create),
];

fn page_number(ask: &Ask) -> usize {
    ask.request.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or_default()
}

fn list(forum: &Forum, ask: &Ask, category: Option<i64>) -> Answer {
    Answer::ok(&views::topic_list(forum, ask.viewer, category, page_number(ask)))
}

fn in_category(forum: &mut Forum, ask: &Ask) -> Answer {
    list(forum, ask, ask.param("id").parse().ok())
}

/// A topic by number. One that is no number at all is as unknown as one that never was.
fn topic(forum: &mut Forum, ask: &Ask) -> Answer {
    let found = ask.param("number").parse().ok().and_then(|id: i64| forum.topics.topic(id));
    let may_read = |topic: &&crate::forum::topics::Topic| {
        let is_party = ask.viewer.person.is_some_and(|id| topic.by == id || topic.to.contains(&id));
        match (topic.to.is_empty(), topic.category) {
            (true, Some(3)) => ask.viewer.is_staff(),
            (true, _) => true,
            (false, _) => is_party || ask.viewer.admin,
        }
    };
    match found.filter(may_read) {
        Some(topic) => Answer::ok(&views::topic_page(forum, topic, ask.viewer)),
        None => Answer::json(
            404,
            &json!({
                "errors": [forum.settings.locale.not_found()],
                "error_type": "not_found",
                "extras": {"html": "<div class=\"page-not-found\"></div>", "group": null},
            }),
        ),
    }
}

fn show_post(forum: &mut Forum, ask: &Ask) -> Answer {
    let found = ask.param("number").parse().ok().and_then(|id: i64| forum.topics.post(id));
    match found {
        Some(post) => Answer::ok(&views::post_view(forum, post, ask.viewer)),
        None => Answer::not_found(forum.settings.locale),
    }
}

fn create(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(by) = ask.viewer.person else {
        return Answer::error(403, forum.settings.locale.not_logged_in(), "not_logged_in");
    };
    let request = ask.request;
    let text = |name: &str| request.text(name).unwrap_or_default();
    let written = match request.number("topic_id") {
        Some(topic) => forum.reply(by, topic, &text("raw")),
        None => {
            let names = request.list("target_recipients").into_iter().chain(request.list("target_usernames"));
            let to: Vec<PersonId> =
                names.filter_map(|name| forum.people.named(&name).map(|person| person.id)).collect();
            forum.begin_topic(by, &text("title"), &text("raw"), request.number("category"), to)
        }
    };
    match written.map(|id| forum.topics.post(id).map(|post| views::post_view(forum, post, ask.viewer))) {
        Ok(post) => Answer::ok(&json!(post)),
        Err(errors) => Answer::json(422, &json!({"action": "create_post", "errors": errors})),
    }
}
