//! Buckets, the global limit, and the ban of clients that do not listen.

use serde_json::{Value, json};
use sim::discord::{Fault, FaultRule, LimitSettings};

use crate::harbor::Harbor;

#[tokio::test]
async fn giving_and_taking_a_role_share_a_bucket_and_nicknames_have_their_own() {
    let harbor = Harbor::open(LimitSettings::default()).await;
    let role = format!("{}/roles/{}", harbor.member(harbor.mira), harbor.below);
    for call in 0..10 {
        let method = if call % 2 == 0 { "PUT" } else { "DELETE" };
        let answer = harbor.send(method, &role, Value::Null).await;
        assert_eq!(answer.headers()["x-ratelimit-remaining"], (9 - call).to_string().as_str());
    }
    let refused = harbor.send("PUT", &role, Value::Null).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["x-ratelimit-scope"], "user");
    let body: Value = refused.json().await.unwrap();
    assert!(body["retry_after"].as_f64().unwrap() <= 10.0 && body["global"] == false);
    assert_eq!(harbor.call("PATCH", &harbor.member(harbor.mira), json!({ "nick": "M" })).await.0, 200);
    let bare = harbor.send("GET", &format!("/guilds/{}/roles", harbor.guild), Value::Null).await;
    assert!(bare.headers().get("x-ratelimit-limit").is_none());
    harbor.clock.advance_ms(10_000);
    assert_eq!(harbor.call("PUT", &role, Value::Null).await.0, 204);
    assert_eq!(harbor.sim.invalid_calls(), 1);
}

#[tokio::test]
async fn routes_of_which_no_limit_was_seen_say_nothing_of_limits() {
    let harbor = Harbor::open(LimitSettings::default()).await;
    let ban = harbor.at(&format!("/bans/{}", harbor.mira));
    for (method, path) in [
        ("GET", "/users/@me".to_owned()),
        ("GET", harbor.at("/roles")),
        ("GET", harbor.at("")),
        ("DELETE", harbor.at(&format!("/roles/{}", harbor.below))),
        ("PUT", ban.clone()),
        ("DELETE", ban),
        ("POST", "/interactions/1/token/callback".to_owned()),
    ] {
        let answer = harbor.send(method, &path, Value::Null).await;
        let told: Vec<_> =
            answer.headers().keys().filter(|name| name.as_str().starts_with("x-ratelimit")).collect();
        assert!(told.is_empty(), "{method} {path} says {told:?}");
    }
}

#[tokio::test]
async fn a_bucket_says_how_much_is_left_of_it_and_until_when() {
    let harbor = Harbor::open(LimitSettings::default()).await;
    let names = |answer: &reqwest::Response, name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let table = [
        ("PATCH", harbor.member(harbor.mira), json!({ "nick": "M" }), ("10", "10.000")),
        ("GET", harbor.member(harbor.mira), Value::Null, ("5", "1.000")),
        ("GET", harbor.at("/members?limit=5"), Value::Null, ("10", "10.000")),
        ("GET", harbor.at("/members/search?query=m"), Value::Null, ("10", "10.000")),
        ("PATCH", harbor.at("/members/@me"), json!({ "nick": "Hall" }), ("1", "1.000")),
    ];
    let mut buckets = Vec::new();
    for (method, path, body, (limit, window)) in table {
        let answer = harbor.send(method, &path, body).await;
        assert_eq!(names(&answer, "x-ratelimit-limit"), limit, "{method} {path}");
        assert_eq!(names(&answer, "x-ratelimit-reset-after"), window, "{method} {path}");
        let reset: f64 = names(&answer, "x-ratelimit-reset").parse().unwrap();
        assert!(reset > 1_000_000_000.0, "{method} {path} names a moment");
        buckets.push(names(&answer, "x-ratelimit-bucket"));
    }
    let apart: std::collections::BTreeSet<_> = buckets.iter().collect();
    assert_eq!(apart.len(), buckets.len(), "each route has its own bucket");
}

#[tokio::test]
async fn the_global_limit_holds_for_all_routes_of_one_token_but_for_answers_to_interactions() {
    let harbor = Harbor::open(LimitSettings { global_a_second: 5, ..LimitSettings::default() }).await;
    for path in [
        "/users/@me".to_owned(),
        harbor.at("/roles"),
        harbor.at(""),
        harbor.at("/channels"),
        "/users/@me".to_owned(),
    ] {
        assert_eq!(harbor.call("GET", &path, Value::Null).await.0, 200, "{path}");
    }
    let refused = harbor.send("GET", &harbor.at("/roles"), Value::Null).await;
    assert_eq!(refused.status(), 429);
    let headers = refused.headers().clone();
    assert_eq!(
        (&headers["x-ratelimit-global"], &headers["x-ratelimit-scope"]),
        (&"true".parse().unwrap(), &"global".parse().unwrap())
    );
    assert!(headers.contains_key("retry-after") && !headers.contains_key("x-ratelimit-bucket"));
    let body: Value = refused.json().await.unwrap();
    assert_eq!((&body["global"], &body["message"]), (&json!(true), &json!("You are being rate limited.")));
    let wait = body["retry_after"].as_f64().unwrap();
    assert!(wait > 0.0 && wait <= 1.0, "{wait}");
    let answer = harbor.call("POST", "/interactions/1/token/callback", json!({ "type": 5 })).await;
    assert_eq!(answer, (404, 10062), "answers to interactions are not counted");
    harbor.clock.advance_ms(1_000);
    assert_eq!(harbor.call("GET", "/users/@me", Value::Null).await.0, 200);
}

#[tokio::test]
async fn who_is_refused_too_often_is_answered_by_the_network_in_front_with_a_page() {
    let harbor = Harbor::open(LimitSettings { invalid_in_ten_minutes: 3, ..LimitSettings::default() }).await;
    let forbidden = harbor.at("/bans");
    harbor.sim.fault(FaultRule::next(
        "GET",
        "/users/@me",
        Fault::Limited { scope: "shared", retry_after_ms: 10 },
    ));
    assert_eq!(harbor.call("GET", "/users/@me", Value::Null).await.0, 429);
    for _ in 0..4 {
        assert_eq!(harbor.call("GET", &forbidden, Value::Null).await, (403, 50013));
    }
    let banned = harbor.send("GET", "/users/@me", Value::Null).await;
    assert_eq!(banned.status(), 429);
    assert_eq!(banned.headers()["content-type"], "text/html; charset=UTF-8");
    assert_eq!(banned.headers()["retry-after"], "3600");
    assert!(banned.text().await.unwrap().contains("1015"));
    harbor.clock.advance_ms(3_600_000);
    assert_eq!(harbor.call("GET", "/users/@me", Value::Null).await.0, 200);
}
