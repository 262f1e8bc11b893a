//! Liking a post, and no longer.

use serde_json::json;

use super::Refused;
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::viewer::Viewer;
use crate::forum::views;

impl Forum {
    /// Likes somebody else's post and tells `post_liked`.
    pub(crate) fn like(&mut self, by: PersonId, id: i64) -> Result<(), Refused> {
        self.likeable(by, id)?;
        let post = self.topics.post_mut(id).ok_or(Refused::NotFound)?;
        if post.by == by || post.likes.contains(&by) {
            return Err(Refused::NotPermitted);
        }
        post.likes.push(by);
        self.tell("post_liked", "like", |forum| {
            json!({
                "post": views::post_for_hook(forum, id),
                "user": forum.person(by).map(views::person_brief),
            })
        });
        Ok(())
    }

    /// Takes a like back. Nobody is told.
    pub(crate) fn unlike(&mut self, by: PersonId, id: i64) -> Result<(), Refused> {
        self.likeable(by, id)?;
        let post = self.topics.post_mut(id).ok_or(Refused::NotFound)?;
        let at = post.likes.iter().position(|liker| *liker == by).ok_or(Refused::NotFound)?;
        post.likes.remove(at);
        Ok(())
    }

    /// A post that the person sees.
    fn likeable(&self, by: PersonId, id: i64) -> Result<(), Refused> {
        let viewer = self.person(by).map(Viewer::of).ok_or(Refused::NotPermitted)?;
        let post = self.topics.post(id).filter(|post| self.sees_post(viewer, post));
        let topic = post.and_then(|post| self.topics.topic(post.topic));
        topic.filter(|topic| self.sees_topic(viewer, topic)).map(drop).ok_or(Refused::NotFound)
    }
}
