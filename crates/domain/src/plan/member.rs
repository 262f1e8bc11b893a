//! What one member should have, role by role, and what that changes.

use serde::Serialize;

use super::{Act, Because, Change, Finding, ManagedRole, RoleBinding, Standing};
use crate::nickname::{self, Rendered};
use crate::roster::Seen;
use crate::rules::{Explanation, Truth};
use crate::situation::{LinkedMember, Mode, NicknameRule, RoleRule, Situation};

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
    /// The facts that decided it.
    pub explanation: Explanation,
}

/// What follows from a rule for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
            Verdict {
                role: binding.role.as_ref().map_or(rule.role.as_str(), ManagedRole::name).to_owned(),
                condition: condition(situation, rule),
                has,
                kind: judge(rule.mode, truth, has, binding.role.is_some()),
                explanation: explain(situation, rule, member),
            }
        })
        .collect()
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
}

/// Explains the nickname of one member; `None` without a rule for it, and for somebody outside the roster.
pub fn nickname_verdict(situation: &Situation<'_>, member: &LinkedMember) -> Option<NicknameVerdict> {
    let (rule, seen) = (situation.rules.nickname.as_ref()?, situation.roster.get(member.user)?);
    Some(judge_nickname(situation, &Standing::of(situation.guild), rule, member, seen))
}

pub(super) fn plan_member(
    situation: &Situation<'_>,
    standing: &Standing,
    bindings: &[RoleBinding],
    member: &LinkedMember,
    changes: &mut Vec<Change>,
    findings: &mut Vec<Finding>,
) {
    let Some(seen) = situation.roster.get(member.user) else { return };
    // A role given to somebody who has not passed Membership Screening would let them skip it.
    if seen.bot || seen.pending {
        return;
    }
    for (rule, binding) in situation.rules.roles.iter().zip(bindings) {
        let Some(role) = &binding.role else { continue };
        let act = match judge(rule.mode, truth(situation, rule, member), seen.has(role.id()), true) {
            VerdictKind::Give => Act::Give(role.clone()),
            VerdictKind::Take => Act::Take(role.clone()),
            _ => continue,
        };
        let explanation = explain(situation, rule, member);
        let because = Because::Rule { condition: condition(situation, rule), explanation };
        changes.push(Change { user: member.user, member: Some(member.member), act, because });
    }
    if let Some(rule) = &situation.rules.nickname {
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
        NicknameVerdict::InStep(_) | NicknameVerdict::Unknown => {}
        NicknameVerdict::Cannot(finding) => findings.push(finding),
        NicknameVerdict::Becomes(name) => changes.push(Change {
            user: member.user,
            member: Some(member.member),
            act: Act::Nickname(Some(name)),
            because: Because::Template,
        }),
    }
}

fn judge_nickname(
    situation: &Situation<'_>,
    standing: &Standing,
    rule: &NicknameRule,
    member: &LinkedMember,
    seen: Seen<'_>,
) -> NicknameVerdict {
    let Rendered::Name(name) = rule.template.render(member.facts.as_slice(), rule.prefer) else {
        return NicknameVerdict::Unknown;
    };
    let wanted = nickname::fingerprint(&name);
    let written = member.nickname;
    let settled = written.is_some_and(|written| written.asked == wanted && written.became == seen.nickname);
    if wanted == seen.nickname || settled {
        return NicknameVerdict::InStep(name);
    }
    match standing.cannot_rename(situation.guild, member.user, seen.roles) {
        Some(finding) => NicknameVerdict::Cannot(finding),
        None if standing.can_manage_nicknames() => NicknameVerdict::Becomes(name),
        None => NicknameVerdict::Cannot(Finding::nicknames_not_permitted()),
    }
}

pub(super) fn truth(situation: &Situation<'_>, rule: &RoleRule, member: &LinkedMember) -> Truth {
    rule.when.evaluate(member.facts.as_slice(), situation.groups, situation.now)
}

fn explain(situation: &Situation<'_>, rule: &RoleRule, member: &LinkedMember) -> Explanation {
    rule.when.explain(member.facts.as_slice(), situation.groups, situation.now, situation.schema)
}

fn condition(situation: &Situation<'_>, rule: &RoleRule) -> String {
    rule.when.public_text(situation.groups, situation.schema).to_owned()
}

fn judge(mode: Mode, truth: Truth, has: bool, writable: bool) -> VerdictKind {
    match (truth, has, mode) {
        (Truth::Unknown, ..) => VerdictKind::Unknown,
        (Truth::True, true, _) | (Truth::False, false, _) => VerdictKind::InStep,
        (Truth::False, true, Mode::Grant) => VerdictKind::Kept,
        _ if !writable => VerdictKind::CannotWrite,
        (Truth::True, false, _) => VerdictKind::Give,
        (Truth::False, true, Mode::Exact) => VerdictKind::Take,
    }
}
