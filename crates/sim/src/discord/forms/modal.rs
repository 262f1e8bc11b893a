//! The other first answers: forms and suggestions.

use serde_json::Value;

use crate::discord::refusal::{Complaints, Refusal};

/// The longest title of a form, in characters.
const TITLE_MOST: usize = 45;
/// Inputs in a form.
const INPUTS_MOST: usize = 5;
/// A row, and a label (Discord docs: Component Reference).
const ROW: u64 = 1;
const LABEL: u64 = 18;
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
    let frames = data.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if frames.is_empty() || frames.len() > INPUTS_MOST {
        let text = format!("Must be between 1 and {INPUTS_MOST} in length.");
        complaints.add("data.components", "BASE_TYPE_BAD_LENGTH", &text);
    }
    for (index, frame) in frames.iter().enumerate() {
        framed(frame, &format!("data.components.{index}"), &mut complaints);
    }
    complaints.verdict().map(|()| data.clone())
}

/// A frame with one input: a label, or a row as forms had before labels.
fn framed(frame: &Value, at: &str, complaints: &mut Complaints) {
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(String::from);
    match frame.get("type").and_then(Value::as_u64) {
        Some(LABEL) => {
            complaints.between(&format!("{at}.label"), &text(frame, "label").unwrap_or_default(), TITLE_MOST);
            let description = text(frame, "description").unwrap_or_default();
            complaints.longest(&format!("{at}.description"), &description, CHOICE_MOST);
            match frame.get("component") {
                Some(input) => typed(input, &format!("{at}.component"), complaints),
                None => complaints.required(&format!("{at}.component")),
            }
        }
        Some(ROW) => match frame.get("components").and_then(|inside| inside.get(0)) {
            Some(input) => {
                let at = format!("{at}.components.0");
                let label = text(input, "label").unwrap_or_default();
                complaints.between(&format!("{at}.label"), &label, TITLE_MOST);
                typed(input, &at, complaints);
            }
            None => complaints.required(&format!("{at}.components")),
        },
        _ => {
            let text = "Value of field \"type\" must be one of (1, 18).";
            complaints.add(&format!("{at}.type"), "UNION_TYPE_CHOICES", text);
        }
    }
}

/// An input for text.
fn typed(input: &Value, at: &str, complaints: &mut Complaints) {
    match input.get("custom_id").and_then(Value::as_str) {
        Some(id) => complaints.between(&format!("{at}.custom_id"), id, CHOICE_MOST),
        None => complaints.required(&format!("{at}.custom_id")),
    }
    if !matches!(input.get("style").and_then(Value::as_u64), Some(1 | 2)) {
        complaints.add(&format!("{at}.style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.");
    }
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
