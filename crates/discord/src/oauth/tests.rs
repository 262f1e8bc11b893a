//! A browser that comes back as it should, and all the ways in which it does not.

use domain::ids::Subject;

use super::*;
use crate::tests::{Peer, answer, settings};

const TOKEN: &str =
    r#"{"access_token":"user-token","token_type":"Bearer","expires_in":604800,"scope":"identify"}"#;
const USER: &str = r#"{"id":"80351110224678912","username":"mira","global_name":"Mira","avatar":"a1b2"}"#;

fn secrets() -> ProofSecrets {
    ProofSecrets { nonce: "the-nonce".to_owned(), verifier: "v".repeat(43) }
}

fn callback(query: &[(&str, &str)]) -> Callback {
    Callback { query: query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect() }
}

fn redirect() -> Url {
    "https://hall.example/link/discord".parse().unwrap()
}

async fn completes(answers: &[String], query: &[(&str, &str)]) -> (Peer, Result<Identity, ProofError>) {
    let peer = Peer::saying(answers).await;
    let oauth = OAuth::new(&settings(&peer.address), Metrics::default()).unwrap();
    let identity = oauth.complete(&callback(query), &secrets(), &redirect()).await;
    (peer, identity)
}

#[test]
fn the_browser_is_sent_with_state_challenge_and_the_smallest_scope() {
    let oauth = OAuth::new(&settings("https://discord.example"), Metrics::default()).unwrap();
    let address = oauth.begin(&secrets(), &redirect(), false).unwrap();
    let query: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    for (key, value) in [
        ("response_type", "code"),
        ("client_id", "5"),
        ("scope", "identify"),
        ("state", "the-nonce"),
        ("prompt", "consent"),
        ("redirect_uri", "https://hall.example/link/discord"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(query.get(key).map(String::as_str), Some(value), "{key}");
    }
    assert!(!address.as_str().contains(&secrets().verifier), "the verifier stays here");
    assert_eq!(query["code_challenge"].len(), 43);
}

#[tokio::test]
async fn a_code_proves_the_account_and_the_token_is_revoked_at_once() {
    let answers = [answer("200 OK", &[], TOKEN), answer("200 OK", &[], USER), answer("200 OK", &[], "{}")];
    let (peer, identity) = completes(&answers, &[("state", "the-nonce"), ("code", "the-code")]).await;
    let picture = format!("{}/cdn/avatars/80351110224678912/a1b2.png?size=128", peer.address);
    assert_eq!(
        identity.unwrap(),
        Identity {
            subject: Subject("80351110224678912".to_owned()),
            username: "mira".to_owned(),
            name: Some("Mira".to_owned()),
            picture: Some(picture),
            second_factor: false,
        }
    );
    let asked = peer.asked();
    assert!(
        asked[0].contains("code=the-code")
            && asked[0].contains(&format!("code_verifier={}", secrets().verifier))
    );
    assert!(asked[1].starts_with("GET /api/v10/users/@me ") && asked[1].contains("Bearer user-token"));
    assert!(asked[2].starts_with("POST /api/oauth2/token/revoke ") && asked[2].contains("token=user-token"));
}

#[tokio::test]
async fn what_was_not_made_for_this_attempt_is_refused_without_asking_discord() {
    let long = "c".repeat(CODE_BYTES_MAX + 1);
    for (name, query, expected) in [
        ("no state", vec![("code", "c")], ProofError::Forged("it carries no state")),
        (
            "tampered",
            vec![("state", "other"), ("code", "c")],
            ProofError::Forged("it was made for another attempt"),
        ),
        (
            "a prefix",
            vec![("state", "the"), ("code", "c")],
            ProofError::Forged("it was made for another attempt"),
        ),
        ("no code", vec![("state", "the-nonce")], ProofError::Forged("it carries no code")),
        (
            "a huge code",
            vec![("state", "the-nonce"), ("code", &long)],
            ProofError::Forged("it carries no code"),
        ),
        ("said no", vec![("state", "the-nonce"), ("error", "access_denied")], ProofError::Declined),
    ] {
        let (peer, identity) = completes(&[], &query).await;
        assert_eq!((identity, peer.asked().len()), (Err(expected), 0), "{name}");
    }
}

#[tokio::test]
async fn what_discord_says_of_a_code_is_told_apart() {
    let said = |status: &str, error: &str| answer(status, &[], &format!(r#"{{"error":"{error}"}}"#));
    for (name, refusal, expected) in [
        ("used before", said("400 Bad Request", "invalid_grant"), "Forged"),
        ("a wrong secret", said("401 Unauthorized", "invalid_client"), "Misconfigured"),
        ("a wrong redirect", said("400 Bad Request", "invalid_request"), "Misconfigured"),
        ("a page", answer("503 Service Unavailable", &[], "<html>"), "Unreachable"),
        ("nothing", String::new(), "Unreachable"),
    ] {
        let (_, identity) = completes(&[refusal], &[("state", "the-nonce"), ("code", "c")]).await;
        let error = format!("{:?}", identity.unwrap_err());
        assert!(error.starts_with(expected), "{name}: {error}");
        assert!(!error.contains("client-secret"), "{name}: {error}");
    }
}
