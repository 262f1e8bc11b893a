//! Who may read what was written, and how scripts find it.

use serde_json::{Value, json};
use sim::forum::{ApiKey, CategorySpec, GroupId, PersonSpec, STAFF};

use crate::harbor::{Harbor, Seen, read};

/// Asks in somebody's name; nobody's when empty.
async fn ask_as(harbor: &Harbor, username: &str, path: &str) -> Seen {
    let request = harbor.http.get(format!("{}{path}", harbor.sim.url())).header("Accept", "application/json");
    let request = match username {
        "" => request,
        name => request.header("Api-Key", harbor.sim.api_key()).header("Api-Username", name),
    };
    read(request).await.unwrap()
}

/// What is there to be read, and what each may read of it.
struct Written {
    harbor: Harbor,
    public: i64,
    staff: i64,
    makers: i64,
    message: i64,
    deleted: i64,
    whisper: i64,
}

async fn written() -> Written {
    let harbor = Harbor::plain().await;
    let (sim, captain, mira) = (harbor.sim.clone(), harbor.sim.admin(), harbor.mira);
    sim.create_user(PersonSpec::new("leo")).unwrap();
    sim.create_user(PersonSpec { moderator: true, ..PersonSpec::new("mate") }).unwrap();
    let category = |name: &str, group| {
        let permissions = vec![(group, 1)];
        let spec = CategorySpec { name: Some(name.to_owned()), permissions, ..CategorySpec::default() };
        sim.create_category(captain, spec).unwrap()
    };
    let (bridge, workshop) = (category("Bridge", STAFF), category("Workshop", GroupId(41)));
    let topic = |category, title: &str| sim.begin_topic(captain, category, title, "Words", None).unwrap();
    let public = topic(1, "A public topic");
    let (staff, makers) = (topic(bridge, "A topic of staff"), topic(workshop, "A topic of makers"));
    let deleted = topic(1, "A deleted topic");
    sim.delete_topic(captain, deleted).unwrap();
    sim.write_message(captain, &[mira], "A word", "In private").unwrap();
    let whisper = sim.whisper(captain, public, "Hush").unwrap();
    Written { harbor, public, staff, makers, message: deleted + 1, deleted, whisper }
}

#[tokio::test]
async fn topics_are_shown_to_whoever_may_read_their_category_and_messages_to_their_parties() {
    let there = written().await;
    for (who, public, staff, makers, message, deleted) in [
        ("", true, false, false, false, false),
        ("leo", true, false, false, false, false),
        ("mira", true, false, true, true, false),
        ("mate", true, true, false, false, true),
        ("captain", true, true, true, true, true),
    ] {
        for (what, topic, expected) in [
            ("public", there.public, public),
            ("staff", there.staff, staff),
            ("makers", there.makers, makers),
            ("message", there.message, message),
            ("deleted", there.deleted, deleted),
        ] {
            let seen = ask_as(&there.harbor, who, &format!("/t/{topic}.json")).await;
            assert_eq!(seen.status, if expected { 200 } else { 404 }, "{what} as {who:?}");
        }
    }
}

#[tokio::test]
async fn lists_searches_and_streams_hold_what_one_may_read_and_no_more() {
    let there = written().await;
    let titles = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
    };
    for (who, expected) in [
        ("", vec!["A public topic"]),
        ("leo", vec!["A public topic"]),
        ("mira", vec!["A topic of makers", "A public topic"]),
        ("mate", vec!["A topic of staff", "A public topic"]),
    ] {
        let mut latest =
            titles(&ask_as(&there.harbor, who, "/latest.json").await.json()["topic_list"]["topics"]);
        let found = ask_as(&there.harbor, who, "/search.json?q=words").await.json();
        let mut found = titles(&found["topics"]);
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        for list in [&mut latest, &mut found, &mut expected] {
            list.sort();
        }
        assert_eq!((&latest, &found), (&expected, &expected), "{who:?}");
    }
    for (who, hears) in [("", false), ("mira", false), ("mate", true), ("captain", true)] {
        let topic = ask_as(&there.harbor, who, &format!("/t/{}.json", there.public)).await.json();
        let stream = topic["post_stream"]["stream"].as_array().unwrap().len();
        let alone = ask_as(&there.harbor, who, &format!("/posts/{}.json", there.whisper)).await.status;
        assert_eq!((stream, alone), if hears { (2, 200) } else { (1, 404) }, "a whisper, {who:?}");
    }
}

#[tokio::test]
async fn categories_are_listed_for_those_who_may_read_them() {
    let there = written().await;
    for (who, expected) in [
        ("", vec!["Uncategorized", "Site Feedback"]),
        ("mira", vec!["Uncategorized", "Site Feedback", "Workshop"]),
        ("mate", vec!["Uncategorized", "Site Feedback", "Staff", "Bridge"]),
    ] {
        let list = ask_as(&there.harbor, who, "/categories.json").await.json();
        let rows = list["category_list"]["categories"].as_array().unwrap();
        let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{who:?}");
    }
    assert_eq!(ask_as(&there.harbor, "mira", "/c/bridge/show.json").await.status, 403);
    assert_eq!(ask_as(&there.harbor, "mira", "/c/nowhere/show.json").await.status, 404);
}

#[tokio::test]
async fn a_long_topic_comes_in_pages_and_by_the_numbers_of_its_posts() {
    let harbor = Harbor::plain().await;
    let topic = harbor.sim.begin_topic(harbor.mira, 1, "A long topic", "Its first post", None).unwrap();
    for number in 2..=47 {
        harbor.sim.reply(harbor.mira, topic, &format!("Post number {number}"), None).unwrap();
    }
    let numbers = |page: &Value| -> Vec<i64> {
        let posts = page["post_stream"]["posts"].as_array().unwrap();
        posts.iter().map(|post| post["post_number"].as_i64().unwrap()).collect()
    };
    for (query, first, last) in
        [("", 1, 20), ("?page=2", 21, 40), ("?page=3", 41, 47), ("/30.json", 25, 44), ("/1.json", 1, 20)]
    {
        let path = match query.starts_with('/') {
            true => format!("/t/{topic}{query}"),
            false => format!("/t/{topic}.json{query}"),
        };
        let page = harbor.get(&path).await.json();
        assert_eq!(numbers(&page), (first..=last).collect::<Vec<_>>(), "{query}");
        assert_eq!(page["post_stream"]["stream"].as_array().map(Vec::len), Some(47), "{query}");
    }
    let ids = harbor.get(&format!("/t/{topic}.json")).await.json()["post_stream"]["stream"].clone();
    let wanted =
        format!("/t/{topic}/posts.json?post_ids[]={}&post_ids[]={}&include_raw=true", ids[44], ids[46]);
    let page = harbor.get(&wanted).await.json();
    assert_eq!(numbers(&page), [45, 47]);
    assert_eq!(page["post_stream"]["posts"][0]["raw"], "Post number 45");
    assert_eq!(harbor.get(&format!("/raw/{topic}/46")).await.text, "Post number 46");
    let beyond = harbor.get(&format!("/t/{topic}.json?page=9")).await.json();
    assert_eq!(numbers(&beyond), Vec::<i64>::new());
}

#[tokio::test]
async fn a_number_of_ones_own_is_given_once_and_leads_to_its_topic() {
    let harbor = Harbor::plain().await;
    let write = |key: String| {
        let request = harbor.http.post(format!("{}/posts.json", harbor.sim.url()));
        let request = request.header("Api-Key", key).header("Api-Username", "captain");
        let title = "A topic that the hall has written";
        read(request.json(&json!({"title": title, "raw": "And its words", "external_id": "hall-1"})))
    };
    let made = write(harbor.sim.api_key()).await.unwrap();
    assert_eq!(made.status, 200, "{}", made.text);
    let again = write(harbor.sim.api_key()).await.unwrap();
    assert_eq!(
        (again.status, again.json()["errors"][0].as_str()),
        (422, Some("External has already been taken"))
    );
    let led = harbor.get("/t/external_id/hall-1.json").await;
    let place = format!("/t/a-topic-that-the-hall-has-written/{}.json", made.json()["topic_id"]);
    assert!(led.status == 301 && led.header("Location").ends_with(&place), "{}", led.header("Location"));
    let narrow = ApiKey {
        id: 0,
        secret: "reader".to_owned(),
        description: String::new(),
        only: Some(harbor.mira),
        scopes: Vec::new(),
        created_at_ms: 0,
        last_used_at_ms: None,
        revoked_at_ms: None,
    };
    harbor.sim.add_key(narrow);
    assert_eq!(write("reader".to_owned()).await.unwrap().status, 403, "another's key in captain's name");
}
