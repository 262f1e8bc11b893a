//! The hall: what it is configured to do, and everything it needs to do it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::facts::{Row, Schema};
use domain::ids::{ChannelId, GuildId, PlaceId, RevisionId, SourceName, UserId};
use domain::plan::{Census, Limits};
use domain::situation::GuildRules;
use domain::time::Timestamp;
use store::Store;
use store::places::PlaceFound;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::error::{Error, Failed};
use crate::facts;
use crate::metrics::{Metrics, Readings};
use crate::plans::{Absent, Plans};
use crate::ports::{Clock, Entropy, Guilds, Proof, Source};
use crate::profile::ShownProfiles;
use crate::readiness::Noticed;
use crate::rules::{InForce, Notes, Origin, Rules};

/// What a hall is built from: the settings, resolved, and the filled ports.
pub struct Parts {
    /// What people call the community.
    pub name: String,
    /// Where browsers reach the hall, without a path.
    pub public_address: Url,
    /// How long ids stay in the audit log.
    pub audit_keep: Duration,
    /// How long plans are kept, and can be taken back.
    pub plans_keep: Duration,
    /// The sources, in the order of the schema.
    pub sources: Vec<SourceParts>,
    /// The guilds with their rules.
    pub guilds: Vec<GuildSeat>,
    /// Where those come from. `None` where no rules could be read: then they have none, and this hall never leads, but
    /// may ask whoever does.
    pub rules_from: Option<Origin>,
    /// Discord's servers.
    pub discord: Arc<dyn Guilds>,
    /// How a person proves a Discord account.
    pub discord_proof: Arc<dyn Proof>,
    /// Discord's address, by which its accounts are told from those of another Discord.
    pub discord_address: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Where everything is counted, by the adapters too.
    pub metrics: Metrics,
}

/// A configured source.
pub struct SourceParts {
    /// Its kind, `discourse`.
    pub kind: &'static str,
    /// The source.
    pub source: Arc<dyn Source>,
    /// How a person proves an account there.
    pub proof: Arc<dyn Proof>,
    /// How often its staff log is read.
    pub log_every: Duration,
}

/// A guild and what it follows.
#[derive(Clone, Debug)]
pub struct GuildSeat {
    /// Which guild.
    pub id: GuildId,
    /// Its rules.
    pub rules: GuildRules,
    /// How often everything is looked at, hints or not.
    pub sweep_every: Duration,
    /// How careful the hall is in it.
    pub care: Care,
}

/// How careful the hall is in a guild, and whom it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Care {
    /// How much may happen without a person's word.
    pub limits: Limits,
    /// How long what moderators do by hand stands against the rules.
    pub overrides_last: Duration,
    /// Where the staff is told; the owner is, where there is none.
    pub staff_channel: Option<ChannelId>,
    /// Whether members are told after linking what came of it.
    pub tell_linked: bool,
    /// Whether members are told what is taken from them.
    pub tell_removals: bool,
}

impl Default for Care {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            overrides_last: Duration::from_secs(30 * 86_400),
            staff_channel: None,
            tell_linked: true,
            tell_removals: false,
        }
    }
}

/// A source with its row in the store.
pub(crate) struct SourceSeat {
    pub(crate) name: SourceName,
    pub(crate) place: PlaceId,
    /// Its place in the schema.
    pub(crate) index: usize,
    pub(crate) source: Arc<dyn Source>,
    pub(crate) proof: Arc<dyn Proof>,
    pub(crate) log_every: Duration,
}

impl SourceSeat {
    /// What is stored of a reading: the facts that rules name.
    pub(crate) fn encoded(&self, rules: &InForce, row: &Row) -> String {
        facts::encode(self.source.schema(), &rules.named_only(self.index, row))
    }
}

/// The hall. Cheap to share behind an `Arc`; holds no state that is not in the store, but for the wake-up and
/// what it can ask for again.
pub struct Hall {
    pub(crate) name: String,
    pub(crate) public_address: Url,
    pub(crate) audit_keep: Duration,
    pub(crate) plans_keep: Duration,
    pub(crate) schema: Schema,
    pub(crate) sources: Vec<SourceSeat>,
    /// What holds now; it may be another a moment later, so a piece of work asks once.
    pub(crate) rules: Rules,
    pub(crate) notes: Notes,
    pub(crate) discord: Arc<dyn Guilds>,
    pub(crate) discord_proof: Arc<dyn Proof>,
    pub(crate) discord_place: PlaceId,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) wake: Notify,
    /// Profiles that were shown a moment ago.
    pub(crate) profiles: ShownProfiles,
    pub(crate) noticed: Noticed,
    pub(crate) metrics: Metrics,
    pub(crate) readings: Readings,
    /// What stored plans do.
    pub(crate) plans: Plans,
    /// Who was asked for and is in no member list.
    pub(crate) absent: Absent,
    /// The numbers of each guild, as counted last.
    pub(crate) censuses: Mutex<BTreeMap<GuildId, Arc<Census>>>,
    /// Counts the jobs that were done, for whoever waits for rest.
    pub(crate) finished: watch::Sender<u64>,
    /// While this hall leads: what ends when it does not any more.
    pub(crate) term: watch::Sender<Option<CancellationToken>>,
}

impl Hall {
    /// Gives each configured place its row and puts the timers in order.
    ///
    /// Refuses a source whose name stood for another address before: its accounts belong to the old one.
    pub async fn open(parts: Parts, store: Store) -> Result<Arc<Self>, Error> {
        let schema =
            Schema { sources: parts.sources.iter().map(|seat| seat.source.schema().clone()).collect() };
        let mut tx = store.write().await?;
        let discord_place = here(tx.place("discord", "discord", &parts.discord_address).await?, "discord")?;
        let mut sources = Vec::new();
        for (index, seat) in parts.sources.into_iter().enumerate() {
            let name = seat.source.schema().name.clone();
            let found = tx.place(seat.kind, name.as_str(), seat.source.address()).await?;
            let place = here(found, name.as_str())?;
            let SourceParts { source, proof, log_every, .. } = seat;
            sources.push(SourceSeat { name, place, index, source, proof, log_every });
        }
        let rules = InForce::known(&mut tx, parts.guilds, parts.rules_from).await?;
        tx.commit().await?;
        let names: Vec<&SourceName> = sources.iter().map(|seat| &seat.name).collect();
        let ids: Vec<GuildId> = rules.guilds().iter().map(|seat| seat.id).collect();
        parts.metrics.begin(&names, &ids);
        parts.metrics.set_begun(parts.clock.now());
        Ok(Arc::new(Self {
            name: parts.name,
            public_address: parts.public_address,
            audit_keep: parts.audit_keep,
            plans_keep: parts.plans_keep,
            schema,
            sources,
            rules: Rules::new(rules),
            notes: Notes::default(),
            discord: parts.discord,
            discord_proof: parts.discord_proof,
            discord_place,
            store,
            clock: parts.clock,
            entropy: parts.entropy,
            wake: Notify::new(),
            profiles: ShownProfiles::default(),
            noticed: Noticed::default(),
            metrics: parts.metrics,
            readings: Readings::default(),
            plans: Plans::default(),
            absent: Absent::default(),
            censuses: Mutex::default(),
            finished: watch::Sender::new(0),
            term: watch::Sender::new(None),
        }))
    }

    /// What people call the community.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where browsers reach the hall.
    pub fn public_address(&self) -> &Url {
        &self.public_address
    }

    /// The configured guilds.
    pub fn guild_ids(&self) -> impl Iterator<Item = GuildId> + use<> {
        self.rules.now().ids().into_iter()
    }

    /// The number of the rules that a guild follows now; `None` while no hall has led by them.
    pub fn revision(&self, guild: GuildId) -> Option<RevisionId> {
        self.rules.now().revision(guild)
    }

    /// The configured sources: the name in rules, and what people call it, which is its host.
    pub fn source_names(&self) -> impl Iterator<Item = (&SourceName, &str)> {
        self.sources.iter().map(|seat| (&seat.name, host(seat.source.address())))
    }

    /// The moment it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn source(&self, name: &SourceName) -> Result<&SourceSeat, Error> {
        self.sources
            .iter()
            .find(|seat| seat.name == *name)
            .ok_or_else(|| Error::refused(format!("There is no source named {name} here.")))
    }

    pub(crate) fn source_at(&self, place: PlaceId) -> Option<&SourceSeat> {
        self.sources.iter().find(|seat| seat.place == place)
    }

    pub(crate) fn guild(&self, guild: GuildId) -> Result<Arc<GuildSeat>, Error> {
        self.rules.now().guild(guild)
    }

    /// A fresh URL-safe token of 256 random bits.
    pub(crate) fn token(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.entropy.bytes())
    }
}

/// An address as people say it: `forum.harbor.social`.
pub(crate) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// A person who asks for something in Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Where they ask.
    pub guild: GuildId,
    /// Who they are.
    pub user: UserId,
    /// The account's name.
    pub username: String,
}

fn here(found: PlaceFound, name: &str) -> Result<PlaceId, Error> {
    match found {
        PlaceFound::Same(place) | PlaceFound::New(place) => Ok(place),
        PlaceFound::Renamed { id, was } => {
            tracing::info!(%was, now = name, "a place has a new name; its accounts stay linked");
            Ok(id)
        }
        PlaceFound::AddressChanged { was, .. } => Err(Failed::Broken(format!(
            "{name} stood for {was} before, and the linked accounts belong there; \
             give the new address a new name in guildhall.toml"
        ))
        .into()),
    }
}
