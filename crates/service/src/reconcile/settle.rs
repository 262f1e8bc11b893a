//! Writing: when a member's turn comes, what is still needed is computed from what is known now, and written.

use domain::ids::{GuildId, UserId};
use domain::nickname;
use domain::plan::{Act, Change, Finding, Importance, ManagedRole, Plan};
use domain::roster::Completeness;
use store::given::{GivenRole, WrittenNickname};

use super::departure;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, tell_member};
use crate::ports::{GuildError, MemberNow};

/// What people are told of when their nickname cannot follow.
const NICKNAME: &str = "nickname";

/// Brings one member of one guild in step.
///
/// What was planned before does not matter: only what is needed now is written, so nothing stale ever is. A
/// change that Discord forbids is logged and left to the next sweep; the others go on. Says how many were written.
pub(crate) async fn settle(
    hall: &Hall,
    guild: GuildId,
    user: UserId,
    importance: Importance,
) -> Result<usize, Error> {
    // Without the member intent nobody tells of changes to a member: what the roster has may be of yesterday.
    let absent = match hall.discord.roster(guild).completeness {
        Completeness::LinkedOnly => hall.discord.member(guild, user).await?.is_none(),
        Completeness::Full | Completeness::Partial => false,
    };
    // What somebody has again who linked again is remembered before anything is written over it.
    departure::reckon(hall, guild, user, absent).await?;
    let plan = plan_one(hall, guild, user).await?;
    let mut written = 0;
    for change in &plan.changes {
        written += usize::from(write(hall, guild, change, importance).await?);
    }
    let unnameable = plan.findings.iter().find_map(|finding| match finding {
        Finding::NicknameCannotFollow { user: whose, owner } if *whose == user => Some(*owner),
        _ => None,
    });
    if let Some(is_owner) = unnameable {
        tell_once(hall, guild, user, is_owner).await?;
    }
    // What Discord refused is left, and tried again by the next sweep.
    departure::reckon(hall, guild, user, absent).await?;
    Ok(written)
}

impl Hall {
    /// Reads somebody whom the roster lacks where it does not have everybody, so that their absence says
    /// something.
    pub(crate) async fn see(&self, guild: GuildId, user: UserId) -> Result<(), GuildError> {
        let roster = self.discord.roster(guild);
        if roster.completeness == Completeness::LinkedOnly && roster.get(user).is_none() {
            self.discord.member(guild, user).await?;
        }
        Ok(())
    }
}

/// Tells somebody why their nickname does not follow, the first time that it does not.
async fn tell_once(hall: &Hall, guild: GuildId, user: UserId, is_owner: bool) -> Result<(), Error> {
    if hall.store.read().await?.was_told(guild, user, NICKNAME).await? {
        return Ok(());
    }
    let now = hall.clock.now();
    let text = super::view::cannot_follow(hall, is_owner);
    let mut tx = hall.store.write().await?;
    if tx.tell_once(guild, user, NICKNAME, now).await? {
        jobs::order(&mut tx, tell_member::order(guild, user, NICKNAME, text, now)).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}

/// What one member needs now.
async fn plan_one(hall: &Hall, guild: GuildId, user: UserId) -> Result<Plan, Error> {
    let members = hall.members_to_plan(guild, Some(user)).await?;
    let departures = hall.departures(guild, Some(user)).await?;
    hall.plan_for(guild, members, departures).await
}

/// Writes one change, and says whether that was done.
async fn write(hall: &Hall, guild: GuildId, change: &Change, importance: Importance) -> Result<bool, Error> {
    let first = importance.min(change.act.importance());
    let Some(before) = remember(hall, guild, change).await? else { return Ok(false) };
    let written =
        hall.discord.write(guild, change.user, &change.act, first, &super::view::reason(hall, change)).await;
    let now = hall.clock.now();
    let done = written.is_ok();
    let mut tx = hall.store.write().await?;
    match written {
        Ok(member) => {
            hall.metrics.written(guild, &change.act);
            record(&mut tx, guild, change, member).await?;
            Entry::written(guild, change).write(&mut tx, now).await?;
        }
        // Never sent, so there is nothing to tell of: the three that were forbidden before it are in the log.
        Err(GuildError::HeldBack) => forget(&mut tx, guild, change, before).await?,
        Err(
            error @ (GuildError::Forbidden { .. } | GuildError::Refused { .. } | GuildError::Gone { .. }),
        ) => {
            tracing::warn!(%guild, user = %change.user, %error, "a change was refused");
            hall.metrics.refused(guild, &change.act);
            forget(&mut tx, guild, change, before).await?;
            Entry::refused(guild, change, &error.to_string()).write_once(&mut tx, now).await?;
        }
        Err(error) => return Err(error.into()),
    }
    tx.commit().await?;
    Ok(done)
}

/// Writes down before acting what taking it back will need, so that a crash in between forgets nothing. Gives
/// back what was remembered of the nickname until now; `None` when the person unlinked since this was planned, and
/// nothing may be written for them any more.
async fn remember(
    hall: &Hall,
    guild: GuildId,
    change: &Change,
) -> Result<Option<Option<WrittenNickname>>, Error> {
    let now = hall.clock.now();
    match &change.act {
        Act::Give(role) => {
            let mut tx = hall.store.write().await?;
            if !is_linked_still(hall, &mut tx, change).await? {
                return Ok(None);
            }
            tx.put_given_role(given(guild, change, role), now).await?;
            tx.commit().await?;
            Ok(Some(None))
        }
        Act::Nickname(Some(name)) if change.member.is_some() => {
            let known = hall.store.read().await?.nickname(guild, change.user).await?;
            let before = match &known {
                Some(row) => row.before.clone(),
                // Only the first time: what the person called themselves before the hall came.
                None => hall.discord.member(guild, change.user).await?.and_then(|member| member.nickname),
            };
            let asked_print = nickname::fingerprint(name);
            let row = WrittenNickname {
                guild,
                user: change.user,
                before,
                asked: name.clone(),
                asked_print,
                // Until the new one is written the old one stands.
                became_print: known.as_ref().map_or(asked_print, |row| row.became_print),
                written_at: now,
            };
            let mut tx = hall.store.write().await?;
            if !is_linked_still(hall, &mut tx, change).await? {
                return Ok(None);
            }
            tx.put_nickname(&row).await?;
            tx.commit().await?;
            Ok(Some(known))
        }
        Act::Take(_) | Act::Nickname(_) => Ok(Some(None)),
    }
}

/// Asked in the transaction that remembers: unlinking forgets everything, and must not be outdone by what was
/// planned before it. What is owed to a departure needs no link.
async fn is_linked_still(hall: &Hall, tx: &mut store::Tx, change: &Change) -> Result<bool, store::Error> {
    let Some(member) = change.member else { return Ok(true) };
    Ok(tx.user_of(member, hall.discord_place).await? == Some(change.user))
}

/// Takes back what was written down before acting: the act was refused, and the hall answers for nothing that
/// somebody else may do later.
async fn forget(
    tx: &mut store::Tx,
    guild: GuildId,
    change: &Change,
    before: Option<WrittenNickname>,
) -> Result<(), store::Error> {
    match &change.act {
        Act::Give(role) => tx.remove_given_role(given(guild, change, role)).await.map(drop),
        Act::Nickname(Some(_)) if change.member.is_some() => match before {
            // Gone meanwhile: the person unlinked, and nothing is remembered of them.
            Some(_) if tx.nickname(guild, change.user).await?.is_none() => Ok(()),
            Some(row) => tx.put_nickname(&row).await,
            None => tx.remove_nickname(guild, change.user).await,
        },
        Act::Take(_) | Act::Nickname(_) => Ok(()),
    }
}

async fn record(
    tx: &mut store::Tx,
    guild: GuildId,
    change: &Change,
    member: Option<MemberNow>,
) -> Result<(), store::Error> {
    match &change.act {
        Act::Take(role) => tx.remove_given_role(given(guild, change, role)).await.map(drop),
        Act::Nickname(Some(_)) if change.member.is_some() => {
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
