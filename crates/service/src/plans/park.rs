//! Parking: what the brake holds becomes a plan that waits for a person, who is told at once.

use domain::ids::GuildId;
use domain::plan::{Change, Reason};
use store::Tx;
use store::plans::NewPlan;

use super::contents::{Contents, Deed, Deeds};
use super::log::begins;
use super::open::OpenPlan;
use super::told::{LastTold, kinds};
use super::unseen::Unseen;
use super::weigh::Judged;
use super::{State, ended};
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, tell_staff};

/// What made a plan necessary that the hall makes when it looked at everybody.
const BY_ITSELF: &str = "sweep";

/// The reasons of a plan that waits for nobody, as the store has them.
pub(super) const NO_REASONS: &str = "[]";

/// What waits in a guild after everybody was looked at.
pub(super) struct Held<'a> {
    guild: GuildId,
    changes: Vec<&'a Change>,
    reasons: &'a [Reason],
    /// What waited before.
    before: Option<&'a OpenPlan>,
    unseen: &'a Unseen,
}

impl<'a> Held<'a> {
    pub(super) fn of(guild: GuildId, judged: &'a Judged) -> Self {
        let Judged { braked, open, unseen, .. } = judged;
        let before = open.iter().find(|plan| plan.is(State::Parked));
        Self { guild, changes: braked.parked.iter().collect(), reasons: &braked.reasons, before, unseen }
    }

    /// Refuses whoever would read less than waits.
    pub(super) fn refuse_unseen(&self) -> Result<(), Error> {
        match self.before.filter(|before| self.unseen.is_in(before)) {
            None => Ok(()),
            Some(before) => Err(Error::refused(format!(
                "Plan {} waits for your word, and the hall has not looked yet at everybody whom it is about. Try again \
                 in a few minutes.",
                before.id()
            ))),
        }
    }

    /// What is to wait from now on: also what waited for those who have yet to be read.
    async fn contents(&self, tx: &mut Tx) -> Result<Contents, Error> {
        let contents = Contents::of(self.changes.iter().copied());
        match self.before.filter(|before| self.unseen.is_in(before)) {
            None => Ok(contents),
            Some(before) => {
                let known = Contents::read(&tx.plan_contents(before.id()).await?.unwrap_or_default())?;
                Ok(contents.with(known.about(self.unseen.users())))
            }
        }
    }
}

/// Notes what waits, in place of what waited before. While that is the same or less, it stays the same plan, except
/// where somebody reads it (`exactly`): then its number stands for what they read. The staff is told when something
/// new waits, or far more.
pub(super) async fn park(hall: &Hall, tx: &mut Tx, held: &Held<'_>, exactly: bool) -> Result<(), Error> {
    let Held { guild, reasons, before, .. } = *held;
    if reasons.is_empty() && before.is_none() {
        return Ok(());
    }
    let text = serde_json::to_string(reasons).unwrap_or_default();
    match before {
        Some(before) if reasons.is_empty() => {
            let moved = tx.move_plan(before.id(), State::Parked.word(), State::Lapsed.word(), None).await?;
            if let Some(told) = LastTold::of(hall, tx, guild).await?.filter(|_| moved) {
                told.set_lapsed(hall, tx, guild, true).await?;
            }
            return Ok(());
        }
        Some(before)
            if is_part_of(hall, held, before) && !(exactly && before.deeds.len() > held.changes.len()) =>
        {
            if before.row.plan.reasons != text {
                tx.replace_reasons(before.id(), &text).await?;
            }
        }
        _ => {
            let contents = held.contents(tx).await?;
            let plan = NewPlan { reasons: text, ..hall.new_plan(guild, BY_ITSELF, State::Parked, &contents) };
            let id = tx.put_plan(&plan).await?;
            // Also one that somebody else parked meanwhile: one waits, and no more.
            tx.move_other_plans(guild, State::Parked.word(), State::Replaced.word(), Some(id)).await?;
        }
    }
    tell(hall, tx, held).await
}

/// Has the staff told of what waits, unless it knows already.
async fn tell(hall: &Hall, tx: &mut Tx, held: &Held<'_>) -> Result<(), Error> {
    let now = hall.clock.now();
    let knows = |told: &LastTold| held.before.is_some() || told.may_return(now);
    let told = LastTold::of(hall, tx, held.guild).await?.filter(knows);
    if told.as_ref().is_none_or(|told| told.leaves_out(held.reasons, &held.changes, now)) {
        jobs::order(tx, tell_staff::parked(held.guild, now)).await?;
    }
    match told {
        Some(told) => told.set_lapsed(hall, tx, held.guild, false).await,
        None => Ok(()),
    }
}

/// Whether who agrees to what waited before agrees to nothing else: by the same rules, nothing more, for no new reason,
/// and of sources that are no smaller.
fn is_part_of(hall: &Hall, held: &Held<'_>, before: &OpenPlan) -> bool {
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
        && kinds(held.reasons).is_subset(&kinds(&known))
        && !held.reasons.iter().any(smaller)
        && held.changes.iter().all(|change| before.does(change.user, Deed::of(change)))
}

/// Brings the stored plans of a guild in step with what was planned for everybody, all at once: what waits is parked,
/// what is written by itself has a number by which it can be taken back, and what is over is over. Gives what is to be
/// written.
pub(crate) async fn take_stock<'a>(
    hall: &Hall,
    guild: GuildId,
    judged: &'a Judged,
    exactly: bool,
) -> Result<Vec<&'a Change>, Error> {
    let Judged { plan, braked, open, unseen, .. } = judged;
    let now = hall.clock.now();
    let needed: Deeds = plan.changes.iter().map(|change| (change.user, Deed::of(change))).collect();
    let mut tx = hall.store.write().await?;
    tx.take_plans_turn().await?;
    // What runs by itself is numbered anew below; what a person decided goes on until nothing of it is needed. A word
    // that ended is looked after before everybody is looked at.
    let (by_itself, decided): (Vec<&OpenPlan>, Vec<&OpenPlan>) = open
        .iter()
        .filter(|known| !known.is(State::Parked))
        .partition(|known| known.is(State::Running) && known.row.plan.cause == BY_ITSELF);
    let mut goes_on = Vec::new();
    for known in decided {
        if known.is_stale(now) || !known.deeds.is_disjoint(&needed) || unseen.is_in(known) {
            goes_on.push(known);
            continue;
        }
        let moved = tx.move_plan(known.id(), &known.row.plan.state, State::Done.word(), None).await?;
        if moved && known.is(State::Released) {
            ended::word_is_done(hall, &mut tx, known).await?;
        }
    }
    let is_decided = |change: &Change| {
        let deed = Deed::of(change);
        goes_on.iter().any(|known| known.does(change.user, deed))
    };
    let free: Vec<&Change> = braked.free.iter().map(|(change, _)| change).collect();
    let to_run: Vec<&Change> =
        free.iter().copied().filter(|change| change.member.is_some() && !is_decided(change)).collect();
    run(hall, &mut tx, guild, &by_itself, &to_run).await?;
    park(hall, &mut tx, &Held::of(guild, judged), exactly).await?;
    tx.commit().await?;
    hall.wake.notify_one();
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
