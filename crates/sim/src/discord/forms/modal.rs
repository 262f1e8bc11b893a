//! The other first answers: forms and suggestions.

use serde_json::Value;

use crate::discord::refusal::{Complaints, Refusal};

/// The longest title of a form, in characters.
const TITLE_MOST: usize = 45;
/// Inputs in a form.
const INPUTS_MOST: usize = 5;
/// Suggestions while typing.
const CHOICES_MOST: usize = 25;
/// The longest name or value of one, in characters.
const CHOICE_MOST: usize = 100;

/// Checks a form: title, custom id, one to five inputs.
pub(in crate::discord) fn modal(data: &Value) -> Result<Value, Refusal> {
    let mut complaints = Complaints::default();
    for (name, most) in [("title", TITLE_MOST), ("custom_id", CHOICE_MOST)] {
        let at = format!("data.{name}");
        match data.get(name).and_then(Value::as_str) {
            Some(text) => complaints.between(&at, text, most),
            None => complaints.required(&at),
        }
    }
    let inputs = data.get("components").and_then(Value::as_array).map_or(0, Vec::len);
    if inputs == 0 || inputs > INPUTS_MOST {
        let text = format!("Must be between 1 and {INPUTS_MOST} in length.");
        complaints.add("data.components", "BASE_TYPE_BAD_LENGTH", &text);
    }
    complaints.verdict().map(|()| data.clone())
}

/// Checks suggestions: at most 25, each with a name and a value.
pub(in crate::discord) fn choices(data: &Value) -> Result<Vec<Value>, Refusal> {
    let mut complaints = Complaints::default();
    let choices = data.get("choices").and_then(Value::as_array).cloned().unwrap_or_default();
    if choices.len() > CHOICES_MOST {
        complaints.add("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
    }
    for (index, choice) in choices.iter().enumerate() {
        let at = format!("data.choices.{index}");
        match choice.get("name").and_then(Value::as_str) {
            Some(name) => complaints.between(&format!("{at}.name"), name, CHOICE_MOST),
            None => complaints.required(&format!("{at}.name")),
        }
        match choice.get("value") {
            Some(Value::String(value)) => complaints.longest(&format!("{at}.value"), value, CHOICE_MOST),
            Some(Value::Number(_)) => {}
            _ => complaints.required(&format!("{at}.value")),
        }
    }
    complaints.verdict().map(|()| choices)
}
