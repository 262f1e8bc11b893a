//! Commands that an application registers: `Discord docs: Application Command Structure`.

use serde_json::{Map, Value, json};

use crate::discord::refusal::{Complaints, Refusal};

/// Names, descriptions: characters.
const NAME_MOST: usize = 32;
const DESCRIPTION_MOST: usize = 100;
/// Options of a command, choices of an option.
const LIST_MOST: usize = 25;
/// Options may hold options: a group, a subcommand, its options.
const DEPTH_MOST: usize = 3;

/// Checks a list of commands, as a bulk overwrite sends it.
pub(in crate::discord) fn commands(body: &Value) -> Result<Vec<Map<String, Value>>, Refusal> {
    let mut complaints = Complaints::default();
    let Some(list) = body.as_array() else {
        complaints.add("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
        return complaints.verdict().map(|()| Vec::new());
    };
    let shown = list.iter().enumerate().map(|(index, sent)| one(sent, &index.to_string(), &mut complaints));
    let shown = shown.collect();
    complaints.verdict().map(|()| shown)
}

/// Checks one command.
pub(in crate::discord) fn command(body: &Value) -> Result<Map<String, Value>, Refusal> {
    let mut complaints = Complaints::default();
    let shown = one(body, "", &mut complaints);
    complaints.verdict().map(|()| shown)
}

fn one(sent: &Value, at: &str, complaints: &mut Complaints) -> Map<String, Value> {
    let at = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    let kind = sent.get("type").and_then(Value::as_u64).unwrap_or(1);
    name(sent, &at("name"), kind == 1, complaints);
    let description = sent.get("description").and_then(Value::as_str).unwrap_or_default();
    match kind {
        1 if description.is_empty() => complaints.required(&at("description")),
        1 => complaints.longest(&at("description"), description, DESCRIPTION_MOST),
        _ if !description.is_empty() => {
            let text = "Context menu commands cannot have description";
            complaints.add(&at("description"), "APPLICATION_COMMAND_INVALID_DESCRIPTION", text);
        }
        _ => {}
    }
    options(sent, &at("options"), 0, complaints);
    let permissions = match sent.get("default_member_permissions") {
        Some(Value::String(bits)) => json!(bits),
        Some(Value::Number(bits)) => json!(bits.to_string()),
        _ => Value::Null,
    };
    let kept = |name: &str, default: Value| sent.get(name).cloned().unwrap_or(default);
    let shown = json!({
        "type": kind,
        "name": sent.get("name"),
        "name_localizations": kept("name_localizations", Value::Null),
        "description": description,
        "description_localizations": kept("description_localizations", Value::Null),
        "default_member_permissions": permissions,
        "dm_permission": kept("dm_permission", true.into()),
        "contexts": kept("contexts", Value::Null),
        "integration_types": kept("integration_types", json!([0])),
        "nsfw": kept("nsfw", false.into()),
    });
    let mut shown = shown.as_object().cloned().unwrap_or_default();
    if let Some(options) = sent.get("options").filter(|options| !options.is_null()) {
        shown.insert("options".into(), options.clone());
    }
    shown
}

fn name(of: &Value, at: &str, slash: bool, complaints: &mut Complaints) {
    let Some(name) = of.get("name").and_then(Value::as_str) else { return complaints.required(at) };
    complaints.between(at, name, NAME_MOST);
    let fits = |c: char| (c.is_alphanumeric() && !c.is_uppercase()) || matches!(c, '-' | '_' | '\'');
    if slash && !name.chars().all(fits) {
        complaints.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
}

fn options(of: &Value, at: &str, depth: usize, complaints: &mut Complaints) {
    let list = of.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if list.len() > LIST_MOST || depth > DEPTH_MOST {
        return complaints.add(at, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
    }
    let mut optional_seen = false;
    for (index, option) in list.iter().enumerate() {
        let at = format!("{at}.{index}");
        name(option, &format!("{at}.name"), true, complaints);
        match option.get("description").and_then(Value::as_str) {
            None => complaints.required(&format!("{at}.description")),
            Some(text) => complaints.between(&format!("{at}.description"), text, DESCRIPTION_MOST),
        }
        if !option.get("type").and_then(Value::as_u64).is_some_and(|kind| (1..=11).contains(&kind)) {
            complaints.add(&format!("{at}.type"), "BASE_TYPE_CHOICES", "Value must be one of 1 to 11.");
        }
        let required = option.get("required").and_then(Value::as_bool) == Some(true);
        if required && optional_seen {
            let text = "Required options must be placed before non-required options";
            complaints.add(&at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text);
        }
        optional_seen |= !required;
        let choices = option.get("choices").and_then(Value::as_array).map_or(0, Vec::len);
        if choices > LIST_MOST {
            complaints.add(
                &format!("{at}.choices"),
                "BASE_TYPE_MAX_LENGTH",
                "Must be 25 or fewer in length.",
            );
        }
        options(option, &format!("{at}.options"), depth + 1, complaints);
    }
}
