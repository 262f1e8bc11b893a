//! Lists of topics, and what a search finds.

use serde_json::{Map, Value, json};

use super::topic::head;
use super::{avatar_template, extend, flair, person_brief, time};
use crate::forum::cook;
use crate::forum::groups::Group;
use crate::forum::people::Person;
use crate::forum::state::Forum;
use crate::forum::topics::{Post, Topic};
use crate::forum::viewer::Viewer;

/// Topics on a page.
const TOPICS_PER_PAGE: usize = 30;

/// Topics that are suggested under another.
const SUGGESTED_MAX: usize = 5;

/// Posts that a search finds at most.
const FOUND_MAX: usize = 50;

/// `/latest.json` and the lists of categories; pages count from 0.
pub(crate) fn topic_list<'f>(
    forum: &'f Forum,
    viewer: Viewer,
    topics: impl Iterator<Item = &'f Topic>,
    page: usize,
) -> Value {
    let topics: Vec<&Topic> = topics
        .filter(|topic| forum.sees_topic(viewer, topic))
        .skip(page.saturating_mul(TOPICS_PER_PAGE))
        .take(TOPICS_PER_PAGE)
        .collect();
    let rows: Vec<Value> = topics.iter().map(|topic| topic_row(forum, topic, viewer)).collect();
    let list = json!({
        "can_create_topic": viewer.person.is_some(),
        "per_page": TOPICS_PER_PAGE,
        "top_tags": [],
        "topics": rows,
    });
    if topics.is_empty() {
        return json!({ "topic_list": list });
    }
    let mut people: Vec<&Person> = topics.iter().flat_map(|topic| posters(forum, topic)).collect();
    let mut seen = std::collections::BTreeSet::new();
    people.retain(|person| seen.insert(person.id));
    let mut groups: Vec<&Group> =
        people.iter().filter_map(|person| forum.groups.get(person.primary_group?)).collect();
    groups.sort_by_key(|group| group.id);
    groups.dedup_by_key(|group| group.id);
    let named = |group: &&Group| json!({"id": group.id, "name": group.name});
    let with_flair = |group: &&Group| {
        json!({
            "id": group.id, "name": group.name, "flair_url": group.flair_url,
            "flair_bg_color": group.flair_bg_color, "flair_color": group.flair_color,
        })
    };
    json!({
        "users": people.iter().map(|person| poster(forum, person)).collect::<Vec<_>>(),
        "primary_groups": groups.iter().map(named).collect::<Vec<_>>(),
        "flair_groups": groups.iter().map(with_flair).collect::<Vec<_>>(),
        "topic_list": list,
    })
}

/// Whoever began a topic, and whoever wrote last.
fn posters<'f>(forum: &'f Forum, topic: &Topic) -> Vec<&'f Person> {
    let last = topic.posts.last().and_then(|id| forum.topics.post(*id)).map_or(topic.by, |post| post.by);
    let mut ids = vec![topic.by, last];
    ids.dedup();
    ids.into_iter().filter_map(|id| forum.person(id)).collect()
}

fn poster(forum: &Forum, person: &Person) -> Value {
    let mut row = Map::new();
    extend(&mut row, person_brief(person));
    row.insert("avatar_template".to_owned(), json!(avatar_template(forum, person)));
    let group = flair(forum, person);
    if person.primary_group.is_some() {
        for name in ["primary_group_name", "flair_url", "flair_bg_color", "flair_color"] {
            row.insert(name.to_owned(), group.get(name).cloned().unwrap_or_default());
        }
    }
    row.insert("flair_name".to_owned(), group.get("flair_name").cloned().unwrap_or_default());
    for (name, is_so) in [("admin", person.admin), ("moderator", person.moderator)] {
        if is_so {
            row.insert(name.to_owned(), json!(true));
        }
    }
    row.insert("trust_level".to_owned(), json!(person.trust_level));
    Value::Object(row)
}

/// What every row about a topic says, in lists, under other topics and in what a search finds.
fn row(forum: &Forum, topic: &Topic, viewer: Viewer) -> Map<String, Value> {
    let mut fields = Map::new();
    extend(&mut fields, head(forum, topic));
    let posts = topic.posts.iter().filter_map(|id| forum.topics.post(*id));
    let took_part = posts.into_iter().any(|post| viewer.person == Some(post.by));
    let read = took_part.then(|| {
        json!({
            "last_read_post_number": topic.posts.len(), "unread": 0, "new_posts": 0, "unread_posts": 0,
            "notification_level": 3,
        })
    });
    extend(&mut fields, read.unwrap_or_default());
    extend(
        &mut fields,
        json!({
            "bumped": true,
            "bumped_at": time(topic.last_posted_at_ms),
            "unseen": viewer.person.is_some() && !took_part,
            "bookmarked": took_part.then_some(false),
            "liked": took_part.then_some(false),
        }),
    );
    fields
}

fn topic_row(forum: &Forum, topic: &Topic, viewer: Viewer) -> Value {
    let mut fields = row(forum, topic, viewer);
    let people = posters(forum, topic);
    if topic.pinned_at_ms.is_some() {
        fields.insert("excerpt".to_owned(), json!(first_words(forum, topic)));
    }
    let count = people.len();
    let rows = people.iter().zip(1..).map(|(person, place)| {
        let (extras, description) = part(place, count);
        json!({
            "extras": extras,
            "description": description,
            "user_id": person.id,
            "primary_group_id": person.primary_group,
            "flair_group_id": person.primary_group,
        })
    });
    extend(
        &mut fields,
        json!({
            "image_url": null,
            "has_summary": false,
            "last_poster_username": people.last().map(|person| &person.username),
            "posters": rows.collect::<Vec<_>>(),
        }),
    );
    Value::Object(fields)
}

fn part(place: usize, count: usize) -> (Option<&'static str>, &'static str) {
    match (place, count) {
        (_, 1) => (Some("latest single"), "Original Poster, Most Recent Poster"),
        (1, _) => (None, "Original Poster"),
        _ => (Some("latest"), "Most Recent Poster"),
    }
}

fn first_words(forum: &Forum, topic: &Topic) -> Option<String> {
    let first = topic.posts.first().and_then(|id| forum.topics.post(*id))?;
    Some(cook::excerpt(&cook::cooked(&first.raw)))
}

/// Other topics, under the first page of one.
pub(super) fn suggested(forum: &Forum, topic: &Topic, viewer: Viewer) -> Value {
    let others = forum.topics.latest().into_iter().filter(|other| other.id != topic.id);
    let others = others.filter(|other| forum.sees_topic(viewer, other)).take(SUGGESTED_MAX);
    let of_person = |person: &&Person| {
        let (extras, description) = part(1, 1);
        json!({"extras": extras, "description": description, "user": person_brief(person)})
    };
    others
        .map(|other| {
            let mut fields = row(forum, other, viewer);
            let people: Vec<Value> = posters(forum, other).iter().take(1).map(of_person).collect();
            extend(&mut fields, json!({"image_url": null, "posters": people}));
            for name in ["pinned_globally", "has_summary", "last_posted"] {
                fields.shift_remove(name);
            }
            Value::Object(fields)
        })
        .collect()
}

/// `/search.json`: posts that hold every word; `#slug` narrows to a category, `@name` to an author.
pub(crate) fn found(forum: &Forum, viewer: Viewer, term: &str) -> Value {
    let folded = term.to_lowercase();
    let words: Vec<&str> = folded.split_whitespace().collect();
    let hits: Vec<(&Topic, &Post)> = match words.is_empty() {
        true => Vec::new(),
        false => {
            let visible = forum.topics.newest_posts().filter_map(|post| {
                let topic = forum.topics.topic(post.topic).filter(|topic| !topic.is_private())?;
                (forum.sees_topic(viewer, topic) && forum.sees_post(viewer, post)).then_some((topic, post))
            });
            let fits =
                |(topic, post): &(&Topic, &Post)| words.iter().all(|word| holds(forum, topic, post, word));
            visible.filter(fits).take(FOUND_MAX).collect()
        }
    };
    let mut topics: Vec<&Topic> = hits.iter().map(|(topic, _)| *topic).collect();
    topics.dedup_by_key(|topic| topic.id);
    let topics: Vec<Value> = topics.into_iter().map(|topic| found_topic(forum, topic, viewer)).collect();
    let posts: Vec<Value> = hits.iter().map(|(_, post)| found_post(forum, post)).collect();
    let ids: Vec<i64> = hits.iter().map(|(_, post)| post.id).collect();
    json!({
        "posts": posts,
        "topics": topics,
        "users": [], "categories": [], "tags": [], "groups": [],
        "grouped_search_result": {
            "more_posts": null, "more_users": null, "more_categories": null,
            "term": term,
            "search_log_id": 1,
            "more_full_page_results": null,
            "can_create_topic": viewer.person.is_some(),
            "error": null,
            "post_ids": ids, "user_ids": [], "category_ids": [], "tag_ids": [], "group_ids": [],
        },
    })
}

fn holds(forum: &Forum, topic: &Topic, post: &Post, word: &str) -> bool {
    if let Some(slug) = word.strip_prefix('#') {
        let category = topic.category.and_then(|id| forum.categories.get(id));
        return category.is_some_and(|category| category.slug == slug);
    }
    if let Some(name) = word.strip_prefix('@') {
        return forum.person(post.by).is_some_and(|person| person.username.to_lowercase() == name);
    }
    post.raw.to_lowercase().contains(word) || topic.title.to_lowercase().contains(word)
}

fn found_topic(forum: &Forum, topic: &Topic, viewer: Viewer) -> Value {
    let mut fields = row(forum, topic, viewer);
    for name in ["featured_link", "like_count", "views", "pinned_globally"] {
        fields.shift_remove(name);
    }
    Value::Object(fields)
}

fn found_post(forum: &Forum, post: &Post) -> Value {
    let person = forum.person(post.by);
    json!({
        "id": post.id,
        "name": person.and_then(|person| person.name.as_ref()),
        "username": person.map(|person| &person.username),
        "avatar_template": person.map(|person| avatar_template(forum, person)),
        "created_at": time(post.created_at_ms),
        "like_count": 0,
        "blurb": cook::excerpt(&cook::cooked(&post.raw)),
        "post_number": post.number,
        "topic_id": post.topic,
    })
}
