//! Parking: what the brake holds becomes a plan that waits for a person, who is told at once.

use domain::ids::GuildId;
use domain::plan::{Braked, Change, Plan, Reason};
use store::Tx;
use store::plans::NewPlan;

use super::State;
use super::contents::{Contents, Deed, Deeds};
use super::log::begins;
use super::open::OpenPlan;
use super::told::{LastTold, kinds};
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, tell_staff};

/// What made a plan necessary that the hall makes when it looked at everybody.
const BY_ITSELF: &str = "sweep";

/// The reasons of a plan that waits for nobody, as the store has them.
pub(super) const NO_REASONS: &str = "[]";

/// Notes what waits in a guild after everybody was looked at, in place of what waited before. While that is the same
/// or less, it stays the same plan, except where somebody reads it (`exactly`): then its number stands for what they
/// read. The staff is told when something new waits, or far more.
pub(crate) async fn park(
    hall: &Hall,
    guild: GuildId,
    parked: &[&Change],
    reasons: &[Reason],
    before: Option<&OpenPlan>,
    exactly: bool,
) -> Result<(), Error> {
    if reasons.is_empty() && before.is_none() {
        return Ok(());
    }
    let now = hall.clock.now();
    let mut tx = hall.store.write().await?;
    tx.take_plans_turn().await?;
    let text = serde_json::to_string(reasons).unwrap_or_default();
    let waits = match before {
        Some(before) if reasons.is_empty() => {
            tx.move_plan(before.id(), State::Parked.word(), State::Lapsed.word(), None).await?;
            false
        }
        Some(before)
            if is_part_of(hall, parked, reasons, before)
                && !(exactly && before.deeds.len() > parked.len()) =>
        {
            if before.row.plan.reasons != text {
                tx.replace_reasons(before.id(), &text).await?;
            }
            true
        }
        _ => {
            let contents = Contents::of(parked.iter().copied());
            let plan = NewPlan { reasons: text, ..hall.new_plan(guild, BY_ITSELF, State::Parked, &contents) };
            let id = tx.put_plan(&plan).await?;
            // Also one that somebody else parked meanwhile: one waits, and no more.
            tx.move_other_plans(guild, State::Parked.word(), State::Replaced.word(), Some(id)).await?;
            true
        }
    };
    let told = LastTold::of(hall, &mut tx, guild).await?.filter(|_| before.is_some());
    if waits && told.is_none_or(|told| told.leaves_out(reasons, parked, now)) {
        jobs::order(&mut tx, tell_staff::parked(guild, now)).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}

/// Whether who agrees to what waited before agrees to nothing else: by the same rules, nothing more, for no new reason,
/// and of sources that are no smaller.
fn is_part_of(hall: &Hall, parked: &[&Change], reasons: &[Reason], before: &OpenPlan) -> bool {
    let known = before.reasons();
    let smaller = |reason: &Reason| {
        match reason {
        Reason::SourceShrank { source, now, .. } => known.iter().any(
            |known| matches!(known, Reason::SourceShrank { source: of, now: was, .. } if of == source && now < was),
        ),
        _ => false,
    }
    };
    before.row.plan.revision == hall.revision(before.row.plan.guild)
        && kinds(reasons).is_subset(&kinds(&known))
        && !reasons.iter().any(smaller)
        && parked.iter().all(|change| before.does(change.user, Deed::of(change)))
}

/// Brings the stored plans of a guild in step with what was planned for everybody: what waits is parked, what is
/// written by itself has a number by which it can be taken back, and what is over is over. Gives what is to be
/// written.
pub(crate) async fn take_stock<'a>(
    hall: &Hall,
    guild: GuildId,
    plan: &Plan,
    braked: &'a Braked,
    open: &[OpenPlan],
) -> Result<Vec<&'a Change>, Error> {
    let now = hall.clock.now();
    let needed: Deeds = plan.changes.iter().map(|change| (change.user, Deed::of(change))).collect();
    let mut tx = hall.store.write().await?;
    tx.take_plans_turn().await?;
    // What runs by itself is numbered anew below; what a person decided goes on until nothing of it is needed.
    let (by_itself, decided): (Vec<&OpenPlan>, Vec<&OpenPlan>) =
        open.iter().filter(|known| !known.is(State::Parked)).partition(|known| {
            known.is(State::Running) && known.row.plan.cause == BY_ITSELF && !known.is_stale(now)
        });
    let mut goes_on = Vec::new();
    for known in decided {
        let state = match known.is_stale(now) {
            true => State::Expired,
            false if known.deeds.is_disjoint(&needed) => State::Done,
            false => {
                goes_on.push(known);
                continue;
            }
        };
        tx.move_plan(known.id(), &known.row.plan.state, state.word(), None).await?;
    }
    let is_decided = |change: &Change| {
        let deed = Deed::of(change);
        goes_on.iter().any(|known| known.does(change.user, deed))
    };
    let free: Vec<&Change> = braked.free.iter().map(|(change, _)| change).collect();
    let to_run: Vec<&Change> =
        free.iter().copied().filter(|change| change.member.is_some() && !is_decided(change)).collect();
    run(hall, &mut tx, guild, &by_itself, &to_run).await?;
    tx.commit().await?;
    let before = open.iter().find(|known| known.is(State::Parked));
    let parked: Vec<&Change> = braked.parked.iter().collect();
    park(hall, guild, &parked, &braked.reasons, before, false).await?;
    Ok(free)
}

/// Notes what is written without a person's word, so that it has a number by which it can be taken back. While Discord
/// refuses all of it, it stays the plan of the sweep before: else a server that refuses would have one for each sweep.
async fn run(
    hall: &Hall,
    tx: &mut Tx,
    guild: GuildId,
    before: &[&OpenPlan],
    changes: &[&Change],
) -> Result<(), Error> {
    let contents = Contents::of(changes.iter().copied());
    let deeds = contents.deeds();
    let is_the_same = |known: &&&OpenPlan| {
        known.is_unused() && known.row.plan.revision == hall.revision(guild) && *known.deeds == deeds
    };
    let same = before.iter().find(is_the_same).map(|known| known.id());
    for known in before.iter().filter(|known| Some(known.id()) != same) {
        tx.move_plan(known.id(), State::Running.word(), State::Done.word(), None).await?;
    }
    if same.is_none() && !contents.is_empty() {
        let plan = tx.put_plan(&hall.new_plan(guild, BY_ITSELF, State::Running, &contents)).await?;
        begins(guild, plan, BY_ITSELF, &contents);
    }
    Ok(())
}

impl Hall {
    /// A plan that the hall makes by itself now.
    pub(crate) fn new_plan(&self, guild: GuildId, cause: &str, state: State, contents: &Contents) -> NewPlan {
        let (takes, gives, renames) = contents.totals();
        NewPlan {
            guild,
            revision: self.revision(guild),
            cause: cause.to_owned(),
            actor: "hall".to_owned(),
            state: state.word().to_owned(),
            made_at: self.clock.now(),
            reasons: NO_REASONS.to_owned(),
            contents: contents.text(),
            takes,
            gives,
            renames,
        }
    }
}
