//! The page answers, keeps others out, and its clicks change the forum.

use serde_json::{Value, json};

use super::memory::{Memory, Moment, Unread};
use super::{Demo, DemoParts, RuleShown, listener};
use crate::cast::{Harbor, Mooring};

/// A demo whose hall is nowhere: the page must live with that.
async fn demo() -> (Demo, Harbor, reqwest::Client) {
    let harbor = Harbor::start(Mooring { generous: true, ..Mooring::default() }).await.expect("harbor");
    let nowhere = listener(0).await.expect("port").local_addr().expect("address");
    let parts = DemoParts {
        harbor: harbor.clone(),
        hall: format!("http://{nowhere}"),
        token: "token".to_owned(),
        rules: vec![RuleShown { role: "Regular".to_owned(), when: "forum.trust_level >= 2".to_owned() }],
        staff_log_every_ms: 30_000,
    };
    let demo = Demo::start(listener(0).await.expect("port"), parts).expect("demo");
    let client = reqwest::Client::builder().no_proxy().build().expect("client");
    (demo, harbor, client)
}

async fn first_view(demo: &Demo, client: &reqwest::Client) -> Value {
    let mut events = client.get(format!("{}/events", demo.address())).send().await.expect("events");
    let mut text = String::new();
    loop {
        let chunk = events.chunk().await.expect("an event").expect("the stream goes on");
        text.push_str(&String::from_utf8_lossy(&chunk));
        if let Some((event, _)) = text.clone().split_once("\n\n") {
            text = text.split_off(event.len() + 2);
            let data = event.strip_prefix("data: ").expect("data");
            let value: Value = serde_json::from_str(data).expect("json");
            if value.pointer("/view/forum").is_some() {
                return value;
            }
        }
    }
}

#[tokio::test]
async fn the_page_loads_only_what_it_has_itself() {
    let (demo, _harbor, client) = demo().await;
    for (path, kind) in [
        ("/", "text/html"),
        ("/demo.css", "text/css"),
        ("/demo.js", "text/javascript"),
        ("/desk.js", "text/javascript"),
        ("/discord.js", "text/javascript"),
    ] {
        let answer = client.get(format!("{}{path}", demo.address())).send().await.expect("answer");
        assert_eq!(answer.status(), 200, "{path}");
        let header =
            |name: &str| answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
        assert!(header("content-type").is_some_and(|value| value.starts_with(kind)), "{path}");
        assert!(
            header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'"))
        );
        let body = answer.text().await.expect("body");
        assert!(
            !body.contains("https://") && !body.contains(" style=\"") && !body.contains(" onclick=\""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn without_a_hall_both_places_are_shown_all_the_same() {
    let (demo, _harbor, client) = demo().await;
    let shown = first_view(&demo, &client).await;
    let people = shown.pointer("/view/forum/people").and_then(Value::as_array).expect("people");
    assert!(people.iter().any(|person| person["username"] == "mira" && person["level"] == 2));
    assert_eq!(shown.pointer("/view/hall/answers"), Some(&json!(false)));
    let groups = shown.pointer("/view/discord/groups").and_then(Value::as_array).expect("groups");
    let names: Vec<&str> = groups.iter().filter_map(|group| group["name"].as_str()).collect();
    assert_eq!(names, ["Harbourmaster", "Online"]);
    let owners = groups.iter().filter_map(|group| group["members"].as_array()).flatten();
    let owners: Vec<&str> = owners
        .filter(|member| member["owner"] == true)
        .filter_map(|member| member["username"].as_str())
        .collect();
    assert_eq!(owners, ["leo_s"]);
}

#[tokio::test]
async fn clicks_change_the_forum_and_what_it_refuses_is_said() {
    let (demo, harbor, client) = demo().await;
    let act = |body: Value| {
        let call = client.post(format!("{}/act", demo.address())).json(&body);
        async move { call.send().await.expect("answer") }
    };
    let mira = harbor.forum.user_named("mira").expect("mira").id.0.to_string();
    let noor = harbor.forum.admin().0.to_string();
    for (body, status) in [
        (json!({ "act": "level", "person": mira, "value": 4 }), 200),
        (json!({ "act": "level", "person": mira, "value": 9 }), 409),
        (json!({ "act": "title", "person": mira, "text": "Pilot" }), 200),
        (json!({ "act": "title", "person": mira, "text": "x".repeat(101) }), 409),
        (json!({ "act": "switch", "person": mira, "what": "crew", "on": true }), 200),
        (json!({ "act": "switch", "person": mira, "what": "moderator", "on": true }), 200),
        (json!({ "act": "switch", "person": mira, "what": "nonsense", "on": true }), 409),
        (json!({ "act": "switch", "person": noor, "what": "suspended", "on": true }), 409),
        (json!({ "act": "level", "person": "nobody", "value": 1 }), 409),
        (json!({ "act": "nonsense" }), 422),
    ] {
        assert_eq!(act(body.clone()).await.status(), status, "{body}");
    }
    let mira = harbor.forum.user_named("mira").expect("mira");
    assert_eq!((mira.trust_level, mira.title.as_deref(), mira.moderator), (4, Some("Pilot"), true));
    assert_eq!(act(json!({ "act": "break" })).await.status(), 200);
    let forum = client.get(format!("{}/about.json", harbor.forum.url())).send().await.expect("answer");
    assert_eq!(forum.status(), 500);
    assert_eq!(act(json!({ "act": "mend" })).await.status(), 200);
    let forum = client.get(format!("{}/site.json", harbor.forum.url())).send().await.expect("answer");
    assert_eq!(forum.status(), 200);
}

#[tokio::test]
async fn other_sites_and_other_names_get_nothing() {
    let (demo, _harbor, client) = demo().await;
    let page = format!("{}/", demo.address());
    for (header, value) in [("host", "demo.example.org"), ("origin", "https://example.org")] {
        let answer = client.get(&page).header(header, value).send().await.expect("answer");
        assert_eq!(answer.status(), 403, "{header}: {value}");
    }
    let form = client.post(format!("{}/act", demo.address())).body("act=break");
    assert_eq!(form.send().await.expect("answer").status(), 415);
}

#[test]
fn who_is_linked_follows_from_the_halls_log() {
    let mut memory = Memory::default();
    for entry in [
        json!({ "id": 1, "act": "link", "user": "10" }),
        json!({ "id": 2, "act": "link", "user": 11 }),
        json!({ "id": 3, "act": "unlink", "user": "10" }),
    ] {
        memory.heard(&entry, None, None);
    }
    assert_eq!(
        (memory.last_activity, memory.linked.iter().cloned().collect::<Vec<_>>()),
        (3, vec!["11".to_owned()])
    );
}

#[test]
fn a_change_waits_until_the_hall_has_read_that_person_or_everybody() {
    type Readings = [(Option<usize>, i64)];
    let table: [(&str, &Readings, &[usize]); 5] = [
        ("nothing was read", &[], &[1, 2]),
        ("one was read too early", &[(Some(1), 99)], &[1, 2]),
        ("one was read", &[(Some(1), 100)], &[2]),
        ("somebody else was read", &[(Some(7), 500)], &[1, 2]),
        ("everybody was read", &[(None, 200)], &[]),
    ];
    for (case, readings, left) in table {
        let mut memory = Memory::default();
        memory.awaits(Unread { person: 1, at_ms: 100, told: None });
        memory.awaits(Unread { person: 2, at_ms: 200, told: None });
        memory.was_told(2, 200, false);
        for (person, at_ms) in readings {
            memory.was_read(*person, *at_ms);
        }
        let people: Vec<usize> = memory.unread.iter().map(|unread| unread.person).collect();
        assert_eq!(people, left, "{case}");
        assert_eq!(memory.waits_for_log(), left.contains(&2), "{case}");
    }
}

#[test]
fn what_the_demo_plays_itself_is_nobodys_act() {
    let mut memory = Memory { settled_at_ms: 50, ..Memory::default() };
    for (id, at, act) in [(1, 40, "link"), (2, 60, "unlink")] {
        memory.heard(&json!({ "id": id, "at": at, "act": act, "user": "10" }), Some(3), None);
    }
    assert_eq!(memory.moments, [Moment { person: 3, at_ms: 60, what: "unlinking" }]);
}
