//! What becomes of the written: edited, moved, closed, taken back, deleted, recovered.

use super::Refused;
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::topics::{Post, Topic, slug};
use crate::forum::viewer::Viewer;
use crate::forum::views;

/// What a post of its author's own becomes when they delete it.
const TAKEN_BACK: &str = "(post deleted by author)";

/// What staff switches on and off about a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicStatus {
    /// Nobody but staff may answer.
    Closed,
    /// Nobody may change it.
    Archived,
    /// It stands in lists.
    Visible,
    /// It stands on top of lists.
    Pinned,
}

/// What is changed of a topic; what is none stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct TopicChange {
    pub(crate) title: Option<String>,
    pub(crate) category: Option<i64>,
    pub(crate) tags: Option<Vec<String>>,
}

impl TopicStatus {
    pub(crate) fn named(name: &str) -> Option<TopicStatus> {
        match name {
            "closed" => Some(TopicStatus::Closed),
            "archived" => Some(TopicStatus::Archived),
            "visible" => Some(TopicStatus::Visible),
            "pinned" => Some(TopicStatus::Pinned),
            _ => None,
        }
    }

    /// The words of the small action (`closed`) and of the event.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            TopicStatus::Closed => ("closed", "topic_closed_status_updated"),
            TopicStatus::Archived => ("archived", "topic_archived_status_updated"),
            TopicStatus::Visible => ("visible", "topic_visible_status_updated"),
            TopicStatus::Pinned => ("pinned", "topic_pinned_status_updated"),
        }
    }
}

impl Forum {
    /// A topic that the person may change: staff all, others their own.
    fn own_topic(&mut self, by: PersonId, id: i64) -> Result<&mut Topic, Refused> {
        let viewer = self.person(by).map(Viewer::of).unwrap_or_default();
        let found = self.topics.topic(id).filter(|topic| self.sees_topic(viewer, topic));
        let author = found.ok_or(Refused::NotFound)?.by;
        if author != by && !viewer.is_staff() {
            return Err(Refused::NotPermitted);
        }
        self.topics.topic_mut(id).ok_or(Refused::NotFound)
    }

    fn own_post(&mut self, by: PersonId, id: i64) -> Result<&mut Post, Refused> {
        let is_staff = self.person(by).is_some_and(super::Person::is_staff);
        let post = self.topics.post_mut(id).ok_or(Refused::NotFound)?;
        if post.by == by || is_staff { Ok(post) } else { Err(Refused::NotPermitted) }
    }

    /// Edits a post and tells `post_edited`.
    pub(crate) fn edit_post(
        &mut self,
        by: PersonId,
        id: i64,
        raw: &str,
        reason: Option<&str>,
    ) -> Result<(), Refused> {
        let now_ms = self.now_ms();
        let post = self.own_post(by, id)?;
        raw.clone_into(&mut post.raw);
        post.version += 1;
        post.updated_at_ms = now_ms;
        post.edit_reason = reason.map(str::to_owned);
        self.tell("post_edited", "post", |forum| views::edited_post_for_hook(forum, id));
        Ok(())
    }

    /// Changes a topic and tells `topic_edited`, whatever it was and whoever may read it then.
    pub(crate) fn edit_topic(&mut self, by: PersonId, id: i64, change: TopicChange) -> Result<(), Refused> {
        if change.category.is_some_and(|id| self.categories.get(id).is_none()) {
            return Err(Refused::NotFound);
        }
        self.own_topic(by, id)?;
        let tags = change.tags.map(|names| self.tags_for(&names));
        let topic = self.own_topic(by, id)?;
        if let Some(title) = change.title {
            topic.slug = slug(&title);
            topic.title = title;
        }
        topic.category = change.category.or(topic.category);
        topic.tags = tags.unwrap_or_else(|| topic.tags.clone());
        self.tell("topic_edited", "topic", |forum| views::topic_for_hook(forum, id));
        Ok(())
    }

    /// Switches something on or off; a small action says so in the topic.
    pub(crate) fn set_status(
        &mut self,
        by: PersonId,
        id: i64,
        status: TopicStatus,
        on: bool,
    ) -> Result<(), Refused> {
        self.staff(by)?;
        let now_ms = self.now_ms();
        let topic = self.topics.topic_mut(id).ok_or(Refused::NotFound)?;
        match status {
            TopicStatus::Closed => topic.closed = on,
            TopicStatus::Archived => topic.archived = on,
            TopicStatus::Visible => topic.unlisted = !on,
            TopicStatus::Pinned => topic.pinned_at_ms = on.then_some(now_ms),
        }
        let (word, event) = status.words();
        self.write_small_action(by, id, &format!("{word}.{}", if on { "enabled" } else { "disabled" }));
        self.tell(event, "topic", |forum| views::topic_for_hook(forum, id));
        Ok(())
    }

    /// Deletes a post. Of their own, authors only take the words back at first.
    pub(crate) fn delete_post(&mut self, by: PersonId, id: i64) -> Result<(), Refused> {
        let now_ms = self.now_ms();
        let is_staff = self.person(by).is_some_and(super::Person::is_staff);
        let post = self.own_post(by, id)?;
        if is_staff {
            post.deleted = Some((now_ms, by));
        } else {
            post.taken_back = true;
            TAKEN_BACK.clone_into(&mut post.raw);
            self.tell("post_edited", "post", |forum| views::edited_post_for_hook(forum, id));
        }
        self.tell("post_destroyed", "post", |forum| views::post_for_hook(forum, id));
        Ok(())
    }

    /// Lets everybody edit a post, or its author alone again.
    pub(crate) fn set_wiki(&mut self, by: PersonId, id: i64, wiki: bool) -> Result<(), Refused> {
        self.staff(by)?;
        self.topics.post_mut(id).ok_or(Refused::NotFound)?.wiki = wiki;
        Ok(())
    }

    /// Gives posts of a topic to another person.
    pub(crate) fn change_owner(&mut self, by: PersonId, posts: &[i64], to: PersonId) -> Result<(), Refused> {
        self.staff(by)?;
        self.found(to)?;
        for id in posts {
            self.topics.post_mut(*id).ok_or(Refused::NotFound)?.by = to;
            self.tell("post_edited", "post", |forum| views::edited_post_for_hook(forum, *id));
        }
        Ok(())
    }

    /// Brings a deleted post back.
    pub(crate) fn recover_post(&mut self, by: PersonId, id: i64) -> Result<(), Refused> {
        self.staff(by)?;
        self.topics.post_mut(id).ok_or(Refused::NotFound)?.deleted = None;
        self.tell("post_recovered", "post", |forum| views::post_for_hook(forum, id));
        Ok(())
    }

    /// Deletes a topic: its first post says so too.
    pub(crate) fn delete_topic(&mut self, by: PersonId, id: i64) -> Result<(), Refused> {
        self.staff(by)?;
        let now_ms = self.now_ms();
        self.delete_or_recover(id, Some((now_ms, by)), ["post_destroyed", "topic_destroyed"])
    }

    /// Brings a deleted topic back.
    pub(crate) fn recover_topic(&mut self, by: PersonId, id: i64) -> Result<(), Refused> {
        self.staff(by)?;
        self.delete_or_recover(id, None, ["post_recovered", "topic_recovered"])
    }

    fn delete_or_recover(
        &mut self,
        id: i64,
        deleted: crate::forum::topics::Deleted,
        [of_post, of_topic]: [&str; 2],
    ) -> Result<(), Refused> {
        let topic = self.topics.topic_mut(id).ok_or(Refused::NotFound)?;
        topic.deleted = deleted;
        if let Some(first) = topic.posts.first().copied() {
            if let Some(post) = self.topics.post_mut(first) {
                post.deleted = deleted;
            }
            self.tell(of_post, "post", |forum| views::post_for_hook(forum, first));
        }
        self.tell(of_topic, "topic", |forum| views::topic_for_hook(forum, id));
        Ok(())
    }
}
