//! Buttons, menus and what holds them: `Discord docs: Component Reference`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::discord::refusal::Complaints;

/// Rows in a message of the older kind.
const ROWS_MOST: usize = 5;
/// Components of all kinds in a message that is built of components.
const ALL_MOST: usize = 40;
/// Buttons in a row.
const BUTTONS_MOST: usize = 5;
/// The longest `custom_id`, in characters.
const CUSTOM_ID_MOST: usize = 100;
/// The longest label of a button, in characters.
const LABEL_MOST: usize = 80;
/// The longest address of a link button, in characters.
const URL_MOST: usize = 512;
/// Options of a menu.
const OPTIONS_MOST: usize = 25;
/// How deep components may be nested.
const DEPTH_MOST: usize = 4;

const ROW: u64 = 1;
const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;
/// The other menus: users, roles, users and roles, channels.
const SELECTS: std::ops::RangeInclusive<u64> = 5..=8;
const LINK: u64 = 5;
const PREMIUM: u64 = 6;

/// Checks components, and gives them as they come back: each with a number of its own.
pub(super) fn components(sent: &[Value], at: &str, modern: bool, complaints: &mut Complaints) -> Vec<Value> {
    if !modern && sent.len() > ROWS_MOST {
        complaints.add(at, "BASE_TYPE_BAD_LENGTH", &format!("Must be between 1 and {ROWS_MOST} in length."));
    }
    let mut check = Check { seen: BTreeSet::new(), count: 0, modern, complaints };
    for (index, component) in sent.iter().enumerate() {
        check.one(component, &format!("{at}.{index}"), 0);
    }
    let count = check.count;
    if modern && count > ALL_MOST {
        complaints.add(at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum is 40 components");
    }
    let mut shown = sent.to_vec();
    let mut next = 0;
    shown.iter_mut().for_each(|component| number(component, &mut next, 0));
    shown
}

struct Check<'a> {
    seen: BTreeSet<String>,
    count: usize,
    modern: bool,
    complaints: &'a mut Complaints,
}

impl Check<'_> {
    fn one(&mut self, component: &Value, at: &str, depth: usize) {
        self.count += 1;
        let kind = component.get("type").and_then(Value::as_u64).unwrap_or(0);
        let top = depth == 0 && !self.modern;
        if depth > DEPTH_MOST || kind == 0 || (top && kind != ROW) || (kind == ROW && depth > 1) {
            let text = "Value of field \"type\" must be one of (1,).";
            return self.complaints.add(&format!("{at}.type"), "UNION_TYPE_CHOICES", text);
        }
        match kind {
            BUTTON => self.button(component, at),
            STRING_SELECT => self.select(component, at),
            kind if SELECTS.contains(&kind) => self.custom_id(component, at),
            _ => {}
        }
        let inside =
            component.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if kind == ROW && (inside.is_empty() || inside.len() > BUTTONS_MOST) {
            let text = format!("Must be between 1 and {BUTTONS_MOST} in length.");
            self.complaints.add(&format!("{at}.components"), "BASE_TYPE_BAD_LENGTH", &text);
        }
        for (index, component) in inside.iter().enumerate() {
            self.one(component, &format!("{at}.components.{index}"), depth + 1);
        }
        if let Some(accessory) = component.get("accessory") {
            self.one(accessory, &format!("{at}.accessory"), depth + 1);
        }
    }

    fn button(&mut self, button: &Value, at: &str) {
        let style = button.get("style").and_then(Value::as_u64).unwrap_or(0);
        if !(1..=6).contains(&style) {
            let text = "Value must be one of {1, 2, 3, 4, 5, 6}.";
            self.complaints.add(&format!("{at}.style"), "BASE_TYPE_CHOICES", text);
        }
        let label = button.get("label").and_then(Value::as_str).unwrap_or_default();
        self.complaints.longest(&format!("{at}.label"), label, LABEL_MOST);
        if label.is_empty() && button.get("emoji").is_none() && style != PREMIUM {
            self.complaints.required(&format!("{at}.label"));
        }
        match (style, button.get("url").and_then(Value::as_str), button.get("custom_id").is_some()) {
            (LINK, Some(url), false) => self.link(url, at),
            (LINK, None, _) => self.complaints.required(&format!("{at}.url")),
            (LINK, Some(_), true) | (1..=4, Some(_), _) => {
                let text = "A custom id and url cannot both be specified";
                self.complaints.add(at, "COMPONENT_CUSTOM_ID_URL_BOTH", text);
            }
            (PREMIUM, _, _) => {}
            _ => self.custom_id(button, at),
        }
    }

    fn link(&mut self, url: &str, at: &str) {
        let at = format!("{at}.url");
        self.complaints.longest(&at, url, URL_MOST);
        let scheme = url.split(':').next().unwrap_or_default().to_lowercase();
        if !matches!(scheme.as_str(), "http" | "https" | "discord") {
            let text = format!(
                "Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https', 'discord')."
            );
            self.complaints.add(&at, "URL_TYPE_INVALID_SCHEME", &text);
        }
        if url::Url::parse(url).is_err() {
            self.complaints.add(&at, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
        }
    }

    fn select(&mut self, select: &Value, at: &str) {
        self.custom_id(select, at);
        let options = select.get("options").and_then(Value::as_array).map_or(0, Vec::len);
        if options == 0 || options > OPTIONS_MOST {
            let text = format!("Must be between 1 and {OPTIONS_MOST} in length.");
            self.complaints.add(&format!("{at}.options"), "BASE_TYPE_BAD_LENGTH", &text);
        }
    }

    fn custom_id(&mut self, component: &Value, at: &str) {
        let at = format!("{at}.custom_id");
        let Some(id) = component.get("custom_id").and_then(Value::as_str) else {
            return self.complaints.required(&at);
        };
        self.complaints.between(&at, id, CUSTOM_ID_MOST);
        if !self.seen.insert(id.to_owned()) {
            self.complaints.add(
                &at,
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            );
        }
    }
}

fn number(component: &mut Value, next: &mut u64, depth: usize) {
    if depth > DEPTH_MOST {
        return;
    }
    *next += 1;
    let Some(fields) = component.as_object_mut() else { return };
    fields.entry("id").or_insert((*next).into());
    if let Some(inside) = fields.get_mut("components").and_then(Value::as_array_mut) {
        inside.iter_mut().for_each(|component| number(component, next, depth + 1));
    }
    if let Some(accessory) = fields.get_mut("accessory") {
        number(accessory, next, depth + 1);
    }
}
