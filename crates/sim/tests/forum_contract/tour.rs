//! Asks a small forum for everything that the contract describes and the forum plays.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sim::clock::Clock;
use sim::forum::{ForumSettings, ForumSim, GroupSpec, LimitSettings, PersonSpec};

/// An operation of the contract: `("GET", "/u/{username}.json")`.
pub(crate) type Operation = (String, String);

/// What was asked and answered.
pub(crate) struct Answered {
    pub(crate) operation: Operation,
    pub(crate) status: u64,
    pub(crate) body: Value,
}

struct Tour {
    sim: ForumSim,
    http: reqwest::Client,
    names: BTreeMap<&'static str, String>,
    answers: Vec<Answered>,
}

impl Tour {
    async fn start() -> Tour {
        let limits = LimitSettings { enabled: false, ..LimitSettings::default() };
        let settings = ForumSettings { limits, ..ForumSettings::default() };
        let sim = ForumSim::start(settings, Clock::default()).await.unwrap();
        let captain = sim.admin();
        sim.set_name(captain, captain, "Ada Hafen").unwrap();
        let mira = PersonSpec {
            name: Some("Mira Lind".to_owned()),
            bio_raw: Some("I *sail*.".to_owned()),
            website: Some("https://mira.test".to_owned()),
            location: Some("Kiel".to_owned()),
            avatar: true,
            associated: [("discord".to_owned(), "803500".to_owned())].into(),
            ..PersonSpec::new("mira")
        };
        let mira = sim.create_user(mira).unwrap();
        let makers = GroupSpec { members: vec![mira, captain], ..GroupSpec::new("makers") };
        let makers = sim.create_group(captain, makers).unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build();
        let names = [
            ("id", mira.0.to_string()),
            ("username", "mira".to_owned()),
            ("group", makers.0.to_string()),
            ("name", "makers".to_owned()),
            ("provider", "discord".to_owned()),
            ("external_id", "803500".to_owned()),
            ("slug", "site-feedback".to_owned()),
            ("flag", "active".to_owned()),
        ];
        Tour { sim, http: http.unwrap(), names: names.into(), answers: Vec::new() }
    }

    async fn get(&mut self, path: &str) -> Value {
        self.call("GET", path, "", Value::Null).await
    }

    /// Asks with the names filled in; groups and people share the contract's `{id}`.
    async fn call(&mut self, method: &str, path: &str, query: &str, body: Value) -> Value {
        let of_group = path.starts_with("/groups/") || path.starts_with("/admin/groups/");
        let mut real = path.to_owned();
        for (name, value) in &self.names {
            let value = if *name == "id" && of_group { &self.names["group"] } else { value };
            real = real.replace(&format!("{{{name}}}"), value);
        }
        let request = self
            .http
            .request(method.parse().unwrap(), format!("{}{real}{query}", self.sim.url()))
            .header("Api-Key", self.sim.api_key())
            .header("Api-Username", "captain")
            .header("Accept", "application/json");
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        let status = u64::from(answer.status().as_u16());
        let text = answer.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let operation = (method.to_owned(), path.to_owned());
        self.answers.push(Answered { operation, status, body: body.clone() });
        body
    }

    fn name(&mut self, name: &'static str, value: &Value) {
        self.names.insert(name, value.to_string());
    }
}

/// Operations of the contract that the forum has a route for.
pub(crate) fn played(operations: Vec<Operation>) -> BTreeSet<Operation> {
    let bare = |path: &str| {
        let steps = path.trim_end_matches(".json").split('/').skip(1).enumerate();
        steps
            .map(|(place, step)| match step {
                // The forum knows this address by its older name too.
                "users" if place == 0 => "u",
                step if step.starts_with('{') => "{}",
                step => step,
            })
            .collect::<Vec<_>>()
            .join("/")
    };
    let routes: BTreeSet<(&str, String)> =
        ForumSim::routes().iter().map(|(method, path)| (*method, bare(path))).collect();
    let has = |(method, path): &Operation| routes.contains(&(method.as_str(), bare(path)));
    operations.into_iter().filter(has).collect()
}

/// Goes through everything.
pub(crate) async fn answers() -> Vec<Answered> {
    let mut tour = Tour::start().await;
    people(&mut tour).await;
    groups(&mut tour).await;
    topics(&mut tour).await;
    standing(&mut tour).await;
    tour.answers
}

async fn people(tour: &mut Tour) {
    let newcomer = json!({"name": "New", "email": "new@people.test", "password": "a long password",
        "username": "newcomer", "active": true, "approved": true});
    tour.call("POST", "/users.json", "", newcomer).await;
    for path in [
        "/u/{username}.json",
        "/u/by-external/{external_id}.json",
        "/u/by-external/{provider}/{external_id}.json",
        "/u/{username}/emails.json",
        "/user-badges/{username}.json",
        "/notifications.json",
        "/admin/users/{id}.json",
        "/admin/users.json",
        "/admin/users/list/{flag}.json",
        "/site.json",
        "/site/basic-info.json",
    ] {
        tour.get(path).await;
    }
    tour.call("GET", "/admin/users/list/{flag}.json", "?order=created&asc=true&page=9", Value::Null).await;
    tour.call("GET", "/directory_items.json", "?period=all&order=likes_received", Value::Null).await;
    tour.call("GET", "/user_actions.json", "?offset=0&username=mira&filter=5", Value::Null).await;
    tour.call("PUT", "/u/{username}.json", "", json!({"name": "Mira L."})).await;
    let picture = json!({"upload_id": 3, "type": "uploaded"});
    tour.call("PUT", "/u/{username}/preferences/avatar/pick.json", "", picture).await;
    let renamed = json!({"new_username": "mira_l"});
    tour.call("PUT", "/u/{username}/preferences/username.json", "", renamed).await;
    tour.names.insert("username", "mira_l".to_owned());
}

async fn groups(tour: &mut Tour) {
    let members = json!({"usernames": "mira_l"});
    tour.get("/groups.json").await;
    tour.get("/groups/{name}.json").await;
    tour.get("/groups/{name}/members.json").await;
    tour.call("PUT", "/groups/{id}.json", "", json!({"group": {"full_name": "The Makers"}})).await;
    tour.call("DELETE", "/groups/{id}/members.json", "", members.clone()).await;
    tour.call("PUT", "/groups/{id}/members.json", "", members).await;
    let made = tour.call("POST", "/admin/groups.json", "", json!({"group": {"name": "divers"}})).await;
    tour.name("group", &made["basic_group"]["id"]);
    tour.call("DELETE", "/admin/groups/{id}.json", "", Value::Null).await;
}

async fn topics(tour: &mut Tour) {
    let person = tour.names["id"].clone();
    let sails = json!({"name": "Sails", "color": "AA0000", "text_color": "FFFFFF"});
    let made = tour.call("POST", "/categories.json", "", sails).await;
    tour.name("id", &made["category"]["id"]);
    let renamed = json!({"name": "Sails and masts", "color": "AA0000", "text_color": "FFFFFF"});
    tour.call("PUT", "/categories/{id}.json", "", renamed).await;
    let topic = json!({"title": "How do you mend a wooden hull", "raw": "With *patience* and glue.",
        "category": made["category"]["id"], "external_id": "hull-1", "tags": ["makers"]});
    let made = tour.call("POST", "/posts.json", "", topic).await;
    let mira = tour.sim.user_named("mira_l").unwrap().id;
    let answer = tour.sim.reply(mira, made["topic_id"].as_i64().unwrap(), "And time.", None).unwrap();
    let like = json!({"id": answer, "post_action_type_id": 2});
    tour.call("POST", "/post_actions.json", "", like).await;
    for path in ["/categories.json", "/c/{slug}/{id}.json", "/c/{id}/show.json", "/latest.json", "/top.json"]
    {
        tour.get(path).await;
    }
    tour.get("/tags.json").await;
    tour.get("/tag/{name}.json").await;
    tour.get("/topics/private-messages/{username}.json").await;
    tour.get("/topics/private-messages-sent/{username}.json").await;
    tour.call("GET", "/search.json", "?q=patience", Value::Null).await;
    tour.name("id", &made["topic_id"]);
    tour.get("/t/{id}.json").await;
    tour.call("GET", "/t/{id}/posts.json", &format!("?post_ids[]={}", made["id"]), Value::Null).await;
    tour.call("PUT", "/t/-/{id}.json", "", json!({"topic": {"title": "How to mend a wooden hull"}})).await;
    let closed = json!({"status": "closed", "enabled": "true"});
    tour.call("PUT", "/t/{id}/status.json", "", closed).await;
    tour.names.insert("external_id", "hull-1".to_owned());
    tour.get("/t/external_id/{external_id}.json").await;
    tour.name("id", &made["id"]);
    tour.get("/posts.json").await;
    tour.get("/posts/{id}.json").await;
    tour.get("/posts/{id}/replies.json").await;
    tour.call("PUT", "/posts/{id}.json", "", json!({"post": {"raw": "With glue.", "edit_reason": "short"}}))
        .await;
    tour.call("DELETE", "/posts/{id}.json", "", json!({"force_destroy": false})).await;
    tour.name("id", &made["topic_id"]);
    tour.call("DELETE", "/t/{id}.json", "", Value::Null).await;
    tour.names.insert("id", person);
}

async fn standing(tour: &mut Tour) {
    let put = |act: &str| format!("/admin/users/{{id}}/{act}.json");
    let suspend = json!({"suspend_until": "2121-02-22", "reason": "Loud"});
    let silence = json!({"silenced_till": "2121-06-01T08:00:00.000Z", "reason": "Loud"});
    for (act, body) in
        [("suspend", suspend), ("silence", silence), ("deactivate", Value::Null), ("activate", Value::Null)]
    {
        tour.call("PUT", &put(act), "", body).await;
    }
    tour.call("POST", "/admin/users/{id}/log_out.json", "", Value::Null).await;
    tour.call("PUT", "/admin/users/{id}/anonymize.json", "", Value::Null).await;
    tour.call("DELETE", "/admin/users/{id}.json", "", json!({"delete_posts": true})).await;
}
