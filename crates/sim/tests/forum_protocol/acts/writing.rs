//! What is written, and what becomes of it.

use sim::forum::{CategorySpec, STAFF, TopicStatus};

use super::{NOTHING, Row};

pub(super) const WRITING: &[Row] = &[
    (
        "topic-create",
        NOTHING,
        |s| s.harbor.sim.begin_topic(s.mira, 1, "Another topic", "And its words", None).map(drop),
        &["topic_created", "post_created"],
        None,
    ),
    (
        "reply-create",
        NOTHING,
        |s| s.harbor.sim.reply(s.mira, s.topic, "And more", None).map(drop),
        &["post_created"],
        None,
    ),
    (
        "whisper-create",
        NOTHING,
        |s| s.harbor.sim.whisper(s.captain, s.topic, "Hush").map(drop),
        &["post_created"],
        None,
    ),
    (
        "private-message-create",
        NOTHING,
        |s| s.harbor.sim.write_message(s.mira, &[s.captain], "A word", "In private").map(drop),
        &["topic_created", "post_created"],
        None,
    ),
    ("post-edit", NOTHING, |s| s.harbor.sim.edit_post(s.mira, s.post, "Other words"), &["post_edited"], None),
    ("post-like", NOTHING, |s| s.harbor.sim.like(s.captain, s.post), &["post_liked"], None),
    (
        "topic-edit-tags",
        NOTHING,
        |s| s.harbor.sim.set_tags(s.captain, s.topic, &["hull", "wood"]),
        &["tag_created", "topic_edited"],
        None,
    ),
    (
        "post-delete-by-author",
        NOTHING,
        |s| s.harbor.sim.delete_post(s.mira, s.post),
        &["post_edited", "post_destroyed"],
        None,
    ),
    ("post-delete", NOTHING, |s| s.harbor.sim.delete_post(s.captain, s.post), &["post_destroyed"], None),
    (
        "post-recover",
        |s| s.harbor.sim.delete_post(s.captain, s.post),
        |s| s.harbor.sim.recover_post(s.captain, s.post),
        &["post_recovered"],
        None,
    ),
    ("topic-move", NOTHING, |s| s.harbor.sim.move_topic(s.captain, s.topic, 3), &["topic_edited"], None),
    (
        "topic-close",
        NOTHING,
        |s| s.harbor.sim.set_topic_status(s.captain, s.topic, TopicStatus::Closed, true),
        &["post_created", "topic_closed_status_updated"],
        None,
    ),
    (
        "topic-unlist",
        NOTHING,
        |s| s.harbor.sim.set_topic_status(s.captain, s.topic, TopicStatus::Visible, false),
        &["post_created", "topic_visible_status_updated"],
        None,
    ),
    (
        "topic-archive",
        NOTHING,
        |s| s.harbor.sim.set_topic_status(s.captain, s.topic, TopicStatus::Archived, true),
        &["post_created", "topic_archived_status_updated"],
        None,
    ),
    (
        "topic-pin",
        NOTHING,
        |s| s.harbor.sim.set_topic_status(s.captain, s.topic, TopicStatus::Pinned, true),
        &["post_created", "topic_pinned_status_updated"],
        None,
    ),
    (
        "topic-delete",
        NOTHING,
        |s| s.harbor.sim.delete_topic(s.captain, s.topic),
        &["post_destroyed", "topic_destroyed"],
        None,
    ),
    (
        "topic-recover",
        |s| s.harbor.sim.delete_topic(s.captain, s.topic),
        |s| s.harbor.sim.recover_topic(s.captain, s.topic),
        &["topic_recovered", "post_recovered"],
        None,
    ),
    (
        "category-create",
        NOTHING,
        |s| s.harbor.sim.create_category(s.captain, sails()).map(drop),
        &["category_created"],
        None,
    ),
    (
        "category-make-private",
        NOTHING,
        |s| {
            let permissions = vec![(STAFF, 1)];
            s.harbor.sim.update_category(
                s.captain,
                1,
                CategorySpec { permissions, ..CategorySpec::default() },
            )
        },
        &["category_updated"],
        None,
    ),
];

fn sails() -> CategorySpec {
    CategorySpec { name: Some("Sails".to_owned()), ..CategorySpec::default() }
}
