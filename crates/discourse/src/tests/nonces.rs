//! Which attempt an answer names, before anything of it is believed.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use service::ports::{Callback, Proof};

use super::stand_in::settings;
use crate::Connect;

fn named_in(query: &[(&str, &str)]) -> Option<String> {
    let query: BTreeMap<String, String> =
        query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Connect::new(&settings("https://forum.discourse.test")).nonce_of(&Callback { query })
}

#[test]
fn an_answer_names_the_attempt_whatever_its_signature_and_nothing_else_does() {
    let answer = STANDARD.encode("nonce=one&nonce=two&external_id=4");
    assert_eq!(named_in(&[("sso", &answer), ("sig", "00")]).as_deref(), Some("one"));
    let nameless = STANDARD.encode("external_id=4");
    let long = STANDARD.encode(format!("nonce={}", "n".repeat(16 * 1024)));
    for query in [[("sso", nameless.as_str())], [("sso", "no base64")], [("sso", &long)], [("nonce", "one")]]
    {
        assert_eq!(named_in(&query), None, "{query:?}");
    }
}
