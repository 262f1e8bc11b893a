//! Writing one change: what taking it back needs is noted before, what became of it after.

use domain::ids::{GuildId, PlanId};
use domain::nickname;
use domain::plan::{Act, Change, Counts, Importance, ManagedRole};
use domain::time::Timestamp;
use store::Tx;
use store::given::{GivenRole, WrittenNickname};
use store::plans::NewPlan;
use store::written::NewWritten;

use super::settle::Still;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, reconcile_guild};
use crate::plans::{Deed, State};
use crate::ports::{GuildError, MemberNow};
use crate::welcome;

/// Under what a change is written.
pub(super) struct Under<'a> {
    /// The plan it belongs to …
    pub(super) plan: Option<PlanId>,
    /// … or the one to be made for it.
    pub(super) new: Option<NewPlan>,
    /// How it counts for the brake.
    pub(super) counts: Counts,
    /// Whether it may still be written.
    pub(super) still: &'a Still<'a>,
}

/// What became of a change.
#[derive(Default)]
pub(super) struct Wrote {
    /// The plan it was written under.
    pub(super) plan: Option<PlanId>,
    /// Whether it was written.
    pub(super) is_done: bool,
}

/// What was noted before acting.
struct Noted {
    /// The plan it is written under.
    plan: Option<PlanId>,
    /// Its number among what is written; what is owed to somebody who unlinked has none, and is not taken back.
    written: Option<i64>,
    /// What was remembered of the nickname until now.
    nickname: Option<WrittenNickname>,
}

/// Writes a change, unless it may not be written any more.
pub(super) async fn write(
    hall: &Hall,
    guild: GuildId,
    change: &Change,
    importance: Importance,
    under: &Under<'_>,
) -> Result<Wrote, Error> {
    let first = importance.min(change.act.importance());
    let Some(noted) = note(hall, guild, change, under).await? else { return Ok(Wrote::default()) };
    let reason = super::view::reason(hall, change);
    let written = hall.discord.write(guild, change.user, &change.act, first, &reason).await;
    let now = hall.clock.now();
    let is_done = written.is_ok();
    let mut tx = hall.store.write().await?;
    if under.counts.any() {
        // Whoever counts what was tried and what was done asks twice: in between nothing turns from one to the other.
        tx.take_plans_turn().await?;
    }
    match written {
        Ok(member) => {
            hall.metrics.written(guild, &change.act);
            let became = member.as_ref().and_then(|member| member.nickname.clone());
            record(&mut tx, guild, change, member).await?;
            if let Some(id) = noted.written {
                tx.written_is_done(id, became.as_deref()).await?;
            }
            Entry::written(guild, change, noted.plan).write(&mut tx, now).await?;
            welcome::role_taken(&mut tx, hall, guild, change).await?;
        }
        // Never sent, so there is nothing to tell of: the three that were forbidden before it are in the log.
        Err(GuildError::HeldBack) => forget(&mut tx, guild, change, &noted).await?,
        Err(
            error @ (GuildError::Forbidden { .. } | GuildError::Refused { .. } | GuildError::Gone { .. }),
        ) => {
            tracing::warn!(%guild, user = %change.user, %error, "a change was refused");
            hall.metrics.refused(guild, &change.act);
            forget(&mut tx, guild, change, &noted).await?;
            Entry::refused(guild, change, &error.to_string()).write_once(&mut tx, now).await?;
        }
        // Whether it arrived is not known: what was noted stays, and the next turn looks.
        Err(error) => return Err(error.into()),
    }
    tx.commit().await?;
    Ok(Wrote { plan: noted.plan, is_done })
}

/// Writes down before acting what taking it back will need, so that a crash in between forgets nothing. `None` when
/// the person unlinked since this was planned, or the brake holds it by now.
async fn note(
    hall: &Hall,
    guild: GuildId,
    change: &Change,
    under: &Under<'_>,
) -> Result<Option<Noted>, Error> {
    let now = hall.clock.now();
    let known = match &change.act {
        Act::Nickname(_) if change.member.is_some() => {
            hall.store.read().await?.nickname(guild, change.user).await?
        }
        _ => None,
    };
    let called = match &change.act {
        Act::Nickname(_) if change.member.is_some() => called(hall, guild, change, known.as_ref()).await?,
        _ => None,
    };
    let mut tx = hall.store.write().await?;
    if !is_linked_still(hall, &mut tx, change).await? {
        return Ok(None);
    }
    if !is_meant_still(&mut tx, under).await? {
        return Ok(None);
    }
    forget_unknown(&mut tx, guild, change).await?;
    if !under.still.is_free(&mut tx, change, under.counts).await? {
        // Others were quicker, and what is left of the limit is not enough: it waits, and the staff hears of it.
        jobs::order(&mut tx, reconcile_guild::order(guild, now)).await?;
        tx.commit().await?;
        hall.wake.notify_one();
        return Ok(None);
    }
    match &change.act {
        Act::Give(role) => tx.put_given_role(given(guild, change, role), now).await?,
        Act::Nickname(name) if change.member.is_some() => {
            let asked = name.clone().unwrap_or_default();
            let asked_print = name.as_deref().map_or(0, nickname::fingerprint);
            let row = WrittenNickname {
                guild,
                user: change.user,
                before: known.as_ref().map_or_else(|| called.clone(), |row| row.before.clone()),
                asked,
                asked_print,
                // Until the new one is written the old one stands.
                became_print: known.as_ref().map_or(asked_print, |row| row.became_print),
                written_at: now,
            };
            tx.put_nickname(&row).await?;
        }
        Act::Take(_) | Act::Nickname(_) => {}
    }
    let plan = match (&under.plan, &under.new) {
        (Some(plan), _) => Some(*plan),
        (None, Some(new)) if change.member.is_some() => Some(tx.put_plan(new).await?),
        (None, _) => None,
    };
    let written = match plan.filter(|_| change.member.is_some()) {
        Some(plan) => {
            let row = new_written(guild, change, plan, under.counts, called, now);
            Some(tx.begin_written(&row).await?)
        }
        None => None,
    };
    tx.commit().await?;
    Ok(Some(Noted { plan, written, nickname: known }))
}

/// Asked in the transaction that notes the change: whoever took the plan back meanwhile stopped it.
async fn is_meant_still(tx: &mut Tx, under: &Under<'_>) -> Result<bool, store::Error> {
    let Some(plan) = under.plan else { return Ok(true) };
    tx.take_plans_turn().await?;
    Ok(tx.plan(plan).await?.is_some_and(|row| row.plan.state != State::Lapsed.word()))
}

/// An attempt of which nobody knows what came would count twice beside the one that follows it.
async fn forget_unknown(tx: &mut Tx, guild: GuildId, change: &Change) -> Result<(), store::Error> {
    let (act, role) = Deed::of(change).in_the_store();
    tx.forget_unknown(guild, change.user, act, role).await
}

fn new_written(
    guild: GuildId,
    change: &Change,
    plan: PlanId,
    counts: Counts,
    called: Option<String>,
    at: Timestamp,
) -> NewWritten {
    let (act, role) = Deed::of(change).in_the_store();
    let after = match &change.act {
        Act::Nickname(name) => name.clone(),
        Act::Give(_) | Act::Take(_) => None,
    };
    let Counts { takes, strips, renames, empowers } = counts;
    NewWritten {
        plan,
        guild,
        user: change.user,
        act: act.to_owned(),
        role,
        before: called,
        after,
        counts: [takes, strips, renames, empowers],
        counted: counts.any(),
        at,
    }
}

/// The nickname as it is now. Discord is asked only where the hall does not know it: the first time, and when
/// somebody else changed it.
async fn called(
    hall: &Hall,
    guild: GuildId,
    change: &Change,
    known: Option<&WrittenNickname>,
) -> Result<Option<String>, Error> {
    let roster = hall.discord.roster(guild);
    let print = roster.get(change.user).map(|seen| seen.nickname);
    match known {
        Some(row) if print == Some(row.asked_print) && row.asked_print != 0 => Ok(Some(row.asked.clone())),
        _ if print == Some(0) => Ok(None),
        _ => Ok(hall.discord.member(guild, change.user).await?.and_then(|member| member.nickname)),
    }
}

/// Asked in the transaction that remembers: unlinking forgets everything, and must not be outdone by what was
/// planned before it. What is owed to a departure needs no link.
async fn is_linked_still(hall: &Hall, tx: &mut Tx, change: &Change) -> Result<bool, store::Error> {
    let Some(member) = change.member else { return Ok(true) };
    Ok(tx.user_of(member, hall.discord_place).await? == Some(change.user))
}

/// Takes back what was written down before acting: the act was refused, and the hall answers for nothing that
/// somebody else may do later.
async fn forget(tx: &mut Tx, guild: GuildId, change: &Change, noted: &Noted) -> Result<(), store::Error> {
    if let Some(id) = noted.written {
        tx.forget_written(id).await?;
    }
    match &change.act {
        Act::Give(role) => tx.remove_given_role(given(guild, change, role)).await.map(drop),
        Act::Nickname(_) if change.member.is_some() => match &noted.nickname {
            // Gone meanwhile: the person unlinked, and nothing is remembered of them.
            Some(_) if tx.nickname(guild, change.user).await?.is_none() => Ok(()),
            Some(row) => tx.put_nickname(row).await,
            None => tx.remove_nickname(guild, change.user).await,
        },
        Act::Take(_) | Act::Nickname(_) => Ok(()),
    }
}

async fn record(
    tx: &mut Tx,
    guild: GuildId,
    change: &Change,
    member: Option<MemberNow>,
) -> Result<(), store::Error> {
    match &change.act {
        Act::Take(role) => {
            // Who is given it again has to be confirmed again.
            tx.forget_confirmed(guild, change.user, role.id()).await?;
            tx.remove_given_role(given(guild, change, role)).await.map(drop)
        }
        Act::Nickname(_) if change.member.is_some() => {
            let became = member.and_then(|member| member.nickname);
            let Some(row) = tx.nickname(guild, change.user).await? else { return Ok(()) };
            let became_print = became.as_deref().map_or(0, nickname::fingerprint);
            tx.put_nickname(&WrittenNickname { became_print, ..row }).await
        }
        Act::Give(_) | Act::Nickname(_) => Ok(()),
    }
}

fn given(guild: GuildId, change: &Change, role: &ManagedRole) -> GivenRole {
    GivenRole { guild, user: change.user, role: role.id() }
}
