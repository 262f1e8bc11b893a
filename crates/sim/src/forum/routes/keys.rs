//! `/admin/api/keys…` and the forum's own questions.

use serde_json::{Map, Value, json};

use super::{Ask, Gate, Route, delete, get, post, put};
use crate::forum::answer::Answer;
use crate::forum::keys::{ApiKey, SCOPES, Scope, ScopeKind};
use crate::forum::state::Forum;
use crate::forum::user_fields::UserField;
use crate::forum::views::{person_brief, time};

pub(super) const ROUTES: &[Route] = &[
    get("admin/api/keys", "api/index", Gate::Admin, index),
    get("admin/api/keys/scopes", "api/scopes", Gate::Admin, |_, _| scopes()),
    get("admin/api/keys/{id}", "api/show", Gate::Admin, |forum, ask| show(forum, ask, key_id(ask))),
    post("admin/api/keys", "api/create", Gate::Admin, create),
    put("admin/api/keys/{id}", "api/update", Gate::Admin, update),
    delete("admin/api/keys/{id}", "api/destroy", Gate::Admin, |forum, ask| {
        forum.keys.remove(key_id(ask));
        Answer::success()
    }),
    post("admin/api/keys/{id}/revoke", "api/revoke_key", Gate::Admin, |forum, ask| revoke(forum, ask, true)),
    post("admin/api/keys/{id}/undo-revoke", "api/undo_revoke_key", Gate::Admin, |forum, ask| {
        revoke(forum, ask, false)
    }),
    get("admin/customize/user_fields", "user_fields/index", Gate::Staff, |forum, _| {
        let rows: Vec<Value> = forum.user_fields.iter().map(UserField::view).collect();
        Answer::ok(&json!({ "user_fields": rows }))
    }),
    post("admin/customize/user_fields", "user_fields/create", Gate::Admin, create_field),
];

fn key_id(ask: &Ask) -> i64 {
    ask.param("id").parse().unwrap_or_default()
}

fn scopes() -> Answer {
    let mut kinds: Map<String, Value> = Map::new();
    for kind in SCOPES {
        let row = json!({
            "scope_id": format!("{}:{}", kind.resource, kind.action),
            "key": kind.action,
            "name": kind.action.replace('_', " "),
            "params": Some(kind.params).filter(|params| !params.is_empty()),
            "urls": urls(kind),
        });
        let list = kinds.entry(kind.resource).or_insert_with(|| json!([]));
        if let Value::Array(rows) = list {
            rows.push(row);
        }
    }
    Answer::ok(&json!({ "scopes": kinds }))
}

fn urls(kind: &ScopeKind) -> Vec<String> {
    if kind.resource == "global" {
        return vec!["* (get)".to_owned()];
    }
    let say = |(method, pattern): &(&str, &str)| {
        format!("/{} ({method})", pattern.replace('{', ":").replace('}', ""))
    };
    kind.routes.iter().map(say).collect()
}

fn view(forum: &Forum, key: &ApiKey, whole: bool) -> Value {
    let mut fields = Map::new();
    let tail = key.secret.get(key.secret.len().saturating_sub(4)..).unwrap_or_default();
    fields.insert("id".to_owned(), json!(key.id));
    if whole {
        fields.insert("key".to_owned(), json!(key.secret));
    }
    let rest = json!({
        "truncated_key": tail,
        "description": key.description,
        "last_used_at": key.last_used_at_ms.map(time),
        "created_at": time(key.created_at_ms),
        "updated_at": time(key.revoked_at_ms.unwrap_or(key.created_at_ms)),
        "revoked_at": key.revoked_at_ms.map(time),
        "user": key.only.and_then(|id| forum.person(id)).map(person_brief),
        "api_key_scopes": key.scopes.iter().map(scope_view).collect::<Vec<_>>(),
    });
    crate::forum::views::extend(&mut fields, rest);
    Value::Object(fields)
}

fn scope_view(scope: &Scope) -> Value {
    let kind = ScopeKind::named(&format!("{}:{}", scope.resource, scope.action));
    let params = kind.map(|kind| kind.params).unwrap_or_default();
    let allowed: Map<String, Value> =
        scope.allowed.iter().map(|(name, value)| (name.clone(), json!([value]))).collect();
    json!({
        "resource": scope.resource,
        "action": scope.action,
        "parameters": params,
        "urls": kind.map(urls),
        "allowed_parameters": (!params.is_empty()).then_some(allowed),
        "key": scope.action,
    })
}

fn index(forum: &mut Forum, _: &Ask) -> Answer {
    let rows: Vec<Value> = forum.keys.all().iter().map(|key| view(forum, key, false)).collect();
    Answer::ok(&json!({"keys": rows, "offset": 0, "limit": 50}))
}

fn show(forum: &Forum, _: &Ask, id: i64) -> Answer {
    match forum.keys.all().iter().find(|key| key.id == id) {
        Some(key) => Answer::ok(&json!({"key": view(forum, key, false)})),
        None => Answer::not_found(forum.settings.locale),
    }
}

fn create(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let only = match request.filled("key/username") {
        Some(username) => match forum.people.named(&username) {
            Some(person) => Some(person.id),
            None => return Answer::not_found(forum.settings.locale),
        },
        None => None,
    };
    let Some(scopes) = read_scopes(ask) else {
        return Answer::bad_parameter("scopes");
    };
    let description = request.text("key/description").unwrap_or_default();
    let key = ApiKey::global(&Forum::made_up_key(), &description, forum.now_ms());
    let id = forum.keys.add(ApiKey { only, scopes, ..key });
    match forum.keys.all().iter().find(|key| key.id == id) {
        Some(key) => Answer::ok(&json!({"key": view(forum, key, true)})),
        None => Answer::not_found(forum.settings.locale),
    }
}

/// The rights asked for; none when one is unknown.
fn read_scopes(ask: &Ask) -> Option<Vec<Scope>> {
    let Some(Value::Array(wanted)) = ask.request.value("key/scopes") else {
        return Some(Vec::new());
    };
    let read = |scope: &Value| {
        let id = scope.get("scope_id")?.as_str()?;
        let kind = ScopeKind::named(id)?;
        let allowed = kind
            .params
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), scope.get(*name)?.as_str()?.to_owned())))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        Some(Scope { resource: kind.resource.to_owned(), action: kind.action.to_owned(), allowed })
    };
    wanted.iter().map(read).collect()
}

fn update(forum: &mut Forum, ask: &Ask) -> Answer {
    let id = key_id(ask);
    if let (Some(key), Some(words)) = (forum.keys.get_mut(id), ask.request.text("key/description")) {
        key.description = words;
    }
    show(forum, ask, id)
}

fn revoke(forum: &mut Forum, ask: &Ask, revoked: bool) -> Answer {
    let now_ms = forum.now_ms();
    let id = key_id(ask);
    if let Some(key) = forum.keys.get_mut(id) {
        key.revoked_at_ms = revoked.then_some(now_ms);
    }
    show(forum, ask, id)
}

fn create_field(forum: &mut Forum, ask: &Ask) -> Answer {
    let request = ask.request;
    let text = |name: &str| request.text(&format!("user_field/{name}")).unwrap_or_default();
    let flag = |name: &str| request.flag(&format!("user_field/{name}"));
    let field = UserField {
        id: forum.user_fields.last().map_or(1, |last| last.id + 1),
        name: text("name"),
        description: text("description"),
        field_type: text("field_type"),
        editable: flag("editable"),
        required: flag("required"),
        show_on_profile: flag("show_on_profile"),
        show_on_user_card: flag("show_on_user_card"),
        options: request.list("user_field/options"),
    };
    let answer = Answer::ok(&json!({"success": "OK", "user_field": field.view()}));
    forum.user_fields.push(field);
    answer
}
