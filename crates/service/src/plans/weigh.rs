//! What the brake has to know, gathered.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::{
    self, Braked, Census, Change, Counts, Footing, Plan, Reason, Shrunk, Spent, WINDOW_HOURS,
};
use domain::roster::Completeness;
use domain::situation::{Departure, LinkedMember, Situation};
use domain::time::Timestamp;
use store::Tx;

use super::State;
use super::contents::Deed;
use super::open::{OpenPlan, is_released};
use super::unseen::Unseen;
use crate::error::{Error, Failed};
use crate::hall::{GuildSeat, Hall};
use crate::ports::GuildError;

/// What the brake knows of a guild beside its situation.
#[derive(Clone, Debug)]
pub(crate) struct Weights {
    pub(crate) census: Arc<Census>,
    pub(crate) spent: Spent,
    pub(crate) shrunk: Vec<Shrunk>,
    pub(crate) confirmed: BTreeSet<(UserId, RoleId)>,
}

impl Weights {
    /// Parts a plan. What a person said yes to already is free and does not count.
    pub(crate) fn part(
        &self,
        seat: &GuildSeat,
        situation: &Situation<'_>,
        plan: &Plan,
        open: &[OpenPlan],
        standing: &[Reason],
    ) -> Braked {
        let footing = self.footing(seat, standing);
        let (released, rest): (Vec<Change>, Vec<Change>) =
            plan.changes.iter().cloned().partition(|change| is_released(open, change, situation.now));
        let mut braked = plan::brake(situation, &Plan { changes: rest, findings: Vec::new() }, &footing);
        braked.free.extend(released.into_iter().map(|change| (change, Counts::default())));
        braked
    }

    /// Whether a change that was free, and counts as it did then, is free still.
    pub(crate) fn leaves_free(
        &self,
        seat: &GuildSeat,
        situation: &Situation<'_>,
        change: &Change,
        counts: Counts,
        standing: &[Reason],
    ) -> bool {
        plan::is_free_still(situation, change, counts, &self.footing(seat, standing))
    }

    fn footing<'a>(&'a self, seat: &'a GuildSeat, standing: &'a [Reason]) -> Footing<'a> {
        let Self { census, spent, shrunk, confirmed } = self;
        Footing { limits: &seat.care.limits, census, spent, shrunk, confirmed, standing }
    }
}

/// What somebody is told who asks while nothing can be said.
const NOT_READ: &str =
    "The server cannot be read yet, so what would change is not known. Try again in a minute.";

/// What would change for everybody of a guild, parted.
pub(crate) struct Judged {
    pub(crate) plan: Plan,
    pub(crate) braked: Braked,
    /// The plans that were open then.
    pub(crate) open: Vec<OpenPlan>,
    /// Who has yet to be read.
    pub(crate) unseen: Unseen,
    /// What the guild is called.
    pub(crate) guild_name: String,
    /// When.
    pub(crate) at: Timestamp,
}

impl Hall {
    /// Plans for everybody, and parts it. Nothing is said of a guild whose members are being read: that nothing would
    /// change is not that nothing is needed.
    pub(crate) async fn judge(
        &self,
        guild: GuildId,
        members: Vec<LinkedMember>,
        departures: Vec<Departure>,
    ) -> Result<Judged, Error> {
        let ground = self.ground(guild, None).await?;
        let situation = ground.situation(self, members, departures);
        if situation.roster.completeness == Completeness::Partial {
            let why = "the members of the server have not all been read yet".to_owned();
            return Err(GuildError::Later { why, wait: None }.into());
        }
        let plan = plan::plan(&situation);
        let weights = self.weights(&ground.seat, &situation, &plan, None).await?;
        let open = self.open_plans(guild).await?;
        // What waits for a person does not become free because time went by.
        let parked = open.iter().find(|plan| plan.is(State::Parked));
        let unseen = Unseen::of(self, guild, &situation);
        let standing = parked.map(|parked| parked.stands(&plan, &unseen)).unwrap_or_default();
        let mut braked = weights.part(&ground.seat, &situation, &plan, &open, &standing);
        if let Some(parked) = parked {
            let known: BTreeSet<String> = braked.reasons.iter().map(Reason::kind).collect();
            let kept = standing.iter().filter(|reason| !known.contains(&reason.kind()));
            braked.reasons.extend(kept.filter(|reason| unseen.keeps(parked, reason)).cloned());
        }
        let (guild_name, at) = (situation.guild.name.clone(), situation.now);
        Ok(Judged { plan, braked, open, unseen, guild_name, at })
    }

    /// The same for somebody who asks, and is told when to ask again.
    pub(super) async fn judge_for_a_person(&self, guild: GuildId) -> Result<Judged, Error> {
        let members = self.members_to_plan(guild, None).await?;
        let departures = self.departures(guild, None).await?;
        self.judge(guild, members, departures).await.map_err(|error| match error {
            Error::Failed(Failed::Guild(GuildError::Later { .. })) => Error::refused(NOT_READ),
            other => other,
        })
    }

    /// Gathers it for everybody, counting anew, or for one member.
    pub(crate) async fn weights(
        &self,
        seat: &GuildSeat,
        situation: &Situation<'_>,
        plan: &Plan,
        only: Option<UserId>,
    ) -> Result<Weights, Error> {
        let census = match only {
            Some(_) => self.census(seat, situation).await?,
            None => self.count(seat, Census::of(situation)),
        };
        let mut tx = self.store.read().await?;
        let spent = self.spent(&mut tx, seat, plan, only).await?;
        let confirmed = tx.confirmed_roles(seat.id, only).await?.into_iter().collect();
        let mut shrunk = Vec::new();
        for source in &self.sources {
            let Some((was, now)) = tx.shrunk(source.place, seat.id).await? else { continue };
            if was.saturating_sub(now) > seat.care.limits.shrink.of(was) {
                shrunk.push(Shrunk { index: source.index, name: source.name.clone(), was, now });
            }
        }
        Ok(Weights { census, spent, shrunk, confirmed })
    }

    /// What was done in the last 24 hours without a person's word. What may have been done counts too, unless the plan
    /// shows that it was not: an attempt that broke does not stand in the way of the next. Of one member alone the
    /// plan says how they count; what they lost before is no second loss.
    pub(crate) async fn spent(
        &self,
        tx: &mut Tx,
        seat: &GuildSeat,
        plan: &Plan,
        only: Option<UserId>,
    ) -> Result<Spent, store::Error> {
        let since = self.clock.now().before(Duration::from_secs(WINDOW_HOURS * 3_600));
        // By member: who lost several roles at once lost the last of them once.
        let mut spent =
            Spent { stripped: tx.stripped_since(seat.id, since, only).await?, ..Spent::default() };
        for counted in tx.counted_since(seat.id, since).await? {
            spent.renamed += counted.renames;
            spent.dangerous += counted.empowers;
            if let Some(role) = counted.role.filter(|_| counted.takes > 0) {
                spent.taken.insert(role, counted.takes);
            }
        }
        let needed: HashSet<(UserId, (&str, Option<RoleId>))> =
            plan.changes.iter().map(|change| (change.user, Deed::of(change).in_the_store())).collect();
        let mut stripped = BTreeSet::new();
        for unknown in tx.unknown_since(seat.id, since).await? {
            if needed.contains(&(unknown.user, (&unknown.act, unknown.role))) {
                continue;
            }
            let [takes, strips, renames, empowers] = unknown.counts;
            spent.renamed += usize::from(renames);
            spent.dangerous += usize::from(empowers);
            if let Some(role) = unknown.role.filter(|_| takes) {
                *spent.taken.entry(role).or_default() += 1;
            }
            stripped.extend(Some(unknown.user).filter(|user| strips && only != Some(*user)));
        }
        spent.stripped += stripped.len();
        Ok(spent)
    }

    /// The numbers as counted when everybody was looked at last.
    async fn census(&self, seat: &GuildSeat, situation: &Situation<'_>) -> Result<Arc<Census>, Error> {
        let known = self.censuses.lock().unwrap_or_else(PoisonError::into_inner).get(&seat.id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let members = self.members_to_plan(seat.id, None).await?;
        Ok(self.count(seat, Census::of(&Situation { members, departures: Vec::new(), ..situation.clone() })))
    }

    fn count(&self, seat: &GuildSeat, census: Census) -> Arc<Census> {
        let census = Arc::new(census);
        let mut known = self.censuses.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(seat.id, Arc::clone(&census));
        census
    }
}
