//! What the simulated Discord says when it refuses, against Discord's own OpenAPI document. (What it says when it
//! does not is checked route by route in `discord_contract.rs`.)

use std::path::PathBuf;

use serde_json::{Value, json};
use sim::discord::{Fault, FaultRule, LimitSettings};

use crate::harbor::Harbor;

/// Where answers differ from the document: a place in it, what must stand there, and the reason.
const DEVIATIONS: &[(&str, &str, &str)] = &[
    (
        "/components/schemas/RatelimitedResponse/allOf/0",
        r#"{ "type": "object", "required": ["message"], "properties": { "message": { "type": "string" } } }"#,
        "most answers with 429 have no code (Discord docs: Rate Limit Response Structure)",
    ),
    (
        "/components/schemas/InnerErrors/properties/_errors/items",
        r#"{ "type": "object", "required": ["code", "message"], "additionalProperties": false,
        "properties": { "code": { "type": "string" }, "message": { "type": "string" } } }"#,
        "what is wrong with a field has a word for a code (Discord docs: Error Messages), where the document has the \
     number of a whole answer",
    ),
];

#[expect(clippy::print_stdout, reason = "what is left out is said")]
fn document() -> Option<Value> {
    let shared = std::env::var("GUILDHALL_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let Ok(text) = std::fs::read_to_string(shared.join("contracts/discord-openapi.json")) else {
        assert!(std::env::var_os("CI").is_none(), "CI checks against the contract");
        println!("left out: ../shared/contracts is not there");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// The document without one of the deviations, or with all of them.
fn with_deviations(document: &Value, but: Option<usize>) -> Value {
    let mut document = document.clone();
    for (number, (place, stands, _)) in DEVIATIONS.iter().enumerate() {
        if but != Some(number) {
            *document.pointer_mut(place).unwrap() = serde_json::from_str(stands).unwrap();
        }
    }
    document
}

/// Which answers are not as the document has them.
fn faults(document: &Value, answers: &[(String, u16, Value)]) -> Vec<String> {
    let validator = |name: &str| {
        let schema =
            json!({ "$ref": format!("#/components/schemas/{name}"), "components": document["components"] });
        jsonschema::draft202012::new(&schema).unwrap()
    };
    let (refused, limited) = (validator("ErrorResponse"), validator("RatelimitedResponse"));
    let mut faults = Vec::new();
    for (what, status, body) in answers {
        let validator = if *status == 429 { &limited } else { &refused };
        faults.extend(validator.iter_errors(body).map(|error| format!("{what} ({status}): {error}")));
    }
    faults
}

/// Refusals of every kind.
async fn refusals() -> Vec<(String, u16, Value)> {
    let harbor = Harbor::open(LimitSettings { global_a_second: 40, ..LimitSettings::default() }).await;
    let channel = harbor.sim.channel_named(harbor.guild, "general").unwrap();
    let messages = format!("/channels/{channel}/messages");
    let long = "x".repeat(5_000);
    let table = [
        ("no such route", "GET", "/nothing".to_owned(), Value::Null, 404),
        ("no such method", "PUT", harbor.at(""), Value::Null, 405),
        ("no such guild", "GET", "/guilds/1".to_owned(), Value::Null, 404),
        ("no such member", "GET", harbor.member(harbor.below), Value::Null, 404),
        ("no permission", "GET", harbor.at("/bans"), Value::Null, 403),
        ("somebody above", "PATCH", harbor.member(harbor.owner), json!({ "nick": "x" }), 403),
        ("a page too large", "GET", harbor.at("/members?limit=2000"), Value::Null, 400),
        ("a name too long", "PATCH", harbor.member(harbor.mira), json!({ "nick": long }), 400),
        ("nothing to say", "POST", messages.clone(), json!({}), 400),
        (
            "much wrong at once",
            "POST",
            messages.clone(),
            json!({ "content": long, "embeds": [{ "title": long }, { "fields": [{ "name": long }] }] }),
            400,
        ),
        (
            "an interaction that is none",
            "POST",
            "/interactions/1/x/callback".to_owned(),
            json!({ "type": 5 }),
            404,
        ),
        (
            "commands that are none",
            "PUT",
            format!("/applications/{}/commands", harbor.application),
            json!([{ "name": "A" }]),
            400,
        ),
    ];
    let mut answers = Vec::new();
    for (what, method, path, body, expected) in table {
        let answer = harbor.send(method, &path, body).await;
        let status = answer.status().as_u16();
        assert_eq!(status, expected, "{what}");
        answers.push((what.to_owned(), status, answer.json().await.unwrap()));
    }
    for scope in ["user", "shared", "global"] {
        harbor.sim.fault(FaultRule::next(
            "GET",
            "/users/@me",
            Fault::Limited { scope, retry_after_ms: 1_500 },
        ));
        let answer = harbor.send("GET", "/users/@me", Value::Null).await;
        answers.push((scope.to_owned(), answer.status().as_u16(), answer.json().await.unwrap()));
    }
    while answers.last().unwrap().0 != "too often" {
        let answer = harbor.send("GET", &harbor.at("/roles"), Value::Null).await;
        let status = answer.status().as_u16();
        let what = if status == 429 { "too often" } else { "in time" };
        let refused = (what.to_owned(), status, answer.json().await.unwrap());
        answers.extend((status == 429).then_some(refused));
    }
    harbor.sim.revoke_token(harbor.application).unwrap();
    harbor.clock.advance_ms(1_000);
    let answer = harbor.send("GET", "/users/@me", Value::Null).await;
    answers.push(("a wrong token".to_owned(), answer.status().as_u16(), answer.json().await.unwrap()));
    answers
}

#[tokio::test]
async fn every_refusal_is_as_discords_own_document_has_it() {
    let Some(document) = document() else { return };
    let answers = refusals().await;
    let statuses: std::collections::BTreeSet<u16> = answers.iter().map(|(_, status, _)| *status).collect();
    assert_eq!(statuses, [400, 401, 403, 404, 405, 429].into());
    let wrong = faults(&with_deviations(&document, None), &answers);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (number, (place, _, reason)) in DEVIATIONS.iter().enumerate() {
        let needed = !faults(&with_deviations(&document, Some(number)), &answers).is_empty();
        assert!(needed, "{place} is as the document has it: {reason}");
    }
}
