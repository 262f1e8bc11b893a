//! `/admin/api/web_hooks…`: making webhooks, pinging them, looking at what they sent.

use serde_json::{Map, Value, json};

use super::{Ask, Gate, Route, delete, get, post, put};
use crate::forum::answer::Answer;
use crate::forum::state::Forum;
use crate::forum::views::time;
use crate::forum::webhooks::{Delivery, EVENT_TYPES, Webhook};

/// Deliveries on a page.
const EVENTS_PER_PAGE: usize = 50;

/// The shortest secret, in letters.
const SECRET_LETTERS_MIN: usize = 12;

pub(super) const ROUTES: &[Route] = &[
    get("admin/api/web_hooks", "web_hooks/index", Gate::Admin, index),
    get("admin/api/web_hooks/{id}", "web_hooks/show", Gate::Admin, show),
    post("admin/api/web_hooks", "web_hooks/create", Gate::Admin, create),
    put("admin/api/web_hooks/{id}", "web_hooks/update", Gate::Admin, update),
    delete("admin/api/web_hooks/{id}", "web_hooks/destroy", Gate::Admin, |forum, ask| {
        let id = hook_id(ask);
        forum.webhooks.hooks.retain(|hook| hook.id != id);
        Answer::success()
    }),
    post("admin/api/web_hooks/{id}/ping", "web_hooks/ping", Gate::Admin, |forum, ask| {
        match forum.ping(hook_id(ask)) {
            true => Answer::success(),
            false => Answer::not_found(forum.settings.locale),
        }
    }),
    get("admin/api/web_hook_events/{id}", "web_hooks/list_events", Gate::Admin, events),
    post(
        "admin/api/web_hooks/{id}/events/{event}/redeliver",
        "web_hooks/redeliver_event",
        Gate::Admin,
        redeliver,
    ),
];

fn hook_id(ask: &Ask) -> i64 {
    ask.param("id").parse().unwrap_or_default()
}

fn types(filter: impl Fn(i64) -> bool) -> Vec<Value> {
    let rows = EVENT_TYPES.iter().filter(|(id, _)| filter(*id));
    rows.map(|(id, name)| json!({"id": id, "name": name})).collect()
}

fn view(hook: &Webhook) -> Value {
    json!({
        "id": hook.id,
        "payload_url": hook.payload_url,
        "content_type": hook.content_type,
        "last_delivery_status": hook.last_delivery_status,
        "secret": hook.secret,
        "wildcard_web_hook": hook.wildcard,
        "verify_certificate": false,
        "active": hook.active,
        "web_hook_event_types": types(|id| hook.event_type_ids.contains(&id)),
        "category_ids": [],
        "tag_names": [],
        "group_ids": [],
    })
}

fn index(forum: &mut Forum, _: &Ask) -> Answer {
    let rows: Vec<Value> = forum.webhooks.hooks.iter().map(view).collect();
    let named = |names: &[&str]| -> Vec<Value> {
        names.iter().zip(1..).map(|(name, id): (&&str, i64)| json!({"id": id, "name": name})).collect()
    };
    Answer::ok(&json!({
        "web_hooks": rows,
        "extras": {
            "event_types": types(|_| true),
            "default_event_types": types(|id| id == 2),
            "content_types": named(&["application/json", "application/x-www-form-urlencoded"]),
            "delivery_statuses": named(&["inactive", "failed", "successful", "disabled"]),
        },
        "total_rows_web_hooks": rows.len(),
        "load_more_web_hooks": "/admin/api/web_hooks.json?limit=50&offset=50",
    }))
}

fn show(forum: &mut Forum, ask: &Ask) -> Answer {
    match forum.webhooks.get(hook_id(ask)) {
        Some(hook) => Answer::ok(&json!({ "web_hook": view(hook) })),
        None => Answer::not_found(forum.settings.locale),
    }
}

fn create(forum: &mut Forum, ask: &Ask) -> Answer {
    let hook = read(ask, blank());
    let errors = wrong(&hook);
    if !errors.is_empty() {
        return Answer::invalid(&errors);
    }
    let id = forum.webhooks.add(hook);
    let made = forum.webhooks.get(id).map(view);
    Answer::ok(&json!({ "web_hook": made }))
}

fn update(forum: &mut Forum, ask: &Ask) -> Answer {
    let Some(old) = forum.webhooks.get(hook_id(ask)).cloned() else {
        return Answer::not_found(forum.settings.locale);
    };
    let hook = read(ask, old);
    let errors = wrong(&hook);
    if !errors.is_empty() {
        return Answer::invalid(&errors);
    }
    let answer = Answer::ok(&json!({ "web_hook": view(&hook) }));
    if let Some(place) = forum.webhooks.get_mut(hook.id) {
        *place = hook;
    }
    answer
}

fn blank() -> Webhook {
    Webhook {
        id: 0,
        payload_url: String::new(),
        content_type: 1,
        secret: String::new(),
        wildcard: false,
        active: false,
        event_type_ids: Vec::new(),
        last_delivery_status: 1,
    }
}

/// The webhook with what the form says; a form that names no types leaves none.
fn read(ask: &Ask, old: Webhook) -> Webhook {
    let request = ask.request;
    let text = |name: &str| request.text(&format!("web_hook/{name}"));
    let flag = |name: &str, old: bool| text(name).map_or(old, |said| said == "true");
    let active = flag("active", old.active);
    let named = request.value("web_hook/web_hook_event_type_ids").is_some();
    let ids = request.list("web_hook/web_hook_event_type_ids");
    let status = match (active, old.last_delivery_status) {
        (false, 1) => 4,
        (true, 4) => 1,
        (_, status) => status,
    };
    Webhook {
        id: old.id,
        payload_url: text("payload_url").unwrap_or(old.payload_url),
        content_type: request.number("web_hook/content_type").unwrap_or(old.content_type),
        secret: text("secret").unwrap_or(old.secret),
        wildcard: flag("wildcard_web_hook", old.wildcard),
        active,
        event_type_ids: match named {
            true => ids.iter().filter_map(|id| id.parse().ok()).collect(),
            false => old.event_type_ids,
        },
        last_delivery_status: status,
    }
}

fn wrong(hook: &Webhook) -> Vec<String> {
    let mut errors = Vec::new();
    let is_address = hook.payload_url.starts_with("http://") || hook.payload_url.starts_with("https://");
    if !is_address || hook.payload_url.contains(char::is_whitespace) {
        errors.push(
            "Payload url URL is invalid. URL should includes http:// or https://. And no blank is allowed."
                .to_owned(),
        );
    }
    let letters = hook.secret.chars().count();
    if letters > 0 && letters < SECRET_LETTERS_MIN {
        errors.push(format!("Secret is too short (minimum is {SECRET_LETTERS_MIN} characters)"));
    }
    errors
}

fn event_view(delivery: &Delivery) -> Value {
    let said = |pairs: &[(String, String)]| {
        let fields: Map<String, Value> = pairs
            .iter()
            .map(|(name, value)| {
                let is_number = matches!(name.as_str(), "Content-Length" | "X-Discourse-Event-Id");
                let number = value.parse::<i64>().ok().filter(|_| is_number);
                (name.clone(), number.map_or_else(|| json!(value), |number| json!(number)))
            })
            .collect();
        Value::Object(fields).to_string()
    };
    json!({
        "id": delivery.id,
        "web_hook_id": delivery.webhook,
        "request_url": delivery.url,
        "headers": said(&delivery.headers),
        "payload": delivery.body,
        "status": delivery.status.unwrap_or_default(),
        "response_headers": said(&delivery.answer_headers),
        "response_body": delivery.answer,
        "duration": delivery.took_ms,
        "created_at": time(delivery.at_ms),
    })
}

fn events(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = hook_id(ask);
    let offset =
        ask.request.number("offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default();
    let of_hook: Vec<&Delivery> =
        forum.webhooks.deliveries.iter().rev().filter(|delivery| delivery.webhook == id).collect();
    let total = of_hook.len();
    let rows: Vec<Value> = of_hook.into_iter().skip(offset).take(EVENTS_PER_PAGE).map(event_view).collect();
    let next = offset + EVENTS_PER_PAGE;
    Answer::ok(&json!({
        "web_hook_events": rows,
        "total_rows_web_hook_events": total,
        "load_more_web_hook_events": format!("/admin/api/web_hook_events/{id}.json?limit=50&offset={next}"),
        "extras": {"web_hook_id": id},
    }))
}

fn redeliver(forum: &mut Forum, ask: &Ask) -> Answer {
    match forum.redeliver(ask.param("event").parse().unwrap_or_default()) {
        Some(delivery) => Answer::ok(&json!({ "web_hook_event": event_view(&delivery) })),
        None => Answer::not_found(forum.settings.locale),
    }
}
