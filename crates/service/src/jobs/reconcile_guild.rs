//! Plans a whole guild and has every member settled for whom something would change.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::ids::{GuildId, UserId};
use domain::plan::Importance;
use domain::roster::Completeness;
use domain::situation::LinkedMember;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry, settle_member};
use crate::error::Error;
use crate::frozen;
use crate::hall::Hall;
use crate::overrides;
use crate::plans;
use crate::ports::GuildError;
use crate::readiness::not_in_server;

pub(crate) const JOB: Job = Job {
    kind: "reconcile_guild",
    lane: Lane::Rounds,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let Payload { guild } = super::payload(claimed)?;
            reconcile(hall, guild).await?;
            let next =
                hall.guild(guild).ok().map(|seat| hall.clock.now().after(alone_after(seat.sweep_every)));
            Ok(next.map_or(Next::Done, |at| Next::Again(order(guild, at))))
        })
    },
};

#[derive(Serialize, Deserialize)]
struct Payload {
    guild: GuildId,
}

pub(crate) fn order(guild: GuildId, at: Timestamp) -> Order {
    Order::new(JOB.kind, guild.to_string(), &Payload { guild }, Importance::Give.priority(), at)
}

/// Each reading of a source that a guild follows has it looked at; the guild's own time comes later than that,
/// and only when no source could be read: people come and go in Discord meanwhile.
fn alone_after(sweep_every: Duration) -> Duration {
    sweep_every + sweep_every / 4
}

async fn reconcile(hall: &Hall, guild: GuildId) -> Result<(), Error> {
    if hall.guild(guild).is_err() {
        return Ok(());
    }
    match hall.discord.refresh(guild).await {
        // The bot's coming is a hint, and the next sweep looks again.
        Err(GuildError::Gone { .. }) => {
            tell_news(hall, guild, [not_in_server(guild)]);
            return Ok(());
        }
        refreshed => refreshed?,
    }
    overrides::forget_who_left(hall, guild).await?;
    let members = hall.members_to_plan(guild, None).await?;
    let departures = hall.departures(guild, None).await?;
    let mut waiting = to_be_read(hall, guild, &members);
    // Also those from whom nothing can be taken at the moment: it may be gone from them without that.
    waiting.extend(departures.iter().map(|departure| (departure.user, Importance::Take)));
    let ended = plans::end_words(hall, guild).await?;
    let judged = hall.judge(guild, members, departures).await?;
    let plan = &judged.plan;
    hall.metrics.found(guild, &plan.findings);
    tell_news(
        hall,
        guild,
        plan.findings.iter().map(|finding| format!("{} {}", finding.says(), finding.remedy())),
    );
    frozen::tell(hall, guild, &plan.findings).await?;
    let free = plans::take_stock(hall, guild, &judged, ended).await?;
    for change in free {
        let importance = waiting.entry(change.user).or_insert(Importance::Nickname);
        *importance = change.act.importance().min(*importance);
    }
    let now = hall.clock.now();
    let mut tx = hall.store.write().await?;
    for (user, importance) in waiting {
        super::order(&mut tx, settle_member::order(guild, user, importance, now)).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}

/// Who has to be read one by one, which settling them begins with: all who are linked, where the hall may not read
/// the member list. Each is work of its own, so that one who cannot be read keeps nobody else waiting.
fn to_be_read(hall: &Hall, guild: GuildId, members: &[LinkedMember]) -> BTreeMap<UserId, Importance> {
    match hall.discord.roster(guild).completeness {
        Completeness::Full | Completeness::Partial => BTreeMap::new(),
        Completeness::LinkedOnly => {
            members.iter().map(|member| (member.user, Importance::Nickname)).collect()
        }
    }
}

/// Says what an owner should know of a guild, once for as long as it holds.
fn tell_news(hall: &Hall, guild: GuildId, sentences: impl IntoIterator<Item = String>) {
    for sentence in hall.noticed.news(guild, sentences) {
        tracing::warn!(%guild, "{sentence}");
    }
}
