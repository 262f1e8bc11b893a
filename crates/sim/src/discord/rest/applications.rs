//! Applications, as their bots and the people who trust them see them.

use serde_json::{Value, json};

use super::{Answer, Call, Caller};
use crate::discord::ids::Snowflake;
use crate::discord::refusal::{NOT_YOUR_APPLICATION, Refusal, TOKEN_LACKS_SCOPE, UNAUTHORIZED};
use crate::discord::state::State;
use crate::discord::time::iso;

/// The application of the path, which must be the caller's own.
pub(super) fn own_id(call: &Call) -> Result<Snowflake, Refusal> {
    let id = call.id("application")?;
    if call.application() == Some(id) { Ok(id) } else { Err(NOT_YOUR_APPLICATION) }
}

pub(super) fn own(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    state.application_json(call.application().ok_or(UNAUTHORIZED)?).map(Answer::ok)
}

/// Takes a description and the like without keeping them: nothing here shows them.
pub(super) fn edit(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    call.form()?;
    own(state, call)
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    state.application_json(own_id(call)?).map(Answer::ok)
}

pub(super) fn nothing(_: &mut State, call: &Call) -> Result<Answer, Refusal> {
    own_id(call).map(|_| Answer::ok(json!([])))
}

pub(super) fn emojis(_: &mut State, call: &Call) -> Result<Answer, Refusal> {
    own_id(call).map(|_| Answer::ok(json!({ "items": [] })))
}

pub(super) fn metadata(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let id = own_id(call)?;
    Ok(Answer::ok(state.grants.metadata.get(&id).cloned().unwrap_or_else(|| json!([]))))
}

pub(super) fn set_metadata(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let id = own_id(call)?;
    state.grants.metadata.insert(id, call.body.clone());
    Ok(Answer::ok(call.body.clone()))
}

/// GET oauth2/@me: what the token is.
pub(super) fn authorization(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let Caller::Person { user, application, scopes } = &call.caller else { return Err(UNAUTHORIZED) };
    let found = state.application(*application)?;
    let mut shown = json!({
        "application": {
            "id": found.id, "name": found.name, "icon": null, "description": "", "type": null,
            "verify_key": "0".repeat(64), "flags": found.flags(), "flags_new": found.flags().to_string(),
            "bot_public": true, "bot_require_code_grant": false, "summary": "", "hook": true,
        },
        "expires": iso(state.now_ms() + crate::discord::oauth::TOKEN_SECONDS * 1_000),
        "scopes": scopes,
    });
    if let (true, Some(fields)) = (scopes.iter().any(|scope| scope == "identify"), shown.as_object_mut()) {
        fields.insert("user".into(), state.user(*user)?.json());
    }
    Ok(Answer::ok(shown))
}

pub(super) fn connection(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let key = connection_key(call)?;
    let none = || json!({ "platform_name": null, "platform_username": null, "metadata": {} });
    Ok(Answer::ok(state.grants.connections.get(&key).cloned().unwrap_or_else(none)))
}

pub(super) fn set_connection(state: &mut State, call: &Call) -> Result<Answer, Refusal> {
    let key = connection_key(call)?;
    let text = |name: &str| call.field(name).cloned().unwrap_or_default();
    let metadata = call.field("metadata").filter(|value| value.is_object()).cloned();
    let shown = json!({
        "platform_name": text("platform_name"),
        "platform_username": text("platform_username"),
        "metadata": metadata.unwrap_or_else(|| Value::Object(serde_json::Map::new())),
    });
    state.grants.connections.insert(key, shown.clone());
    Ok(Answer::ok(shown))
}

fn connection_key(call: &Call) -> Result<(Snowflake, Snowflake), Refusal> {
    let application = own_id(call)?;
    let Caller::Person { user, scopes, .. } = &call.caller else { return Err(UNAUTHORIZED) };
    match scopes.iter().any(|scope| scope == "role_connections.write") {
        true => Ok((application, *user)),
        false => Err(TOKEN_LACKS_SCOPE),
    }
}
