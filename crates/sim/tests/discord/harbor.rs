//! A guild, its people and its bot, for tests that look from outside.

use serde_json::Value;
use sim::clock::Clock;
use sim::discord::{DiscordSettings, DiscordSim, LimitSettings, RoleSpec, Snowflake, permission};

/// A guild whose bot holds roles and nicknames, between a role above it and one below.
pub(crate) struct Harbor {
    pub(crate) sim: DiscordSim,
    pub(crate) clock: Clock,
    pub(crate) http: reqwest::Client,
    pub(crate) application: Snowflake,
    pub(crate) guild: Snowflake,
    pub(crate) owner: Snowflake,
    pub(crate) mira: Snowflake,
    pub(crate) below: Snowflake,
    pub(crate) above: Snowflake,
}

impl Harbor {
    pub(crate) async fn open(limits: LimitSettings) -> Self {
        Self::open_with(limits, 0).await
    }

    /// The same with more permissions for the bot.
    pub(crate) async fn open_with(limits: LimitSettings, more: u64) -> Self {
        let clock = Clock::default();
        let settings = DiscordSettings { limits, ..DiscordSettings::default() };
        let sim = DiscordSim::start(settings, clock.clone()).await.unwrap();
        let owner = sim.create_user("olga", Some("Olga"));
        let mira = sim.create_user("mira", Some("Mira"));
        let guild = sim.create_guild("Harbor", owner);
        let application = sim.create_application("hall", owner);
        let may = permission::MANAGE_ROLES | permission::MANAGE_NICKNAMES | permission::VIEW_AUDIT_LOG;
        sim.invite_bot(guild, application, may | permission::MODERATE_MEMBERS | more).unwrap();
        let below = sim.add_role(guild, &RoleSpec { position: 1, ..RoleSpec::named("Below") }).unwrap();
        let above = sim.add_role(guild, &RoleSpec { position: 3, ..RoleSpec::named("Above") }).unwrap();
        sim.join(guild, mira).unwrap();
        let http = reqwest::Client::builder().build().unwrap();
        Self { sim, clock, http, application, guild, owner, mira, below, above }
    }

    /// Without limits.
    pub(crate) async fn quiet() -> Self {
        Self::quiet_with(0).await
    }

    pub(crate) async fn quiet_with(more: u64) -> Self {
        Self::open_with(LimitSettings { on: false, ..LimitSettings::default() }, more).await
    }

    pub(crate) fn token(&self) -> String {
        self.sim.bot_token(self.application).unwrap_or_default()
    }

    /// The answer's body.
    pub(crate) async fn body(&self, method: &str, path: &str, body: Value) -> Value {
        self.send(method, path, body).await.json().await.unwrap()
    }

    /// A guild's address.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("/guilds/{}{path}", self.guild)
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> reqwest::Response {
        let token = format!("Bot {}", self.sim.bot_token(self.application).unwrap_or_default());
        let address = format!("{}{path}", self.sim.api_url());
        let request = self.http.request(method.parse().unwrap(), address).header("authorization", token);
        let request = request.header("user-agent", "DiscordBot (https://guildhall.invalid, 1)");
        let request = request.header("x-audit-log-reason", "rule%20%C3%A9");
        let request = if body.is_null() { request } else { request.json(&body) };
        request.send().await.unwrap()
    }

    /// Status and Discord's code.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> (u16, u64) {
        let answer = self.send(method, path, body).await;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap_or_default();
        (status, body.get("code").and_then(Value::as_u64).unwrap_or(0))
    }

    pub(crate) fn member(&self, user: Snowflake) -> String {
        format!("/guilds/{}/members/{user}", self.guild)
    }
}
