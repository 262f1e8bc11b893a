//! What is taken back from people who unlinked, and what is still left of that.

use super::member::truth;
use super::{Act, Because, Change, Finding, ManagedRole, OutOfReach, RoleBinding, Standing, bind_roles};
use crate::ids::RoleId;
use crate::nickname;
use crate::roster::{Completeness, Seen};
use crate::rules::Truth;
use crate::situation::{Departure, GuildRole, LinkedMember, NicknameBack, Situation};

/// What has become of a departure, as the guild is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    /// What is still to be taken back, whether or not that can be done at the moment.
    pub left: Option<Departure>,
    /// What somebody who linked again still has of it and the rules answer for from now on: to be taken back
    /// only when they unlink again.
    pub resumed: Option<Departure>,
}

impl Remainder {
    /// Nothing at all: Discord takes roles and nickname from whoever leaves the guild.
    pub const NOTHING: Self = Self { left: None, resumed: None };
}

/// What is left of a departure: each role until it is gone from the member or from the guild, the nickname until
/// it is another. `None` while nothing is proven: while the guild cannot be read, and of somebody who is missing
/// from a roster that is not full.
pub fn remainder(situation: &Situation<'_>, departure: &Departure) -> Option<Remainder> {
    let completeness = situation.roster.completeness;
    if completeness == Completeness::Partial {
        return None;
    }
    let (bindings, _) = bind_roles(situation.rules, situation.guild, situation.remembered_roles);
    let Some(held) = Held::of(situation, &bindings, departure) else {
        return (completeness == Completeness::Full).then_some(Remainder::NOTHING);
    };
    let of = |roles: &[&GuildRole], nickname: Option<&NicknameBack>| {
        let roles: Vec<RoleId> = roles.iter().map(|role| role.id).collect();
        let any = !roles.is_empty() || nickname.is_some();
        let Departure { user, released, .. } = *departure;
        any.then(|| Departure { user, roles, nickname: nickname.cloned(), released })
    };
    let (left, resumed) = if held.linked_again { (None, held.nickname) } else { (held.nickname, None) };
    Some(Remainder { left: of(&held.roles, left), resumed: of(&held.judged, resumed) })
}

pub(super) fn plan_departure(
    situation: &Situation<'_>,
    standing: &Standing,
    bindings: &[RoleBinding],
    departure: &Departure,
    changes: &mut Vec<Change>,
    findings: &mut Vec<Finding>,
) {
    let Some(held) = Held::of(situation, bindings, departure) else { return };
    let user = departure.user;
    let because = if departure.released { Because::Released } else { Because::Unlinked };
    let mut push = |act| changes.push(Change { user, member: None, act, because: because.clone() });
    for role in held.roles {
        match out_of_reach(role, standing) {
            None => push(Act::Take(ManagedRole::of(role))),
            Some(why) => {
                findings.push(Finding::RoleNotTakenBack { role: role.name.clone(), id: role.id, why });
            }
        }
    }
    let Some(back) = held.nickname.filter(|_| !held.linked_again) else { return };
    let cannot = standing.cannot_rename(situation.guild, user, held.seen.roles);
    if cannot.is_none() && standing.can_manage_nicknames() {
        push(Act::Nickname(back.before.clone()));
    } else {
        let owner = matches!(cannot, Some(Finding::NicknameCannotFollow { owner: true, .. }));
        findings.push(Finding::NicknameNotGivenBack { user, owner });
    }
}

/// What somebody still has of what is to be taken back.
struct Held<'a> {
    seen: Seen<'a>,
    linked_again: bool,
    /// Roles that are to be taken.
    roles: Vec<&'a GuildRole>,
    /// Roles that the rules judge: whoever is linked is judged by them, as far as their facts are known, not by
    /// what they left behind.
    judged: Vec<&'a GuildRole>,
    /// The nickname to give back, while it is the one the hall wrote.
    nickname: Option<&'a NicknameBack>,
}

impl<'a> Held<'a> {
    /// `None` for somebody outside the roster.
    fn of(situation: &'a Situation<'_>, bindings: &[RoleBinding], departure: &'a Departure) -> Option<Self> {
        let seen = situation.roster.get(departure.user)?;
        let linked = situation.members.iter().find(|member| member.user == departure.user);
        let held = departure.roles.iter().filter(|id| seen.has(**id));
        let (judged, roles) = held
            .filter_map(|id| situation.guild.roles.iter().find(|role| role.id == *id))
            .partition(|role| linked.is_some_and(|member| judges(situation, bindings, member, role.id)));
        let before = |back: &NicknameBack| back.before.as_deref().map_or(0, nickname::fingerprint);
        let nickname = departure.nickname.as_ref();
        let ours = |back: &&NicknameBack| {
            (back.became == seen.nickname || back.asked == Some(seen.nickname))
                && before(back) != seen.nickname
        };
        let nickname = nickname.filter(ours);
        Some(Self { seen, linked_again: linked.is_some(), roles, judged, nickname })
    }
}

fn judges(situation: &Situation<'_>, bindings: &[RoleBinding], member: &LinkedMember, id: RoleId) -> bool {
    let mut rules = situation.rules.roles.iter().zip(bindings).filter(|(_, binding)| binding.id == Some(id));
    rules.any(|(rule, _)| truth(situation, rule, member) != Truth::Unknown)
}

/// Why a role cannot be taken back. That it carries power over the community is no reason: giving such a role
/// could make somebody powerful, taking it cannot.
fn out_of_reach(role: &GuildRole, standing: &Standing) -> Option<OutOfReach> {
    if role.managed {
        Some(OutOfReach::OwnedByIntegration)
    } else if !standing.can_manage_roles() {
        Some(OutOfReach::PermissionMissing)
    } else {
        (!standing.above(role)).then_some(OutOfReach::TooHigh)
    }
}
