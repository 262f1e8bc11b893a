//! POST oauth2/token and oauth2/token/revoke: forms alone, with the client's secret in the form or in
//! an `Authorization: Basic` header.

use aws_lc_rs::{constant_time, digest};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::TOKEN_SECONDS;
use super::grants::{Code, Grant, Tokens};
use crate::discord::ids::Snowflake;
use crate::discord::rest::with_json;
use crate::discord::shared::Shared;
use crate::discord::state::State;

/// A status, RFC 6749's name of the error, and a sentence.
type Error = (u16, &'static str, &'static str);

const INVALID_CLIENT: Error = (401, "invalid_client", "");
const INVALID_CODE: Error = (400, "invalid_grant", "Invalid \"code\" in request.");
const INVALID_REDIRECT: Error = (400, "invalid_grant", "Invalid \"redirect_uri\" in request.");
const INVALID_VERIFIER: Error = (400, "invalid_grant", "Invalid \"code_verifier\" in request.");
const INVALID_REFRESH: Error = (400, "invalid_grant", "Invalid \"refresh_token\" in request.");
const UNSUPPORTED: Error = (400, "unsupported_grant_type", "Grant type None is not supported");

/// A form as it came.
struct Form<'a>(&'a [(String, String)]);

impl Form<'_> {
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

/// Codes and refresh tokens into tokens.
pub(in crate::discord) fn token(shared: &Shared, form: &[(String, String)], headers: &HeaderMap) -> Response {
    let form = Form(form);
    let issued = shared.act(|state| {
        let client = client(state, &form, headers)?;
        match form.get("grant_type") {
            "authorization_code" => by_code(state, client, &form),
            "refresh_token" => renewed(state, client, &form),
            "client_credentials" => Ok(own(state, client, &form)),
            _ => Err(UNSUPPORTED),
        }
    });
    match issued {
        Ok(tokens) => with_json(200, &shown(&tokens)),
        Err(error) => refused(error),
    }
}

/// Always well, as RFC 7009 wants it, once the client is known.
pub(in crate::discord) fn revoke(
    shared: &Shared,
    form: &[(String, String)],
    headers: &HeaderMap,
) -> Response {
    let form = Form(form);
    let revoked = shared.act(|state| {
        let client = client(state, &form, headers)?;
        state.grants.revoke(form.get("token"), client);
        Ok(())
    });
    match revoked {
        Ok(()) => with_json(200, &json!({})),
        Err(error) => refused(error),
    }
}

fn client(state: &State, form: &Form<'_>, headers: &HeaderMap) -> Result<Snowflake, Error> {
    let basic =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let decoded = basic.and_then(|text| String::from_utf8(STANDARD.decode(text).ok()?).ok());
    let (id, secret) = match decoded.as_deref().and_then(|text| text.split_once(':')) {
        Some(pair) => pair,
        None => (form.get("client_id"), form.get("client_secret")),
    };
    let found = id.parse().ok().and_then(|id| state.applications.get(&id)).ok_or(INVALID_CLIENT)?;
    let same = constant_time::verify_slices_are_equal(found.client_secret.as_bytes(), secret.as_bytes());
    same.map(|()| found.id).map_err(|_| INVALID_CLIENT)
}

fn by_code(state: &mut State, client: Snowflake, form: &Form<'_>) -> Result<Tokens, Error> {
    let now_ms = state.now_ms();
    let code = state.grants.take_code(form.get("code"), now_ms).ok_or(INVALID_CODE)?;
    if code.grant.application != client {
        return Err(INVALID_CODE);
    }
    if code.redirect != form.get("redirect_uri") {
        return Err(INVALID_REDIRECT);
    }
    verified(&code, form.get("code_verifier"))?;
    Ok(state.grants.issue_tokens(&mut state.secrets, now_ms, code.grant, true))
}

/// RFC 7636 §4.6.
fn verified(code: &Code, verifier: &str) -> Result<(), Error> {
    let Some(challenge) = &code.challenge else { return Ok(()) };
    let made = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
    if *challenge == made { Ok(()) } else { Err(INVALID_VERIFIER) }
}

fn renewed(state: &mut State, client: Snowflake, form: &Form<'_>) -> Result<Tokens, Error> {
    let now_ms = state.now_ms();
    let grant = state.grants.take_refresh(form.get("refresh_token")).ok_or(INVALID_REFRESH)?;
    if grant.application != client {
        return Err(INVALID_REFRESH);
    }
    Ok(state.grants.issue_tokens(&mut state.secrets, now_ms, grant, true))
}

/// The application for itself, as its owner.
fn own(state: &mut State, client: Snowflake, form: &Form<'_>) -> Tokens {
    let user = state.applications.get(&client).map_or(client, |application| application.owner);
    let scopes = form.get("scope").split(' ').filter(|scope| !scope.is_empty()).map(Into::into).collect();
    let now_ms = state.now_ms();
    let grant = Grant { user, application: client, scopes };
    state.grants.issue_tokens(&mut state.secrets, now_ms, grant, false)
}

fn shown(tokens: &Tokens) -> Value {
    let mut shown = json!({
        "token_type": "Bearer",
        "access_token": tokens.access,
        "expires_in": TOKEN_SECONDS,
        "scope": tokens.scopes.join(" "),
    });
    if let (Some(refresh), Some(fields)) = (&tokens.refresh, shown.as_object_mut()) {
        fields.insert("refresh_token".into(), refresh.clone().into());
    }
    shown
}

fn refused((status, error, text): Error) -> Response {
    let mut body = json!({ "error": error });
    if let (false, Some(fields)) = (text.is_empty(), body.as_object_mut()) {
        fields.insert("error_description".into(), text.into());
    }
    with_json(status, &body)
}
