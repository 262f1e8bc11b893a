//! Events in: one connection, kept alive, resumed and begun again by twilight; what arrives changes the
//! world at once, and what the hall should look at again is stored by a task of its own, so that a slow disk
//! never costs a heartbeat. (Discord docs: Gateway.)

mod hand;
mod hints;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::GuildId;
use futures_util::StreamExt;
use secrecy::ExposeSecret;
use service::Hall;
use service::hint::Hint;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{CloseFrame, ConfigBuilder, Intents, Message, Shard, ShardId};
use twilight_model::gateway::event::GatewayEventDeserializer;
use twilight_model::gateway::{CloseCode, OpCode};

pub(crate) use hand::Hand;
use hints::HintSender;

use crate::commands;
use crate::discord::Discord;
use crate::line::{Standing, TOKEN_REFUSED};
use crate::rest::Problem;
use crate::world::Event;

/// How long a goodbye may take.
const GOODBYE_TIME_MAX: Duration = Duration::from_secs(2);

/// How long what is in hand may take to be finished.
const FINISH_TIME_MAX: Duration = Duration::from_secs(6);

/// Between two tries to read all members.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(15);

/// Why the gateway is not listened to any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayEnd {
    /// The hall is shutting down.
    Stopped,
    /// Discord does not accept the bot token.
    TokenRefused,
    /// Discord closed the connection for good.
    Refused {
        /// The close code (Discord docs: Gateway Close Event Codes).
        code: u16,
        /// What the owner can do.
        remedy: &'static str,
    },
}

/// How one connection ended.
enum Closed {
    Stopped,
    ForGood(Option<u16>),
}

impl Discord {
    /// Listens until `stop`, or until Discord refuses for good; the rest of the hall goes on either way.
    ///
    /// Where the member intent is refused it says so and goes on without: then only linked members are known.
    pub async fn run_gateway(&self, hall: Arc<Hall>, stop: CancellationToken) -> GatewayEnd {
        let end = self.listen_for(hall, stop).await;
        self.inner.line.stands(match end {
            GatewayEnd::Stopped => Standing::Opening,
            GatewayEnd::TokenRefused => Standing::Closed(TOKEN_REFUSED),
            GatewayEnd::Refused { remedy, .. } => Standing::Closed(remedy),
        });
        end
    }

    async fn listen_for(&self, hall: Arc<Hall>, stop: CancellationToken) -> GatewayEnd {
        let turns = match self.turns(&stop).await {
            Ok(turns) => turns,
            Err(end) => return end,
        };
        let tasks = TaskTracker::new();
        let (discord, registering, until) = (self.clone(), hall.clone(), stop.clone());
        tasks.spawn(async move { until.run_until_cancelled(discord.register_commands(&registering)).await });
        let (hints, storing) =
            hints::channel(hall.clone(), self.inner.handled.clone(), self.inner.hand.clone());
        tasks.spawn(storing);
        let guilds = hall.guild_ids().collect();
        let (discord, tasks_of_events) = (self.clone(), tasks.clone());
        let listener =
            Listener { discord, hall, hints, turns, guilds, tasks: tasks_of_events, stop: stop.clone() };
        let end = listener.listen(&stop).await;
        drop(listener);
        tasks.close();
        if tokio::time::timeout(FINISH_TIME_MAX, tasks.wait()).await.is_err() {
            tracing::warn!("some answers were not finished in time");
        }
        end
    }

    /// Asks how many sessions may still be begun, and waits while there is none: one too many in a day, and
    /// Discord takes the token away.
    async fn turns(&self, stop: &CancellationToken) -> Result<InMemoryQueue, GatewayEnd> {
        loop {
            let gateway = match self.inner.rest.gateway_bot().await {
                Ok(gateway) => gateway,
                Err(Problem::TokenRefused) => return Err(GatewayEnd::TokenRefused),
                Err(problem) => {
                    tracing::warn!(?problem, "could not ask how many sessions are left; beginning one");
                    return Ok(InMemoryQueue::default());
                }
            };
            let Some(wait) = gateway.wait() else { return Ok(gateway.turns()) };
            tracing::error!(seconds = wait.as_secs(), "no session is left for today; waiting");
            let until = self.inner.clock.now().after(wait);
            tokio::select! {
                () = stop.cancelled() => return Err(GatewayEnd::Stopped),
                () = self.inner.clock.sleep_until(until) => {}
            }
        }
    }
}

struct Listener {
    discord: Discord,
    hall: Arc<Hall>,
    hints: HintSender,
    /// Shared by all connections, so that no two sessions are begun too soon after one another.
    turns: InMemoryQueue,
    guilds: BTreeSet<GuildId>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Listener {
    async fn listen(&self, stop: &CancellationToken) -> GatewayEnd {
        let mut members = self.discord.inner.settings.members_intent;
        loop {
            let code = match self.connection(members, stop).await {
                Closed::Stopped => return GatewayEnd::Stopped,
                Closed::ForGood(code) => code.unwrap_or_default(),
            };
            match CloseCode::try_from(code) {
                Ok(CloseCode::AuthenticationFailed) => {
                    return GatewayEnd::TokenRefused;
                }
                Ok(CloseCode::DisallowedIntents) if members => {
                    tracing::error!(
                        "Discord refuses the member intent; switch on \"Server Members Intent\" for the \
                         application in the developer portal and restart, or set members_intent = false. \
                         Going on with linked members alone"
                    );
                    members = false;
                    self.discord.inner.world.only_linked_members();
                }
                known => {
                    let remedy = remedy(known.ok());
                    tracing::error!(
                        code,
                        "Discord closed the gateway for good; {remedy}. Until then only the sweep sees what \
                         changes in Discord"
                    );
                    return GatewayEnd::Refused { code, remedy };
                }
            }
        }
    }

    async fn connection(&self, members: bool, stop: &CancellationToken) -> Closed {
        let mut shard = self.shard(members);
        let mut code = None;
        loop {
            let message = tokio::select! {
                () = stop.cancelled() => {
                    say_goodbye(&mut shard).await;
                    return Closed::Stopped;
                }
                message = shard.next() => message,
            };
            if !matches!(message, Some(Ok(Message::Text(_)))) {
                self.discord.inner.line.breaks();
            }
            match message {
                None => return Closed::ForGood(code),
                Some(Ok(Message::Text(json))) => self.received(&json).await,
                Some(Ok(Message::Close(frame))) => {
                    code = frame.as_ref().map(|frame| frame.code);
                    tracing::info!(code, "the gateway closed the connection");
                }
                Some(Err(error)) => log_failure(&error),
            }
        }
    }

    fn shard(&self, members: bool) -> Shard {
        let settings = &self.discord.inner.settings;
        let always = Intents::GUILDS | Intents::GUILD_MODERATION;
        let intents = if members { always | Intents::GUILD_MEMBERS } else { always };
        let gateway = settings.addresses.gateway.as_str().trim_end_matches('/').to_owned();
        let token = settings.token.expose_secret().to_owned();
        let config = ConfigBuilder::new(token, intents).proxy_url(gateway).queue(self.turns.clone());
        Shard::with_config(ShardId::ONE, config.build())
    }

    /// Takes one message. What it changes is changed when this returns; its hints are on their way.
    async fn received(&self, json: &str) {
        let Some((op, sequence, name)) =
            GatewayEventDeserializer::from_json(json).map(GatewayEventDeserializer::into_parts)
        else {
            return;
        };
        let (Some(OpCode::Dispatch), Some(sequence), Some(name)) = (OpCode::from(op), sequence, name) else {
            return;
        };
        let hints = match name.as_ref() {
            "RESUMED" => {
                self.discord.inner.line.stands(Standing::Open);
                Vec::new()
            }
            "INTERACTION_CREATE" => {
                self.asked(json);
                Vec::new()
            }
            name => match Event::read(name, json) {
                Some(Ok(event)) => self.happened(event),
                Some(Err(error)) => {
                    // The event itself stays out of the log: it can hold what people wrote.
                    tracing::error!(
                        name,
                        line = error.line(),
                        column = error.column(),
                        "could not read an event"
                    );
                    Vec::new()
                }
                None => Vec::new(),
            },
        };
        self.hints.send(sequence, hints).await;
    }

    fn happened(&self, event: Event) -> Vec<Hint> {
        if event.guild().is_some_and(|guild| !self.guilds.contains(&guild)) {
            return Vec::new();
        }
        let inner = &self.discord.inner;
        let came = match &event {
            Event::Ready(ready) => {
                inner.line.stands(Standing::Open);
                let servers = ready.guild_count();
                let many = if servers == 1 { "" } else { "s" };
                tracing::info!("connected to Discord as {}, in {servers} server{many}", ready.name());
                None
            }
            Event::GuildCreate(guild) => Some(guild.id()),
            _ => None,
        };
        let mut news = inner.world.apply(event);
        if let Some(guild) = came.filter(|guild| news.read_members != Some(*guild)) {
            self.discord.log_members(guild);
        }
        if let Some(guild) = news.read_members {
            self.read_members(guild);
        }
        news.hints.retain(|hint| match hint {
            Hint::Guild { guild }
            | Hint::ByHand { guild }
            | Hint::Member { guild, .. }
            | Hint::Left { guild, .. } => self.guilds.contains(guild),
            _ => true,
        });
        news.hints
    }

    fn asked(&self, json: &str) {
        match crate::world::data(json) {
            Ok(interaction) => {
                let (discord, hall) = (self.discord.clone(), self.hall.clone());
                let in_hand = self.discord.inner.hand.take();
                self.tasks.spawn(async move {
                    commands::dispatch(&discord, &hall, interaction).await;
                    drop(in_hand);
                });
            }
            Err(error) => {
                tracing::error!(
                    line = error.line(),
                    column = error.column(),
                    "could not read an interaction"
                );
            }
        }
    }

    fn read_members(&self, guild: GuildId) {
        let (discord, hall, stop) = (self.discord.clone(), self.hall.clone(), self.stop.clone());
        let in_hand = self.discord.inner.hand.take();
        self.tasks.spawn(async move {
            stop.run_until_cancelled(discord.read_members_for(&hall, guild)).await;
            drop(in_hand);
        });
    }
}

impl Discord {
    /// Says how many members of a guild are known.
    fn log_members(&self, guild: GuildId) {
        if let Some(picture) = self.inner.world.picture(guild) {
            let members = self.inner.world.roster(guild).len();
            tracing::info!(%guild, "in step with {}: {members} members known", picture.name);
        }
    }

    /// Reads all members, again and again while Discord does not answer, and says that the guild is ready.
    async fn read_members_for(&self, hall: &Hall, guild: GuildId) {
        while let Err(problem) = self.read_members(guild).await {
            tracing::warn!(%guild, ?problem, "could not read all members");
            let Problem::Later { wait, .. } = problem else { return };
            let wait = wait.unwrap_or_default().max(TRY_AGAIN_AFTER);
            self.inner.clock.sleep_until(self.inner.clock.now().after(wait)).await;
            // Away or removed meanwhile: its return begins a reading of its own.
            if self.inner.world.picture(guild).is_none() {
                return;
            }
        }
        self.log_members(guild);
        if let Err(error) = hall.hint(&Hint::Guild { guild }).await {
            tracing::error!(%guild, %error, "could not store a hint; the next sweep makes up for it");
        }
    }
}

/// What the owner can do where Discord closes for good.
fn remedy(code: Option<CloseCode>) -> &'static str {
    match code {
        Some(CloseCode::ShardingRequired | CloseCode::InvalidShard) => {
            "take the bot out of servers that Guildhall does not serve, and restart: it is in more than one \
             connection may carry"
        }
        Some(CloseCode::InvalidApiVersion | CloseCode::InvalidIntents | CloseCode::DisallowedIntents) => {
            "restart with a newer Guildhall: this one asks for something that Discord does not know any more"
        }
        _ => "see what the close code means in Discord's documentation, and restart",
    }
}

async fn say_goodbye(shard: &mut Shard) {
    shard.close(CloseFrame::NORMAL);
    let closed = async {
        while let Some(Ok(message)) = shard.next().await {
            if matches!(message, Message::Close(_)) {
                break;
            }
        }
    };
    if tokio::time::timeout(GOODBYE_TIME_MAX, closed).await.is_err() {
        tracing::debug!("the gateway did not answer the goodbye");
    }
}

/// The error itself can hold what an event said, so only its kind is told.
fn log_failure(error: &ReceiveMessageError) {
    match error.kind() {
        ReceiveMessageErrorType::Reconnect => tracing::warn!("could not reach the gateway; trying again"),
        ReceiveMessageErrorType::Compression => tracing::warn!("the gateway sent broken data; reconnecting"),
        _ => tracing::warn!("the gateway sent something that cannot be read"),
    }
}
