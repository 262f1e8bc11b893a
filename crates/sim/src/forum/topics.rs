//! Topics and posts: what was written, and what became of it.

use std::collections::{BTreeMap, HashMap};

use super::people::PersonId;
use super::state::Forum;
use super::viewer::Viewer;

/// What a post is: `post_type` in answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostKind {
    Regular,
    /// A line that says what staff did to the topic.
    SmallAction,
    /// For staff alone.
    Whisper,
}

impl From<PostKind> for i64 {
    fn from(kind: PostKind) -> i64 {
        match kind {
            PostKind::Regular => 1,
            PostKind::SmallAction => 3,
            PostKind::Whisper => 4,
        }
    }
}

/// A deletion: when, and by whom.
pub(crate) type Deleted = Option<(i64, PersonId)>;

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
    pub(crate) external_id: Option<String>,
    pub(crate) closed: bool,
    pub(crate) archived: bool,
    pub(crate) unlisted: bool,
    pub(crate) pinned_at_ms: Option<i64>,
    /// Numbers of its tags.
    pub(crate) tags: Vec<i64>,
    pub(crate) deleted: Deleted,
}

impl Topic {
    pub(crate) fn is_private(&self) -> bool {
        !self.to.is_empty()
    }
}

/// A post.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) id: i64,
    pub(crate) topic: i64,
    pub(crate) number: usize,
    pub(crate) by: PersonId,
    pub(crate) raw: String,
    pub(crate) kind: PostKind,
    /// The number of the post that it answers.
    pub(crate) reply_to: Option<usize>,
    /// `closed.enabled`, of small actions.
    pub(crate) action_code: Option<String>,
    pub(crate) created_at_ms: i64,
    pub(crate) updated_at_ms: i64,
    pub(crate) version: u32,
    pub(crate) edit_reason: Option<String>,
    pub(crate) deleted: Deleted,
    pub(crate) wiki: bool,
    /// Who likes it.
    pub(crate) likes: Vec<PersonId>,
    /// The author took it back: only the text changed.
    pub(crate) taken_back: bool,
}

/// Everything written.
#[derive(Debug, Default)]
pub(crate) struct Topics {
    topics: BTreeMap<i64, Topic>,
    posts: BTreeMap<i64, Post>,
    by_external_id: HashMap<String, i64>,
}

impl Topics {
    pub(crate) fn topic(&self, id: i64) -> Option<&Topic> {
        self.topics.get(&id)
    }

    pub(crate) fn topic_mut(&mut self, id: i64) -> Option<&mut Topic> {
        self.topics.get_mut(&id)
    }

    pub(crate) fn with_external_id(&self, id: &str) -> Option<&Topic> {
        self.by_external_id.get(id).and_then(|id| self.topic(*id))
    }

    pub(crate) fn titled(&self, title: &str) -> Option<&Topic> {
        let folded = title.to_lowercase();
        self.topics.values().find(|topic| !topic.is_private() && topic.title.to_lowercase() == folded)
    }

    pub(crate) fn post(&self, id: i64) -> Option<&Post> {
        self.posts.get(&id)
    }

    pub(crate) fn post_mut(&mut self, id: i64) -> Option<&mut Post> {
        self.posts.get_mut(&id)
    }

    /// A post by its number in its topic.
    pub(crate) fn numbered(&self, topic: i64, number: usize) -> Option<&Post> {
        let id = self.topic(topic)?.posts.get(number.checked_sub(1)?)?;
        self.post(*id)
    }

    /// Posts that are not deleted, nor lie in a topic that is, newest first.
    pub(crate) fn newest_posts(&self) -> impl Iterator<Item = &Post> {
        let stands = |post: &&Post| {
            let topic = self.topic(post.topic);
            post.deleted.is_none() && topic.is_some_and(|topic| topic.deleted.is_none())
        };
        self.posts.values().rev().filter(stands)
    }

    /// Topics, not messages, newest post first.
    pub(crate) fn latest(&self) -> Vec<&Topic> {
        let listed = |topic: &&Topic| !topic.is_private() && !topic.unlisted && topic.deleted.is_none();
        let mut public: Vec<&Topic> = self.topics.values().filter(listed).collect();
        public.sort_by_key(|topic| std::cmp::Reverse((topic.last_posted_at_ms, topic.id)));
        public
    }

    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.topics.values().filter(|topic| !topic.is_private()).count(), self.posts.len())
    }

    /// How many topics a category holds.
    pub(crate) fn count_in(&self, category: i64) -> usize {
        self.topics.values().filter(|topic| topic.category == Some(category)).count()
    }

    /// How many topics bear a tag.
    pub(crate) fn count_tagged(&self, tag: i64) -> usize {
        self.topics.values().filter(|topic| topic.tags.contains(&tag)).count()
    }

    /// Takes a tag from every topic.
    pub(crate) fn untag(&mut self, tag: i64) {
        for topic in self.topics.values_mut() {
            topic.tags.retain(|known| *known != tag);
        }
    }

    /// Private messages that a person wrote or was sent, newest first.
    pub(crate) fn messages_of(&self, person: PersonId) -> impl Iterator<Item = &Topic> {
        let is_party = move |topic: &&Topic| topic.by == person || topic.to.contains(&person);
        self.topics.values().rev().filter(|topic| topic.is_private()).filter(is_party)
    }

    pub(crate) fn add_topic(&mut self, topic: Topic) -> i64 {
        let id = self.topics.keys().next_back().map_or(1, |last| last + 1);
        if let Some(external_id) = &topic.external_id {
            self.by_external_id.insert(external_id.clone(), id);
        }
        self.topics.insert(id, Topic { id, ..topic });
        id
    }

    /// Adds a post at the end of its topic and says its number; none when there is no such topic.
    pub(crate) fn add_post(&mut self, post: Post) -> Option<i64> {
        let id = self.posts.keys().next_back().map_or(1, |last| last + 1);
        let topic = self.topics.get_mut(&post.topic)?;
        topic.posts.push(id);
        topic.last_posted_at_ms = post.created_at_ms;
        let number = topic.posts.len();
        self.posts.insert(id, Post { id, number, ..post });
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
    /// Whether the viewer may see a topic: private ones their parties and admins, deleted ones staff.
    pub(crate) fn sees_topic(&self, viewer: Viewer, topic: &Topic) -> bool {
        let is_party = viewer.person.is_some_and(|id| topic.by == id || topic.to.contains(&id));
        let category = topic.category.and_then(|id| self.categories.get(id));
        let may_read = match category {
            _ if topic.is_private() => is_party || viewer.admin,
            Some(category) => self.may_read(viewer, category),
            None => true,
        };
        may_read && (topic.deleted.is_none() || viewer.is_staff())
    }

    /// Whether the viewer may see a post of a topic that they see.
    pub(crate) fn sees_post(&self, viewer: Viewer, post: &Post) -> bool {
        let hidden = post.deleted.is_some() || post.kind == PostKind::Whisper;
        viewer.is_staff() || !hidden
    }
}
