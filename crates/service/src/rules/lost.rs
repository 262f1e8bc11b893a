//! A file that was cut off while it was saved may be in order and say nearly nothing: its rules are not followed until
//! somebody says that they are meant.

use std::collections::BTreeSet;

use domain::ids::GuildId;

use crate::hall::{GuildSeat, Hall};

/// So many rules may always go at once. More have to leave at least half behind.
const LOST_MAX: usize = 1;

/// A guild that would lose most of its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulesLost {
    /// Which.
    pub guild: GuildId,
    /// How many rules it has.
    pub before: usize,
    /// How many of them would go.
    pub lost: usize,
}

impl Hall {
    /// The first guild that would lose most of its rules if these held.
    pub fn rules_lost(&self, guilds: &[GuildSeat]) -> Option<RulesLost> {
        let before = self.rules.now();
        guilds.iter().find_map(|next| lost(before.guild(next.id).ok()?.as_ref(), next))
    }
}

fn lost(before: &GuildSeat, next: &GuildSeat) -> Option<RulesLost> {
    let stays: BTreeSet<&str> = next.rules.roles.iter().map(|rule| rule.role.as_str()).collect();
    let roles = &before.rules.roles;
    let lost = roles.iter().filter(|rule| !stays.contains(rule.role.as_str())).count();
    let is_most = lost > LOST_MAX && 2 * lost > roles.len();
    is_most.then_some(RulesLost { guild: before.id, before: roles.len(), lost })
}
