//! Everything the hall sends to Discord, against Discord's own OpenAPI document.

mod check;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use discord::inspect::Inspect;
use discord::{Addresses, Discord, DiscordSettings};
use guildhall::clock::MachineClock;
use serde_json::{Value, json};
use service::Metrics;
use service::ports::Guilds;
use sim::discord::CallRecord;
use sim::forum::{Fault, FaultRule};

use crate::{Engine, Hall, World, forum_person, nickname, person, role};
use check::{Contract, bare};

/// A little longer than the sweep waits.
const SWEEP: Duration = Duration::from_secs(3_601);

/// Longer than the hall lets somebody wait without a word, in milliseconds.
const SLOW_MS: u64 = 2_500;

/// Where what the hall sends differs from the document, each with its reason: method, path and what is wrong as the
/// check says it.
const DEVIATIONS: &[Deviation] = &[];

/// One row of the table.
struct Deviation {
    method: &'static str,
    path: &'static str,
    wrong: &'static str,
    reason: &'static str,
}

/// Requests that the client can make, method and path with `{}` for ids, as its own files have them. What only
/// `doctor` and `init` ask carries nothing, and the first evening tries it.
fn shapes() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../discord/src/rest");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let sources =
        files.filter(|path| path.is_file() && !path.ends_with("tests.rs") && !path.ends_with("inspect.rs"));
    let texts = sources.map(|path| std::fs::read_to_string(path).unwrap());
    let is_shape = |text: &&str| {
        let (method, path) = text.split_once(' ').unwrap_or_default();
        ["GET", "PUT", "POST", "PATCH", "DELETE"].contains(&method) && path.starts_with('/')
    };
    texts.flat_map(|text| text.split('"').filter(is_shape).map(str::to_owned).collect::<Vec<_>>()).collect()
}

async fn harbor() -> World {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            forum
                .user("mira", |mira| {
                    (mira.name, mira.title) = (Some("Mira Vale".to_owned()), Some("Keeper".to_owned()));
                    mira.bio_raw =
                        Some("I keep **the light**; see [the log](https://light.example/log).".to_owned());
                    mira.trust_level = 2;
                })
                .user("tove", |_| {})
                .user("olga", |olga| olga.title = Some("Boss".to_owned()))
                .group("makers", &["mira"])
        })
        .guild("Harbor", |guild| {
            guild.role("Regular").role("Maker").member("mira_d").member("tove_d").member("una_d")
        });
    plan.start().await.unwrap()
}

fn rules() -> [String; 3] {
    [
        role("Regular", "forum.trust_level >= 2"),
        role("Maker", "\"makers\" in forum.groups"),
        nickname("{forum.title} {forum.name}"),
    ]
}

/// A day on which the hall does everything it can.
async fn a_long_day(engine: &Engine) -> Vec<CallRecord> {
    let world = harbor().await;
    let (discord, forum) = (world.discord_sim(), &world.forums()[0].1);
    let hall = Hall::start(&world, engine, &rules()).await;
    let [mira, tove, owner] = ["mira_d", "tove_d", "owner"].map(|name| person(&world, name));
    for (who, forum_name) in [(&mira, "mira"), (&tove, "tove"), (&owner, "olga")] {
        who.links_with(forum_name).await;
        hall.settle().await;
    }
    for command in
        ["/link", "/why", "/sync", "/help", "/profile", "/profile name:mira share:true", "/profile name:x"]
    {
        mira.runs(command).await;
    }
    owner.runs("/why member:@mira_d").await;
    owner.runs("/sync member:@tove_d").await;
    person(&world, "una_d").runs("/unlink").await;
    person(&world, "una_d").runs("/link").await;
    // An answer that takes longer is announced, and then written over.
    forum.fault(FaultRule::next("/", Fault::Late(SLOW_MS)));
    mira.runs("/sync").await;
    forum.clear_faults();
    // What somebody does by hand is looked up in the audit log.
    let (guild, maker) = (world.guild(), discord.role_named(world.guild(), "Maker").unwrap());
    discord.give_role_by_hand(owner.person.user(), guild, tove.person.user(), maker).unwrap();
    hall.settle().await;
    forum_person(&world, "mira").leaves("makers").unwrap();
    forum_person(&world, "mira").calls_themselves("Mira \u{202e}Vale").unwrap();
    hall.settle().await;
    hall.passes(SWEEP).await;
    mira.runs("/unlink").await.presses("Unlink").await;
    tove.runs("/unlink").await.presses("Stay linked").await;
    hall.settle().await;
    looks_it_over(&world).await;
    world.transcript();
    discord.calls()
}

/// Looks at everything that `guildhall doctor` and `guildhall init` ask Discord.
async fn looks_it_over(world: &World) {
    let (discord, application) = (world.discord_sim(), world.application());
    // Programs find no name of this machine without a resolver.
    let at = |address: String| address.replace("discord.localhost", "127.0.0.1").parse().unwrap();
    let settings = DiscordSettings {
        token: discord.bot_token(application).unwrap().into(),
        application_id: application.get(),
        client_secret: discord.client_secret(application).unwrap().into(),
        members_intent: true,
        addresses: Addresses {
            api: at(discord.api_url()),
            gateway: at(discord.gateway_url()),
            authorize: at(discord.authorize_url()),
            token: at(discord.token_url()),
            cdn: at(discord.cdn_url()),
        },
        project: at("https://hall.example".to_owned()),
        version: "1".to_owned(),
    };
    // Whoever does not listen to the gateway reads the server by hand.
    let unheard = Discord::new(settings.clone(), Arc::new(MachineClock), Metrics::default()).unwrap();
    let inspect = Inspect::new(settings, Arc::new(MachineClock)).unwrap();
    let bot = inspect.bot().await.unwrap();
    let (guild, _) = inspect.servers().await.unwrap()[0];
    unheard.refresh(guild).await.unwrap();
    inspect.server(guild, bot.user).await.unwrap();
    assert!(inspect.audit_log(guild).await.works());
    assert!(inspect.client_secret().await.works());
}

stories! {
    async fn everything_the_hall_sends_to_discord_is_as_discords_own_document_has_it(engine) {
        let Some(contract) = Contract::read() else { return };
        let calls = a_long_day(&engine).await;
        let faults: Vec<_> = calls.iter().flat_map(|call| contract.faults(call)).collect();
        let explained = |row: &Deviation, fault: &check::Wrong| {
            (row.method, row.path, row.wrong) == (fault.method.as_str(), fault.path.as_str(), fault.what.as_str())
        };
        let unexplained: BTreeSet<String> = faults
            .iter()
            .filter(|fault| !DEVIATIONS.iter().any(|row| explained(row, fault)))
            .map(|fault| format!("{} {}: {}\n  {}", fault.method, fault.path, fault.what, fault.sent))
            .collect();
        assert!(unexplained.is_empty(), "{}", unexplained.into_iter().collect::<Vec<_>>().join("\n"));
        for row in DEVIATIONS {
            let needed = faults.iter().any(|fault| explained(row, fault));
            assert!(needed, "{} {} is as the document has it: {}", row.method, row.path, row.reason);
        }
        let sent: BTreeSet<String> =
            calls.iter().map(|call| format!("{} {}", call.method, bare(&contract.path(call).unwrap_or_default()))).collect();
        let unsent: Vec<_> = shapes().into_iter().filter(|shape| !sent.contains(shape)).collect();
        assert_eq!(unsent, [""; 0], "the hall can send this, and the story does not make it");
    }
}

#[test]
fn the_check_itself_notices_what_is_wrong() {
    let Some(contract) = Contract::read() else { return };
    let text = |content: &str| json!({ "type": 4, "data": { "content": content } });
    let callback = "/interactions/1/token/callback";
    let row = |button: Value| json!({ "type": 4, "data": { "components": [{ "type": 1, "components": [button] }] } });
    for (name, method, path, body, wrong) in [
        ("a right answer", "POST", callback, text("x"), false),
        ("a right button", "POST", callback, row(json!({ "type": 2, "style": 1, "custom_id": "x" })), false),
        ("a right page", "GET", "/guilds/1/members?limit=1000&after=0", Value::Null, false),
        ("an unknown path", "GET", "/guilds/1/people", Value::Null, true),
        ("an unknown method", "PUT", "/guilds/1", Value::Null, true),
        ("an id that is none", "GET", "/guilds/harbor", Value::Null, true),
        ("an unknown question", "GET", "/guilds/1/members?before=1", Value::Null, true),
        ("a page too large", "GET", "/guilds/1/members?limit=1001", Value::Null, true),
        ("no body", "PATCH", "/guilds/1/members/2", Value::Null, true),
        ("a body too many", "PUT", "/guilds/1/members/2/roles/3", json!({}), true),
        ("a field too many", "PATCH", "/guilds/1/members/2", json!({ "nickname": "x" }), true),
        ("a name too long", "PATCH", "/guilds/1/members/2", json!({ "nick": "x".repeat(33) }), true),
        ("a text too long", "POST", callback, text(&"x".repeat(2_001)), true),
        (
            "a button with a colour",
            "POST",
            callback,
            row(json!({ "type": 2, "style": 1, "colour": 1 })),
            true,
        ),
    ] {
        let (method, path, route) = (method.to_owned(), path.to_owned(), String::new());
        let (at_ms, status, application, reason) = (0, 200, None, None);
        let call = CallRecord { at_ms, method, route, path, status, application, reason, body };
        assert_eq!(!contract.faults(&call).is_empty(), wrong, "{name}");
    }
}
