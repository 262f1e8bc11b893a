//! Writing: topics, private messages, answers.

use crate::forum::people::{PersonId, SYSTEM};
use crate::forum::state::Forum;
use crate::forum::topics::{Post, PostKind, Topic, slug};
use crate::forum::viewer::Viewer;
use crate::forum::views;

/// The shortest title and the shortest post, in letters.
const TITLE_LETTERS_MIN: usize = 15;
const POST_LETTERS_MIN: usize = 5;

/// The category of topics that name none.
const UNCATEGORIZED: i64 = 1;

/// Something to be written. Without `topic` it begins one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) topic: Option<i64>,
    pub(crate) title: String,
    pub(crate) raw: String,
    pub(crate) category: Option<i64>,
    /// Whom a private message goes to.
    pub(crate) to: Vec<PersonId>,
    pub(crate) reply_to: Option<usize>,
    pub(crate) external_id: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) whisper: bool,
    /// Texts may be as short and as familiar as they like.
    pub(crate) unchecked: bool,
    /// When it shall have been written; now when absent.
    pub(crate) created_at_ms: Option<i64>,
}

/// Why something was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotWritten {
    /// The forum's own words about what was wrong.
    Invalid(Vec<String>),
    /// Not there, not by them.
    NotPermitted,
}

impl Forum {
    /// Writes it and tells `post_created`, and `topic_created` before when it begins a topic.
    pub(crate) fn write(&mut self, by: PersonId, draft: &Draft) -> Result<i64, NotWritten> {
        match draft.topic {
            Some(topic) => self.reply(by, topic, draft),
            None => self.begin_topic(by, draft),
        }
    }

    fn begin_topic(&mut self, by: PersonId, draft: &Draft) -> Result<i64, NotWritten> {
        self.check(Some(&draft.title), draft)?;
        if draft.to.is_empty() {
            let viewer = self.person(by).map(Viewer::of).unwrap_or_default();
            if !self.may_write(viewer, draft.category.unwrap_or(UNCATEGORIZED), true) {
                return Err(NotWritten::NotPermitted);
            }
            self.check_new(draft)?;
        }
        Ok(self.write_topic(by, draft))
    }

    /// A title, and a number of one's own, belong to one topic.
    fn check_new(&self, draft: &Draft) -> Result<(), NotWritten> {
        let taken = |words: &str| Err(NotWritten::Invalid(vec![words.to_owned()]));
        match &draft.external_id {
            Some(id) if self.topics.with_external_id(id).is_some() => {
                taken("External has already been taken")
            }
            _ if self.topics.titled(&draft.title).is_some() => taken("Title has already been used"),
            _ => Ok(()),
        }
    }

    fn reply(&mut self, by: PersonId, topic: i64, draft: &Draft) -> Result<i64, NotWritten> {
        self.check(None, draft)?;
        let now_ms = self.now_ms();
        let closed = "Something has gone wrong. Perhaps this topic was closed or deleted while you were looking at it?";
        let is_silenced = self.person(by).is_some_and(|person| person.silence(now_ms).is_some());
        let is_staff = self.person(by).is_some_and(super::Person::is_staff);
        let open = self.topics.topic(topic).filter(|topic| is_staff || !(topic.closed || topic.archived));
        if is_silenced || open.is_none() {
            return Err(NotWritten::Invalid(vec![closed.to_owned()]));
        }
        Ok(self.write_post(by, topic, draft))
    }

    /// The private message that the forum itself writes about what staff did.
    pub(crate) fn message_from_system(&mut self, to: PersonId, title: &str, raw: &str) {
        let (title, raw) = (title.to_owned(), raw.to_owned());
        self.write_topic(SYSTEM, &Draft { title, raw, to: vec![to], ..Draft::default() });
    }

    fn write_topic(&mut self, by: PersonId, draft: &Draft) -> i64 {
        let at_ms = draft.created_at_ms.unwrap_or(self.now_ms());
        let tags = self.tags_for(&draft.tags);
        let topic = self.topics.add_topic(Topic {
            id: 0,
            title: draft.title.clone(),
            slug: slug(&draft.title),
            category: draft.category.or_else(|| draft.to.is_empty().then_some(UNCATEGORIZED)),
            by,
            to: draft.to.clone(),
            created_at_ms: at_ms,
            last_posted_at_ms: at_ms,
            posts: Vec::new(),
            external_id: draft.external_id.clone(),
            closed: false,
            archived: false,
            unlisted: false,
            pinned_at_ms: None,
            tags,
            deleted: None,
        });
        let post = self.add_post(by, topic, draft);
        let _counted = self.people.change(by, |person| person.topic_count += 1);
        self.tell("topic_created", "topic", |forum| views::topic_for_hook(forum, topic));
        self.posted(by, post);
        post
    }

    fn write_post(&mut self, by: PersonId, topic: i64, draft: &Draft) -> i64 {
        let post = self.add_post(by, topic, draft);
        self.posted(by, post);
        post
    }

    fn add_post(&mut self, by: PersonId, topic: i64, draft: &Draft) -> i64 {
        let at_ms = draft.created_at_ms.unwrap_or(self.now_ms());
        let kind = if draft.whisper { PostKind::Whisper } else { PostKind::Regular };
        let post = Post {
            id: 0,
            topic,
            number: 0,
            by,
            raw: draft.raw.clone(),
            kind,
            reply_to: draft.reply_to,
            action_code: None,
            created_at_ms: at_ms,
            updated_at_ms: at_ms,
            version: 1,
            edit_reason: None,
            deleted: None,
            wiki: false,
            likes: Vec::new(),
            taken_back: false,
        };
        self.topics.add_post(post).unwrap_or_default()
    }

    /// The line that says what staff did to a topic; nobody counts it as theirs.
    pub(super) fn write_small_action(&mut self, by: PersonId, topic: i64, code: &str) {
        let post = self.add_post(by, topic, &Draft::default());
        if let Some(post) = self.topics.post_mut(post) {
            post.kind = PostKind::SmallAction;
            post.action_code = Some(code.to_owned());
        }
        self.tell("post_created", "post", |forum| views::post_for_hook(forum, post));
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

    fn check(&self, title: Option<&str>, draft: &Draft) -> Result<(), NotWritten> {
        let mut errors = Vec::new();
        match title {
            Some("") => errors.push("Title can't be blank".to_owned()),
            Some(title) if title.chars().count() < TITLE_LETTERS_MIN && !draft.unchecked => {
                errors.push(format!("Title is too short (minimum is {TITLE_LETTERS_MIN} characters)"));
            }
            Some(_) | None => {}
        }
        let letters = draft.raw.trim().chars().count();
        if letters == 0 {
            errors.push("Body can't be blank".to_owned());
        } else if letters < POST_LETTERS_MIN && !draft.unchecked {
            errors.push(format!("Body is too short (minimum is {POST_LETTERS_MIN} characters)"));
        }
        if errors.is_empty() { Ok(()) } else { Err(NotWritten::Invalid(errors)) }
    }
}
