//! Plays people of the cast in a browser: they link themselves by the hall's real pages, as anybody would.

use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;

use super::memory::Unread;
use super::stage::Stage;
use crate::browser::Browser;
use crate::cast::{CastPerson, PASSWORD};
use crate::discord::{DiscordSim, Interaction, Seen, Snowflake};
use crate::forum::Refused;

/// How long the hall may take until its commands can be used, in milliseconds.
const COMMANDS_WITHIN_MS: i64 = 30_000;

/// Links those who begin linked and suspends who is suspended. What fails is left for the person to try.
pub(super) async fn begin(stage: &Arc<Stage>) {
    let application = stage.harbor.application;
    let listens = |sim: &DiscordSim| {
        let connected = sim.deliveries().iter().any(|session| session.connected);
        (connected && !sim.commands(application).is_empty()).then_some(())
    };
    stage.memory().busy = Some("People are linking their accounts");
    if stage.harbor.discord.eventually(COMMANDS_WITHIN_MS, listens).await.is_some() {
        link_who_should_be(stage).await;
        gives_by_hand(stage);
    }
    suspend(stage);
    settled(stage);
}

/// Everything as it was: the forum mended, standing restored, links as at the start.
pub(super) async fn start_over(stage: &Arc<Stage>) -> Result<(), Refused> {
    stage.harbor.forum.clear_faults();
    {
        let mut memory = stage.memory();
        memory.busy = Some("Starting over");
        memory.broken = false;
        memory.moments.clear();
        memory.deeds.clear();
    }
    let restored = stage.harbor.begins_again();
    unlink_who_should_not_be(stage).await;
    link_who_should_be(stage).await;
    suspend(stage);
    settled(stage);
    expect_a_reading_of_everybody(stage);
    // A hall that does not answer now reads later by itself.
    let _ = stage.door.read_now(true).await;
    restored
}

/// What happened until now was the demo's own doing.
fn settled(stage: &Stage) {
    let now_ms = stage.now_ms();
    let mut memory = stage.memory();
    memory.settled_at_ms = now_ms;
    memory.busy = None;
}

fn expect_a_reading_of_everybody(stage: &Stage) {
    let at_ms = stage.now_ms();
    let mut memory = stage.memory();
    memory.unread.clear();
    for (place, person) in stage.harbor.people.iter().enumerate() {
        if person.discord.is_some_and(|(user, _)| memory.linked.contains(&user.to_string())) {
            memory.awaits(Unread { person: place, at_ms, told: Some(true) });
        }
    }
}

/// What the owner does by hand against the rules, so that an override is there to be seen.
const BY_HAND: (&str, &str, &str) = ("leo", "tomas", "Makers");

/// The owner gives a role by hand.
fn gives_by_hand(stage: &Stage) {
    let harbor = &stage.harbor;
    let user = |name: &str| {
        let in_forum = |person: &&CastPerson| person.forum.is_some_and(|(_, known)| known == name);
        harbor.people.iter().find(in_forum).and_then(|person| person.discord).map(|(user, _)| user)
    };
    let (owner, whom, role) = BY_HAND;
    let role = harbor.discord.role_named(harbor.guild, role);
    if let (Some(owner), Some(whom), Some(role)) = (user(owner), user(whom), role)
        && let Err(refusal) = harbor.discord.give_role_by_hand(owner, harbor.guild, whom, role)
    {
        tracing::warn!(?refusal, "the cast is not as it should be");
    }
}

fn suspend(stage: &Stage) {
    if let Err(refused) = stage.harbor.suspends() {
        tracing::warn!(%refused, "the cast is not as it should be");
    }
}

async fn link_who_should_be(stage: &Arc<Stage>) {
    let linked = stage.memory().linked.clone();
    let mut visits = JoinSet::new();
    for person in stage.harbor.people.iter().filter(|person| person.begins_linked) {
        if person.discord.is_none_or(|(user, _)| linked.contains(&user.to_string())) {
            continue;
        }
        let (stage, person) = (Arc::clone(stage), person.clone());
        visits.spawn(async move {
            if let Err(trouble) = link(&stage, &person).await {
                tracing::warn!(%trouble, person = ?person.discord, "could not link");
            }
        });
    }
    while visits.join_next().await.is_some() {}
}

/// The whole way: `/link`, Discord's sign-in and consent, the forum's sign-in, the hall's page.
async fn link(stage: &Stage, person: &CastPerson) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (Some((user, discord_name)), Some((_, forum_name))) = (person.discord, person.forum) else {
        return Ok(());
    };
    let what = Interaction::Command { name: "link".to_owned(), options: Value::Null };
    let reply = stage.harbor.discord.interact(user, stage.harbor.guild, what).await;
    let Some(address) = reply.links().into_iter().next() else { return Err(reply.text().into()) };
    let browser = Browser::new(stage.harbor.clock.clone())?;
    let page = browser.opens(&address).await?;
    let page = page.presses(&format!("@{discord_name}")).await?;
    let page = page.presses("Authorise").await?;
    let page = page.fills("login", forum_name)?.fills("password", PASSWORD)?.presses("Log in").await?;
    page.presses("Link my accounts").await?;
    Ok(())
}

async fn unlink_who_should_not_be(stage: &Stage) {
    let linked = stage.memory().linked.clone();
    let not_so = stage.harbor.people.iter().filter(|person| !person.begins_linked);
    let users: Vec<Snowflake> = not_so.filter_map(|person| Some(person.discord?.0)).collect();
    for user in users {
        if linked.contains(&user.to_string()) {
            unlink(stage, user).await;
        }
    }
}

/// `/unlink`, and the button that means it.
async fn unlink(stage: &Stage, user: Snowflake) {
    let discord = &stage.harbor.discord;
    let what = Interaction::Command { name: "unlink".to_owned(), options: Value::Null };
    let Some(asked) = discord.interact(user, stage.harbor.guild, what).await.message else { return };
    if let Some(custom_id) = button(&asked, "Unlink") {
        let what = Interaction::Button { message: asked.id, custom_id };
        discord.interact(user, stage.harbor.guild, what).await;
    }
}

fn button(message: &Seen, label: &str) -> Option<String> {
    let rows = message.components.iter().filter_map(|row| row.get("components")?.as_array()).flatten();
    let mut named = rows.filter(|button| button.get("label").and_then(Value::as_str) == Some(label));
    named.find_map(|button| button.get("custom_id")?.as_str().map(str::to_owned))
}
