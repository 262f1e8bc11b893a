//! What the log says of plans.

use domain::ids::{GuildId, PlanId};

use super::Contents;

/// Says that a run begins: under which number, because of what, and how much it is.
pub(super) fn begins(guild: GuildId, plan: PlanId, cause: &str, contents: &Contents) {
    let (takes, gives, renames) = contents.totals();
    tracing::info!(%guild, %plan, cause, takes, gives, renames, "changes are being written");
}
