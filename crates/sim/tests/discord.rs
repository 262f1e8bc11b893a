//! The simulated Discord as a bot sees it: who may do what, limits, the gateway, interactions, sign-in.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use sim::clock::Clock;
use sim::discord::{
    DiscordSettings, DiscordSim, Fault, FaultRule, Interaction, LimitSettings, RoleSpec, Snowflake,
    permission,
};
use tokio_tungstenite::tungstenite::Message;

/// A guild whose bot holds roles and nicknames, between a role above it and one below.
struct Harbor {
    sim: DiscordSim,
    clock: Clock,
    http: reqwest::Client,
    application: Snowflake,
    guild: Snowflake,
    owner: Snowflake,
    mira: Snowflake,
    below: Snowflake,
    above: Snowflake,
}

impl Harbor {
    async fn open(limits: LimitSettings) -> Self {
        let clock = Clock::default();
        let settings = DiscordSettings { limits, ..DiscordSettings::default() };
        let sim = DiscordSim::start(settings, clock.clone()).await.unwrap();
        let owner = sim.create_user("olga", Some("Olga"));
        let mira = sim.create_user("mira", Some("Mira"));
        let guild = sim.create_guild("Harbor", owner);
        let application = sim.create_application("hall", owner);
        let may = permission::MANAGE_ROLES | permission::MANAGE_NICKNAMES | permission::VIEW_AUDIT_LOG;
        sim.invite_bot(guild, application, may | permission::MODERATE_MEMBERS).unwrap();
        let below = sim.add_role(guild, &RoleSpec { position: 1, ..RoleSpec::named("Below") }).unwrap();
        let above = sim.add_role(guild, &RoleSpec { position: 3, ..RoleSpec::named("Above") }).unwrap();
        sim.join(guild, mira).unwrap();
        let http = reqwest::Client::builder().build().unwrap();
        Self { sim, clock, http, application, guild, owner, mira, below, above }
    }

    async fn quiet() -> Self {
        Self::open(LimitSettings { on: false, ..LimitSettings::default() }).await
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> reqwest::Response {
        let token = format!("Bot {}", self.sim.bot_token(self.application).unwrap_or_default());
        let address = format!("{}{path}", self.sim.api_url());
        let request = self.http.request(method.parse().unwrap(), address).header("authorization", token);
        let request = request.header("user-agent", "DiscordBot (https://guildhall.invalid, 1)");
        let request = request.header("x-audit-log-reason", "rule%20%C3%A9");
        let request = if body.is_null() { request } else { request.json(&body) };
        request.send().await.unwrap()
    }

    /// Status and Discord's code.
    async fn call(&self, method: &str, path: &str, body: Value) -> (u16, u64) {
        let answer = self.send(method, path, body).await;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap_or_default();
        (status, body.get("code").and_then(Value::as_u64).unwrap_or(0))
    }

    fn member(&self, user: Snowflake) -> String {
        format!("/guilds/{}/members/{user}", self.guild)
    }
}

#[tokio::test]
async fn a_bot_may_do_what_its_place_in_the_order_allows() {
    let harbor = Harbor::quiet().await;
    let Harbor { sim, guild, owner, mira, below, above, .. } = &harbor;
    let own = sim.role_named(*guild, "hall").unwrap();
    let member = |user| harbor.member(user);
    let role = |user, role| format!("{}/roles/{role}", harbor.member(user));
    let late = json!({ "communication_disabled_until": "2000-01-01T00:00:00Z" });
    let table = [
        ("PUT", role(*mira, *below), Value::Null, (204, 0), "a role below"),
        ("PUT", role(*owner, *below), Value::Null, (204, 0), "a role below, for the owner"),
        ("PUT", role(*mira, *above), Value::Null, (403, 50013), "a role above"),
        ("PUT", role(*mira, own), Value::Null, (403, 50013), "its own role"),
        ("PUT", role(*mira, *guild), Value::Null, (400, 50028), "@everyone"),
        ("PUT", role(*mira, *mira), Value::Null, (404, 10011), "no role"),
        ("PUT", role(harbor.below, *below), Value::Null, (404, 10013), "nobody"),
        ("PATCH", member(*mira), json!({ "nick": " Mira  Lund " }), (200, 0), "a nickname"),
        ("PATCH", member(*owner), json!({ "nick": "x" }), (403, 50013), "the owner's nickname"),
        ("PATCH", member(*mira), json!({ "nick": "x".repeat(33) }), (400, 50035), "a long nickname"),
        ("PATCH", member(*owner), late.clone(), (403, 50013), "the owner's time-out"),
        ("PATCH", member(*mira), late, (200, 0), "a time-out"),
        ("DELETE", member(*mira), Value::Null, (403, 50013), "a kick without permission"),
        ("GET", "/guilds/1".into(), Value::Null, (404, 10004), "no guild"),
        ("GET", "/nothing".into(), Value::Null, (404, 0), "no route"),
        ("PUT", format!("/guilds/{guild}"), Value::Null, (405, 0), "the wrong method"),
    ];
    for (method, path, body, expected, what) in table {
        assert_eq!(harbor.call(method, &path, body).await, expected, "{what}");
    }
    assert_eq!(sim.roles_of(*guild, *mira), ["Below"]);
    assert_eq!(sim.nick_of(*guild, *mira).as_deref(), Some("Mira Lund"));
    let log = sim.audit_log(*guild);
    let row = log.iter().find(|row| row.action == 25 && row.target == *mira).unwrap();
    assert_eq!(row.reason.as_deref(), Some("rule é"));
    assert_eq!(row.changes, [json!({ "key": "$add", "new_value": [{ "id": below, "name": "Below" }] })]);
}

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
async fn a_fault_spoils_so_many_answers_and_an_act_may_be_carried_out_all_the_same() {
    let harbor = Harbor::quiet().await;
    let role = format!("{}/roles/{}", harbor.member(harbor.mira), harbor.below);
    harbor.sim.fault(FaultRule::next("PUT", "/roles/", Fault::Html(502)));
    harbor.sim.fault(FaultRule::next("PUT", "/roles/", Fault::Status(500)).carried_out());
    assert_eq!(harbor.call("PUT", &role, Value::Null).await.0, 502);
    assert!(harbor.sim.roles_of(harbor.guild, harbor.mira).is_empty());
    assert_eq!(harbor.call("PUT", &role, Value::Null).await.0, 500);
    assert_eq!(harbor.sim.roles_of(harbor.guild, harbor.mira), ["Below"]);
    let statuses: Vec<u16> = harbor.sim.calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [502, 500]);
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let harbor = Harbor::quiet().await;
    assert_eq!(harbor.call("GET", "/users/@me", Value::Null).await.0, 200);
    harbor.sim.revoke_token(harbor.application).unwrap();
    assert_eq!(harbor.call("GET", "/users/@me", Value::Null).await, (401, 0));
}

/// A gateway client of the simplest kind.
struct Ear(tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>);

impl Ear {
    async fn dial(sim: &DiscordSim) -> Self {
        let address = format!("{}/?v=10&encoding=json", sim.gateway_url());
        let (socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
        let mut ear = Self(socket);
        assert_eq!(ear.next().await["op"], 10);
        ear
    }

    async fn say(&mut self, op: u64, data: Value) {
        self.0.send(Message::text(json!({ "op": op, "d": data }).to_string())).await.unwrap();
    }

    async fn raw(&mut self) -> Message {
        tokio::time::timeout(Duration::from_secs(10), self.0.next()).await.unwrap().unwrap().unwrap()
    }

    async fn next(&mut self) -> Value {
        serde_json::from_str(self.raw().await.to_text().unwrap()).unwrap()
    }

    async fn event(&mut self, name: &str) -> Value {
        loop {
            let frame = self.next().await;
            if frame["t"] == name {
                return frame;
            }
        }
    }

    async fn code(&mut self) -> u16 {
        match self.raw().await {
            Message::Close(Some(frame)) => frame.code.into(),
            other => panic!("not closed: {other}"),
        }
    }
}

#[tokio::test]
async fn a_session_is_resumed_with_everything_that_was_missed() {
    let harbor = Harbor::quiet().await;
    let token = harbor.sim.bot_token(harbor.application).unwrap();
    let mut ear = Ear::dial(&harbor.sim).await;
    ear.say(2, json!({ "token": token, "intents": 3, "properties": {} })).await;
    let ready = ear.event("READY").await;
    let created = ear.event("GUILD_CREATE").await;
    assert_eq!(created["d"]["member_count"], 3);
    assert_eq!(created["d"]["members"].as_array().unwrap().len(), 1, "no presences, no members");
    drop(ear);
    harbor.sim.give_role_by_hand(harbor.owner, harbor.guild, harbor.mira, harbor.above).unwrap();
    let mut ear = Ear::dial(&harbor.sim).await;
    let resume = json!({ "token": token, "session_id": ready["d"]["session_id"], "seq": created["s"] });
    ear.say(6, resume.clone()).await;
    let update = ear.event("GUILD_MEMBER_UPDATE").await;
    assert_eq!(update["d"]["roles"], json!([harbor.above]));
    ear.event("RESUMED").await;
    drop(ear);
    let gone = harbor
        .sim
        .eventually(5_000, |sim| sim.deliveries().iter().all(|one| !one.connected).then_some(()))
        .await;
    assert!(gone.is_some());
    harbor.clock.advance_ms(3_600_000);
    let mut ear = Ear::dial(&harbor.sim).await;
    ear.say(6, resume).await;
    assert_eq!(ear.next().await["op"], 9, "an hour later the session is invalid");
}

#[tokio::test]
async fn the_gateway_refuses_with_the_code_that_says_why() {
    let harbor = Harbor::quiet().await;
    let token = harbor.sim.bot_token(harbor.application).unwrap();
    harbor.sim.set_intents(harbor.application, false, false, false).unwrap();
    let table = [
        (2, json!({ "token": "wrong", "intents": 1, "properties": {} }), 4004),
        (2, json!({ "token": token, "intents": 1_u64 << 40, "properties": {} }), 4013),
        (2, json!({ "token": token, "intents": 2, "properties": {} }), 4014),
        (2, json!({ "token": token, "intents": 1, "shard": [3, 2], "properties": {} }), 4010),
        (8, json!({ "guild_id": "1" }), 4003),
        (77, Value::Null, 4001),
    ];
    for (op, data, code) in table {
        let mut ear = Ear::dial(&harbor.sim).await;
        ear.say(op, data).await;
        assert_eq!(ear.code().await, code);
    }
}

#[tokio::test]
async fn an_application_that_does_not_answer_is_said_not_to_respond() {
    let harbor = Harbor::quiet().await;
    let commands = format!("/applications/{}/commands", harbor.application);
    let command = json!([{ "name": "why", "description": "Why?", "default_member_permissions": "0" }]);
    assert_eq!(harbor.call("PUT", &commands, command).await.0, 200);
    let why = || Interaction::Command { name: "why".into(), options: Value::Null };
    let hidden = harbor.sim.interact(harbor.mira, harbor.guild, why()).await;
    assert_eq!(hidden.problem.as_deref(), Some("You do not see the command /why."));
    let asks = harbor.sim.interact(harbor.owner, harbor.guild, why());
    let late = async {
        let (id, token) = harbor.sim.eventually(2_000, DiscordSim::last_interaction).await.unwrap();
        harbor.clock.advance_ms(3_001);
        let answer = json!({ "type": 4, "data": { "content": "late" } });
        harbor.call("POST", &format!("/interactions/{id}/{token}/callback"), answer).await
    };
    let (reply, late) = tokio::join!(asks, late);
    assert_eq!(reply.problem.as_deref(), Some("The application did not respond"));
    assert_eq!(late, (404, 10062));
}
