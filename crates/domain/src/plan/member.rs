//! What one member should have, role by role, and what that changes.

use serde::{Deserialize, Serialize};

use super::judge::Judge;
use super::{Act, Because, Change, Finding, ManagedRole, RoleBinding, Standing, bind_roles};
use crate::exception::{NameOverride, Origin, RoleOverride};
use crate::ids::{RoleId, UserId};
use crate::nickname::{self, Rendered};
use crate::roster::Seen;
use crate::rules::{Explanation, Truth};
use crate::situation::{LinkedMember, Mode, NicknameRule, RoleRule, Situation};
use crate::time::Timestamp;

/// What the rules say of one role for one member, and whether they have it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The role as the settings name it.
    pub role: String,
    /// The condition as everybody may read it ([`crate::rules::Condition::public_text`]).
    pub condition: String,
    /// Whether the member holds the role now.
    pub has: bool,
    /// What follows.
    pub kind: VerdictKind,
    /// What people decided against the rule.
    pub exception: Option<RoleOverride>,
    /// The facts that decided it.
    pub explanation: Explanation,
}

/// What follows from a rule for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// As it should be.
    InStep,
    /// Will be given.
    Give,
    /// Will be taken.
    Take,
    /// The facts are unknown: nothing changes.
    Unknown,
    /// The condition does not hold, but this rule only gives: it stays.
    Kept,
    /// The role cannot be written; a finding says why.
    CannotWrite,
}

/// Explains each rule for one member, in the order of the rules; nothing for somebody outside the roster.
pub fn verdicts(situation: &Situation<'_>, bindings: &[RoleBinding], member: &LinkedMember) -> Vec<Verdict> {
    let Some(seen) = situation.roster.get(member.user) else { return Vec::new() };
    situation
        .rules
        .roles
        .iter()
        .zip(bindings)
        .map(|(rule, binding)| {
            let truth = truth(situation, rule, member);
            let has = binding.id.is_some_and(|id| seen.has(id));
            let exception = binding.id.and_then(|id| exception(situation, member, id));
            let kind = follows(rule.mode, truth, has, binding.role.is_some());
            Verdict {
                role: binding.role.as_ref().map_or(rule.role.as_str(), ManagedRole::name).to_owned(),
                condition: condition(situation, rule),
                has,
                kind: exception.map_or(kind, |known| overrule(known, has, binding.role.as_ref())),
                exception,
                explanation: explain(situation, rule, member),
            }
        })
        .collect()
}

/// What the rules alone say of each role for somebody, linked or not: whether they have it; `None` where that is
/// unknown. Overrides do not count.
pub fn wanted(situation: &Situation<'_>, user: UserId) -> Vec<(RoleId, Option<bool>)> {
    let (bindings, _) = bind_roles(situation.rules, situation.guild, situation.remembered_roles);
    let member = situation.members.iter().find(|member| member.user == user);
    let says = |(rule, binding): (&RoleRule, &RoleBinding)| {
        let says = match member.map_or(Truth::Unknown, |member| truth(situation, rule, member)) {
            Truth::True => Some(true),
            Truth::False if rule.mode == Mode::Exact => Some(false),
            Truth::False | Truth::Unknown => None,
        };
        binding.id.map(|id| (id, says))
    };
    situation.rules.roles.iter().zip(&bindings).filter_map(says).collect()
}

/// What the nickname rule comes to for a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NicknameVerdict {
    /// It is as it should be, or what Discord made of that.
    InStep(String),
    /// It will be written.
    Becomes(String),
    /// It cannot be written.
    Cannot(Finding),
    /// The facts it is made of are not known, or say nothing.
    Unknown,
    /// People decided on it; `None` for no nickname.
    Decided {
        /// The name.
        name: Option<String>,
        /// Until when.
        until: Option<Timestamp>,
    },
}

/// Explains the nickname of one member; `None` without a rule for it, and for somebody outside the roster.
pub fn nickname_verdict(situation: &Situation<'_>, member: &LinkedMember) -> Option<NicknameVerdict> {
    let seen = situation.roster.get(member.user)?;
    if let Some(known) = situation.overrides.name(member.user, situation.now) {
        return Some(NicknameVerdict::Decided { name: known.name.clone(), until: known.until });
    }
    let rule = situation.rules.nickname.as_ref()?;
    Some(judge_nickname(situation, &Standing::of(situation.guild), rule, member, seen))
}

pub(super) fn plan_member(
    situation: &Situation<'_>,
    standing: &Standing,
    bindings: &[RoleBinding],
    judge: &mut Judge<'_>,
    member: &LinkedMember,
    changes: &mut Vec<Change>,
    findings: &mut Vec<Finding>,
) {
    let Some(seen) = situation.roster.get(member.user) else { return };
    // A role given to somebody who has not passed Membership Screening would let them skip it.
    if seen.bot || seen.pending {
        return;
    }
    for (at, (rule, binding)) in situation.rules.roles.iter().zip(bindings).enumerate() {
        let Some(role) = &binding.role else { continue };
        let (has, exception) = (seen.has(role.id()), exception(situation, member, role.id()));
        let kind = match exception {
            Some(known) => overrule(known, has, Some(role)),
            None => follows(rule.mode, judge.truth(at, &member.facts), has, true),
        };
        let act = match kind {
            VerdictKind::Give => Act::Give(role.clone()),
            VerdictKind::Take => Act::Take(role.clone()),
            _ => continue,
        };
        let ruled = || judge.because(at, &member.facts);
        let Some(because) = exception.map(Because::Override).or_else(ruled) else { continue };
        changes.push(Change { user: member.user, member: Some(member.member), act, because });
    }
    if let Some(known) = situation.overrides.name(member.user, situation.now) {
        plan_name_override(situation, standing, known, member, seen, changes, findings);
    } else if let Some(rule) = &situation.rules.nickname {
        plan_nickname(situation, standing, rule, member, seen, changes, findings);
    }
}

fn plan_nickname(
    situation: &Situation<'_>,
    standing: &Standing,
    rule: &NicknameRule,
    member: &LinkedMember,
    seen: Seen<'_>,
    changes: &mut Vec<Change>,
    findings: &mut Vec<Finding>,
) {
    match judge_nickname(situation, standing, rule, member, seen) {
        NicknameVerdict::InStep(_) | NicknameVerdict::Unknown | NicknameVerdict::Decided { .. } => {}
        NicknameVerdict::Cannot(finding) => findings.push(finding),
        NicknameVerdict::Becomes(name) => changes.push(Change {
            user: member.user,
            member: Some(member.member),
            act: Act::Nickname(Some(name)),
            because: Because::Template,
        }),
    }
}

/// A nickname that people decided on stays as they said.
fn plan_name_override(
    situation: &Situation<'_>,
    standing: &Standing,
    known: &NameOverride,
    member: &LinkedMember,
    seen: Seen<'_>,
    changes: &mut Vec<Change>,
    findings: &mut Vec<Finding>,
) {
    let wanted = known.name.as_deref().map_or(0, nickname::fingerprint);
    if wanted == seen.nickname {
        return;
    }
    match cannot_rename(situation, standing, member, seen) {
        Some(finding) => findings.push(finding),
        None => changes.push(Change {
            user: member.user,
            member: Some(member.member),
            act: Act::Nickname(known.name.clone()),
            because: Because::NameOverride { until: known.until },
        }),
    }
}

fn cannot_rename(
    situation: &Situation<'_>,
    standing: &Standing,
    member: &LinkedMember,
    seen: Seen<'_>,
) -> Option<Finding> {
    standing
        .cannot_rename(situation.guild, member.user, seen.roles)
        .or_else(|| (!standing.can_manage_nicknames()).then(Finding::nicknames_not_permitted))
}

fn judge_nickname(
    situation: &Situation<'_>,
    standing: &Standing,
    rule: &NicknameRule,
    member: &LinkedMember,
    seen: Seen<'_>,
) -> NicknameVerdict {
    let Rendered::Name(name) = rule.template.render(&member.facts, rule.prefer) else {
        return NicknameVerdict::Unknown;
    };
    let wanted = nickname::fingerprint(&name);
    let written = member.nickname;
    let settled = written.is_some_and(|written| written.asked == wanted && written.became == seen.nickname);
    if wanted == seen.nickname || settled {
        return NicknameVerdict::InStep(name);
    }
    cannot_rename(situation, standing, member, seen)
        .map_or(NicknameVerdict::Becomes(name), NicknameVerdict::Cannot)
}

pub(super) fn truth(situation: &Situation<'_>, rule: &RoleRule, member: &LinkedMember) -> Truth {
    rule.when.evaluate(&member.facts, situation.groups, situation.now)
}

fn explain(situation: &Situation<'_>, rule: &RoleRule, member: &LinkedMember) -> Explanation {
    rule.when.explain(&member.facts, situation.groups, situation.now, situation.schema)
}

fn condition(situation: &Situation<'_>, rule: &RoleRule) -> String {
    rule.when.public_text(situation.groups, situation.schema).to_owned()
}

/// What people decided, as far as it stands against the rule. Whether somebody keeps what they held before the rule
/// came is not decided yet: the rule says what would follow, and the brake holds it.
fn exception(situation: &Situation<'_>, member: &LinkedMember, role: RoleId) -> Option<RoleOverride> {
    let known = situation.overrides.role(member.user, role, situation.now)?;
    (known.origin != Origin::Before).then_some(known)
}

/// What follows from a decision. It never gives power over the community: only a rule that names it does.
fn overrule(known: RoleOverride, has: bool, role: Option<&ManagedRole>) -> VerdictKind {
    match (known.has, has, role) {
        (true, true, _) | (false, false, _) => VerdictKind::InStep,
        (_, _, None) => VerdictKind::CannotWrite,
        (true, false, Some(role)) if role.is_dangerous() => VerdictKind::CannotWrite,
        (true, false, Some(_)) => VerdictKind::Give,
        (false, true, Some(_)) => VerdictKind::Take,
    }
}

fn follows(mode: Mode, truth: Truth, has: bool, writable: bool) -> VerdictKind {
    match (truth, has, mode) {
        (Truth::Unknown, ..) => VerdictKind::Unknown,
        (Truth::True, true, _) | (Truth::False, false, _) => VerdictKind::InStep,
        (Truth::False, true, Mode::Grant) => VerdictKind::Kept,
        _ if !writable => VerdictKind::CannotWrite,
        (Truth::True, false, _) => VerdictKind::Give,
        (Truth::False, true, Mode::Exact) => VerdictKind::Take,
    }
}
