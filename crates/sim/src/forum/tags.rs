//! Tags: words that topics are filed under.

use serde_json::{Value, json};

use super::acts::Refused;
use super::people::PersonId;
use super::state::Forum;

/// A tag.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// All tags, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    all: Vec<Tag>,
    last_id: i64,
}

impl Tags {
    pub(crate) fn named(&self, name: &str) -> Option<&Tag> {
        self.all.iter().find(|tag| tag.name.eq_ignore_ascii_case(name))
    }

    fn get(&self, id: i64) -> Option<&Tag> {
        self.all.iter().find(|tag| tag.id == id)
    }
}

impl Forum {
    /// The names of a topic's tags.
    pub(crate) fn tag_names(&self, tags: &[i64]) -> Vec<&str> {
        tags.iter().filter_map(|id| self.tags.get(*id)).map(|tag| tag.name.as_str()).collect()
    }

    /// All tags by name, each with the number of its topics.
    pub(crate) fn tag_rows(&self) -> Vec<(&Tag, usize)> {
        let mut rows: Vec<_> =
            self.tags.all.iter().map(|tag| (tag, self.topics.count_tagged(tag.id))).collect();
        rows.sort_by(|one, other| one.0.name.cmp(&other.0.name));
        rows
    }

    /// The tags of these names; those that are new are made, which `tag_created` tells.
    pub(crate) fn tags_for(&mut self, names: &[String]) -> Vec<i64> {
        let mut ids = Vec::new();
        for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            let known = self.tags.named(name).map(|tag| tag.id);
            let id = known.unwrap_or_else(|| {
                self.tags.last_id += 1;
                let id = self.tags.last_id;
                self.tags.all.push(Tag { id, name: name.to_owned() });
                self.tell_of_tag("tag_created", id);
                id
            });
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// Renames a tag.
    pub(crate) fn rename_tag(&mut self, by: PersonId, name: &str, to: &str) -> Result<(), Refused> {
        self.staff(by)?;
        let id = self.tags.named(name).ok_or(Refused::NotFound)?.id;
        for tag in self.tags.all.iter_mut().filter(|tag| tag.id == id) {
            to.clone_into(&mut tag.name);
        }
        self.tell_of_tag("tag_updated", id);
        Ok(())
    }

    /// Deletes a tag; its topics go on without it.
    pub(crate) fn delete_tag(&mut self, by: PersonId, name: &str) -> Result<(), Refused> {
        self.staff(by)?;
        let id = self.tags.named(name).ok_or(Refused::NotFound)?.id;
        self.tell_of_tag("tag_destroyed", id);
        self.topics.untag(id);
        self.tags.all.retain(|tag| tag.id != id);
        Ok(())
    }

    fn tell_of_tag(&mut self, event: &str, id: i64) {
        self.tell(event, "tag", |forum| forum.tags.get(id).map(|tag| forum.tag_row(tag)).unwrap_or_default());
    }

    /// A tag as webhooks and the page of its topics say it.
    pub(crate) fn tag_row(&self, tag: &Tag) -> Value {
        json!({
            "id": tag.id,
            "name": tag.name,
            "topic_count": self.topics.count_tagged(tag.id),
            "staff": false,
            "description": null,
        })
    }
}
