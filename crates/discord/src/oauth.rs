//! How a person proves a Discord account in a browser: OAuth2's code flow with PKCE (RFC 6749 §4.1,
//! RFC 7636), for the scope `identify` alone. The token is used once and revoked at once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;
use reqwest::{Client, RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use service::Metrics;
use service::ports::{Callback, Identity, Proof, ProofError, ProofSecrets};
use url::Url;

use crate::rest::{Answer, Problem, client};
use crate::settings::{Addresses, DiscordSettings};
use crate::wire::User;

/// The longest code that is taken back to Discord, in bytes.
const CODE_BYTES_MAX: usize = 512;

/// Discord's OAuth2.
#[derive(Clone)]
pub struct OAuth {
    http: Client,
    addresses: Addresses,
    application_id: u64,
    client_secret: SecretString,
    metrics: Metrics,
}

#[derive(Deserialize)]
struct Token {
    access_token: SecretString,
}

impl OAuth {
    pub(crate) fn new(settings: &DiscordSettings, metrics: Metrics) -> Result<Self, reqwest::Error> {
        Ok(Self {
            http: client(settings)?,
            addresses: settings.addresses.clone(),
            application_id: settings.application_id,
            client_secret: settings.client_secret.clone(),
            metrics,
        })
    }

    async fn token(&self, code: &str, secrets: &ProofSecrets, redirect: &Url) -> Result<Token, ProofError> {
        let form = BTreeMap::from([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect.as_str()),
            ("code_verifier", &secrets.verifier),
        ]);
        ask(self.http.post(self.addresses.token.clone()).form(&form), self).await
    }

    async fn user(&self, token: &Token) -> Result<User, ProofError> {
        let mut url = self.addresses.api.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["users", "@me"]);
        }
        let request = self.http.get(url).bearer_auth(token.access_token.expose_secret());
        self.answer(request).await.map_err(|problem| unreachable(&problem))
    }

    /// Revoking one token ends all that Discord gave out with it. Failing to is no reason to fail the person.
    async fn revoke(&self, token: &Token) {
        let mut url = self.addresses.token.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("revoke");
        }
        let form = [("token", token.access_token.expose_secret()), ("token_type_hint", "access_token")];
        let sent = self.send(self.signed(self.http.post(url).form(&form))).await;
        if !sent.is_ok_and(|response| response.status().is_success()) {
            tracing::warn!("could not revoke a sign-in token; it ends by itself within a week");
        }
    }

    /// Sends a request and counts what became of it.
    async fn send(&self, request: RequestBuilder) -> Result<Response, reqwest::Error> {
        let sent = request.send().await;
        self.metrics
            .discord_answered("sign_in", sent.as_ref().ok().map(|response| response.status().as_u16()));
        sent
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Problem> {
        let response = self.send(request).await.map_err(|error| Problem::unreachable(&error))?;
        let body = Answer::read(response).await?.good()?;
        serde_json::from_slice(&body).map_err(|error| Problem::nonsense(&error))
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(self.application_id, Some(self.client_secret.expose_secret()))
    }
}

#[async_trait]
impl Proof for OAuth {
    fn begin(
        &self,
        secrets: &ProofSecrets,
        return_address: &Url,
        _second_factor: bool,
    ) -> Result<Url, ProofError> {
        let challenge = digest::digest(&digest::SHA256, secrets.verifier.as_bytes());
        let mut address = self.addresses.authorize.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.application_id.to_string())
            .append_pair("scope", "identify")
            .append_pair("redirect_uri", return_address.as_str())
            .append_pair("state", &secrets.nonce)
            .append_pair("code_challenge", &BASE64URL_NOPAD.encode(challenge.as_ref()))
            .append_pair("code_challenge_method", "S256")
            .append_pair("prompt", "consent");
        Ok(address)
    }

    fn nonce_of(&self, callback: &Callback) -> Option<String> {
        callback.query.get("state").cloned()
    }

    async fn complete(
        &self,
        callback: &Callback,
        secrets: &ProofSecrets,
        return_address: &Url,
    ) -> Result<Identity, ProofError> {
        let code = code(callback, secrets)?;
        let token = self.token(code, secrets, return_address).await?;
        let user = self.user(&token).await;
        self.revoke(&token).await;
        let user = user?;
        let picture = self.addresses.picture(user.id(), user.avatar.as_deref());
        Ok(Identity {
            subject: user.id().into(),
            username: user.username,
            name: user.global_name,
            picture: Some(picture),
            second_factor: false,
        })
    }
}

/// The code, once the answer is shown to be the one to this attempt.
fn code<'a>(callback: &'a Callback, secrets: &ProofSecrets) -> Result<&'a str, ProofError> {
    let state = callback.query.get("state").ok_or(ProofError::Forged("it carries no state"))?;
    verify_slices_are_equal(state.as_bytes(), secrets.nonce.as_bytes())
        .map_err(|_| ProofError::Forged("it was made for another attempt"))?;
    match callback.query.get("error").map(String::as_str) {
        Some("access_denied") => return Err(ProofError::Declined),
        Some(_) => {
            let why = "check the redirect address and the client secret in Discord's developer portal";
            return Err(ProofError::Misconfigured { place: "Discord".to_owned(), why: why.to_owned() });
        }
        None => {}
    }
    let code = callback.query.get("code").filter(|code| !code.is_empty() && code.len() <= CODE_BYTES_MAX);
    code.map(String::as_str).ok_or(ProofError::Forged("it carries no code"))
}

/// Asks the token address, which says `invalid_grant` of a code that is not good (any more) and
/// `invalid_client` of the hall's own credentials (RFC 6749 §5.2).
async fn ask(request: RequestBuilder, oauth: &OAuth) -> Result<Token, ProofError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Refusal {
        error: String,
    }
    let response = oauth.send(oauth.signed(request)).await;
    let response = response.map_err(|error| unreachable(&Problem::unreachable(&error)))?;
    let status = response.status();
    let read = Answer::read(response).await.map_err(|problem| unreachable(&problem))?;
    if status.is_success() {
        let body = read.good().map_err(|problem| unreachable(&problem))?;
        return serde_json::from_slice(&body).map_err(|error| unreachable(&Problem::nonsense(&error)));
    }
    let refusal: Refusal = serde_json::from_slice(read.body()).unwrap_or_default();
    match refusal.error.as_str() {
        "invalid_grant" => Err(ProofError::Forged("Discord does not know the code, or it was used before")),
        "invalid_client" | "unauthorized_client" | "invalid_request" => Err(misconfigured(&refusal.error)),
        _ if status == StatusCode::UNAUTHORIZED => Err(misconfigured("HTTP 401")),
        _ => Err(unreachable(&Problem::Later { why: format!("HTTP {}", status.as_u16()), wait: None })),
    }
}

fn misconfigured(said: &str) -> ProofError {
    let why = format!("it says {said}; check application_id and client_secret in guildhall.toml");
    ProofError::Misconfigured { place: "Discord".to_owned(), why }
}

fn unreachable(problem: &Problem) -> ProofError {
    let why = match problem {
        Problem::Later { why, .. } => why.clone(),
        Problem::TokenRefused => "it refuses the sign-in".to_owned(),
        Problem::HeldBack => "not sent".to_owned(),
        Problem::Refused { status, words, .. } => format!("HTTP {}: {words}", status.as_u16()),
    };
    ProofError::Unreachable { place: "Discord".to_owned(), why }
}

#[cfg(test)]
mod tests;
