//! Questions of the forum's own that people answer in their preferences.

use serde_json::{Value, json};

/// A question.
#[derive(Clone, Debug)]
pub struct UserField {
    /// Growing from 1.
    pub id: i64,
    /// What is asked.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `text`, `confirm`, `dropdown`, `multiselect`
    pub field_type: String,
    /// Whether people may change their answer.
    pub editable: bool,
    /// Whether an answer is needed to register.
    pub required: bool,
    /// Whether others see the answer on the profile.
    pub show_on_profile: bool,
    /// Whether others see the answer on the card.
    pub show_on_user_card: bool,
    /// What a dropdown offers.
    pub options: Vec<String>,
}

impl UserField {
    pub(crate) fn view(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "field_type": self.field_type,
            "editable": self.editable,
            "required": self.required,
            "show_on_profile": self.show_on_profile,
            "show_on_user_card": self.show_on_user_card,
            "searchable": false,
            "position": self.id,
            "options": self.options,
        })
    }
}
