//! Embeds and their limits: `Discord docs: Embed Limits`.

use serde_json::{Map, Value};

use crate::discord::refusal::Complaints;

/// Embeds in one message.
const EMBEDS_MOST: usize = 10;
/// Fields in one embed.
const FIELDS_MOST: usize = 25;
/// Characters in all texts of all embeds of one message.
const ALL_MOST: usize = 6_000;
/// The longest address, in characters.
const URL_MOST: usize = 2_048;

/// Checks embeds, and gives them as they come back.
pub(super) fn embeds(sent: &[Value], at: &str, complaints: &mut Complaints) -> Vec<Value> {
    if sent.len() > EMBEDS_MOST {
        complaints.add(at, "BASE_TYPE_MAX_LENGTH", &format!("Must be {EMBEDS_MOST} or fewer in length."));
    }
    let mut characters = 0;
    let shown = sent.iter().enumerate().map(|(index, embed)| {
        let at = format!("{at}.{index}");
        let Some(embed) = embed.as_object() else {
            complaints.add(&at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
            return Value::Null;
        };
        characters += check(embed, &at, complaints);
        as_shown(embed)
    });
    let shown = shown.collect();
    if characters > ALL_MOST {
        complaints.add(at, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
    }
    shown
}

/// Complains, and counts the characters that count.
fn check(embed: &Map<String, Value>, at: &str, complaints: &mut Complaints) -> usize {
    let mut characters = 0;
    let texts: [(&[&str], usize); 4] = [
        (&["title"], 256),
        (&["description"], 4_096),
        (&["footer", "text"], 2_048),
        (&["author", "name"], 256),
    ];
    for (path, most) in texts {
        if let Some(text) = text_at(embed, path) {
            complaints.longest(&format!("{at}.{}", path.join(".")), text, most);
            characters += text.chars().count();
        }
    }
    for path in [
        &["url"][..],
        &["image", "url"],
        &["thumbnail", "url"],
        &["author", "icon_url"],
        &["footer", "icon_url"],
    ] {
        if let Some(url) = text_at(embed, path) {
            check_url(url, &format!("{at}.{}", path.join(".")), complaints);
        }
    }
    let fields = embed.get("fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if fields.len() > FIELDS_MOST {
        let text = format!("Must be {FIELDS_MOST} or fewer in length.");
        complaints.add(&format!("{at}.fields"), "BASE_TYPE_MAX_LENGTH", &text);
    }
    for (index, field) in fields.iter().enumerate() {
        for (name, most) in [("name", 256), ("value", 1_024)] {
            let at = format!("{at}.fields.{index}.{name}");
            match field.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()) {
                Some(text) => {
                    complaints.longest(&at, text, most);
                    characters += text.chars().count();
                }
                None => complaints.required(&at),
            }
        }
    }
    characters
}

fn check_url(url: &str, at: &str, complaints: &mut Complaints) {
    complaints.longest(at, url, URL_MOST);
    let scheme = url.split(':').next().unwrap_or_default();
    if !matches!(scheme, "http" | "https" | "attachment") {
        let text = format!("Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https').");
        complaints.add(at, "URL_TYPE_INVALID_SCHEME", &text);
    }
}

fn text_at<'a>(embed: &'a Map<String, Value>, path: &[&str]) -> Option<&'a str> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(embed.get(*first)?, |value, step| value.get(*step))?.as_str()
}

/// Discord adds what the sender left out.
fn as_shown(embed: &Map<String, Value>) -> Value {
    let mut shown: Map<String, Value> =
        embed.iter().filter(|(_, value)| !value.is_null()).map(owned).collect();
    shown.insert("type".into(), "rich".into());
    if let Some(fields) = shown.get_mut("fields").and_then(Value::as_array_mut) {
        for field in fields.iter_mut().filter_map(Value::as_object_mut) {
            field.entry("inline").or_insert(false.into());
        }
    }
    Value::Object(shown)
}

fn owned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}
