//! What would make a guild follow its rules, and why. `plan` decides; it does nothing.

mod bind;
mod brake;
mod change;
mod departure;
mod finding;
mod judge;
mod member;
mod permissions;

use serde::Serialize;

pub use bind::{RoleBinding, bind_roles};
pub use brake::{
    Braked, Census, Counts, Footing, Limit, Limits, Reason, Shrunk, Spent, WINDOW_HOURS, brake, is_free_still,
};
pub use change::{Act, Because, Change, Importance, ManagedRole};
pub use departure::{Remainder, remainder};
pub use finding::{Finding, OutOfReach};
pub use member::{NicknameVerdict, Verdict, VerdictKind, nickname_verdict, verdicts, wanted};
pub use permissions::{Permissions, Standing, stands_above};

use judge::Judge;

use crate::roster::Completeness;
use crate::situation::Situation;

/// The changes in the order they should be written, and what cannot be done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// Removals first, then roles given, then nicknames; within each by member.
    pub changes: Vec<Change>,
    /// Each once, in a stable order.
    pub findings: Vec<Finding>,
}

/// Decides what would make the guild follow its rules.
///
/// Pure and deterministic: the same situation gives the same plan. Nothing is taken because a fact is
/// unknown, nobody outside the roster is planned for, and a role is written only when the settings name it.
pub fn plan(situation: &Situation<'_>) -> Plan {
    if situation.roster.completeness == Completeness::Partial {
        return Plan { changes: Vec::new(), findings: vec![Finding::GuildUnreadable] };
    }
    let standing = Standing::of(situation.guild);
    let (bindings, mut findings) = bind_roles(situation.rules, situation.guild, situation.remembered_roles);
    findings.extend(standing.findings(situation.rules));
    let mut changes = Vec::new();
    let mut judge = Judge::of(situation);
    for member in &situation.members {
        member::plan_member(situation, &standing, &bindings, &mut judge, member, &mut changes, &mut findings);
    }
    for departure in &situation.departures {
        departure::plan_departure(situation, &standing, &bindings, departure, &mut changes, &mut findings);
    }
    changes.sort_by_key(order);
    findings.sort();
    findings.dedup();
    Plan { changes, findings }
}

fn order(change: &Change) -> (Importance, u64, u64) {
    let role = match &change.act {
        Act::Give(role) | Act::Take(role) => role.id().0,
        Act::Nickname(_) => 0,
    };
    (change.act.importance(), change.user.0, role)
}

#[cfg(test)]
mod tests;
