//! Categories: those of a new forum, and those that staff make.

use std::collections::BTreeMap;

use super::groups::{EVERYONE, GroupId, STAFF, of_level};
use super::state::Forum;
use super::viewer::Viewer;

/// May read, answer and begin topics; 2 may read and answer, 3 may read.
pub(crate) const FULL: i64 = 1;

/// May read and no more.
const READ: i64 = 3;

/// A category.
#[derive(Clone, Debug)]
pub(crate) struct Category {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) color: String,
    pub(crate) text_color: String,
    pub(crate) description: Option<String>,
    pub(crate) parent: Option<i64>,
    /// Which group may do what; everybody else may not even know of it.
    pub(crate) permissions: Vec<(GroupId, i64)>,
}

impl Category {
    pub(crate) fn is_restricted(&self) -> bool {
        self.permissions.iter().all(|(group, _)| *group != EVERYONE)
    }
}

/// All categories.
#[derive(Debug)]
pub(crate) struct Categories(BTreeMap<i64, Category>);

impl Default for Categories {
    /// Those of a new forum.
    fn default() -> Categories {
        let mut all = Categories(BTreeMap::new());
        for (name, color, text_color, description, group) in [
            ("Uncategorized", "0088CC", "FFFFFF", "What fits in no other category", EVERYONE),
            ("Site Feedback", "808281", "FFFFFF", "About this forum itself", EVERYONE),
            ("Staff", "E45735", "FFFFFF", "For staff alone", STAFF),
            ("Lounge", "A461EF", "652D90", "From trust level 3 on", of_level(3)),
        ] {
            all.add(Category {
                id: 0,
                name: name.to_owned(),
                slug: super::topics::slug(name),
                color: color.to_owned(),
                text_color: text_color.to_owned(),
                description: Some(description.to_owned()),
                parent: None,
                permissions: vec![(group, FULL)],
            });
        }
        all
    }
}

impl Categories {
    pub(crate) fn get(&self, id: i64) -> Option<&Category> {
        self.0.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut Category> {
        self.0.get_mut(&id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Category> {
        self.0.values()
    }

    /// Adds a category and says its number.
    pub(crate) fn add(&mut self, category: Category) -> i64 {
        let id = self.0.keys().next_back().map_or(1, |last| last + 1);
        self.0.insert(id, Category { id, ..category });
        id
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<Category> {
        self.0.remove(&id)
    }
}

impl Forum {
    /// What the viewer may do in a category: the least number of their groups, which is the most.
    fn permission(&self, viewer: Viewer, category: &Category) -> Option<i64> {
        if viewer.admin {
            return Some(FULL);
        }
        let person = viewer.person.and_then(|id| self.person(id));
        let is_in = |group: GroupId| match person {
            _ if group == EVERYONE => true,
            Some(person) => person.membership(group).is_some(),
            None => false,
        };
        category.permissions.iter().filter(|(group, _)| is_in(*group)).map(|(_, may)| *may).min()
    }

    pub(crate) fn may_read(&self, viewer: Viewer, category: &Category) -> bool {
        self.permission(viewer, category).is_some()
    }

    /// Whether the viewer may begin topics there (`FULL`), or answer (`2`).
    pub(crate) fn may_write(&self, viewer: Viewer, category: i64, begins: bool) -> bool {
        let found = self.categories.get(category);
        let may = found.and_then(|category| self.permission(viewer, category));
        may.is_some_and(|may| if begins { may == FULL } else { may < READ })
    }

    /// The categories that the viewer may read, in their order.
    pub(crate) fn readable(&self, viewer: Viewer) -> impl Iterator<Item = &Category> {
        self.categories.all().filter(move |category| self.may_read(viewer, category))
    }
}
