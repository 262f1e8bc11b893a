//! Making, changing and deleting categories.

use super::Refused;
use crate::forum::categories::{Category, FULL};
use crate::forum::groups::{EVERYONE, GroupId};
use crate::forum::people::PersonId;
use crate::forum::state::Forum;
use crate::forum::topics::slug;
use crate::forum::views;

/// What a category is made with, or what is changed of one: what is none stays.
#[derive(Clone, Debug, Default)]
pub struct CategorySpec {
    /// The name.
    pub name: Option<String>,
    /// The name in addresses; made of the name when absent.
    pub slug: Option<String>,
    /// `0088CC`
    pub color: Option<String>,
    /// `FFFFFF`
    pub text_color: Option<String>,
    /// About it, as plain text.
    pub description: Option<String>,
    /// The category it lies in.
    pub parent: Option<i64>,
    /// Which group may do what (1 all, 2 answer, 3 read); everybody all, when none is named.
    pub permissions: Vec<(GroupId, i64)>,
}

impl Forum {
    /// Makes a category and says its number. Names are given once.
    pub(crate) fn create_category(&mut self, by: PersonId, spec: CategorySpec) -> Result<i64, Refused> {
        self.admin(by)?;
        let name = spec.name.filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| Refused::invalid("Name can't be blank"))?;
        if self.categories.all().any(|category| category.name.eq_ignore_ascii_case(&name)) {
            return Err(Refused::invalid("Category Name has already been taken"));
        }
        let everybody = vec![(EVERYONE, FULL)];
        let id = self.categories.add(Category {
            id: 0,
            slug: spec.slug.unwrap_or_else(|| slug(&name)),
            name,
            color: spec.color.unwrap_or_else(|| "0088CC".to_owned()),
            text_color: spec.text_color.unwrap_or_else(|| "FFFFFF".to_owned()),
            description: spec.description,
            parent: spec.parent,
            permissions: if spec.permissions.is_empty() { everybody } else { spec.permissions },
        });
        self.tell_of_category("category_created", id);
        Ok(id)
    }

    /// Changes a category. That it became private is said by `category_updated` and nothing else.
    pub(crate) fn update_category(
        &mut self,
        by: PersonId,
        id: i64,
        spec: CategorySpec,
    ) -> Result<(), Refused> {
        self.admin(by)?;
        let category = self.categories.get_mut(id).ok_or(Refused::NotFound)?;
        category.name = spec.name.unwrap_or_else(|| category.name.clone());
        category.slug = spec.slug.unwrap_or_else(|| category.slug.clone());
        category.color = spec.color.unwrap_or_else(|| category.color.clone());
        category.text_color = spec.text_color.unwrap_or_else(|| category.text_color.clone());
        category.description = spec.description.or_else(|| category.description.clone());
        if !spec.permissions.is_empty() {
            category.permissions = spec.permissions;
        }
        self.tell_of_category("category_updated", id);
        Ok(())
    }

    /// Deletes a category that holds nothing.
    pub(crate) fn delete_category(&mut self, by: PersonId, id: i64) -> Result<(), Refused> {
        self.admin(by)?;
        let is_parent = self.categories.all().any(|category| category.parent == Some(id));
        if is_parent || self.topics.count_in(id) > 0 {
            return Err(Refused::NotPermitted);
        }
        let gone = self.categories.get(id).ok_or(Refused::NotFound)?;
        let payload = views::category_for_hook(self, gone);
        self.categories.remove(id);
        self.tell("category_destroyed", "category", |_| payload);
        Ok(())
    }

    fn tell_of_category(&mut self, event: &str, id: i64) {
        self.tell(event, "category", |forum| {
            forum.categories.get(id).map(|category| views::category_for_hook(forum, category)).into()
        });
    }
}
