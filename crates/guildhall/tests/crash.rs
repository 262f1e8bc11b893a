//! A hall that is killed between a write and its answer: the next one finds what was done, and does it once.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed; what JSON does not have is null"
)]

#[expect(dead_code, reason = "this story needs a town, and nothing of its doctor")]
#[path = "first_evening/town.rs"]
mod town;

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use sim::browser::Browser;
use sim::cast::PASSWORD;
use sim::discord::{Fault, FaultRule, Interaction, Snowflake};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use town::Town;

/// Longer than a hall that was killed still seems to lead, and than the next one takes to read everybody.
const PATIENCE: Duration = Duration::from_secs(90);
/// The route by which roles are given.
const ROLES: &str = "/guilds/{guild}/members/{user}/roles/{role}";

fn serves(town: &Town) -> Child {
    Command::new(env!("CARGO_BIN_EXE_guildhall"))
        .args(["serve", "--settings"])
        .arg(town.settings())
        .envs(town.secrets())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Reads a hall's log until it says something, and goes on reading so that it is never held up.
async fn says(hall: &mut Child, words: &str) {
    let mut log = BufReader::new(hall.stderr.take().unwrap());
    let mut read = String::new();
    let until = async {
        while !read.contains(words) {
            assert!(log.read_line(&mut read).await.unwrap() > 0, "the log ended: {read}");
        }
    };
    assert!(tokio::time::timeout(PATIENCE, until).await.is_ok(), "no “{words}”");
    tokio::spawn(async move { tokio::io::copy(&mut log, &mut tokio::io::sink()).await });
}

/// Links mira by the real pages.
async fn links(town: &Town, mira: Snowflake) {
    let (discord, guild) = (&town.harbor.discord, town.harbor.guild);
    let mut changes = discord.changes();
    let link = loop {
        let asked = Interaction::Command { name: "link".to_owned(), options: Value::Null };
        let reply = discord.interact(mira, guild, asked).await;
        if let Some(link) = reply.links().into_iter().next() {
            break link;
        }
        changes.changed().await.unwrap();
    };
    let browser = Browser::new(town.harbor.clock.clone()).unwrap();
    let page = browser.opens(&link).await.unwrap().presses("@mira_d").await.unwrap();
    let page = page.presses("Authorise").await.unwrap();
    let page = page.fills("Username or email", "mira").unwrap().fills("Password", PASSWORD).unwrap();
    let page = page.presses("Log in").await.unwrap().presses("Link my accounts").await.unwrap();
    assert!(page.text().contains("Your accounts are linked"), "{}", page.text());
}

/// How often a role was to be given.
fn given(town: &Town) -> usize {
    let calls = town.harbor.discord.calls();
    calls.iter().filter(|call| call.method == "PUT" && call.route == ROLES).count()
}

async fn answers(town: &Town, command: &[&str]) -> Value {
    let output = town.runs(&[command, &["--json"]].concat(), &[]).await;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    serde_json::from_str(&said)
        .unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

#[tokio::test]
async fn a_hall_that_is_killed_before_discord_answers_writes_nothing_twice() {
    let town = Town::new().await;
    let (discord, forum, guild) = (&town.harbor.discord, &town.harbor.forum, town.harbor.guild);
    let mira = discord.user_named("mira_d").unwrap();
    let mut hall = serves(&town);
    says(&mut hall, "in step with Harbor").await;
    links(&town, mira).await;
    assert_eq!(given(&town), 0, "nothing is given at trust level 2");

    discord.fault(FaultRule::next("PUT", ROLES, Fault::Hang).carried_out());
    let mut changes = discord.changes();
    forum.set_trust_level(forum.admin(), forum.user_named("mira").unwrap().id, 4).unwrap();
    let written = async {
        while !discord.roles_of(guild, mira).contains(&"Leader".to_owned()) {
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, written).await.unwrap();
    hall.kill().await.unwrap();

    let mut next = serves(&town);
    says(&mut next, "in step with Harbor").await;
    let plan = answers(&town, &["plan"]).await;
    assert_eq!(
        (&plan["takes"], &plan["gives"], &plan["waits"]),
        (&0.into(), &0.into(), &Value::Array(vec![]))
    );
    assert!(discord.roles_of(guild, mira).contains(&"Leader".to_owned()));
    assert_eq!(given(&town), 1, "what Discord did already is not asked again");
    let why = answers(&town, &["why", "mira"]).await;
    assert_eq!(
        (&why["roles"][0]["role"], &why["roles"][0]["has"]),
        (&"Leader".into(), &true.into()),
        "{why}"
    );
    assert_eq!(why["roles"][0]["exception"], Value::Null, "what the hall did is nobody's hand: {why}");
    next.kill().await.unwrap();
}
