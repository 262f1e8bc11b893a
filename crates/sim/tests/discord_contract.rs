//! Every answer of the simulated Discord's REST API against Discord's own OpenAPI document.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do"
)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};
use sim::clock::Clock;
use sim::discord::{DiscordSettings, DiscordSim, Interaction, LimitSettings, RoleSpec, Snowflake};

/// Routes whose answers the document does not describe as they are, each with its reason.
const DEVIATIONS: &[(&str, &str, &str)] = &[(
    "GET",
    "/users/@me/applications/{application}/role-connection",
    "platform_name is null before the first PUT (Discord docs: Application Role Connection Object)",
)];

/// Parameters that every path can use.
struct World {
    sim: DiscordSim,
    http: reqwest::Client,
    schemas: Value,
    bot: String,
    bearer: String,
    names: Vec<(&'static str, String)>,
    seen: BTreeSet<(String, String)>,
    wrong: Vec<String>,
    deviating: BTreeSet<(String, String)>,
}

fn contract() -> Option<Value> {
    let shared = std::env::var("GUILDHALL_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    match std::fs::read_to_string(shared.join("contracts/discord-openapi.json")) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(error) if std::env::var_os("CI").is_some() => panic!("the contract is missing: {error}"),
        Err(_) => {
            println!("left out: ../shared/contracts is not there");
            None
        }
    }
}

/// `/guilds/{guild_id}/roles` and `/guilds/{guild}/roles` are the same path.
fn bare(path: &str) -> String {
    let step = |step: &str| if step.starts_with('{') { "{}".to_owned() } else { step.to_owned() };
    path.split('/').map(step).collect::<Vec<_>>().join("/")
}

impl World {
    async fn call(&mut self, method: &str, path: &str, query: &str, body: Value) -> Value {
        let mut real = path.to_owned();
        for (name, value) in &self.names {
            real = real.replace(&format!("{{{name}}}"), value);
        }
        let address = format!("{}{real}{query}", self.sim.api_url());
        let bearer = ["/users/@me/guilds/{guild}/member", "/users/@me/connections", "/oauth2/@me"];
        let person =
            (bearer.contains(&path) || path.ends_with("/role-connection")) && !self.bearer.is_empty();
        let token = if person { format!("Bearer {}", self.bearer) } else { format!("Bot {}", self.bot) };
        let mut request = self
            .http
            .request(method.parse().unwrap(), &address)
            .header("authorization", token)
            .header("user-agent", "DiscordBot (https://guildhall.invalid, 1)");
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        let answered = serde_json::from_str(&text).unwrap_or(Value::Null);
        self.seen.insert((method.into(), path.into()));
        self.validate(method, path, status, &answered);
        answered
    }

    fn validate(&mut self, method: &str, path: &str, status: u16, answer: &Value) {
        let paths = self.schemas.get("paths").unwrap().as_object().unwrap();
        let found = paths.iter().find(|(known, _)| bare(known) == bare(path));
        let operation = found.and_then(|(_, operations)| operations.get(method.to_lowercase()));
        let mut faults = Vec::new();
        match operation.and_then(|operation| operation.get("responses")?.get(status.to_string())) {
            None => faults.push(format!("{status} is not in the document: {answer}")),
            Some(response) => {
                let schema = response.pointer("/content/application~1json/schema");
                if let Some(schema) = schema {
                    let whole = json!({ "allOf": [schema], "components": self.schemas["components"] });
                    let validator = jsonschema::draft202012::new(&whole).unwrap();
                    faults
                        .extend(validator.iter_errors(answer).map(|e| format!("{}: {e}", e.instance_path())));
                }
            }
        }
        for fault in faults {
            match DEVIATIONS.iter().find(|(m, p, _)| *m == method && *p == path) {
                Some(_) => drop(self.deviating.insert((method.into(), path.into()))),
                None => self
                    .wrong
                    .push(format!("{method} {path}: {}", fault.chars().take(300).collect::<String>())),
            }
        }
    }

    fn name(&mut self, name: &'static str, value: &str) {
        self.names.retain(|(known, _)| *known != name);
        self.names.push((name, value.to_string()));
    }
}

async fn world(schemas: Value) -> (World, Snowflake, Snowflake) {
    let limits = LimitSettings { on: false, ..LimitSettings::default() };
    let sim = DiscordSim::start(DiscordSettings { limits, ..DiscordSettings::default() }, Clock::default())
        .await
        .unwrap();
    let owner = sim.create_user("olga", Some("Olga"));
    let mira = sim.create_user("mira", Some("Mira"));
    let guild = sim.create_guild("Harbor", owner);
    let application = sim.create_application("guildhall", owner);
    sim.invite_bot(guild, application, sim::discord::permission::ADMINISTRATOR).unwrap();
    sim.move_role(owner, guild, sim.role_named(guild, "guildhall").unwrap(), 5).unwrap();
    let role = sim.add_role(guild, &RoleSpec::named("Regular")).unwrap();
    sim.move_role(owner, guild, sim.role_named(guild, "guildhall").unwrap(), 5).unwrap();
    sim.join(guild, mira).unwrap();
    sim.say(mira, sim.channel_named(guild, "general").unwrap(), "hello").unwrap();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let bot = sim.bot_token(application).unwrap();
    let bearer = bearer(&sim, &http, application, mira).await;
    let names = vec![
        ("guild", guild.to_string()),
        ("user", mira.to_string()),
        ("role", role.to_string()),
        ("application", application.to_string()),
        ("channel", sim.channel_named(guild, "general").unwrap().to_string()),
    ];
    let (seen, wrong, deviating) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    (World { sim, http, schemas, bot, bearer, names, seen, wrong, deviating }, guild, mira)
}

/// Signs in and agrees as a browser would.
async fn bearer(sim: &DiscordSim, http: &reqwest::Client, application: Snowflake, user: Snowflake) -> String {
    let back = "http://127.0.0.1:9/back";
    let scopes = "identify email guilds guilds.join guilds.members.read role_connections.write connections";
    let id = application.to_string();
    let query =
        [("client_id", id.as_str()), ("response_type", "code"), ("redirect_uri", back), ("scope", scopes)];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let signed = http
        .post(format!("{}/oauth2/sign-in", sim.url()))
        .form(&[("user", user.to_string()), ("next", query.clone())])
        .send()
        .await
        .unwrap();
    let cookie = signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page =
        http.get(format!("{}?{query}", sim.authorize_url())).header("cookie", &cookie).send().await.unwrap();
    let page = page.text().await.unwrap();
    let proof = page.split("name=\"proof\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let agreed = http
        .post(sim.authorize_url())
        .header("cookie", &cookie)
        .form(&[("query", query.as_str()), ("proof", &proof), ("decision", "authorize")])
        .send()
        .await
        .unwrap();
    let to = url::Url::parse(agreed.headers()["location"].to_str().unwrap()).unwrap();
    let code = to.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let secret = sim.client_secret(application).unwrap();
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", back)];
    let request = http.post(sim.token_url()).basic_auth(application, Some(secret)).form(&form);
    let tokens: Value = request.send().await.unwrap().json().await.unwrap();
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_as_discords_own_document_has_it() {
    let Some(schemas) = contract() else { return };
    let (mut world, guild, mira) = world(schemas).await;
    commands_and_interactions(&mut world, guild, mira).await;
    plain_reads(&mut world).await;
    messages(&mut world).await;
    roles_and_members(&mut world, guild, mira).await;
    let unseen: Vec<_> = DiscordSim::routes()
        .into_iter()
        .filter(|(method, path)| !world.seen.contains(&((*method).to_owned(), (*path).to_owned())))
        .collect();
    let stale: Vec<_> = DEVIATIONS
        .iter()
        .filter(|(method, path, _)| !world.deviating.contains(&((*method).to_owned(), (*path).to_owned())))
        .collect();
    assert!(world.wrong.is_empty(), "{}", world.wrong.join("\n"));
    assert!(unseen.is_empty(), "routes that were not tried: {unseen:?}");
    assert!(stale.is_empty(), "deviations that are no longer there: {stale:?}");
}

async fn commands_and_interactions(world: &mut World, guild: Snowflake, mira: Snowflake) {
    let command = json!({ "name": "why", "description": "Why?", "type": 1,
        "options": [{ "type": 6, "name": "member", "description": "Who" }] });
    for base in
        ["/applications/{application}/commands", "/applications/{application}/guilds/{guild}/commands"]
    {
        world.call("PUT", base, "", json!([command])).await;
        let made =
            world.call("POST", base, "", json!({ "name": "gone", "description": "x", "type": 1 })).await;
        world.name("command", made["id"].as_str().unwrap_or_default());
        let one = format!("{base}/{{command}}");
        world.call("GET", base, "", Value::Null).await;
        world.call("GET", &one, "", Value::Null).await;
        world.call("PATCH", &one, "", json!({ "description": "y" })).await;
        world.call("DELETE", &one, "", Value::Null).await;
    }
    world
        .call("GET", "/applications/{application}/guilds/{guild}/commands/permissions", "", Value::Null)
        .await;
    let sim = world.sim.clone();
    let options = json!({ "member": mira.to_string() });
    let asks = tokio::spawn(async move {
        sim.interact(mira, guild, Interaction::Command { name: "why".into(), options }).await
    });
    let (id, token) = world.sim.eventually(3_000, DiscordSim::last_interaction).await.unwrap();
    world.name("interaction", &id.to_string());
    world.name("token", &token);
    let application = world.names.iter().find(|(name, _)| *name == "application").unwrap().1.clone();
    world.name("webhook", &application);
    let button = json!({ "type": 2, "style": 5, "label": "Open", "url": "https://hall.invalid/" });
    let data = json!({ "content": "Because", "flags": 64, "components": [{ "type": 1, "components": [button] }],
        "embeds": [{ "title": "T", "fields": [{ "name": "a", "value": "b" }] }] });
    let answer = json!({ "type": 4, "data": data });
    world.call("POST", "/interactions/{interaction}/{token}/callback", "?with_response=true", answer).await;
    let reply = asks.await.unwrap();
    assert_eq!(reply.message.as_ref().map(|message| message.content.as_str()), Some("Because"));
    let more = world.call("POST", "/webhooks/{webhook}/{token}", "", json!({ "content": "more" })).await;
    world.name("answer", more["id"].as_str().unwrap_or_default());
    let one = "/webhooks/{webhook}/{token}/messages/{answer}";
    world.call("GET", one, "", Value::Null).await;
    world.call("PATCH", one, "", json!({ "content": "less" })).await;
    world.call("DELETE", one, "", Value::Null).await;
}

async fn plain_reads(world: &mut World) {
    for path in [
        "/gateway",
        "/gateway/bot",
        "/voice/regions",
        "/sticker-packs",
        "/applications/@me",
        "/applications/{application}",
        "/oauth2/applications/@me",
        "/oauth2/@me",
        "/applications/{application}/entitlements",
        "/applications/{application}/emojis",
        "/applications/{application}/role-connections/metadata",
        "/users/@me/applications/{application}/role-connection",
        "/users/@me",
        "/users/@me/guilds",
        "/users/@me/guilds/{guild}/member",
        "/users/@me/connections",
        "/users/{user}",
        "/guilds/{guild}",
        "/guilds/{guild}/preview",
        "/guilds/{guild}/channels",
        "/guilds/{guild}/threads/active",
        "/guilds/{guild}/emojis",
        "/guilds/{guild}/stickers",
        "/guilds/{guild}/webhooks",
        "/guilds/{guild}/invites",
        "/guilds/{guild}/integrations",
        "/guilds/{guild}/roles",
        "/guilds/{guild}/roles/member-counts",
        "/guilds/{guild}/roles/{role}",
        "/guilds/{guild}/members/{user}",
        "/channels/{channel}",
    ] {
        world.call("GET", path, "", Value::Null).await;
    }
    world.call("GET", "/guilds/{guild}", "?with_counts=true", Value::Null).await;
    world.call("GET", "/guilds/{guild}/members", "?limit=1000", Value::Null).await;
    world.call("GET", "/guilds/{guild}/members/search", "?query=mi&limit=5", Value::Null).await;
    world.call("PATCH", "/applications/@me", "", json!({ "description": "x" })).await;
    world.call("PATCH", "/users/@me", "", json!({ "username": "guildhall" })).await;
    world.call("PUT", "/applications/{application}/role-connections/metadata", "", json!([])).await;
    let connection = json!({ "platform_name": "Harbor", "metadata": {} });
    world.call("PUT", "/users/@me/applications/{application}/role-connection", "", connection).await;
    let person = world.names.iter().find(|(name, _)| *name == "user").unwrap().1.clone();
    world.call("POST", "/users/@me/channels", "", json!({ "recipient_id": person })).await;
}

async fn messages(world: &mut World) {
    let all = "/channels/{channel}/messages";
    let sent = json!({ "content": "hello @everyone", "embeds": [{ "title": "x" }] });
    let made = world.call("POST", all, "", sent).await;
    world.name("message", made["id"].as_str().unwrap_or_default());
    world.call("GET", all, "?limit=10", Value::Null).await;
    for (method, body) in
        [("GET", Value::Null), ("PATCH", json!({ "content": "y" })), ("DELETE", Value::Null)]
    {
        world.call(method, "/channels/{channel}/messages/{message}", "", body).await;
    }
    world.call("POST", "/channels/{channel}/typing", "", Value::Null).await;
}

async fn roles_and_members(world: &mut World, guild: Snowflake, mira: Snowflake) {
    let one = "/guilds/{guild}/members/{user}";
    world.call("PUT", "/guilds/{guild}/members/{user}/roles/{role}", "", Value::Null).await;
    world.call("DELETE", "/guilds/{guild}/members/{user}/roles/{role}", "", Value::Null).await;
    world.call("PATCH", one, "", json!({ "nick": "Mira", "roles": [] })).await;
    world.call("PATCH", "/guilds/{guild}/members/@me", "", json!({ "nick": "Hall" })).await;
    let place =
        json!([{ "id": world.names.iter().find(|(name, _)| *name == "role").unwrap().1, "position": 1 }]);
    world.call("PATCH", "/guilds/{guild}/roles", "", place).await;
    let made = world.call("POST", "/guilds/{guild}/roles", "", json!({ "name": "New" })).await;
    world.name("role", made["id"].as_str().unwrap_or_default());
    world.call("PATCH", "/guilds/{guild}/roles/{role}", "", json!({ "name": "Newer" })).await;
    world.call("DELETE", "/guilds/{guild}/roles/{role}", "", Value::Null).await;
    world.call("DELETE", one, "", Value::Null).await;
    let token = json!({ "access_token": world.bearer });
    world.call("PUT", one, "", token.clone()).await;
    world.call("PUT", one, "", token).await;
    let ban = "/guilds/{guild}/bans/{user}";
    world.call("PUT", ban, "", Value::Null).await;
    world.call("GET", ban, "", Value::Null).await;
    world.call("GET", "/guilds/{guild}/bans", "", Value::Null).await;
    world.call("DELETE", ban, "", Value::Null).await;
    world.call("GET", "/guilds/{guild}/audit-logs", "?limit=100", Value::Null).await;
    assert!(world.sim.member(guild, mira).is_none());
    world.call("DELETE", "/users/@me/guilds/{guild}", "", Value::Null).await;
}
