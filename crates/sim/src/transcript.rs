//! What the outside saw, as text that is the same on every run: names for ids, no times, no ports.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use crate::discord::{AuditView, Reply, Seen, Snowflake};

/// Discord's ids have so many digits.
const ID_DIGITS: std::ops::RangeInclusive<usize> = 17..=20;

/// Names for ids.
pub(crate) type Names = BTreeMap<u64, String>;

/// An answer as the asker sees it, a line each, indented.
pub(crate) fn reply(reply: &Reply, names: &Names) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(reply.problem.iter().map(|problem| format!("  nothing: {problem}")));
    lines.extend(reply.modal.iter().map(|form| format!("  (a form) {}", form_words(form))));
    for message in reply.message.iter().chain(&reply.follow_ups) {
        let all_see = if message.ephemeral { "" } else { "  (for all to see)" };
        lines.extend((!all_see.is_empty()).then(|| all_see.to_owned()));
        lines.extend(seen(message, names));
    }
    lines
}

/// A message, a line each, indented.
pub(crate) fn seen(message: &Seen, names: &Names) -> Vec<String> {
    let mut text = message.content.clone();
    for embed in &message.embeds {
        for part in embed_parts(embed) {
            text.push('\n');
            text.push_str(&part);
        }
    }
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| plain(line, names))
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("  {line}"))
        .collect();
    let buttons: Vec<String> = labels(&message.components).map(|label| format!("[{label}]")).collect();
    lines.extend((!buttons.is_empty()).then(|| format!("  {}", buttons.join(" "))));
    lines
}

/// Labels of buttons with the ids they carry, in their order.
pub(crate) fn buttons(components: &[Value]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for component in components {
        let text = |key: &str| component.get(key).and_then(Value::as_str).map(str::to_owned);
        found.extend(text("label").zip(text("custom_id")));
        let inside = component.get("components").and_then(Value::as_array);
        found.extend(inside.into_iter().flat_map(|inside| buttons(inside)));
    }
    found
}

/// What a form says.
fn form_words(form: &Value) -> String {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let frame = form.get("components").and_then(|frames| frames.get(0));
    let part = |key: &str| text(frame.and_then(|frame| frame.get(key)));
    format!("{}: {} {}", text(form.get("title")), part("label"), part("description"))
}

/// The id of a form and of its first input.
pub(crate) fn form(form: &Value) -> Option<(String, String)> {
    let frame = form.get("components")?.get(0)?;
    let input = frame.get("component").or_else(|| frame.get("components")?.get(0))?;
    let id = |value: &Value| value.get("custom_id")?.as_str().map(str::to_owned);
    Some((id(form)?, id(input)?))
}

/// A row of Discord's audit log in words.
pub(crate) fn audit(row: &AuditView, names: &Names) -> Vec<String> {
    let (actor, target) = (name(row.actor, names), name(row.target, names));
    let because = row.reason.as_deref().map(|reason| format!(": {}", plain(reason, names)));
    let because = because.unwrap_or_default();
    let change = |change: &Value| {
        let key = change.get("key").and_then(Value::as_str).unwrap_or_default();
        let new = change.get("new_value");
        match key {
            "$add" => format!("{actor} gives {target} {}{because}", roles(new)),
            "$remove" => format!("{actor} takes {} from {target}{because}", roles(new)),
            "nick" => match new.and_then(Value::as_str) {
                Some(nickname) => format!("{actor} calls {target} \"{nickname}\"{because}"),
                None => format!("{actor} takes the nickname of {target}{because}"),
            },
            key => format!("{actor} changes {key} of {target}{because}"),
        }
    };
    if row.changes.is_empty() {
        return vec![format!("{actor} does {} to {target}{because}", row.action)];
    }
    row.changes.iter().map(change).collect()
}

fn roles(value: Option<&Value>) -> String {
    let roles = value.and_then(Value::as_array).into_iter().flatten();
    let names = roles.filter_map(|role| role.get("name").and_then(Value::as_str));
    names.collect::<Vec<_>>().join(", ")
}

fn name(id: Snowflake, names: &Names) -> String {
    names.get(&id.get()).cloned().unwrap_or_else(|| "somebody".to_owned())
}

fn labels(components: &[Value]) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    gather_labels(components, &mut found);
    found.into_iter()
}

fn gather_labels(components: &[Value], found: &mut Vec<String>) {
    for component in components {
        found.extend(component.get("label").and_then(Value::as_str).map(str::to_owned));
        if let Some(inside) = component.get("components").and_then(Value::as_array) {
            gather_labels(inside, found);
        }
    }
}

fn embed_parts(embed: &Value) -> Vec<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let fields = embed.get("fields").and_then(Value::as_array).into_iter().flatten();
    let fields = fields.map(|field| {
        let [name, value] = ["name", "value"].map(|key| text(field.get(key)).unwrap_or_default());
        format!("{name}: {value}")
    });
    let picture = embed.get("thumbnail").map(|_| "(a picture)".to_owned());
    let footer = text(embed.get("footer").and_then(|footer| footer.get("text")));
    let parts = [text(embed.get("title")), text(embed.get("description"))].into_iter().flatten();
    parts.chain(fields).chain(picture).chain(footer).collect()
}

/// The text with names for ids, without the numbers of moments and ports, which differ from run to run.
pub(crate) fn plain(text: &str, names: &Names) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let length = from.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(from.len());
        let (digits, after) = from.split_at(length);
        let id = digits.parse::<u64>().ok().filter(|_| ID_DIGITS.contains(&digits.len()));
        if plain.ends_with("<t:") {
            plain.push('…');
        } else if let Some(host) = before_port(&plain) {
            plain.truncate(host);
        } else if let Some(id) = id {
            let known = names.get(&id).map_or("<an id>", String::as_str);
            // Formatting into a text cannot fail.
            let _ = write!(plain, "{known}");
        } else {
            plain.push_str(digits);
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}

/// How long the text is without the colon of a port of this machine; Discord's markdown may escape it.
fn before_port(text: &str) -> Option<usize> {
    let host = text.strip_suffix(':')?;
    let host = host.strip_suffix('\\').unwrap_or(host);
    (host.ends_with("localhost") || host.ends_with("127.0.0.1")).then_some(host.len())
}

#[cfg(test)]
mod tests {
    use super::{Names, plain};

    #[test]
    fn what_differs_from_run_to_run_is_left_out() {
        let names = Names::from([(123_456_789_012_345_678, "mira_d".to_owned())]);
        for (said, expected) in [
            ("<@123456789012345678> has level 3", "<@mira_d> has level 3"),
            ("until <t:1763720000:t>", "until <t:…:t>"),
            ("[here](http://hall.localhost:4711/l)", "[here](http://hall.localhost/l)"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            (r"127.0.0.1\:80", "127.0.0.1"),
            ("role 876543210987654321", "role <an id>"),
        ] {
            assert_eq!(plain(said, &names), expected);
        }
    }
}
