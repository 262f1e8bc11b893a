//! Looks again whenever something changed in either place, and tells the page what is new.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::deeds::{Scene, deed};
use super::desk;
use super::memory::Memory;
use super::stage::{Stage, user_of};
use super::view;
use crate::discord::Snowflake;
use crate::forum::{Call, PersonId};

/// Changes that come together are shown together.
const GATHERS: Duration = Duration::from_millis(40);
/// The hall writes its log after Discord has answered: so soon after a change it is looked at again.
const SOON: Duration = Duration::from_millis(150);
/// How often after a change.
const SOON_TIMES: u32 = 8;
/// How often it is looked at when nothing seems to happen.
const AT_LEAST_EVERY: Duration = Duration::from_secs(2);
/// The route of the staff log in the forum.
const STAFF_LOG: &str = "/admin/logs/staff_action_logs";
/// The pages of people there: `5.json`, or a list of everybody.
const PEOPLE: &str = "/admin/users/";

/// Follows both places for ever.
pub(super) async fn run(stage: Arc<Stage>, shown: watch::Sender<Arc<str>>) {
    let mut discord = stage.harbor.discord.changes();
    let mut forum = stage.harbor.forum.changes();
    let mut looks = SOON_TIMES;
    loop {
        look(&stage).await;
        let plan = stage.door.plan().await;
        desk::look(&stage, plan.as_ref()).await;
        let text: Arc<str> = view::view(&stage, plan.as_ref()).to_string().into();
        shown.send_if_modified(|before| {
            let is_new = **before != *text;
            *before = text;
            is_new
        });
        let wait = if looks > 0 { SOON } else { AT_LEAST_EVERY };
        let changed = tokio::select! {
            changed = timeout(wait, discord.changed()) => changed.is_ok(),
            // Falling behind only means that there was more to see.
            _ = forum.recv() => true,
        };
        looks = if changed { SOON_TIMES } else { looks.saturating_sub(1) };
        if changed {
            // Nothing ends this wait early; what comes meanwhile is seen with the rest.
            drop(timeout(GATHERS, std::future::pending::<()>()).await);
        }
    }
}

/// Takes in what the hall did and which calls of it reached the forum.
async fn look(stage: &Stage) {
    let after = stage.memory().last_activity;
    let entries = stage.door.activity(after).await;
    let calls = stage.harbor.forum.calls();
    stage.harbor.forum.forget_calls();
    let mut memory = stage.memory();
    for call in calls.iter().filter(|call| call.key.is_some()) {
        hear_call(stage, &mut memory, call);
    }
    if entries.is_empty() {
        return;
    }
    let members = stage.harbor.discord.members(stage.harbor.guild);
    let audit = stage.harbor.discord.audit_log(stage.harbor.guild);
    let scene = Scene { stage, members: &members, audit: &audit };
    for entry in &entries {
        let deed = deed(&scene, &mut memory, entry);
        let user = user_of(entry).and_then(|user| user.parse().ok()).map(Snowflake);
        memory.heard(entry, user.and_then(|user| stage.on_discord(user)), deed);
    }
}

/// A call of the hall's: what it asked for it knows from now on, when it was answered.
fn hear_call(stage: &Stage, memory: &mut Memory, call: &Call) {
    memory.called(call.at_ms);
    let is_log = call.target.starts_with(STAFF_LOG);
    if is_log {
        memory.log_asked_at_ms = Some(call.at_ms);
    }
    if call.status != 200 || call.route.is_none() {
        return;
    }
    memory.read_at_ms = Some(call.at_ms);
    if is_log {
        memory.log_read_at_ms = Some(call.at_ms);
    }
    let Some(page) = call.target.strip_prefix(PEOPLE) else { return };
    if page.starts_with("list/") {
        memory.was_read(None, call.at_ms);
    } else if let Some(id) = page.split(['.', '/', '?']).next().and_then(|id| id.parse().ok()) {
        let person = stage.in_forum(PersonId(id));
        memory.was_read(Some(person.unwrap_or(usize::MAX)), call.at_ms);
    }
}
