//! DiscourseConnect with the forum as provider: a person proves which account there is theirs.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::ids::Subject;
use secrecy::{ExposeSecret, SecretString};
use service::ports::{Callback, Identity, Proof, ProofError, ProofSecrets};
use url::{Url, form_urlencoded};

use crate::settings::Settings;
use crate::signature::{sign, verifies};

/// The longest answer that is looked at, in bytes of base64; one of a person in 100 groups is about 3,000.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// The longest names and addresses that are taken over, in bytes.
const USERNAME_BYTES_MAX: usize = 256;
const NAME_BYTES_MAX: usize = 1024;
const PICTURE_BYTES_MAX: usize = 2048;

/// Proves accounts of one forum.
#[derive(Clone, Debug)]
pub struct Connect {
    address: Url,
    secret: SecretString,
}

impl Connect {
    /// From the forum's address and the secret that its provider setting holds for the hall's host.
    pub fn new(settings: &Settings) -> Self {
        Self { address: settings.address.clone(), secret: settings.connect_secret.clone() }
    }

    /// The fields of a signed answer. The signature covers the base64 text as it stands.
    fn opened(&self, callback: &Callback) -> Result<BTreeMap<String, String>, ProofError> {
        let missing = ProofError::Forged("it carries no answer of the forum");
        let (Some(answer), Some(signature)) = (callback.query.get("sso"), callback.query.get("sig")) else {
            return Err(missing);
        };
        if answer.len() > ANSWER_BYTES_MAX {
            return Err(ProofError::Forged("the answer is too long"));
        }
        if !verifies(self.secret.expose_secret(), answer.as_bytes(), signature) {
            return Err(ProofError::Forged("the signature is not the forum's"));
        }
        fields_of(answer).ok_or(ProofError::Forged("the answer is not base64"))
    }

    fn picture(&self, given: Option<&String>) -> Option<String> {
        let given = given.filter(|text| !text.is_empty() && text.len() <= PICTURE_BYTES_MAX)?;
        let picture = self.address.join(given).ok()?;
        matches!(picture.scheme(), "http" | "https").then(|| picture.to_string())
    }
}

#[async_trait]
impl Proof for Connect {
    fn begin(
        &self,
        secrets: &ProofSecrets,
        return_address: &Url,
        second_factor: bool,
    ) -> Result<Url, ProofError> {
        let mut question = form_urlencoded::Serializer::new(String::new());
        question.append_pair("nonce", &secrets.nonce).append_pair("return_sso_url", return_address.as_str());
        if second_factor {
            question.append_pair("require_2fa", "true");
        }
        let question = STANDARD.encode(question.finish());
        let signature = sign(self.secret.expose_secret(), question.as_bytes());
        let provider = format!("{}/session/sso_provider", self.address.as_str().trim_end_matches('/'));
        let mut address = Url::parse(&provider).map_err(|error| ProofError::Misconfigured {
            place: self.address.to_string(),
            why: format!("its address makes no address of its sign-in page ({error})"),
        })?;
        address.query_pairs_mut().append_pair("sso", &question).append_pair("sig", &signature);
        Ok(address)
    }

    fn nonce_of(&self, callback: &Callback) -> Option<String> {
        let answer = callback.query.get("sso").filter(|answer| answer.len() <= ANSWER_BYTES_MAX)?;
        fields_of(answer)?.remove("nonce")
    }

    async fn complete(
        &self,
        callback: &Callback,
        secrets: &ProofSecrets,
        return_address: &Url,
    ) -> Result<Identity, ProofError> {
        let fields = self.opened(callback)?;
        let nonce = fields.get("nonce").ok_or(ProofError::Forged("it names no attempt"))?;
        if verify_slices_are_equal(nonce.as_bytes(), secrets.nonce.as_bytes()).is_err() {
            return Err(ProofError::Forged("it was made for another attempt"));
        }
        if is_set(&fields, "failed") {
            return Err(ProofError::Declined);
        }
        if is_set(&fields, "logout") {
            return Err(ProofError::Forged("it is about signing out"));
        }
        if fields.get("return_sso_url").is_some_and(|address| address != return_address.as_str()) {
            return Err(ProofError::Forged("it was made for another address"));
        }
        let subject = fields
            .get("external_id")
            .ok_or(ProofError::Forged("it names no account; it may be our own question sent back"))?;
        let subject = subject_of(subject).ok_or(ProofError::Forged("the account's number is none"))?;
        let username =
            fields.get("username").filter(|name| !name.is_empty() && name.len() <= USERNAME_BYTES_MAX);
        let username = username.ok_or(ProofError::Forged("it does not name the account"))?;
        let name = fields.get("name").filter(|name| !name.is_empty() && name.len() <= NAME_BYTES_MAX);
        Ok(Identity {
            subject,
            username: username.clone(),
            name: name.cloned(),
            picture: self.picture(fields.get("avatar_url")),
            second_factor: fields.get("confirmed_2fa").is_some_and(|said| said == "true"),
        })
    }
}

/// The fields of an answer, each as it stands first; `None` for what is not base64.
fn fields_of(answer: &str) -> Option<BTreeMap<String, String>> {
    let text = STANDARD.decode(answer).ok()?;
    let mut fields = BTreeMap::new();
    for (key, value) in form_urlencoded::parse(&text) {
        fields.entry(key.into_owned()).or_insert_with(|| value.into_owned());
    }
    Some(fields)
}

/// A forum user's number: decimal, above zero, written in the one way a forum writes it.
fn subject_of(text: &str) -> Option<Subject> {
    let id: i64 = text.parse().ok().filter(|id| *id > 0)?;
    (id.to_string() == text).then(|| Subject(text.to_owned()))
}

fn is_set(fields: &BTreeMap<String, String>, key: &str) -> bool {
    fields.get(key).is_some_and(|value| value != "false")
}
