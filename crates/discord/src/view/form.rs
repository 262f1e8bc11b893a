//! A form that a button opens: one question, one line to type. (Discord docs: Modal, Label, Text Input.)

use twilight_model::channel::message::component::{Component, Label, TextInput, TextInputStyle};
use twilight_model::http::interaction::{
    InteractionResponse, InteractionResponseData, InteractionResponseType,
};

use super::message::cut;
use crate::press::Press;
use crate::question::TYPED_CHARS_MAX;

/// Lengths in UTF-16 units.
const TITLE_UNITS_MAX: usize = 45;
const LABEL_UNITS_MAX: usize = 45;
const HINT_UNITS_MAX: usize = 100;

/// A form with one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// What stands above.
    pub(crate) title: String,
    /// What is asked.
    pub(crate) label: String,
    /// How to answer.
    pub(crate) hint: String,
    /// The button that opened it; what was typed comes back with it.
    pub(crate) press: Press,
}

impl Form {
    /// The id of its one input.
    pub(crate) const INPUT: &str = "typed";

    /// The answer to a button that shows it.
    pub(crate) fn response(&self) -> InteractionResponse {
        let label = Label {
            component: Box::new(Component::TextInput(input())),
            description: Some(cut(&self.hint, HINT_UNITS_MAX)),
            id: None,
            label: cut(&self.label, LABEL_UNITS_MAX),
        };
        let data = InteractionResponseData {
            components: Some(vec![Component::Label(label)]),
            custom_id: Some(self.press.id()),
            title: Some(cut(&self.title, TITLE_UNITS_MAX)),
            ..InteractionResponseData::default()
        };
        InteractionResponse { kind: InteractionResponseType::Modal, data: Some(data) }
    }
}

#[expect(deprecated, reason = "the model cannot be built without the label that the outer one replaces")]
fn input() -> TextInput {
    TextInput {
        custom_id: Form::INPUT.to_owned(),
        id: None,
        label: None,
        max_length: u16::try_from(TYPED_CHARS_MAX).ok(),
        min_length: Some(1),
        placeholder: None,
        required: Some(true),
        style: TextInputStyle::Short,
        value: None,
    }
}
