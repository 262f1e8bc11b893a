//! When a member's turn comes, what is still needed is computed from what is known now, and written as far as no
//! person has to say yes first.

use domain::exception::Origin;
use domain::ids::{GuildId, UserId};
use domain::plan::{self, Because, Change, Counts, Finding, Importance, Plan, Reason};
use domain::roster::Completeness;
use domain::situation::{Departure, LinkedMember, Situation};
use store::Tx;

use super::write::{Under, write};
use super::{Ground, arrived, departure};
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, reconcile_guild};
use crate::plans::{Contents, Deed, OpenPlan, State, Weights};
use crate::ports::GuildError;
use crate::{hands, overrides, plans, welcome};

/// Brings one member of one guild in step.
///
/// What was planned before does not matter: only what is needed now is written, so nothing stale ever is. A
/// change that Discord forbids is logged and left to the next sweep; the others go on. What the brake holds is left
/// for the plan that waits. Says how many were written.
pub(crate) async fn settle(
    hall: &Hall,
    guild: GuildId,
    user: UserId,
    importance: Importance,
) -> Result<usize, Error> {
    // Without the member intent nobody tells of changes to a member: what the roster has may be of yesterday.
    let (absent, seen) = match hall.discord.roster(guild).completeness {
        Completeness::LinkedOnly => {
            let member = hall.discord.member(guild, user).await?;
            hall.absent.note(guild, user, member.is_none());
            (member.is_none(), member.map(|member| member.roles))
        }
        Completeness::Full | Completeness::Partial => (false, None),
    };
    // What somebody has again who linked again is remembered before anything is written over it.
    departure::reckon(hall, guild, user, absent).await?;
    if absent {
        overrides::membership_ended(hall, guild, user).await?;
    }
    if let Some(roles) = seen {
        overrides::note_newly_seen(hall, guild, user, &roles).await?;
    }
    let (turn, written) = bring_in_step(hall, guild, user, importance).await?;
    let unnameable = turn.plan.findings.iter().find_map(|finding| match finding {
        Finding::NicknameCannotFollow { user: whose, owner } if *whose == user => Some(*owner),
        _ => None,
    });
    if let Some(is_owner) = unnameable {
        welcome::nickname_cannot_follow(hall, guild, user, is_owner).await?;
    }
    if let Some(member) = turn.members.first() {
        welcome::what_linking_brought(hall, guild, member).await?;
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
            let member = self.discord.member(guild, user).await?;
            self.absent.note(guild, user, member.is_none());
        }
        Ok(())
    }
}

async fn bring_in_step(
    hall: &Hall,
    guild: GuildId,
    user: UserId,
    importance: Importance,
) -> Result<(Turn, usize), Error> {
    let mut turn = Turn::of(hall, guild, user).await?;
    // What the hall did not do itself may have been done by hand, and then stands.
    if turn.reverses_others(hall).await? {
        hands::look(hall, guild).await?;
        // Also where the look found nothing: another may have taken the act since this turn began.
        turn = Turn::of(hall, guild, user).await?;
    }
    if turn.gives_by_override() && overrides::forget_before_coming(hall, guild, user).await? {
        turn = Turn::of(hall, guild, user).await?;
    }
    arrived::finish(hall, guild, user, &turn.plan).await?;
    if turn.plan.changes.is_empty() {
        return Ok((turn, 0));
    }
    let situation = turn.situation(hall);
    let seat = &turn.ground.seat;
    let weights = hall.weights(seat, &situation, &turn.plan, Some(user)).await?;
    let open = hall.open_plans(guild).await?;
    let standing = plans::standing(&open, situation.now);
    let braked = weights.part(seat, &situation, &turn.plan, &open, &standing);
    let known = |change: &Change| open.iter().any(|plan| plan.does(user, Deed::of(change)));
    if braked.parked.iter().any(|change| !known(change)) {
        ask_for_a_plan(hall, guild).await?;
    }
    let still = Still { hall, weights: &weights, turn: &turn, standing: &standing };
    // Writing under a plan is using the word for it: one that ended is not begun again.
    let goes_on = |plan: &&OpenPlan| !plan.is(State::Parked) && !plan.is_stale(situation.now);
    let (mut hint, mut done) = (None, 0);
    for (change, counts) in &braked.free {
        let numbered = open.iter().filter(goes_on).find(|plan| plan.does(user, Deed::of(change)));
        let plan = numbered.map(OpenPlan::id).or(hint);
        let new = || {
            let changes = braked.free.iter().map(|(change, _)| change);
            hall.new_plan(guild, "hint", State::Done, &Contents::of(changes))
        };
        let under = Under { plan, new: plan.is_none().then(new), counts: *counts, still: &still };
        let wrote = write(hall, guild, change, importance, &under).await?;
        done += usize::from(wrote.is_done);
        if numbered.is_none() {
            hint = hint.or(wrote.plan);
        }
    }
    Ok((turn, done))
}

/// Something waits that no plan tells of yet.
async fn ask_for_a_plan(hall: &Hall, guild: GuildId) -> Result<(), Error> {
    let mut tx = hall.store.write().await?;
    jobs::order(&mut tx, reconcile_guild::order(guild, hall.clock.now())).await?;
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}

/// Everything about one member, read at one moment, and what follows from it.
struct Turn {
    ground: Ground,
    members: Vec<LinkedMember>,
    departures: Vec<Departure>,
    plan: Plan,
    guild: GuildId,
    user: UserId,
}

impl Turn {
    async fn of(hall: &Hall, guild: GuildId, user: UserId) -> Result<Self, Error> {
        let ground = hall.ground(guild, Some(user)).await?;
        let members = hall.members_to_plan(guild, Some(user)).await?;
        let departures = hall.departures(guild, Some(user)).await?;
        let plan = plan::plan(&ground.situation(hall, members.clone(), departures.clone()));
        Ok(Self { ground, members, departures, plan, guild, user })
    }

    fn situation<'a>(&'a self, hall: &'a Hall) -> Situation<'a> {
        self.ground.situation(hall, self.members.clone(), self.departures.clone())
    }

    /// Whether something is given because somebody decided so: who left and came back has no claim to that.
    fn gives_by_override(&self) -> bool {
        let gives = |change: &Change| matches!(Deed::of(change), Deed::Give(_) | Deed::Empower(_));
        let decided = |change: &Change| matches!(change.because, Because::Override(_));
        self.plan.changes.iter().any(|change| gives(change) && decided(change))
    }

    /// Whether something is to be taken that the hall did not give, or given again that it had given, or is not as a
    /// hand left it: then somebody else did that, and the audit log says who.
    async fn reverses_others(&self, hall: &Hall) -> Result<bool, Error> {
        if self.plan.changes.iter().any(|change| is_against_hands(&change.because)) {
            return Ok(true);
        }
        let ruled = |change: &&Change| matches!(change.because, Because::Rule { .. } | Because::Override(_));
        if !self.plan.changes.iter().any(|change| ruled(&change)) {
            return Ok(false);
        }
        let given = hall.store.read().await?.given_roles_of(self.user).await?;
        let gave = |role| given.iter().any(|known| known.guild == self.guild && known.role == role);
        Ok(self.plan.changes.iter().filter(ruled).any(|change| match Deed::of(change) {
            Deed::Take(role) => !gave(role),
            Deed::Give(role) | Deed::Empower(role) => gave(role),
            Deed::Rename => false,
        }))
    }
}

/// Whether it stood as a hand had left it, or as somebody held it, until somebody did something about it.
fn is_against_hands(because: &Because) -> bool {
    match because {
        Because::Override(known) => matches!(known.origin, Origin::Hand(_) | Origin::Kept),
        _ => false,
    }
}

/// Whether a change that counts may still be made when its turn comes: others were made meanwhile.
pub(super) struct Still<'a> {
    hall: &'a Hall,
    weights: &'a Weights,
    turn: &'a Turn,
    standing: &'a [Reason],
}

impl Still<'_> {
    /// Asked in the transaction that notes the change, which nobody else's overlaps.
    pub(super) async fn is_free(
        &self,
        tx: &mut Tx,
        change: &Change,
        counts: Counts,
    ) -> Result<bool, store::Error> {
        if !counts.any() {
            return Ok(true);
        }
        tx.take_plans_turn().await?;
        let seat = &self.turn.ground.seat;
        let plan = Plan { changes: vec![change.clone()], findings: Vec::new() };
        let spent = self.hall.spent(tx, seat, &plan, Some(change.user)).await?;
        let weights = Weights { spent, ..self.weights.clone() };
        Ok(weights.leaves_free(seat, &self.turn.situation(self.hall), change, counts, self.standing))
    }
}
