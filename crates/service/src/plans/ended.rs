//! A word that ended: what else it meant ends with it, and what nobody wrote in time waits again.

use std::collections::BTreeSet;

use domain::exception::Origin;
use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::Reason;
use domain::roster::{Completeness, Roster};
use store::Tx;
use store::overrides::StoredOverride;
use store::plans::NewPlan;

use super::State;
use super::contents::{Contents, Deed};
use super::decide::DECISION;
use super::open::{OpenPlan, reasons_in};
use super::park::NO_REASONS;
use super::told::{LastTold, kinds};
use crate::error::Error;
use crate::hall::Hall;
use crate::overrides;

/// Ends each word of which nothing came for an hour. In the same moment all of it waits again: in between something
/// would slip through. Says whether anything waits again; of a guild whose members are being read nothing ends.
pub(crate) async fn end_words(hall: &Hall, guild: GuildId) -> Result<bool, Error> {
    let now = hall.clock.now();
    let mut open = hall.open_plans(guild).await?;
    open.retain(|known| known.is_stale(now));
    if open.is_empty() || hall.discord.roster(guild).completeness == Completeness::Partial {
        return Ok(false);
    }
    let mut tx = hall.store.write().await?;
    tx.take_plans_turn().await?;
    let mut waits = None;
    for known in &open {
        let written = tx.written_count(known.id()).await?;
        if written >= known.deeds.len() {
            // It was used, and only nobody has looked since.
            tx.move_plan(known.id(), State::Released.word(), State::Done.word(), None).await?;
            continue;
        }
        if !tx.move_plan(known.id(), State::Released.word(), State::Expired.word(), None).await? {
            continue;
        }
        let contents = Contents::read(&tx.plan_contents(known.id()).await?.unwrap_or_default())?;
        word_has_ended(hall, &mut tx, known, &contents).await?;
        if written == 0 {
            restore_sizes(hall, &mut tx, known).await?;
        }
        if known.row.plan.reasons != NO_REASONS {
            waits = Some(both(waits, (known.row.plan.clone(), contents)));
        }
    }
    let wait = waits.is_some();
    if let Some(waits) = waits {
        wait_again(hall, &mut tx, guild, waits).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(wait)
}

/// Parks it, beside what waits already.
async fn wait_again(
    hall: &Hall,
    tx: &mut Tx,
    guild: GuildId,
    mut waits: (NewPlan, Contents),
) -> Result<(), Error> {
    if let Some(parked) = tx.plan_in_state(guild, State::Parked.word()).await? {
        let contents = Contents::read(&tx.plan_contents(parked.id).await?.unwrap_or_default())?;
        waits = both(Some(waits), (parked.plan, contents));
    }
    let (plan, contents) = waits;
    let (takes, gives, renames) = contents.totals();
    let (state, made_at) = (State::Parked.word().to_owned(), hall.clock.now());
    let plan = NewPlan { state, made_at, contents: contents.text(), takes, gives, renames, ..plan };
    let id = tx.put_plan(&plan).await?;
    tx.move_other_plans(guild, State::Parked.word(), State::Replaced.word(), Some(id)).await?;
    LastTold::forget(hall, tx, guild).await
}

/// Two plans as one, which waits for the reasons of both.
fn both(one: Option<(NewPlan, Contents)>, (plan, contents): (NewPlan, Contents)) -> (NewPlan, Contents) {
    let Some((first, first_contents)) = one else { return (plan, contents) };
    let mut reasons: Vec<Reason> = reasons_in(&first.reasons);
    let known = kinds(&reasons);
    reasons.extend(reasons_in(&plan.reasons).into_iter().filter(|reason| !known.contains(&reason.kind())));
    reasons.sort();
    let reasons = serde_json::to_string(&reasons).unwrap_or_default();
    (NewPlan { reasons, ..first }, first_contents.with(contents))
}

/// Nothing of a plan is needed any more. Who was to be given power, and does not have it, needs another yes by then;
/// who held a role before its rule and holds it still is asked about again.
pub(super) async fn word_is_done(hall: &Hall, tx: &mut Tx, known: &OpenPlan) -> Result<(), Error> {
    let guild = known.row.plan.guild;
    let roster = hall.discord.roster(guild);
    for (user, role) in empowered(known) {
        if !roster.get(user).is_some_and(|seen| seen.has(role)) {
            tx.forget_confirmed(guild, user, role).await?;
        }
    }
    spare_holders(hall, tx, known, &roster, &held_before(known)).await
}

/// Takes back what else a person's yes meant.
async fn word_has_ended(
    hall: &Hall,
    tx: &mut Tx,
    known: &OpenPlan,
    contents: &Contents,
) -> Result<(), Error> {
    let (guild, now) = (known.row.plan.guild, hall.clock.now());
    for (user, role) in empowered(known) {
        tx.forget_confirmed(guild, user, role).await?;
    }
    let roster = hall.discord.roster(guild);
    spare_holders(hall, tx, known, &roster, &held_before(known)).await?;
    if known.row.plan.cause == DECISION {
        // Whoever is not linked was spared by what the decision ended, and is in no plan.
        let roles = contents.roles();
        spare_holders(hall, tx, known, &roster, &roles).await?;
        for role in roles {
            overrides::note_holders(tx, guild, &roster, (role, true), now).await?;
        }
    }
    Ok(())
}

/// A source is as large again as it was before the yes by which nothing was written.
async fn restore_sizes(hall: &Hall, tx: &mut Tx, known: &OpenPlan) -> Result<(), Error> {
    let guild = known.row.plan.guild;
    let rules = hall.rules.now();
    for reason in known.reasons() {
        let Reason::SourceShrank { source, was, .. } = reason else { continue };
        // One that the settings name no more takes nothing.
        let Ok(seat) = hall.source(&source) else { continue };
        let others: Vec<GuildId> = rules.reading(seat.index).map(|guild| guild.id).collect();
        tx.restore_size(seat.place, guild, was, &others).await?;
    }
    Ok(())
}

/// To whom a plan's yes gave leave to have which role with power.
fn empowered(known: &OpenPlan) -> impl Iterator<Item = (UserId, RoleId)> {
    let confirmed: BTreeSet<RoleId> = known
        .reasons()
        .into_iter()
        .filter_map(|reason| match reason {
            Reason::Unconfirmed { id, .. } => Some(id),
            _ => None,
        })
        .collect();
    known.deeds.iter().filter_map(move |(user, deed)| match deed {
        Deed::Empower(role) if confirmed.contains(role) => Some((*user, *role)),
        _ => None,
    })
}

/// The roles in a plan that people held before their rule came.
fn held_before(known: &OpenPlan) -> BTreeSet<RoleId> {
    let held = known.reasons().into_iter().filter_map(|reason| match reason {
        Reason::HeldBefore { id, .. } => Some(id),
        _ => None,
    });
    held.collect()
}

/// Those from whom a plan was to take such a role, and did not, are spared again while they hold it, as long as nothing
/// else was decided. Who was not read yet may hold it.
async fn spare_holders(
    hall: &Hall,
    tx: &mut Tx,
    known: &OpenPlan,
    roster: &Roster,
    roles: &BTreeSet<RoleId>,
) -> Result<(), Error> {
    if roles.is_empty() {
        return Ok(());
    }
    let (guild, now) = (known.row.plan.guild, hall.clock.now());
    let holds = |user: UserId, role: RoleId| match roster.get(user) {
        Some(seen) => seen.has(role),
        None => roster.completeness != Completeness::Full,
    };
    tx.prune_overrides(now).await?;
    let given = tx.given_roles_in(guild).await?.into_iter().map(|given| (given.user, given.role));
    let given: BTreeSet<(UserId, RoleId)> = given.collect();
    let written = tx.written_under(known.id()).await?.into_iter();
    // Taken, and given again by the rule: theirs by the rule from then on.
    let given_again =
        written.filter_map(|row| Some((row.user, row.role?))).filter(|held| given.contains(held));
    let decided = tx.overrides_in(guild).await?.into_iter().map(|known| (known.user, known.role));
    let settled: BTreeSet<(UserId, RoleId)> = given_again.chain(decided).collect();
    let spared: Vec<StoredOverride> = known
        .deeds
        .iter()
        .filter_map(|(user, deed)| match deed {
            Deed::Take(role) if roles.contains(role) => Some((*user, *role)),
            _ => None,
        })
        .filter(|(user, role)| holds(*user, *role) && !settled.contains(&(*user, *role)))
        .map(|held| overrides::stored(guild, held, true, Origin::Before, now, None))
        .collect();
    Ok(tx.put_overrides(guild, &spared).await?)
}
