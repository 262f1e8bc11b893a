//! Puts a hall together from its settings: the adapters, the service, the listener. Decides nothing.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use discord::GatewayEnd;
use domain::ids::SourceName;
use secrecy::{ExposeSecret, SecretString};
use service::ports::{Clock, Entropy, Proof, Source};
use service::rules::Cause;
use service::{Delivery, GuildSeat, Hall, Hint, Metrics, Parts, SourceParts};
use store::Store;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::listen;
use crate::settings::Settings;
use crate::settings::database::DatabaseAddress;
use crate::settings::guild::Guild;
use crate::settings::owner::is_for_another;
use crate::settings::source::SourceKind;
use crate::watch;

/// How long the work in hand may take once the hall is asked to stop.
const STOP_TAKES_AT_MOST: Duration = Duration::from_secs(10);

/// What a hall needs that no settings file says.
#[derive(Clone)]
pub struct Outside {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// What a reader of the JSON addresses must carry; without one they are closed.
    pub api_token: Option<SecretString>,
}

/// Why a hall could not begin.
#[derive(Debug, Error)]
pub enum NotStarted {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The database would be made so that the hall cannot open it.
    #[error(
        "could not make the database {}: its folder belongs to the user {owner}, who could not open what root makes \
         there. Type instead: sudo -u {owner} {}",
        file.display(),
        typed_again()
    )]
    OfAnother {
        /// The database's file.
        file: PathBuf,
        /// Whose folder it stands in.
        owner: String,
    },
    /// The hall refuses its settings.
    #[error(transparent)]
    Hall(#[from] service::Error),
    /// The listener.
    #[error("could not listen on {address}: {why}; is another program there? Change `{setting}` in [hall]")]
    Listen {
        /// What says where.
        setting: &'static str,
        /// Where.
        address: SocketAddr,
        /// What the system said.
        why: std::io::Error,
    },
    /// TLS, most likely.
    #[error("could not prepare to talk to {0}")]
    Adapter(String),
}

/// This command, as it was typed.
fn typed_again() -> String {
    let words = std::env::args().skip(1);
    ["guildhall".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// A hall that runs.
pub struct Running {
    /// The hall.
    pub hall: Arc<Hall>,
    /// Discord.
    pub discord: discord::Discord,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it tells its metrics, if anywhere.
    pub metrics_address: Option<SocketAddr>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
    store: Store,
}

impl Running {
    /// Stops taking in, finishes what is in hand, and closes the database; at most ten seconds.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let finish = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_TAKES_AT_MOST, finish).await.is_err() {
            tracing::warn!("some work was not finished in time; it is stored and goes on at the next start");
            self.tasks.abort_all();
        }
        self.store.close().await;
    }

    /// Returns when the hall is asked to stop.
    pub async fn stopping(&self) {
        self.stop.cancelled().await;
    }
}

/// A hall that is put together and does nothing yet.
pub(crate) struct Assembled {
    /// The hall.
    pub(crate) hall: Arc<Hall>,
    discord: discord::Discord,
    forums: Vec<Forum>,
    store: Store,
}

impl Assembled {
    /// Closes the database.
    pub(crate) async fn close(self) {
        self.store.close().await;
    }
}

/// Puts a hall together: for a command that reads, beside one that runs or without.
pub(crate) async fn assemble(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Assembled, NotStarted> {
    if let DatabaseAddress::Sqlite(file) = &settings.database.address
        && let Some(owner) = is_for_another(file)
    {
        return Err(NotStarted::OfAnother { file: file.clone(), owner });
    }
    let store = Store::open(&database_address(&settings.database.address)).await?;
    let metrics = Metrics::default();
    let discord = discord::Discord::new(discord_settings(settings), Arc::clone(&clock), metrics.clone())
        .map_err(|error| NotStarted::Adapter(format!("Discord: {error}")))?;
    let forums = forums(settings, &clock, &metrics)?;
    let parts = Parts {
        name: settings.hall.name.clone(),
        public_address: settings.hall.public_address.clone(),
        audit_keep: settings.hall.audit_keep,
        plans_keep: settings.hall.plans_keep,
        sources: forums.iter().map(Forum::parts).collect(),
        guilds: seats(&settings.guilds),
        rules_from: settings
            .wrong_rules
            .is_none()
            .then(|| watch::origin(&settings.file, Cause::Start, clock.now())),
        discord: Arc::new(discord.clone()),
        discord_proof: discord.proof(),
        discord_address: settings.discord.api_address.to_string(),
        clock,
        entropy,
        metrics,
    };
    let hall = Hall::open(parts, store.clone()).await?;
    Ok(Assembled { hall, discord, forums, store })
}

/// Starts a hall. Neither Discord nor a forum needs to answer for that.
pub async fn start(
    settings: Settings,
    outside: Outside,
    stop: CancellationToken,
) -> Result<Running, NotStarted> {
    let Outside { clock, entropy, api_token } = outside;
    let Assembled { hall, discord, forums, store } = assemble(&settings, clock, entropy).await?;
    let web_settings = web_settings(&settings, api_token);
    hall.start_timers().await?;

    let receiver = Arc::new(Receiver(Arc::clone(&hall)));
    let hooks = discourse::webhooks::routes(receiver, forums.iter().map(|forum| forum.source.sender()));
    let app = web::routes(Arc::clone(&hall), web_settings).merge(hooks);
    let (listener, address) = bind("listen", settings.hall.listen).await?;
    let watched = match settings.hall.metrics {
        Some(address) => Some(bind("metrics", address).await?),
        None => None,
    };
    let metrics_address = watched.as_ref().map(|(_, address)| *address);

    let mut tasks = JoinSet::new();
    let served = stop.clone();
    tasks.spawn(listen::serve(listener, app, listen::Bounds::default(), served));
    if let Some((listener, address)) = watched {
        let app = web::metrics_routes(Arc::clone(&hall));
        tasks.spawn(listen::serve(listener, app, listen::Bounds::of_metrics(), stop.clone()));
        tracing::info!("metrics are told on http://{address}/metrics");
    }
    tasks.spawn(Arc::clone(&hall).lead(stop.clone()));
    let token_place = settings.bot_token_place;
    let (gateway, led, stopping) = (discord.clone(), Arc::clone(&hall), stop.clone());
    tasks.spawn(async move {
        while let Some(term) = led.leading(&stopping).await {
            if stopping.is_cancelled() {
                return;
            }
            let end = gateway.run_gateway(Arc::clone(&led), term.clone()).await;
            match end {
                GatewayEnd::TokenRefused => tracing::error!(
                    "Discord does not accept the bot token; make a new one in the developer portal (Bot, Reset Token), \
                     put it into {token_place}, and restart"
                ),
                end => tracing::info!(?end, "the gateway is closed"),
            }
            term.cancelled().await;
        }
    });
    Ok(Running { hall, discord, address, metrics_address, stop, tasks, store })
}

/// Listens where a setting of [hall] says.
async fn bind(setting: &'static str, wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), NotStarted> {
    let refused = |why| NotStarted::Listen { setting, address: wanted, why };
    let listener = TcpListener::bind(wanted).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

/// A forum, as both of its crates' faces.
struct Forum {
    source: Arc<discourse::Discourse>,
    proof: Arc<dyn Proof>,
    log_every: Duration,
}

impl Forum {
    fn parts(&self) -> SourceParts {
        let source: Arc<dyn Source> = Arc::<discourse::Discourse>::clone(&self.source);
        let kind = SourceKind::Discourse.word();
        SourceParts { kind, source, proof: Arc::clone(&self.proof), log_every: self.log_every }
    }
}

fn forums(settings: &Settings, clock: &Arc<dyn Clock>, metrics: &Metrics) -> Result<Vec<Forum>, NotStarted> {
    let forum = |source: &crate::settings::source::Source| {
        let settings = forum_settings(source);
        let forum = discourse::Discourse::new(&settings, Arc::clone(clock), metrics.clone())
            .map_err(|error| NotStarted::Adapter(format!("{}: {error}", source.address)))?;
        let proof = Arc::new(forum.connect());
        Ok(Forum { source: Arc::new(forum), proof, log_every: source.staff_log_every })
    };
    settings.sources.iter().map(forum).collect()
}

/// A forum's settings, for its adapter.
pub(crate) fn forum_settings(source: &crate::settings::source::Source) -> discourse::Settings {
    discourse::Settings {
        name: source.name.clone(),
        address: source.address.clone(),
        api_key: source.api_key.clone(),
        api_username: SecretString::from(source.api_username.clone()),
        connect_secret: source.connect_secret.clone(),
        webhook_secret: source.webhook_secret.clone(),
        calls_per_minute: source.calls_per_minute,
        patience: discourse::Patience::default(),
    }
}

/// Takes webhooks in for the hall.
struct Receiver(Arc<Hall>);

#[async_trait]
impl discourse::webhooks::HookReceiver for Receiver {
    async fn receive(
        &self,
        source: &SourceName,
        delivery: Delivery,
        hints: Vec<Hint>,
    ) -> Result<(), service::Error> {
        self.0.receive_hook(source, &delivery, &hints).await
    }
}

/// Discord's settings, for its adapter.
pub(crate) fn discord_settings(settings: &Settings) -> discord::DiscordSettings {
    let section = &settings.discord;
    discord::DiscordSettings {
        token: section.bot_token.clone(),
        application_id: section.application_id,
        client_secret: section.client_secret.clone(),
        members_intent: section.members_intent,
        addresses: discord::Addresses {
            api: section.api_address.clone(),
            gateway: section.gateway_address.clone(),
            authorize: section.authorize_address.clone(),
            token: section.token_address.clone(),
            cdn: section.cdn_address.clone(),
        },
        project: settings.hall.public_address.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn web_settings(settings: &Settings, api_token: Option<SecretString>) -> web::WebSettings {
    let mut discord_channels = settings.discord.authorize_address.clone();
    discord_channels.set_path("/channels/");
    discord_channels.set_query(None);
    let hosts = settings.sources.iter().map(|source| &source.address).chain([&settings.discord.cdn_address]);
    let picture_origins = hosts.map(Url::origin).collect();
    web::WebSettings { discord_channels, picture_origins, api_token }
}

/// The servers with what they follow.
pub(crate) fn seats(guilds: &[Guild]) -> Vec<GuildSeat> {
    guilds.iter().map(seat).collect()
}

fn seat(guild: &Guild) -> GuildSeat {
    GuildSeat {
        id: guild.id,
        rules: guild.rules.clone(),
        sweep_every: guild.sweep_every,
        care: guild.care.clone(),
    }
}

/// A database's address, for the store.
pub(crate) fn database_address(address: &DatabaseAddress) -> String {
    match address {
        DatabaseAddress::Sqlite(file) => format!("sqlite:{}", file.display()),
        DatabaseAddress::Postgres(address) => address.expose_secret().to_owned(),
    }
}
