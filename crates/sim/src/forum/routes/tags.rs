//! Tags: all of them, the topics of one, renaming and deleting.

use serde_json::{Value, json};

use super::{Ask, Gate, Route, delete, get, put};
use crate::forum::answer::Answer;
use crate::forum::state::Forum;
use crate::forum::views;

pub(super) const ROUTES: &[Route] = &[
    get("tags", "tags/index", Gate::Public, index),
    get("tag/{tag}", "tags/show", Gate::Public, show),
    put("tag/{tag}", "tags/update", Gate::Public, update),
    delete("tag/{tag}", "tags/destroy", Gate::Public, |forum, ask| {
        match forum.delete_tag(ask.by(), ask.param("tag")) {
            Ok(()) => Answer::success(),
            Err(refused) => refused.answer(forum.settings.locale),
        }
    }),
];

fn index(forum: &mut Forum, _: &Ask) -> Answer {
    let row = |(tag, count): (&crate::forum::tags::Tag, usize)| {
        json!({
            "id": tag.name, "text": tag.name, "name": tag.name, "description": null, "count": count,
            "pm_count": 0, "target_tag": null,
        })
    };
    let rows: Vec<Value> = forum.tag_rows().into_iter().map(row).collect();
    Answer::ok(&json!({"tags": rows, "extras": {"categories": []}}))
}

/// Topics that bear the tag.
fn show(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(tag) = forum.tags.named(ask.param("tag")) else {
        return Answer::not_found(forum.settings.locale);
    };
    let tagged = forum.topics.latest().into_iter().filter(|topic| topic.tags.contains(&tag.id));
    let page = ask.request.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or_default();
    let mut list = views::topic_list(forum, ask.viewer, tagged, page);
    if let Some(list) = list.get_mut("topic_list").and_then(Value::as_object_mut) {
        list.insert("tags".to_owned(), json!([forum.tag_row(tag)]));
        list.insert("top_tags".to_owned(), json!([tag.name]));
    }
    Answer::ok(&list)
}

fn update(forum: &mut Forum, ask: &Ask) -> Answer {
    let to = ask.request.filled("tag/id").or_else(|| ask.request.filled("tag/name"));
    let Some(to) = to else {
        return Answer::missing_parameter("tag");
    };
    match forum.rename_tag(ask.by(), ask.param("tag"), &to) {
        Ok(()) => Answer::ok(&json!({"tag": {"id": to, "description": null}})),
        Err(refused) => refused.answer(forum.settings.locale),
    }
}
