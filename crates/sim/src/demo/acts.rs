//! What a click does: in the forum as its staff, in Discord as one of its people.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::desk;
use super::memory::{Moment, Unread};
use super::stage::Stage;
use super::visitor;
use crate::cast::SUSPENDED_MS;
use crate::discord::{Interaction, Reply, Snowflake};
use crate::forum::{Fault, FaultRule, ForumSim, PersonId, Refused};

/// The longest title, in characters.
const TITLE_CHARS_MAX: usize = 100;
/// The longest nickname on Discord, in characters.
const NICKNAME_CHARS_MAX: usize = 32;
/// How long a webhook may be under way before the page goes on without knowing of it.
const WEBHOOK_TAKES_AT_MOST: Duration = Duration::from_secs(2);

/// Something in the forum, or with the demo as a whole.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub(super) enum Act {
    /// A trust level is set.
    Level { person: String, value: u8 },
    /// A title is set; an empty one is taken away.
    Title { person: String, text: String },
    /// Something about a person is switched: `admin`, `moderator`, `suspended`, `silenced`, or a group.
    Switch { person: String, what: String, on: bool },
    /// The forum answers with error pages.
    Break,
    /// The forum answers again.
    Mend,
    /// The hall reads the staff log now.
    ReadNow,
    /// The owner agrees to a plan by the number of its changes.
    Apply { plan: i64, count: u32 },
    /// The owner takes back what was written under a plan.
    Undo { plan: i64 },
    /// The owner lets everybody keep a role.
    Keep { role: String },
    /// The owner ends an override; without a role that of the nickname.
    EndOverride { user: String, role: Option<String> },
    /// Everything as it was at the start.
    StartOver,
}

/// Something that a person does on Discord.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Doing {
    user: String,
    #[serde(default)]
    command: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    button: Option<String>,
}

/// Why a click does nothing, in words for who clicked.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotDone {
    #[error("The forum {0}.")]
    Forum(#[from] Refused),
    #[error("There is nobody of that number.")]
    Nobody,
    #[error("A title has at most {TITLE_CHARS_MAX} characters.")]
    TitleTooLong,
    #[error("The hall does not answer.")]
    HallSilent,
    #[error("{0}")]
    HallRefused(String),
}

/// Does it, and says what the page should know.
pub(super) async fn act(stage: &Arc<Stage>, act: Act) -> Result<Value, NotDone> {
    let till_ms = stage.now_ms() + SUSPENDED_MS;
    let done = match act {
        Act::Level { person, value } => {
            in_forum(stage, &person, |forum, by, id| forum.set_trust_level(by, id, value))
        }
        Act::Title { text, .. } if text.chars().count() > TITLE_CHARS_MAX => Err(NotDone::TitleTooLong),
        Act::Title { person, text } => {
            in_forum(stage, &person, |forum, by, id| forum.set_title(by, id, text.trim()))
        }
        Act::Switch { person, what, on } => {
            in_forum(stage, &person, |forum, by, id| switch(forum, by, id, &what, on, till_ms))
        }
        Act::Break => return break_forum(stage),
        Act::Mend => return mend_forum(stage).await,
        Act::ReadNow => return read_now(stage).await,
        Act::Apply { plan, count } => return desk::apply(stage, plan, count).await,
        Act::Undo { plan } => return desk::undo(stage, plan).await,
        Act::Keep { role } => return desk::keep(stage, &role).await,
        Act::EndOverride { user, role } => return desk::end_override(stage, &user, role.as_deref()).await,
        Act::StartOver => return Ok(json!({ "restored": visitor::start_over(stage).await? })),
    };
    Ok(told(stage, done?).await)
}

fn switch(
    forum: &ForumSim,
    by: PersonId,
    id: PersonId,
    what: &str,
    on: bool,
    till_ms: i64,
) -> Result<(), Refused> {
    match (what, on) {
        ("admin", true) => forum.grant_admin(by, id),
        ("admin", false) => forum.revoke_admin(by, id),
        ("moderator", true) => forum.grant_moderation(by, id),
        ("moderator", false) => forum.revoke_moderation(by, id),
        ("suspended", true) => forum.suspend(by, id, till_ms, "spam"),
        ("suspended", false) => forum.unsuspend(by, id),
        ("silenced", true) => forum.silence(by, id, Some(till_ms), "noise"),
        ("silenced", false) => forum.unsilence(by, id),
        (group, on) => {
            let group = forum.group_named(group).ok_or(Refused::NotFound)?.id;
            match on {
                true => forum.add_to_group(by, group, id),
                false => forum.remove_from_group(by, group, id).map(drop),
            }
        }
    }
}

/// An act in the forum that is done.
struct Done {
    id: PersonId,
    /// Who of the cast it was done to, when the hall may follow: only for people who are linked.
    linked: Option<usize>,
    at_ms: i64,
    /// The last webhook before it.
    last_told: Option<i64>,
}

/// Does something about a person as the forum's admin.
fn in_forum(
    stage: &Stage,
    person: &str,
    act: impl FnOnce(&ForumSim, PersonId, PersonId) -> Result<(), Refused>,
) -> Result<Done, NotDone> {
    let id = person.parse().map(PersonId).map_err(|_| NotDone::Nobody)?;
    let forum = &stage.harbor.forum;
    let (begun_ms, last_told) = (stage.now_ms(), last_told(forum));
    act(forum, forum.admin(), id)?;
    let at_ms = stage.now_ms();
    let mut memory = stage.memory();
    let linked = stage.in_forum(id).filter(|place| {
        let user = stage.person(*place).and_then(|person| person.discord);
        user.is_some_and(|(user, _)| memory.linked.contains(&user.to_string()))
    });
    if let Some(person) = linked {
        memory.did(Moment { person, at_ms: begun_ms, what: "the forum's change" });
        memory.awaits(Unread { person, at_ms, told: None });
    }
    Ok(Done { id, linked, at_ms, last_told })
}

/// Says whether the hall may follow, and whether the forum told anybody of it.
async fn told(stage: &Stage, done: Done) -> Value {
    // Whoever takes longer counts as not told, and the countdown says what helps.
    let _ = tokio::time::timeout(WEBHOOK_TAKES_AT_MOST, stage.harbor.forum.quiet()).await;
    let told = last_told(&stage.harbor.forum) != done.last_told;
    let mut memory = stage.memory();
    if let Some(person) = done.linked {
        memory.was_told(person, done.at_ms, told);
    }
    json!({
        "told": told,
        "linked": done.linked.is_some(),
        "broken": memory.broken,
        "title_fits": title_fits(&stage.harbor.forum, done.id),
    })
}

/// Whether title and name together may be a nickname, counted roughly.
fn title_fits(forum: &ForumSim, id: PersonId) -> bool {
    let Some(person) = forum.user(id) else { return true };
    let name = person.name.as_deref().unwrap_or(&person.username);
    let title = person.title.as_deref().unwrap_or_default();
    title.is_empty() || title.chars().count() + 1 + name.chars().count() <= NICKNAME_CHARS_MAX
}

fn last_told(forum: &ForumSim) -> Option<i64> {
    forum.deliveries().iter().map(|delivery| delivery.id).max()
}

fn break_forum(stage: &Stage) -> Result<Value, NotDone> {
    let everything = FaultRule { times: u32::MAX, ..FaultRule::next("/", Fault::Status(500)) };
    stage.harbor.forum.fault(everything);
    stage.memory().broken = true;
    Ok(json!({}))
}

/// Mends it and lets the hall read everybody: it would by itself, but after a pause that grows while nothing
/// answers.
async fn mend_forum(stage: &Stage) -> Result<Value, NotDone> {
    stage.harbor.forum.clear_faults();
    stage.memory().broken = false;
    // A hall that does not answer now reads later by itself.
    let _ = stage.door.read_now(true).await;
    Ok(json!({}))
}

async fn read_now(stage: &Stage) -> Result<Value, NotDone> {
    if stage.door.read_now(false).await { Ok(json!({})) } else { Err(NotDone::HallSilent) }
}

/// A command or a button as one of the people, and what that person then sees.
pub(super) async fn interact(stage: &Stage, doing: Doing) -> Result<Reply, NotDone> {
    let user = doing.user.parse().map_err(|_| NotDone::Nobody)?;
    stage.on_discord(user).ok_or(NotDone::Nobody)?;
    let what = match (doing.command, doing.button) {
        (Some(name), _) => Interaction::Command { name, options: Value::Null },
        (None, Some(custom_id)) => {
            let message: Snowflake =
                doing.message.unwrap_or_default().parse().map_err(|_| NotDone::Nobody)?;
            Interaction::Button { message, custom_id }
        }
        (None, None) => return Err(NotDone::Nobody),
    };
    Ok(stage.harbor.discord.interact(user, stage.harbor.guild, what).await)
}
