//! Every request that the hall makes of a forum, against Discourse's own OpenAPI document.

use std::collections::BTreeSet;

use domain::ids::{GroupId, Subject};
use serde_json::Value;
use service::ports::{ActsCursor, ProfileViewer, Proof, ProofSecrets, Source, Wanted, WhoseProfile};
use url::Url;

use super::stand_in::{Call, Forum, fact, recorded, recordings_here, shared};
use super::town::Town;

/// Path, the beginning of what the document does not have, and why it is asked all the same. A fault without
/// a row fails; so does a row that nothing needs.
const DEVIATIONS: &[(&str, &str, &str)] = &[
    ("/admin/logs/staff_action_logs.json", "not in the document", "the log is; recorded (README, 6)"),
    (
        "/session/sso_provider",
        "not in the document",
        "the provider is no part of the API; recorded in connect/",
    ),
    ("/groups.json", "page is not in the document", "36 groups a page, and no other way to the next"),
    (
        "/groups/{name}/members.json",
        "limit is not in the document",
        "up to 1,000 a page; recorded (README, 10)",
    ),
    (
        "/groups/{name}/members.json",
        "offset is not in the document",
        "the only way to the next page; recorded",
    ),
    ("/admin/users/list/{flag}.json", "flag may not be silenced", "recorded: read/admin-users-list-silenced"),
    ("/admin/users/list/{flag}.json", "flag may not be staged", "recorded: read/admin-users-list-staged"),
    ("/u/{username}.json", "Api-Key is missing", "a visitor's eyes are a visitor's: asked without the key"),
    ("/u/{username}.json", "Api-Username is missing", "a visitor's eyes are a visitor's"),
];

/// Every operation that the hall asks for; a new one has to be tried here.
const ASKED: &[&str] = &[
    "/admin/logs/staff_action_logs.json",
    "/admin/users/list/{flag}.json",
    "/admin/users/{id}.json",
    "/groups.json",
    "/groups/{name}/members.json",
    "/session/sso_provider",
    "/u/{username}.json",
];

#[tokio::test]
async fn every_request_is_as_discourses_own_document_has_it() {
    let Some(document) = document() else { return };
    let (mut asked, mut used, mut unknown) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for call in calls().await {
        let (path, faults) = faults(&document, &call);
        for fault in faults {
            match DEVIATIONS.iter().position(|(place, start, _)| *place == path && fault.starts_with(start)) {
                Some(row) => drop(used.insert(row)),
                None => drop(unknown.insert(format!("{} {path}: {fault}", call.method))),
            }
        }
        asked.insert(path);
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert_eq!(asked.iter().map(String::as_str).collect::<Vec<_>>(), ASKED);
    let idle: Vec<_> =
        DEVIATIONS.iter().enumerate().filter(|(row, _)| !used.contains(row)).map(|(_, row)| row).collect();
    assert!(idle.is_empty(), "rows that nothing needs: {idle:#?}");
}

/// The document. Where it is not, the test says that it was left out; in CI it fails.
fn document() -> Option<Value> {
    if !recordings_here() {
        return None;
    }
    let text = std::fs::read_to_string(shared().join("contracts/discourse-openapi.json")).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// Everything that the hall asks of a forum.
async fn calls() -> Vec<Call> {
    let town = Town::of(250).serve().await;
    let source = town.source();
    for facts in [&["trust_level", "groups", "suspended"][..], &["silenced"], &["staged"], &["joined_at"]] {
        let facts = facts.iter().map(|name| fact(name)).collect();
        let wanted = Wanted { facts, groups: vec![GroupId(41)] };
        source.everybody(&wanted, &|_| true).await.unwrap();
    }
    source.members_of(GroupId(41)).await.unwrap();
    let forum = Forum::with([
        ("/admin/users/4.json", recorded("read/admin-user-mira.json")),
        ("/u/mira.json", recorded("read/user-mira.json")),
        ("/u/%C3%86r%C3%B8.json", recorded("read/user-aero-unicode.json")),
    ])
    .await;
    let source = forum.source();
    source.one(&Subject("4".to_owned())).await.unwrap();
    // An answer that proves nothing is followed by a control read.
    source.one(&Subject("18".to_owned())).await.unwrap_err();
    let mira = WhoseProfile::Subject(Subject("4".to_owned()));
    source.profile(&mira, ProfileViewer::Themselves).await.unwrap();
    let by_name = WhoseProfile::Username("Ærø".to_owned());
    source.profile(&by_name, ProfileViewer::Visitor).await.unwrap();
    let log = Forum::with([]).await;
    for cursor in [None, Some(ActsCursor(7))] {
        log.source().acts_since(cursor).await.unwrap_err();
    }
    let mut calls = [town.calls(), forum.calls(), log.calls()].concat();
    calls.push(of_a_browser(&source));
    calls
}

/// Where a browser is sent to prove an account.
fn of_a_browser(source: &crate::Discourse) -> Call {
    let secrets = ProofSecrets { nonce: "abc".to_owned(), verifier: String::new() };
    let back = Url::parse("https://hall.discourse.test/link/forum/return").unwrap();
    let there = source.connect().begin(&secrets, &back, false).unwrap();
    let target = format!("{}?{}", there.path(), there.query().unwrap());
    Call { method: "GET".to_owned(), target, key: None, username: None }
}

/// The path as the document writes it, and what it has against the call.
fn faults(document: &Value, call: &Call) -> (String, Vec<String>) {
    let address = Url::parse(&format!("http://forum{}", call.target)).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let fits = paths.iter().filter(|(pattern, _)| names(pattern, address.path()).is_some());
    // `/u/by-external/…` is no name: the pattern with the fewest holes is meant.
    let meant = fits.min_by_key(|(pattern, _)| pattern.matches('{').count());
    let operation = meant.and_then(|(path, verbs)| Some((path, verbs.get(call.method.to_lowercase())?)));
    let Some((path, operation)) = operation else {
        return (address.path().to_owned(), vec!["not in the document".to_owned()]);
    };
    let mut said = names(path, address.path()).unwrap();
    said.extend(address.query_pairs().map(|(name, value)| ("query", name.into_owned(), value.into_owned())));
    let headers = [("Api-Key", &call.key), ("Api-Username", &call.username)];
    said.extend(headers.iter().filter_map(|(name, value)| {
        value.as_ref().map(|value| ("header", (*name).to_owned(), value.clone()))
    }));
    (path.clone(), of_parameters(operation, &said))
}

/// What stands in a path's holes; none when the path is another.
fn names(pattern: &str, path: &str) -> Option<Vec<(&'static str, String, String)>> {
    let (pattern, path) = (pattern.trim_end_matches(".json"), path.trim_end_matches(".json"));
    if pattern.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut said = Vec::new();
    for (hole, step) in pattern.split('/').zip(path.split('/')) {
        match hole.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => said.push(("path", name.to_owned(), step.to_owned())),
            None if hole == step => {}
            None => return None,
        }
    }
    Some(said)
}

fn of_parameters(operation: &Value, said: &[(&str, String, String)]) -> Vec<String> {
    let known: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
    let mut faults = Vec::new();
    for (place, name, value) in said {
        match known.iter().find(|known| known["name"] == **name && known["in"] == **place) {
            Some(known) if !may_be(&known["schema"], value) => {
                faults.push(format!("{name} may not be {value}"));
            }
            // The document names the key's headers only here and there; every operation takes them.
            None if *place != "header" => faults.push(format!("{name} is not in the document")),
            _ => {}
        }
    }
    for wanted in known.iter().filter(|known| known["required"] == true) {
        if !said.iter().any(|(place, name, _)| wanted["name"] == **name && wanted["in"] == **place) {
            faults.push(format!("{} is missing", wanted["name"].as_str().unwrap()));
        }
    }
    faults
}

fn may_be(schema: &Value, value: &str) -> bool {
    let is_one_of = |options: &Vec<Value>| options.iter().any(|option| option == value);
    let fits_type = match schema["type"].as_str() {
        Some("integer") => value.parse::<i64>().is_ok(),
        Some("boolean") => matches!(value, "true" | "false"),
        _ => true,
    };
    fits_type && schema["enum"].as_array().is_none_or(is_one_of)
}
