//! The brake: what of a plan waits for a person, since it would take away too much or give too much power.

mod limits;
mod reason;

use std::collections::{BTreeMap, BTreeSet};

pub use limits::{Limit, Limits, WINDOW_HOURS};
pub use reason::Reason;

use super::{Act, Because, Change, ManagedRole, Plan};
use crate::exception::Origin;
use crate::ids::{RoleId, SourceName, UserId};
use crate::situation::{LinkedMember, Situation};
use crate::time::Timestamp;

/// How many there are of each, for the shares. Counting takes a look at everybody, so one count serves many plans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// The linked members in the guild.
    pub linked: usize,
    /// The holders of each role, linked or not.
    pub holders: BTreeMap<RoleId, usize>,
}

impl Census {
    /// Counts.
    pub fn of(situation: &Situation<'_>) -> Self {
        let here = |member: &&LinkedMember| situation.roster.get(member.user).is_some();
        let linked = situation.members.iter().filter(here).count();
        let mut holders = BTreeMap::new();
        for seen in situation.roster.iter() {
            for role in seen.roles {
                *holders.entry(*role).or_insert(0) += 1;
            }
        }
        Self { linked, holders }
    }
}

/// What was done in the last 24 hours without a person's word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// How often each role was taken.
    pub taken: BTreeMap<RoleId, usize>,
    /// How many lost their last.
    pub stripped: usize,
    /// How many were renamed.
    pub renamed: usize,
    /// How many were given power.
    pub dangerous: usize,
}

/// How a change counts for the brake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// It takes a role because a rule says so.
    pub takes: bool,
    /// It takes the last role that the hall looks after.
    pub strips: bool,
    /// It renames somebody who has been linked for a while.
    pub renames: bool,
    /// It gives power over the community, and nobody said yes to that.
    pub empowers: bool,
}

impl Counts {
    /// Whether it counts at all.
    pub fn any(self) -> bool {
        self.takes || self.renames || self.empowers
    }
}

/// A source that has far fewer people than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shrunk {
    /// Its place in the schema.
    pub index: usize,
    /// Its name.
    pub name: SourceName,
    /// How many it had.
    pub was: usize,
    /// How many it has.
    pub now: usize,
}

/// What the brake knows beside the situation.
#[derive(Clone, Copy, Debug)]
pub struct Footing<'a> {
    /// The limits.
    pub limits: &'a Limits,
    /// The numbers the shares are of.
    pub census: &'a Census,
    /// What was done already.
    pub spent: &'a Spent,
    /// Sources that shrank.
    pub shrunk: &'a [Shrunk],
    /// Roles with power that an admin said these members get.
    pub confirmed: &'a BTreeSet<(UserId, RoleId)>,
    /// Why the plan that waits at the moment waits. One member's change is too much while everybody's is, and what
    /// waited once waits until a person decides.
    pub standing: &'a [Reason],
}

/// A plan, parted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Braked {
    /// What may be written, in order, with how it counts.
    pub free: Vec<(Change, Counts)>,
    /// What waits, in order.
    pub parked: Vec<Change>,
    /// Why, in a stable order.
    pub reasons: Vec<Reason>,
}

/// Parts what may be written from what waits for a person.
///
/// Pure. What a member decided about themselves (unlinking) and what people decided about a member (overrides) is
/// never held, nor is what gives a role without power.
pub fn brake(situation: &Situation<'_>, plan: &Plan, footing: &Footing<'_>) -> Braked {
    let weighed = weigh(situation, plan, footing);
    let reasons = reasons(situation, &weighed, footing);
    let mut braked = Braked::default();
    for known in &weighed {
        if known.waits(&reasons, footing) {
            braked.parked.push(known.change.clone());
        } else {
            braked.free.push((known.change.clone(), known.counts));
        }
    }
    let known: BTreeSet<String> = reasons.iter().map(Reason::kind).collect();
    for stands in footing.standing.iter().filter(|stands| !known.contains(&stands.kind())) {
        let held = weighed.iter().filter(|known| stands.holds(known.change, known.counts)).count();
        braked.reasons.extend((held > 0).then(|| stands.left(held)));
    }
    braked.reasons.extend(reasons);
    braked.reasons.sort();
    if braked.parked.is_empty() {
        braked.reasons.retain(|reason| matches!(reason, Reason::SourceShrank { .. }));
    }
    braked
}

/// Whether a change that was free is free still, after others were made. It counts as it did then: of a member who
/// loses two roles the second is the last, and so was the first.
pub fn is_free_still(
    situation: &Situation<'_>,
    change: &Change,
    counts: Counts,
    footing: &Footing<'_>,
) -> bool {
    let member = situation.members.iter().find(|member| member.user == change.user);
    let own = own_reasons(situation, change, counts, member, footing);
    let weighed = [Weighed { change, counts, own }];
    let reasons = reasons(situation, &weighed, footing);
    weighed.iter().all(|known| !known.waits(&reasons, footing))
}

struct Weighed<'a> {
    change: &'a Change,
    counts: Counts,
    /// Why it waits whatever others do.
    own: Vec<Reason>,
}

impl Weighed<'_> {
    fn waits(&self, reasons: &[Reason], footing: &Footing<'_>) -> bool {
        let mut held = reasons.iter().chain(footing.standing);
        !self.own.is_empty() || held.any(|reason| reason.holds(self.change, self.counts))
    }
}

fn weigh<'a>(situation: &Situation<'_>, plan: &'a Plan, footing: &Footing<'_>) -> Vec<Weighed<'a>> {
    let members: BTreeMap<UserId, &LinkedMember> =
        situation.members.iter().map(|member| (member.user, member)).collect();
    let stripped = stripped(situation, plan);
    let weigh = |change: &'a Change| {
        let ruled = matches!(change.because, Because::Rule { .. });
        let takes = ruled && matches!(change.act, Act::Take(_));
        let member = members.get(&change.user).copied();
        let counts = Counts {
            takes,
            strips: takes && stripped.contains(&change.user),
            renames: matches!(change.because, Because::Template)
                && member.is_some_and(|member| is_settled(member, situation.now)),
            empowers: ruled
                && matches!(&change.act, Act::Give(role) if role.is_dangerous()
                    && !footing.confirmed.contains(&(change.user, role.id()))),
        };
        let own = own_reasons(situation, change, counts, member, footing);
        Weighed { change, counts, own }
    };
    plan.changes.iter().map(weigh).collect()
}

/// Whoever links sees what they will be called; whoever has been linked for a day does not expect it.
fn is_settled(member: &LinkedMember, now: Timestamp) -> bool {
    now.since(member.linked_at).as_secs() >= WINDOW_HOURS * 3_600
}

/// Who would lose the last of the roles that rules give.
fn stripped(situation: &Situation<'_>, plan: &Plan) -> BTreeSet<UserId> {
    let (bindings, _) = super::bind_roles(situation.rules, situation.guild, situation.remembered_roles);
    let managed: BTreeSet<RoleId> = bindings.iter().filter_map(|binding| binding.id).collect();
    let mut left: BTreeMap<UserId, isize> = BTreeMap::new();
    for change in &plan.changes {
        let step = match change.act {
            Act::Give(_) => 1,
            Act::Take(_) => -1,
            Act::Nickname(_) => continue,
        };
        let holds = || situation.roster.get(change.user).map_or(0, |seen| held(seen.roles, &managed));
        *left.entry(change.user).or_insert_with(holds) += step;
    }
    left.into_iter().filter(|(_, left)| *left <= 0).map(|(user, _)| user).collect()
}

fn held(roles: &[RoleId], managed: &BTreeSet<RoleId>) -> isize {
    let held = roles.iter().filter(|role| managed.contains(role)).count();
    isize::try_from(held).unwrap_or(isize::MAX)
}

fn own_reasons(
    situation: &Situation<'_>,
    change: &Change,
    counts: Counts,
    member: Option<&LinkedMember>,
    footing: &Footing<'_>,
) -> Vec<Reason> {
    let mut own = Vec::new();
    if counts.takes
        && let Act::Take(role) = &change.act
    {
        let known = situation.overrides.role(change.user, role.id(), situation.now);
        if known.is_some_and(|known| known.origin == Origin::Before) {
            own.push(Reason::HeldBefore { role: role.name().to_owned(), id: role.id(), count: 1 });
        }
        let sources = sources_of(situation, role);
        own.extend(
            footing.shrunk.iter().filter(|shrunk| sources.contains(&shrunk.index)).map(Shrunk::reason),
        );
    }
    if counts.empowers
        && let Act::Give(role) = &change.act
        && !member.is_some_and(|member| has_shown(situation, member, role))
    {
        own.push(Reason::Unconfirmed { role: role.name().to_owned(), id: role.id(), count: 1 });
    }
    let decided = matches!(change.because, Because::Rule { .. } | Because::Template);
    if footing.limits.everything && decided {
        own.push(Reason::Asked { count: 1 });
    }
    own
}

/// Whether somebody showed a second factor wherever the rule for a role asks about them: what one source saw says
/// nothing of who uses their account at another.
fn has_shown(situation: &Situation<'_>, member: &LinkedMember, role: &ManagedRole) -> bool {
    let is_known_at = |source: &usize| member.facts.read_at(*source).is_some();
    let asked: Vec<usize> = sources_of(situation, role).into_iter().filter(is_known_at).collect();
    !asked.is_empty() && asked.iter().all(|source| member.second_factors.contains(source))
}

/// The sources that the rule for a role asks.
fn sources_of(situation: &Situation<'_>, role: &ManagedRole) -> BTreeSet<usize> {
    let means = |name: &str| match situation.remembered_roles.get(name) {
        Some(id) => *id == role.id(),
        None => name == role.name(),
    };
    let rules = situation.rules.roles.iter().filter(|rule| means(&rule.role));
    rules.flat_map(|rule| rule.when.facts()).map(|fact| fact.source).collect()
}

impl Shrunk {
    fn reason(&self) -> Reason {
        Reason::SourceShrank { source: self.name.clone(), was: self.was, now: self.now }
    }
}

fn reasons(situation: &Situation<'_>, weighed: &[Weighed<'_>], footing: &Footing<'_>) -> Vec<Reason> {
    let Footing { limits, census, spent, shrunk, .. } = *footing;
    // What waits for a reason of its own does not use up what is left for others.
    let others: Vec<&Weighed<'_>> = weighed.iter().filter(|weighed| weighed.own.is_empty()).collect();
    let number = |counts: fn(Counts) -> bool| others.iter().filter(|known| counts(known.counts)).count();
    let mut reasons: Vec<Reason> = others
        .iter()
        .filter(|known| known.counts.takes)
        .fold(BTreeMap::<RoleId, (&str, usize)>::new(), |mut taken, known| {
            if let Act::Take(role) = &known.change.act {
                taken.entry(role.id()).or_insert((role.name(), 0)).1 += 1;
            }
            taken
        })
        .into_iter()
        .filter_map(|(id, (role, count))| {
            let spent = spent.taken.get(&id).copied().unwrap_or(0);
            let limit = limits.removals.of(census.holders.get(&id).copied().unwrap_or(0) + spent);
            let role = role.to_owned();
            (count + spent > limit).then_some(Reason::Removals { role, id, count, spent, limit })
        })
        .collect();
    let strips: BTreeSet<UserId> =
        others.iter().filter(|known| known.counts.strips).map(|known| known.change.user).collect();
    let (count, limit) = (strips.len(), limits.stripped.of(census.linked));
    if count > 0 && count + spent.stripped > limit {
        reasons.push(Reason::Stripped { count, spent: spent.stripped, limit });
    }
    let (count, limit) = (number(|counts| counts.renames), limits.nicknames.of(census.linked));
    if count > 0 && count + spent.renamed > limit {
        reasons.push(Reason::Nicknames { count, spent: spent.renamed, limit });
    }
    let (given, limit) = (number(|counts| counts.empowers), limits::count(limits.dangerous));
    if given > 0 && given + spent.dangerous > limit {
        reasons.push(Reason::Dangerous { count: given, spent: spent.dangerous, limit });
    }
    reasons.extend(joined(weighed.iter().flat_map(|known| &known.own)));
    // An owner has to know that a source shrank before somebody waits for it.
    let asked: BTreeSet<usize> =
        situation.rules.roles.iter().flat_map(|rule| rule.when.facts()).map(|fact| fact.source).collect();
    reasons.extend(shrunk.iter().filter(|source| asked.contains(&source.index)).map(Shrunk::reason));
    reasons.sort();
    reasons.dedup();
    reasons
}

/// Reasons of single changes as one each, counted.
fn joined<'a>(own: impl Iterator<Item = &'a Reason>) -> Vec<Reason> {
    let mut counted: BTreeMap<&Reason, usize> = BTreeMap::new();
    for reason in own {
        *counted.entry(reason).or_insert(0) += 1;
    }
    let joined = counted.into_iter().map(|(reason, number)| match reason.clone() {
        Reason::HeldBefore { role, id, .. } => Reason::HeldBefore { role, id, count: number },
        Reason::Unconfirmed { role, id, .. } => Reason::Unconfirmed { role, id, count: number },
        Reason::Asked { .. } => Reason::Asked { count: number },
        other => other,
    });
    joined.collect()
}

#[cfg(test)]
mod tests;
