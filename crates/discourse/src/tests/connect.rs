//! DiscourseConnect: what the forum really answers is believed, everything else is refused with a reason.

use std::collections::BTreeMap;

use crate::Connect;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use service::ports::{Callback, Identity, Proof, ProofError, ProofSecrets};
use url::Url;

use super::stand_in::{recording, recordings_here, settings};

const SECRET: &str = "harbor-provider-secret";
const RETURN: &str = "https://hall.discourse.test/link/forum/return";

fn connect() -> Connect {
    Connect::new(&settings("https://forum.discourse.test"))
}

fn secrets(nonce: &str) -> ProofSecrets {
    ProofSecrets { nonce: nonce.to_owned(), verifier: String::new() }
}

fn sign(text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    HEXLOWER.encode(hmac::sign(&key, text.as_bytes()).as_ref())
}

fn signed(payload: &str) -> Callback {
    let sso = STANDARD.encode(payload);
    let sig = sign(&sso);
    Callback { query: BTreeMap::from([("sso".to_owned(), sso), ("sig".to_owned(), sig)]) }
}

fn query_of(address: &Url) -> Callback {
    Callback { query: address.query_pairs().into_owned().collect() }
}

async fn complete(callback: &Callback, nonce: &str, back: &str) -> Result<Identity, ProofError> {
    connect().complete(callback, &secrets(nonce), &back.parse().unwrap()).await
}

#[tokio::test]
async fn every_recorded_answer_proves_its_account() {
    if !recordings_here() {
        return;
    }
    let files = [
        "signed-in-captain",
        "signed-in-ana",
        "signed-in-aero-unicode",
        "signed-in-mate",
        "signed-in-long_name_user",
        "signed-in-bold.user-x_1",
        "not-signed-in",
        "sign-in-silenced",
        "login-required",
        "variants",
    ];
    let mut answers = 0;
    for file in files {
        let recording = recording(&format!("connect/{file}.json"));
        for step in recording["steps"].as_array().unwrap() {
            let Some(fields) = step["answer"]["fields"].as_array() else { continue };
            let field = |name: &str| {
                fields.iter().find(|field| field[0] == name).map(|field| field[1].as_str().unwrap())
            };
            let Some(external) = field("external_id") else { continue };
            // Without a nonce nothing is bound to an attempt, whatever else it says.
            let Some(nonce) = field("nonce") else { continue };
            let address: Url = step["answer"]["return_url"].as_str().unwrap().parse().unwrap();
            let identity = complete(&query_of(&address), nonce, field("return_sso_url").unwrap()).await;
            let identity = identity.unwrap_or_else(|error| panic!("{file}: {error}"));
            assert_eq!(
                (identity.subject.0.as_str(), identity.username.as_str()),
                (external, field("username").unwrap())
            );
            assert_eq!(identity.name.as_deref(), field("name"), "{file}");
            assert_eq!(identity.picture.as_deref(), field("avatar_url"), "{file}");
            answers += 1;
        }
    }
    assert!(answers >= 12, "{answers}");
}

#[test]
fn a_question_is_signed_and_names_where_to_return() {
    let address = connect().begin(&secrets("n0nce-_"), &RETURN.parse().unwrap(), false).unwrap();
    assert!(address.as_str().starts_with("https://forum.discourse.test/session/sso_provider?sso="));
    let question = query_of(&address);
    assert_eq!(question.query["sig"], sign(&question.query["sso"]));
    let payload = String::from_utf8(STANDARD.decode(&question.query["sso"]).unwrap()).unwrap();
    assert_eq!(
        payload,
        "nonce=n0nce-_&return_sso_url=https%3A%2F%2Fhall.discourse.test%2Flink%2Fforum%2Freturn"
    );
}

#[tokio::test]
async fn what_was_not_made_for_this_attempt_is_refused() {
    let good = "nonce=abc&external_id=5&username=leo";
    assert!(complete(&signed(good), "abc", RETURN).await.is_ok());
    let tampered = |key: &str, value: &str| {
        let mut callback = signed(good);
        callback.query.insert(key.to_owned(), value.to_owned());
        callback
    };
    let reflected = query_of(&connect().begin(&secrets("abc"), &RETURN.parse().unwrap(), false).unwrap());
    let long = format!("{good}&groups={}", "g,".repeat(9000));
    let cases: Vec<(&str, Callback, &str)> = vec![
        ("nothing", Callback::default(), "no answer"),
        ("our own question sent back", reflected, "names no account"),
        ("another signature", tampered("sig", &"0".repeat(64)), "signature"),
        ("no hexadecimal", tampered("sig", "zz"), "signature"),
        ("a cut signature", tampered("sig", &signed(good).query["sig"][..62]), "signature"),
        (
            "another text",
            tampered("sso", &STANDARD.encode("nonce=abc&external_id=1&username=captain")),
            "signature",
        ),
        ("no base64", signed_raw("!!!!"), "base64"),
        ("an older attempt", signed("nonce=old&external_id=5&username=leo"), "another attempt"),
        ("no nonce", signed("external_id=5&username=leo"), "no attempt"),
        (
            "another address",
            signed(&format!("{good}&return_sso_url=https%3A%2F%2Fevil.test")),
            "another address",
        ),
        ("signing out", signed(&format!("{good}&logout=true")), "signing out"),
        ("no account", signed("nonce=abc&username=leo"), "names no account"),
        ("account zero", signed("nonce=abc&external_id=0&username=leo"), "number"),
        ("a negative account", signed("nonce=abc&external_id=-1&username=system"), "number"),
        ("an account in words", signed("nonce=abc&external_id=leo&username=leo"), "number"),
        ("an account in other digits", signed("nonce=abc&external_id=%2B5&username=leo"), "number"),
        ("no username", signed("nonce=abc&external_id=5"), "does not name"),
        ("a long answer", signed(&long), "too long"),
    ];
    for (case, callback, words) in cases {
        match complete(&callback, "abc", RETURN).await {
            Err(ProofError::Forged(why)) => assert!(why.contains(words), "{case}: {why}"),
            other => panic!("{case}: {other:?}"),
        }
    }
    let failed = complete(&signed("nonce=abc&failed=true"), "abc", RETURN).await;
    assert_eq!(failed, Err(ProofError::Declined));
}

fn signed_raw(sso: &str) -> Callback {
    Callback { query: BTreeMap::from([("sso".to_owned(), sso.to_owned()), ("sig".to_owned(), sign(sso))]) }
}
