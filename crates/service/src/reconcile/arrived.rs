//! Roles that were written although the answer never came: the next turn sees them in Discord, and does what belongs to
//! it. (A nickname is written again until its answer comes.)

use std::collections::BTreeSet;

use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::{Plan, Verdict, VerdictKind};
use domain::roster::Seen;
use store::given::GivenRole;
use store::written::Written;

use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::plans::Deed;
use crate::welcome;

/// Finishes what nobody knew of whether it arrived, where it is not needed any more (`plan` is what is) and the roster
/// shows it. The rest stays as it is noted, and counts as if it had arrived.
pub(super) async fn finish(hall: &Hall, guild: GuildId, user: UserId, plan: &Plan) -> Result<(), Error> {
    let unknown = hall.store.read().await?.unknown_of(guild, user).await?;
    if unknown.is_empty() {
        return Ok(());
    }
    let needed: BTreeSet<(&str, Option<RoleId>)> =
        plan.changes.iter().map(|change| Deed::of(change).in_the_store()).collect();
    let roster = hall.discord.roster(guild);
    let Some(seen) = roster.get(user) else { return Ok(()) };
    for row in &unknown {
        if let Some(role) = row.role
            && !needed.contains(&(row.act.as_str(), row.role))
            && shows(row, role, seen)
        {
            finish_one(hall, row, role).await?;
        }
    }
    Ok(())
}

/// Whether somebody looks as if it had arrived.
fn shows(row: &Written, role: RoleId, seen: Seen<'_>) -> bool {
    seen.has(role) == (row.act == "give")
}

async fn finish_one(hall: &Hall, row: &Written, role: RoleId) -> Result<(), Error> {
    let (guild, user) = (row.guild, row.user);
    let is_taken = row.act == "take";
    let why = if is_taken { why_not(hall, row, role).await? } else { None };
    let mut tx = hall.store.write().await?;
    // Whoever counts what was tried and what was done asks twice: in between nothing turns from one to the other.
    tx.take_plans_turn().await?;
    tx.written_is_done(row.id, None).await?;
    if is_taken {
        // Who is given it again has to be confirmed again.
        tx.forget_confirmed(guild, user, role).await?;
        tx.remove_given_role(GivenRole { guild, user, role }).await?;
    }
    Entry::arrived(row, role).write(&mut tx, hall.clock.now()).await?;
    if let Some(why) = why {
        let (name, explanation) = (&why.role, &why.explanation);
        welcome::tell_taken(&mut tx, hall, (guild, user), (role, name), explanation).await?;
    }
    tx.commit().await?;
    hall.metrics.arrived(guild, is_taken);
    hall.wake.notify_one();
    Ok(())
}

/// Why a rule says that they do not have a role; `None` where no rule took it.
async fn why_not(hall: &Hall, row: &Written, role: RoleId) -> Result<Option<Verdict>, Error> {
    let bound = hall.store.read().await?.role_bindings(row.guild).await?;
    let verdicts = hall.explain(row.guild, row.user).await?.verdicts.into_iter();
    let is_by_rule = |verdict: &Verdict| {
        let is_so = !verdict.has && verdict.kind == VerdictKind::InStep && verdict.exception.is_none();
        is_so && bound.get(&verdict.role) == Some(&role)
    };
    Ok(verdicts.into_iter().find(is_by_rule))
}
