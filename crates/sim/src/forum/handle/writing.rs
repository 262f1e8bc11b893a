//! What is written, and what becomes of it, for tests and the demo.

use super::ForumSim;
use crate::forum::acts::Refused;
use crate::forum::acts::category::CategorySpec;
use crate::forum::acts::editing::{TopicChange, TopicStatus};
use crate::forum::acts::writing::{Draft, NotWritten};
use crate::forum::people::PersonId;

/// Categories, topics and posts.
impl ForumSim {
    /// Makes a category and says its number.
    pub fn create_category(&self, by: PersonId, spec: CategorySpec) -> Result<i64, Refused> {
        self.forum().create_category(by, spec)
    }

    /// Begins a topic in a category and says its number; nobody asks whether the words are enough.
    pub fn begin_topic(
        &self,
        by: PersonId,
        category: i64,
        title: &str,
        raw: &str,
        external_id: Option<&str>,
    ) -> Result<i64, Refused> {
        let draft = Draft { category: Some(category), title: title.to_owned(), ..Draft::default() };
        let external_id = external_id.map(str::to_owned);
        self.write(by, Draft { external_id, raw: raw.to_owned(), ..draft })
            .map(|post| self.forum().topics.post(post).map_or(0, |post| post.topic))
    }

    /// Answers in a topic, or a post of it, and says the number of the new post.
    pub fn reply(&self, by: PersonId, topic: i64, raw: &str, to_post: Option<usize>) -> Result<i64, Refused> {
        let draft = Draft { topic: Some(topic), raw: raw.to_owned(), ..Draft::default() };
        self.write(by, Draft { reply_to: to_post, ..draft })
    }

    /// Says something in a topic that only staff may read, and says the number of the post.
    pub fn whisper(&self, by: PersonId, topic: i64, raw: &str) -> Result<i64, Refused> {
        let draft = Draft { topic: Some(topic), raw: raw.to_owned(), ..Draft::default() };
        self.write(by, Draft { whisper: true, ..draft })
    }

    /// Sends a private message and says the number of its first post.
    pub fn write_message(
        &self,
        by: PersonId,
        to: &[PersonId],
        title: &str,
        raw: &str,
    ) -> Result<i64, Refused> {
        let draft = Draft { title: title.to_owned(), raw: raw.to_owned(), ..Draft::default() };
        self.write(by, Draft { to: to.to_vec(), ..draft })
    }

    fn write(&self, by: PersonId, draft: Draft) -> Result<i64, Refused> {
        self.forum().write(by, &Draft { unchecked: true, ..draft }).map_err(|why| match why {
            NotWritten::Invalid(errors) => Refused::Invalid(errors),
            NotWritten::NotPermitted => Refused::NotPermitted,
        })
    }

    /// Changes a category.
    pub fn update_category(&self, by: PersonId, id: i64, spec: CategorySpec) -> Result<(), Refused> {
        self.forum().update_category(by, id, spec)
    }

    /// Moves a topic into another category.
    pub fn move_topic(&self, by: PersonId, topic: i64, category: i64) -> Result<(), Refused> {
        let change = TopicChange { category: Some(category), ..TopicChange::default() };
        self.forum().edit_topic(by, topic, change)
    }

    /// Files a topic under these tags and no others; new ones are made.
    pub fn set_tags(&self, by: PersonId, topic: i64, tags: &[&str]) -> Result<(), Refused> {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        self.forum().edit_topic(by, topic, TopicChange { tags: Some(tags), ..TopicChange::default() })
    }

    /// Likes a post.
    pub fn like(&self, by: PersonId, post: i64) -> Result<(), Refused> {
        self.forum().like(by, post)
    }

    /// Closes, archives, lists or pins a topic, or the contrary.
    pub fn set_topic_status(
        &self,
        by: PersonId,
        topic: i64,
        status: TopicStatus,
        on: bool,
    ) -> Result<(), Refused> {
        self.forum().set_status(by, topic, status, on)
    }

    /// Edits a post.
    pub fn edit_post(&self, by: PersonId, post: i64, raw: &str) -> Result<(), Refused> {
        self.forum().edit_post(by, post, raw, None)
    }

    /// Deletes a post; authors only take their words back.
    pub fn delete_post(&self, by: PersonId, post: i64) -> Result<(), Refused> {
        self.forum().delete_post(by, post)
    }

    /// Brings a deleted post back.
    pub fn recover_post(&self, by: PersonId, post: i64) -> Result<(), Refused> {
        self.forum().recover_post(by, post)
    }

    /// Deletes a topic.
    pub fn delete_topic(&self, by: PersonId, topic: i64) -> Result<(), Refused> {
        self.forum().delete_topic(by, topic)
    }

    /// Brings a deleted topic back.
    pub fn recover_topic(&self, by: PersonId, topic: i64) -> Result<(), Refused> {
        self.forum().recover_topic(by, topic)
    }
}
