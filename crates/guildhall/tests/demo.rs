//! `guildhall sim` and `guildhall demo`, started as a person starts them and used over HTTP.
#![cfg(feature = "demo")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should fail where it stands"
)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything here may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program at work; ended with the test, however that ends.
struct Program {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_guildhall"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program starts");
        let output = BufReader::new(child.stdout.take().expect("standard output"));
        Self { child, output }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        line
    }

    /// Asks it to end as a service manager does, and gives the rest of what it said.
    fn ends(mut self) -> String {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "kill -TERM");
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("the rest");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "{status}: {rest}");
        rest
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent("DiscordBot (https://guildhall.example, 1)")
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .expect("a client")
}

/// What the demo's page is told, one view after another.
struct Events {
    answer: reqwest::Response,
    text: String,
    begun: Instant,
}

impl Events {
    async fn of(client: &reqwest::Client, page: &str) -> Self {
        let answer = client.get(format!("{page}/events")).send().await.expect("events");
        Self { answer, text: String::new(), begun: Instant::now() }
    }

    async fn next(&mut self) -> Value {
        loop {
            assert!(self.begun.elapsed() < PATIENCE, "nothing came of it in time");
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if let Some(data) = event.strip_prefix("data: ") {
                    return serde_json::from_str(data).expect("JSON");
                }
                continue;
            }
            let chunk = self.answer.chunk().await.expect("the stream").expect("the stream goes on");
            self.text.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// The first view that fits.
    async fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.begun = Instant::now();
        loop {
            let said = self.next().await;
            if fits(&said["view"]) {
                return said["view"].clone();
            }
            assert!(self.begun.elapsed() < PATIENCE, "{what}: {said}");
        }
    }
}

fn person<'a>(view: &'a Value, username: &str) -> Option<&'a Value> {
    view["forum"]["people"].as_array()?.iter().find(|person| person["username"] == username)
}

fn member<'a>(view: &'a Value, username: &str) -> Option<&'a Value> {
    let groups = view["discord"]["groups"].as_array()?;
    groups
        .iter()
        .filter_map(|group| group["members"].as_array())
        .flatten()
        .find(|one| one["username"] == username)
}

fn has_role(view: &Value, username: &str, role: &str) -> bool {
    let roles = member(view, username).and_then(|member| member["roles"].as_array());
    roles.is_some_and(|roles| roles.iter().any(|held| held["name"] == role))
}

#[tokio::test]
async fn the_simulators_say_on_their_first_line_all_that_a_client_needs() {
    let mut program = Program::start(&["sim"]);
    let line: Value = serde_json::from_str(&program.line()).expect("one JSON object");
    let text = |pointer: &str| line.pointer(pointer).and_then(Value::as_str).expect("text").to_owned();
    let client = client();
    let bot = client.get(format!("{}/users/@me", text("/discord/api")));
    let bot =
        bot.header("authorization", format!("Bot {}", text("/discord/bot_token"))).send().await.expect("bot");
    let bot: Value = bot.json().await.expect("JSON");
    assert_eq!(bot["id"], line["discord"]["application_id"]);
    let guild = format!("{}/guilds/{}/roles", text("/discord/api"), text("/discord/guild_id"));
    let roles = client.get(guild).header("authorization", format!("Bot {}", text("/discord/bot_token")));
    let roles: Value = roles.send().await.expect("roles").json().await.expect("JSON");
    let regular = roles.as_array().expect("a list").iter().find(|role| role["name"] == "Regular");
    assert_eq!(regular.map(|role| &role["id"]), Some(&line["discord"]["roles"]["Regular"]));
    let mira = client.get(format!("{}/u/mira.json", text("/forum/url")));
    let mira =
        mira.header("api-key", text("/forum/read_key")).header("api-username", text("/forum/api_username"));
    let mira: Value = mira.send().await.expect("mira").json().await.expect("JSON");
    assert_eq!(mira["user"]["id"].to_string(), text("/people/0/forum_id"));
    assert_eq!(program.ends(), "");
}

#[tokio::test]
async fn the_demo_links_its_people_and_discord_follows_what_is_clicked() {
    let mut program = Program::start(&["demo", "--no-open", "--port-base", "0"]);
    let first = program.line();
    let page =
        first.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
    let client = client();
    let mut events = Events::of(&client, &page).await;
    let view = events
        .until("mira is linked and has her roles", |view| {
            has_role(view, "mira_d", "Regular") && has_role(view, "mira_d", "Makers")
        })
        .await;
    assert!(has_role(&view, "mira_d", "Night Watch"), "a role that no rule names stays: {view}");
    let mira = person(&view, "mira").expect("mira")["id"].clone();

    let act = |body: Value| client.post(format!("{page}/act")).json(&body).send();
    let answer = act(json!({ "act": "level", "person": mira, "value": 4 })).await.expect("answer");
    let answer = answer.json::<Value>().await.expect("JSON");
    assert_eq!((&answer["told"], &answer["linked"]), (&json!(true), &json!(true)));
    let followed = |view: &Value| {
        let deeds = view["hall"]["deeds"].as_array();
        let told = deeds.is_some_and(|deeds| {
            deeds.iter().any(|deed| {
                deed["role"] == "Leader" && deed["who"] == "Mira Lind" && deed["because"].is_string()
            })
        });
        told && has_role(view, "mira_d", "Leader")
    };
    events.until("mira gets Leader, and the page says why", followed).await;

    let answer = act(json!({ "act": "level", "person": mira, "value": 1 })).await.expect("answer");
    assert_eq!(answer.json::<Value>().await.expect("JSON")["told"], false, "no webhook tells of this");
    events.until("what is not read yet is marked", |view| view["hall"]["unread"] == json!(["mira"])).await;
    assert_eq!(act(json!({ "act": "read-now" })).await.expect("answer").status(), 200);
    let read = |view: &Value| !has_role(view, "mira_d", "Leader") && view["hall"]["unread"] == json!([]);
    let view = events.until("mira loses Leader", read).await;
    moderator_comes_and_goes(&client, &page, &mut events, view).await;
    assert!(program.ends().contains("Ctrl-C"), "the rest of the welcome");
}

/// Switches a moderator on and off: each time Discord follows at once, and what was said before stays said.
async fn moderator_comes_and_goes(client: &reqwest::Client, page: &str, events: &mut Events, view: Value) {
    let begun = |view: &Value| has_role(view, "k.seven", "Newcomer") && view["busy"].is_null();
    let view = if begun(&view) { view } else { events.until("k7 is linked", begun).await };
    let k7 = person(&view, "k7").expect("k7")["id"].clone();
    let mut said = Vec::new();
    for (what, on) in [("moderator", true), ("moderator", false), ("admin", true)] {
        let body = json!({ "act": "switch", "person": k7, "what": what, "on": on });
        let begun = Instant::now();
        client.post(format!("{page}/act")).json(&body).send().await.expect("answer");
        let followed = |view: &Value| {
            let deeds = view["hall"]["deeds"].as_array().map_or(0, Vec::len);
            has_role(view, "k.seven", "Harbour Staff") == on && deeds > said.len()
        };
        let view = events.until("k7 follows", followed).await;
        assert!(begun.elapsed() < Duration::from_secs(20), "not by the staff log, which is read every 30 s");
        let deeds: Vec<Value> =
            view["hall"]["deeds"].as_array().expect("deeds").iter().rev().cloned().collect();
        assert!(deeds.starts_with(&said), "{said:?} became {deeds:?}");
        said = deeds;
    }
}

fn overridden<'a>(view: &'a Value, who: &str, role: &str) -> Option<&'a Value> {
    let overrides = view["hall"]["desk"]["overrides"].as_array()?;
    overrides.iter().find(|known| known["who"] == who && known["role"] == role)
}

#[tokio::test]
async fn the_demo_shows_what_waits_takes_it_back_and_ends_an_override() {
    let mut program = Program::start(&["demo", "--no-open", "--port-base", "0"]);
    let first = program.line();
    let page =
        first.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
    let client = client();
    let mut events = Events::of(&client, &page).await;
    let waits = |view: &Value| {
        view["hall"]["desk"]["waits"]["count"] == 2
            && view["hall"]["changes"] == json!([])
            && view["busy"].is_null()
    };
    let view = events.until("a plan waits", waits).await;
    let plan = view["hall"]["desk"]["waits"].clone();
    assert_eq!(
        plan["reasons"],
        json!(["2 held the role “Veteran” before its rule came, and the rule would take it from them."])
    );
    assert_eq!(plan["parts"][0]["lines"][0]["because"], "trust level 0 on forum");

    let act = |body: Value| client.post(format!("{page}/act")).json(&body).send();
    let number = plan["plan"].clone();
    let refused = act(json!({ "act": "apply", "plan": number, "count": 3 })).await.expect("answer");
    assert_eq!(refused.status(), 409);
    let refused = refused.json::<Value>().await.expect("JSON");
    assert!(
        refused["refused"].as_str().is_some_and(|words| words.contains("has 2 changes, not 3")),
        "{refused}"
    );
    let agreed = act(json!({ "act": "apply", "plan": number, "count": 2 })).await.expect("answer");
    assert_eq!(agreed.status(), 200);
    let taken = |view: &Value| {
        !has_role(view, "pip_m", "Veteran")
            && !has_role(view, "k.seven", "Veteran")
            && view["hall"]["desk"]["waits"].is_null()
    };
    let view = events.until("what was agreed to is written", taken).await;
    assert_eq!(view["hall"]["desk"]["runs"], json!([{ "plan": number, "changes": 2, "undone_by": null }]));

    assert_eq!(act(json!({ "act": "undo", "plan": number })).await.expect("answer").status(), 200);
    let back =
        |view: &Value| has_role(view, "pip_m", "Veteran") && overridden(view, "k7", "Veteran").is_some();
    let view = events.until("the run is taken back, and overrides stand", back).await;
    assert!(view["hall"]["desk"]["runs"][0]["undone_by"].is_number(), "{view}");
    let known = overridden(&view, "k7", "Veteran").expect("k7's override").clone();
    assert_eq!((&known["origin"], &known["has"]), (&json!("undo"), &json!(true)));
    assert!(known["until_ms"].is_number(), "it ends by itself: {known}");

    let by_hand = overridden(&view, "Tomás Rey", "Makers").expect("what the owner gave by hand");
    assert_eq!((&by_hand["by"], &by_hand["origin"]), (&json!("Leo Ström"), &json!("hand")));
    let end = json!({ "act": "end-override", "user": known["user"], "role": known["role_id"] });
    assert_eq!(act(end.clone()).await.expect("answer").status(), 200);
    let ended =
        |view: &Value| overridden(view, "k7", "Veteran").is_none() && !has_role(view, "k.seven", "Veteran");
    events.until("the rule holds again", ended).await;
    assert_eq!(act(end).await.expect("answer").status(), 409, "an override ends once");
    program.ends();
}

#[test]
fn a_port_that_is_taken_is_named_with_what_to_do() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base = taken.local_addr().expect("its address").port().to_string();
    let arguments = ["demo", "--no-open", "--port-base", &base];
    let ended = Command::new(env!("CARGO_BIN_EXE_guildhall")).args(arguments).output().expect("it runs");
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains(&base) && said.contains("--port-base"), "{said}");
}

#[test]
fn ports_that_are_not_there_are_refused_in_words() {
    for arguments in
        [["sim", "--port-base", "65535"].as_slice(), &["demo", "--no-open", "--port-base", "65533"]]
    {
        let ended = Command::new(env!("CARGO_BIN_EXE_guildhall")).args(arguments).output().expect("it runs");
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(said.contains("--port-base"), "{said}");
    }
}
