//! DiscourseConnect, the forum being the provider: who is asked for, and what is told of them.
//!
//! Follows the recorded steps in `connect/` of the fixtures. What only newer versions know (`prompt=none`,
//! `require_2fa`) is done when the forum says it is one of them, and ignored otherwise.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use super::people::{Person, PersonId};
use super::request::Request;
use super::state::Forum;
use super::webhooks::signed;

/// A request that was signed rightly.
#[derive(Clone, Debug)]
pub(crate) struct ConnectRequest {
    pub(crate) return_url: String,
    secret: String,
    pairs: Vec<(String, String)>,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectRefusal {
    /// No `sso` at all.
    Missing,
    /// The signature, or what it signs, is wrong.
    LoginError,
    /// No secret for the host that wants the answer.
    NoSecret,
}

impl ConnectRequest {
    fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn logs_out(&self) -> bool {
        self.get("logout") == Some("true")
    }

    pub(crate) fn asks_for_no_prompt(&self) -> bool {
        self.get("prompt") == Some("none")
    }

    pub(crate) fn requires_second_factor(&self) -> bool {
        self.get("require_2fa") == Some("true")
    }

    /// Where an answer goes: the return address with the signed payload added.
    fn answered(&self, fields: &[(&str, String)]) -> String {
        let mut payload = form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields {
            payload.append_pair(name, value);
        }
        for (name, value) in self.pairs.iter().filter(|(name, _)| name.starts_with("custom.")) {
            payload.append_pair(name, value);
        }
        let encoded = STANDARD.encode(payload.finish());
        let signature = signed(&self.secret, encoded.as_bytes());
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("sso", &encoded)
            .append_pair("sig", &signature)
            .finish();
        let joint = if self.return_url.contains('?') { '&' } else { '?' };
        format!("{}{joint}{query}", self.return_url)
    }

    /// "Nobody is signed in", for those who asked without a prompt.
    pub(crate) fn failed(&self) -> String {
        let mut fields = vec![("failed", "true".to_owned())];
        fields.extend(self.get("nonce").map(|nonce| ("nonce", nonce.to_owned())));
        fields.push(("return_sso_url", self.return_url.clone()));
        self.answered(&fields)
    }
}

impl Forum {
    /// Reads `sso` and `sig` of a request.
    pub(crate) fn read_connect(&self, query: &str) -> Result<ConnectRequest, ConnectRefusal> {
        let mut params: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let mut take = |name: &str| {
            let at = params.iter().position(|(key, _)| key == name)?;
            Some(params.swap_remove(at).1)
        };
        let payload = take("sso").filter(|payload| !payload.is_empty()).ok_or(ConnectRefusal::Missing)?;
        let signature = take("sig").unwrap_or_default();
        // Base64 as it is wrapped into lines by many libraries is taken too; the signature is over it as it came.
        let unwrapped: Vec<u8> = payload.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
        let decoded = STANDARD.decode(unwrapped).map_err(|_| ConnectRefusal::LoginError)?;
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&decoded).into_owned().collect();
        let return_url =
            pairs.iter().find(|(name, _)| name == "return_sso_url").map(|(_, value)| value.clone());
        let return_url = return_url.ok_or(ConnectRefusal::LoginError)?;
        let host = url::Url::parse(&return_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.ok_or(ConnectRefusal::LoginError)?;
        let secrets: Vec<&String> = self
            .settings
            .connect_secrets
            .iter()
            .filter(|(pattern, _)| fits(pattern, &host))
            .map(|(_, secret)| secret)
            .collect();
        if secrets.is_empty() {
            return Err(ConnectRefusal::NoSecret);
        }
        let secret = secrets.into_iter().find(|secret| signed(secret, payload.as_bytes()) == signature);
        let secret = secret.ok_or(ConnectRefusal::LoginError)?.clone();
        Ok(ConnectRequest { return_url, secret, pairs })
    }

    /// The return address with everything that is told of a person, in the forum's own order.
    pub(crate) fn answer_connect(
        &self,
        asked: &ConnectRequest,
        person: PersonId,
        second_factor: bool,
    ) -> String {
        let Some(person) = self.person(person) else {
            return asked.failed();
        };
        let mut fields =
            vec![("admin", person.admin.to_string()), ("moderator", person.moderator.to_string())];
        if self.settings.knows_prompt() && asked.requires_second_factor() {
            let name = if second_factor { "confirmed_2fa" } else { "no_2fa_methods" };
            fields.push((name, "true".to_owned()));
        }
        if let Some(upload) = person.avatar_upload {
            let picture = format!("{}/uploads/default/original/1X/{upload}.png", self.base_url);
            fields.push(("avatar_url", picture));
        }
        fields.push(("email", person.email.clone()));
        fields.push(("external_id", person.id.0.to_string()));
        fields.push(("groups", self.group_names(person)));
        fields.extend(person.name.clone().map(|name| ("name", name)));
        fields.extend(asked.get("nonce").map(|nonce| ("nonce", nonce.to_owned())));
        fields.push(("return_sso_url", asked.return_url.clone()));
        fields.push(("username", person.username.clone()));
        asked.answered(&fields)
    }

    /// All groups, hidden ones too.
    fn group_names(&self, person: &Person) -> String {
        let names = person.memberships.iter().filter_map(|place| self.groups.get(place.group));
        names.map(|group| group.name.as_str()).collect::<Vec<_>>().join(",")
    }

    /// The payload that waits in the browser's cookie until somebody has signed in.
    pub(crate) fn waiting_connect(&self, request: &Request) -> Option<ConnectRequest> {
        self.read_connect(&request.cookie("sso_payload")?).ok()
    }
}

/// Whether a host is meant by a line of the setting: `hall.test`, `*.test`, `*`.
fn fits(pattern: &str, host: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern.eq_ignore_ascii_case(host),
        Some((before, after)) => {
            let host = host.to_ascii_lowercase();
            host.len() >= before.len() + after.len() && host.starts_with(before) && host.ends_with(after)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn secrets_are_bound_to_hosts_and_their_wildcards() {
        for (pattern, host, expected) in [
            ("hall.test", "hall.test", true),
            ("hall.test", "HALL.test", true),
            ("hall.test", "hall.test.evil", false),
            ("*.test", "hall.test", true),
            ("*.test", "test", false),
            ("*", "anything", true),
        ] {
            assert_eq!(fits(pattern, host), expected, "{pattern} {host}");
        }
    }
}
