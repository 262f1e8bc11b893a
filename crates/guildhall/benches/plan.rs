//! How long an owner waits for a plan, and for why somebody has a role, in a server of 100,000 members.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends there, and says what it measured"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::facts::{Schema, SourceSchema};
use domain::ids::{ChannelId, GuildId, PlaceId, RoleId, SourceName, Subject, UserId};
use domain::plan::{Act, Importance, Permissions};
use domain::roster::{Completeness, Entry, Roster};
use domain::rules::check;
use domain::situation::{GuildPicture, GuildRole, GuildRules, Mode, RoleRule};
use guildhall::clock::{MachineClock, MachineEntropy};
use service::actor::Actor;
use service::ports::{ByHand, Clock, GuildError, Guilds, MemberNow, Notice, Told};
use service::rules::{Cause, Origin};
use service::{Care, GuildSeat, Hall, Metrics, Parts, SourceParts};
use store::Store;
use store::facts::FactsRead;
use store::links::{NewAccount, NewLink};
use store::places::PlaceFound;

const MEMBERS: u64 = 100_000;
const RUNS: usize = 9;
const GUILD: GuildId = GuildId(100);
const MEMBER: RoleId = RoleId(101);
const FIRST: u64 = 1_000_000;
const DISCORD: &str = "https://discord.example";
const FORUM: &str = "https://forum.example";

/// A server that is known and never written to.
struct Known {
    picture: Arc<GuildPicture>,
    roster: Arc<Roster>,
}

fn closed<T>() -> Result<T, GuildError> {
    Err(GuildError::Forbidden { why: "nothing is written here".to_owned() })
}

#[async_trait]
impl Guilds for Known {
    fn picture(&self, _: GuildId) -> Option<Arc<GuildPicture>> {
        Some(Arc::clone(&self.picture))
    }

    fn roster(&self, _: GuildId) -> Arc<Roster> {
        Arc::clone(&self.roster)
    }

    async fn refresh(&self, _: GuildId) -> Result<(), GuildError> {
        Ok(())
    }

    async fn member(&self, _: GuildId, _: UserId) -> Result<Option<MemberNow>, GuildError> {
        closed()
    }

    async fn write(
        &self,
        _: GuildId,
        _: UserId,
        _: &Act,
        _: Importance,
        _: &str,
    ) -> Result<Option<MemberNow>, GuildError> {
        closed()
    }

    async fn by_hand(&self, _: GuildId, _: Option<u64>) -> Result<ByHand, GuildError> {
        Ok(ByHand::Forbidden)
    }

    async fn tell(&self, _: UserId, _: &Notice) -> Result<Told, GuildError> {
        closed()
    }

    async fn post(&self, _: GuildId, _: ChannelId, _: &Notice) -> Result<Told, GuildError> {
        closed()
    }

    fn cannot_post(&self, _: GuildId, _: ChannelId) -> Option<String> {
        None
    }
}

/// A fifth of the members holds the role and should not, the others should and do not: every member is a change.
fn known() -> Known {
    let role = |id, name: &str, position, permissions: Permissions| GuildRole {
        id: RoleId(id),
        name: name.to_owned(),
        color: 0,
        position,
        managed: false,
        permissions: permissions.0,
    };
    let picture = GuildPicture {
        id: GUILD,
        name: "Harbor".to_owned(),
        owner: UserId(1),
        bot: UserId(2),
        bot_roles: vec![RoleId(110)],
        roles: vec![
            role(100, "@everyone", 0, Permissions::default()),
            role(110, "Guildhall", 10, Permissions::MANAGE_ROLES),
            role(101, "Member", 3, Permissions::default()),
        ],
    };
    let entries = (0..MEMBERS).map(|at| Entry {
        user: UserId(FIRST + at),
        roles: if at % 5 == 0 { vec![MEMBER] } else { Vec::new() },
        nickname: 0,
        bot: false,
        pending: false,
    });
    Known { picture: Arc::new(picture), roster: Arc::new(Roster::of(Completeness::Full, entries)) }
}

/// Everybody linked, with what the forum said of them. Gives where they are in Discord.
async fn fill(store: &Store, clock: &dyn Clock) -> PlaceId {
    let now = clock.now();
    let mut tx = store.write().await.unwrap();
    let place = |found: PlaceFound| found.id().unwrap();
    let discord: PlaceId = place(tx.place("discord", "discord", DISCORD).await.unwrap());
    let forum: PlaceId = place(tx.place("discourse", "forum", FORUM).await.unwrap());
    let account = |place, subject: u64| NewAccount {
        place,
        subject: Subject(subject.to_string()),
        username: format!("member{subject}"),
        name: None,
    };
    let mut read = Vec::new();
    for at in 0..MEMBERS {
        let link = NewLink {
            user: account(discord, FIRST + at),
            other: account(forum, at),
            proven_by: "bench".to_owned(),
            second_factor: false,
            at: now,
        };
        tx.link(&link).await.unwrap();
        read.push(FactsRead {
            subject: Subject(at.to_string()),
            username: format!("member{at}"),
            name: None,
            facts: format!("{{\"trust_level\":{{\"int\":{}}}}}", at % 5),
            look_again: None,
        });
    }
    tx.put_facts(forum, &read, now).await.unwrap();
    // Bound before, so that nobody counts as having held it before its rule.
    tx.bind_role(GUILD, "Member", MEMBER, now).await.unwrap();
    tx.commit().await.unwrap();
    discord
}

async fn hall(store: Store, clock: Arc<dyn Clock>) -> Arc<Hall> {
    let name = SourceName::new("forum").unwrap();
    let facts = discourse::facts();
    let schema = Schema { sources: vec![SourceSchema { name: name.clone(), facts }] };
    let settings = discourse::Settings {
        name,
        address: FORUM.parse().unwrap(),
        api_key: "key".to_owned().into(),
        api_username: "system".to_owned().into(),
        connect_secret: "a long secret".to_owned().into(),
        webhook_secret: "another long secret".to_owned().into(),
        calls_per_minute: 30,
        patience: discourse::Patience::default(),
    };
    let forum = discourse::Discourse::new(&settings, Arc::clone(&clock), Metrics::default()).unwrap();
    let rule = RoleRule {
        role: "Member".to_owned(),
        when: check("forum.trust_level >= 1", &schema).unwrap(),
        mode: Mode::Exact,
        permits: Permissions::default(),
    };
    let rules = GuildRules { roles: vec![rule], nickname: None };
    let day = Duration::from_secs(86_400);
    let parts = Parts {
        name: "Bench".to_owned(),
        public_address: "https://hall.example".parse().unwrap(),
        audit_keep: day,
        plans_keep: day,
        discord_proof: Arc::new(forum.connect()),
        sources: vec![SourceParts {
            kind: "discourse",
            proof: Arc::new(forum.connect()),
            source: Arc::new(forum),
            log_every: day,
        }],
        guilds: vec![GuildSeat { id: GUILD, rules, sweep_every: day, care: Care::default() }],
        rules_from: Some(Origin { cause: Cause::Start, owner: None, read_at: clock.now() }),
        discord: Arc::new(known()),
        discord_address: DISCORD.to_owned(),
        clock,
        entropy: Arc::new(MachineEntropy),
        metrics: Metrics::default(),
    };
    Hall::open(parts, store).await.unwrap()
}

/// Runs it again and again, and says how long that took.
async fn timed<T>(what: &str, limit: &str, mut run: impl AsyncFnMut(usize) -> T) {
    let mut took = Vec::new();
    for nth in 0..RUNS {
        let began = Instant::now();
        let done = run(nth).await;
        took.push(began.elapsed());
        drop(done);
    }
    took.sort();
    let (first, middle, last) = (took[0], took[took.len() / 2], took[took.len() - 1]);
    println!("{what}: median {middle:.1?}, from {first:.1?} to {last:.1?} ({RUNS} runs); {limit}");
}

#[tokio::main]
async fn main() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("bench.db").display())).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(MachineClock);
    let discord = fill(&store, clock.as_ref()).await;
    let hall = hall(store.clone(), clock).await;
    let by = Actor::Command("bench".to_owned());
    timed("plan of 100,000 changes, shown", "limit 1 s", async |_| {
        let view = hall.show_plan(GUILD, &by).await.unwrap();
        assert_eq!(u64::try_from(view.takes + view.gives).unwrap(), MEMBERS);
    })
    .await;
    timed("why, by a name in the forum", "limit 50 ms", async |run| {
        let why = hall.why(GUILD, &format!("member{}", run * 7_919)).await.unwrap();
        assert_eq!(why.roles.len(), 1);
    })
    .await;
    let part = "a part of it";
    timed("  reading 100,000 linked members", part, async |_| {
        store.read().await.unwrap().linked_members(discord).await.unwrap()
    })
    .await;
    timed("  reading them, their facts, and planning", part, async |_| hall.plan(GUILD).await.unwrap()).await;
    timed("  reading their names", part, async |_| {
        store.read().await.unwrap().names_at_sources(discord).await.unwrap()
    })
    .await;
}
