//! Categories, topics and posts: as much as private messages, profiles and clients need of them.

use std::collections::BTreeMap;

use super::people::{PersonId, SYSTEM};
use super::state::Forum;
use super::views;

/// The shortest title and the shortest post, in letters.
const TITLE_LETTERS_MIN: usize = 15;
const POST_LETTERS_MIN: usize = 5;

/// A category.
#[derive(Clone, Debug)]
pub(crate) struct Category {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    pub(crate) slug: &'static str,
    pub(crate) color: &'static str,
    pub(crate) staff_only: bool,
}

/// The categories a new forum has.
pub(crate) const CATEGORIES: [Category; 3] = [
    Category { id: 1, name: "Uncategorized", slug: "uncategorized", color: "0088CC", staff_only: false },
    Category { id: 2, name: "Site Feedback", slug: "site-feedback", color: "808281", staff_only: false },
    Category { id: 3, name: "Staff", slug: "staff", color: "E45735", staff_only: true },
];

/// A topic, or a private message when it has somebody to go to.
#[derive(Clone, Debug)]
pub(crate) struct Topic {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) slug: String,
    pub(crate) category: Option<i64>,
    pub(crate) by: PersonId,
    pub(crate) to: Vec<PersonId>,
    pub(crate) created_at_ms: i64,
    pub(crate) last_posted_at_ms: i64,
    pub(crate) posts: Vec<i64>,
}

/// A post.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) id: i64,
    pub(crate) topic: i64,
    pub(crate) number: usize,
    pub(crate) by: PersonId,
    pub(crate) raw: String,
    pub(crate) created_at_ms: i64,
}

/// Everything written.
#[derive(Debug, Default)]
pub(crate) struct Topics {
    topics: BTreeMap<i64, Topic>,
    posts: BTreeMap<i64, Post>,
}

impl Topics {
    pub(crate) fn topic(&self, id: i64) -> Option<&Topic> {
        self.topics.get(&id)
    }

    pub(crate) fn post(&self, id: i64) -> Option<&Post> {
        self.posts.get(&id)
    }

    /// Topics, not messages, newest post first.
    pub(crate) fn latest(&self) -> Vec<&Topic> {
        let mut public: Vec<&Topic> = self.topics.values().filter(|topic| topic.to.is_empty()).collect();
        public.sort_by_key(|topic| std::cmp::Reverse((topic.last_posted_at_ms, topic.id)));
        public
    }

    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.topics.values().filter(|topic| topic.to.is_empty()).count(), self.posts.len())
    }

    fn add_topic(&mut self, topic: Topic) -> i64 {
        let id = self.topics.keys().next_back().map_or(1, |last| last + 1);
        self.topics.insert(id, Topic { id, ..topic });
        id
    }

    fn add_post(&mut self, topic: i64, by: PersonId, raw: &str, now_ms: i64) -> Option<i64> {
        let id = self.posts.keys().next_back().map_or(1, |last| last + 1);
        let topic = self.topics.get_mut(&topic)?;
        topic.posts.push(id);
        topic.last_posted_at_ms = now_ms;
        let number = topic.posts.len();
        let post = Post { id, topic: topic.id, number, by, raw: raw.to_owned(), created_at_ms: now_ms };
        self.posts.insert(id, post);
        Some(id)
    }
}

/// `How do you mend a hull` → `how-do-you-mend-a-hull`
pub(crate) fn slug(title: &str) -> String {
    let dashed: String = title
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { '-' })
        .collect();
    dashed.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

impl Forum {
    /// Begins a topic and tells `topic_created` and `post_created`.
    pub(crate) fn begin_topic(
        &mut self,
        by: PersonId,
        title: &str,
        raw: &str,
        category: Option<i64>,
        to: Vec<PersonId>,
    ) -> Result<i64, Vec<String>> {
        check(Some(title), raw)?;
        Ok(self.write_topic(by, title, raw, category, to))
    }

    /// Answers in a topic and tells `post_created`.
    pub(crate) fn reply(&mut self, by: PersonId, topic: i64, raw: &str) -> Result<i64, Vec<String>> {
        check(None, raw)?;
        let now_ms = self.now_ms();
        let closed = "Something has gone wrong. Perhaps this topic was closed or deleted while you were looking at it?";
        let is_silenced = self.person(by).is_some_and(|person| person.silence(now_ms).is_some());
        match self.topics.add_post(topic, by, raw, now_ms).filter(|_| !is_silenced) {
            Some(post) => {
                self.posted(by, post);
                Ok(post)
            }
            None => Err(vec![closed.to_owned()]),
        }
    }

    /// The private message that the forum itself writes about what staff did.
    pub(crate) fn message_from_system(&mut self, to: PersonId, title: &str, raw: &str) {
        self.write_topic(SYSTEM, title, raw, None, vec![to]);
    }

    fn write_topic(
        &mut self,
        by: PersonId,
        title: &str,
        raw: &str,
        category: Option<i64>,
        to: Vec<PersonId>,
    ) -> i64 {
        let now_ms = self.now_ms();
        let topic = self.topics.add_topic(Topic {
            id: 0,
            title: title.to_owned(),
            slug: slug(title),
            category: category.or_else(|| to.is_empty().then_some(1)),
            by,
            to,
            created_at_ms: now_ms,
            last_posted_at_ms: now_ms,
            posts: Vec::new(),
        });
        let post = self.topics.add_post(topic, by, raw, now_ms).unwrap_or_default();
        let _counted = self.people.change(by, |person| person.topic_count += 1);
        self.tell("topic_created", "topic", |forum| views::topic_for_hook(forum, topic));
        self.posted(by, post);
        post
    }

    fn posted(&mut self, by: PersonId, post: i64) {
        let now_ms = self.now_ms();
        let _counted = self.people.change(by, |person| {
            person.post_count += 1;
            person.last_posted_at_ms = Some(now_ms);
        });
        self.tell("post_created", "post", |forum| views::post_for_hook(forum, post));
        self.changed("create_post", Some(by), None);
    }
}

fn check(title: Option<&str>, raw: &str) -> Result<(), Vec<String>> {
    let mut errors = Vec::new();
    match title {
        Some("") => errors.push("Title can't be blank".to_owned()),
        Some(title) if title.chars().count() < TITLE_LETTERS_MIN => {
            errors.push("Title is too short (minimum is 15 characters)".to_owned());
        }
        Some(_) | None => {}
    }
    if raw.trim().is_empty() {
        errors.push("Body can't be blank".to_owned());
    } else if raw.trim().chars().count() < POST_LETTERS_MIN {
        errors.push("Body is too short (minimum is 5 characters)".to_owned());
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
