//! A hall in a simulated world, and how to wait until it has done everything it knows of.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guildhall::clock::MachineEntropy;
use guildhall::commands::facts::facts_of;
use guildhall::settings::Settings;
use guildhall::wire::{self, NotStarted, Outside, Running};
use sim::world::World;

use crate::clock::StoryClock;
use crate::engines::Engine;

/// How long a hall may take to come to rest, in real time, on a busy machine.
const REST_COMES_WITHIN: Duration = Duration::from_secs(90);
/// What the forum signs its webhooks with.
pub(crate) const WEBHOOK_SECRET: &str = "a secret of the webhook";
/// How often another port is tried when somebody else took it meanwhile.
const PORTS_TRIED_MAX: usize = 8;

/// A rule for a role, as settings have it.
pub(crate) fn role(name: &str, when: &str) -> String {
    format!("[[guild.role]]\nrole = '{name}'\nwhen = '{when}'\n")
}

/// A rule for nicknames, as settings have it.
pub(crate) fn nickname(template: &str) -> String {
    format!("[guild.nickname]\ntemplate = '{template}'\n")
}

/// A hall that runs.
pub(crate) struct Hall {
    world: World,
    engine: Engine,
    clock: Arc<StoryClock>,
    public_address: String,
    rules: String,
    port: u16,
    running: Option<Running>,
    listens: bool,
    changed: Vec<(&'static str, &'static str)>,
}

impl Hall {
    /// Starts a hall for the first guild and all forums of a world, and waits until it has settled.
    pub(crate) async fn start(world: &World, engine: &Engine, rules: &[String]) -> Self {
        let hall = Self::begin(world, engine, rules, "http").await;
        hall.settle().await;
        hall
    }

    /// The same with another scheme in its public address, and without waiting.
    pub(crate) async fn begin(world: &World, engine: &Engine, rules: &[String], scheme: &str) -> Self {
        // An error says that one is installed already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut hall = Self {
            world: world.clone(),
            engine: engine.clone(),
            clock: Arc::new(StoryClock::new(world.clock().clone())),
            public_address: String::new(),
            rules: rules.concat(),
            port: 0,
            running: None,
            listens: true,
            changed: Vec::new(),
        };
        for tried in 1..=PORTS_TRIED_MAX {
            hall.port = free_port();
            hall.public_address = match scheme {
                "http" => format!("http://hall.localhost:{}", hall.port),
                scheme => format!("{scheme}://hall.localhost"),
            };
            match hall.run().await {
                Ok(()) => break,
                Err(NotStarted::Listen { .. }) if tried < PORTS_TRIED_MAX => {}
                Err(error) => panic!("the hall does not start: {error}"),
            }
        }
        hall.subscribe();
        hall
    }

    async fn run(&mut self) -> Result<(), NotStarted> {
        let outside =
            Outside { clock: self.clock.clone(), entropy: Arc::new(MachineEntropy), api_token: None };
        self.running = Some(wire::start(self.settings(), outside, self.engine.end()).await?);
        Ok(())
    }

    /// Asks every forum to send its webhooks here.
    fn subscribe(&self) {
        for (place, (_, forum)) in self.world.forums().iter().enumerate() {
            let address = format!("http://127.0.0.1:{}/hooks/{}", self.port, source_name(place));
            forum.add_webhook_for_all(&address, WEBHOOK_SECRET);
        }
    }

    /// From the next start on its settings say something else.
    pub(crate) fn is_set(&mut self, was: &'static str, is: &'static str) {
        assert!(self.settings_text().contains(was), "no setting says {was}");
        self.changed.push((was, is));
    }

    /// Stops it and starts it again on the same database.
    pub(crate) async fn restart(&mut self) {
        self.begin_again().await;
        self.settle().await;
    }

    /// The same, without waiting.
    pub(crate) async fn begin_again(&mut self) {
        self.stop().await;
        self.run().await.unwrap();
    }

    /// Stops it.
    pub(crate) async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// An address of the hall, as a browser has it.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://hall.localhost:{}{path}", self.port)
    }

    /// Where it tells its metrics; the settings of the story must say so.
    pub(crate) fn metrics_address(&self) -> String {
        let address = self.running.as_ref().unwrap().metrics_address;
        format!("http://{}/metrics", address.unwrap())
    }

    /// Lets time pass for everybody, and waits until what it brought is done.
    pub(crate) async fn passes(&self, span: Duration) {
        self.clock.passes(span);
        self.settle().await;
    }

    /// Lets time pass for everybody, and waits for nothing.
    pub(crate) fn time_passes(&self, span: Duration) {
        self.clock.passes(span);
    }

    /// The hall itself.
    pub(crate) fn inside(&self) -> &service::Hall {
        &self.running.as_ref().unwrap().hall
    }

    /// Whether the hall has, or should have, a line to Discord's gateway.
    pub(crate) fn listens(&mut self, listens: bool) {
        self.listens = listens;
    }

    fn settings(&self) -> Settings {
        let text = self.settings_text();
        let environment = |name: &str| self.secret(name);
        Settings::parse(&text, Path::new("guildhall.toml"), &environment, &facts_of)
            .unwrap_or_else(|problems| panic!("the settings of the story are refused:\n{problems}"))
    }

    /// The program itself, in an environment that has what these settings ask for.
    pub(crate) fn program(&self, command: &str) -> tokio::process::Command {
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_guildhall"));
        let of_forums = ["KEY_OF_0", "CONNECT_SECRET_OF_0", "WEBHOOK_SECRET_OF_0"];
        for name in ["DATABASE", "BOT_TOKEN", "CLIENT_SECRET"].into_iter().chain(of_forums) {
            program.env(name, self.secret(name).unwrap());
        }
        program.arg(command).kill_on_drop(true);
        program
    }

    /// What the settings find in the environment.
    fn secret(&self, name: &str) -> Option<String> {
        let (discord, application) = (self.world.discord_sim(), self.world.application());
        let (what, place) = name.split_once("_OF_").unwrap_or((name, "0"));
        let (_, forum) = self.world.forums().get(place.parse::<usize>().ok()?)?;
        match what {
            "DATABASE" => Some(self.engine.address().to_owned()),
            "BOT_TOKEN" => Some(discord.bot_token(application).unwrap_or_else(|| "revoked".to_owned())),
            "CLIENT_SECRET" => discord.client_secret(application),
            "KEY" => Some(forum.read_key()),
            "CONNECT_SECRET" => Some(forum.connect_secret()),
            "WEBHOOK_SECRET" => Some(WEBHOOK_SECRET.to_owned()),
            _ => None,
        }
    }

    fn settings_text(&self) -> String {
        self.settings_with(&self.rules)
    }

    /// What its settings file says when these are the rules of its guild.
    pub(crate) fn settings_with(&self, rules: &str) -> String {
        let discord = self.world.discord_sim();
        let application = self.world.application();
        let port = discord.address().port();
        let mut text = format!(
            "[hall]\nname = 'Harbor'\npublic_address = '{public}'\nlisten = '127.0.0.1:{own}'\n\
             [database]\naddress = {{ env = 'DATABASE' }}\n\
             [discord]\napplication_id = '{application}'\nbot_token = {{ env = 'BOT_TOKEN' }}\n\
             client_secret = {{ env = 'CLIENT_SECRET' }}\n\
             api_address = 'http://127.0.0.1:{port}/api/v10'\n\
             gateway_address = 'ws://127.0.0.1:{port}/gateway'\n\
             authorize_address = '{authorize}'\ntoken_address = 'http://127.0.0.1:{port}/api/v10/oauth2/token'\n\
             cdn_address = 'http://127.0.0.1:{port}/cdn'\n",
            public = self.public_address,
            own = self.port,
            authorize = discord.authorize_url(),
        );
        for (place, (_, forum)) in self.world.forums().iter().enumerate() {
            text.push_str(&format!(
                "[[source]]\nname = '{name}'\naddress = '{address}'\ncalls_per_minute = 60\n\
                 api_username = '{admin}'\napi_key = {{ env = 'KEY_OF_{place}' }}\n\
                 connect_secret = {{ env = 'CONNECT_SECRET_OF_{place}' }}\n\
                 webhook_secret = {{ env = 'WEBHOOK_SECRET_OF_{place}' }}\n",
                name = source_name(place),
                address = forum.url(),
                admin = forum.admin_name(),
            ));
        }
        text.push_str(&format!("[[guild]]\nid = '{}'\n{}", self.world.guild(), rules));
        self.changed.iter().fold(text, |text, (was, is)| text.replace(was, is))
    }
}

/// Coming to rest.
impl Hall {
    /// Returns when no webhook is on its way, every event of the gateway is handled, and no job is due. Fails
    /// with what is still under way when that takes too long.
    pub(crate) async fn settle(&self) {
        let rested = tokio::time::timeout(REST_COMES_WITHIN, self.rest()).await;
        assert!(rested.is_ok(), "the hall does not come to rest: {}", self.under_way());
    }

    async fn rest(&self) {
        let running = self.running.as_ref().unwrap();
        loop {
            let before = self.mark();
            for (_, forum) in self.world.forums() {
                forum.quiet().await;
            }
            self.hears_everything().await;
            running.discord.in_hand().wait_for(|count| *count == 0).await.unwrap();
            running.hall.at_rest().await.unwrap();
            if self.mark() == before && self.has_heard() && running.discord.requests_in_hand() == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn hears_everything(&self) {
        let running = self.running.as_ref().unwrap();
        let (mut handled, mut changes) = (running.discord.handled(), self.world.discord_sim().changes());
        while !self.has_heard() {
            tokio::select! {
                changed = handled.changed() => changed.unwrap(),
                changed = changes.changed() => changed.unwrap(),
            }
        }
    }

    fn has_heard(&self) -> bool {
        if !self.listens {
            return true;
        }
        let handled = *self.running.as_ref().unwrap().discord.handled().borrow();
        let mut lines = self.world.discord_sim().deliveries();
        lines.retain(|line| line.application == self.world.application() && line.connected);
        !lines.is_empty() && lines.iter().all(|line| line.sent == handled)
    }

    /// What changes whenever anything happens.
    fn mark(&self) -> (u64, u64, usize) {
        let handled = *self.running.as_ref().unwrap().discord.handled().borrow();
        let asked = self.world.forums().iter().filter_map(|(_, forum)| forum.calls().last().cloned());
        let deliveries = self.world.forums().iter().map(|(_, forum)| forum.deliveries().len()).sum();
        (handled, asked.map(|call| call.number).sum(), deliveries)
    }

    fn under_way(&self) -> String {
        let running = self.running.as_ref().unwrap();
        format!(
            "gateway {:?}, handled {}, in hand {}, requests {}, last calls of forums {:?}",
            self.world.discord_sim().deliveries(),
            *running.discord.handled().borrow(),
            *running.discord.in_hand().borrow(),
            running.discord.requests_in_hand(),
            self.world.forums().iter().map(|(_, forum)| forum.calls().last().cloned()).collect::<Vec<_>>(),
        )
    }
}

fn source_name(place: usize) -> String {
    if place == 0 { "forum".to_owned() } else { format!("forum_{}", place + 1) }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
