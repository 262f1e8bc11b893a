//! Rules that change nothing because their role has power that they do not name: the staff is told once of each, and
//! again only after it was mended and came back.

use std::collections::BTreeMap;

use domain::ids::{GuildId, RoleId};
use domain::plan::Finding;
use store::cursors::Cursor;

use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, tell_staff};

/// How many roles of one guild are remembered; of more nobody is told.
const ROLES_MAX: usize = 250;

/// Compares what a look at everybody found with what was told, and has the staff told of the rest.
pub(crate) async fn tell(hall: &Hall, guild: GuildId, findings: &[Finding]) -> Result<(), Error> {
    let frozen: BTreeMap<RoleId, &Finding> = findings.iter().filter_map(frozen).take(ROLES_MAX).collect();
    let name = format!("frozen rules told of in {guild}");
    let now = hall.clock.now();
    let before = hall.store.read().await?.cursor(hall.discord_place, &name).await?;
    let before = before.map(|cursor| cursor.value).unwrap_or_default();
    let told: Vec<RoleId> = serde_json::from_str(&before).unwrap_or_default();
    let roles: Vec<RoleId> = frozen.keys().copied().collect();
    if roles == told {
        return Ok(());
    }
    let mut tx = hall.store.write().await?;
    // Numbers can always be written.
    let value = serde_json::to_string(&roles).unwrap_or_default();
    tx.put_cursor(hall.discord_place, &name, &Cursor { value, at: now }).await?;
    let server = hall.discord.picture(guild).map_or_else(|| guild.to_string(), |seen| seen.name.clone());
    for (role, finding) in frozen.into_iter().filter(|(role, _)| !told.contains(role)) {
        let text = format!(
            "{server}: {} The rule for it has stopped: nobody is given the role or loses it.\n{}",
            finding.says(),
            finding.remedy()
        );
        jobs::order(&mut tx, tell_staff::of(guild, &format!("role {role}"), text, now)).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}

fn frozen(finding: &Finding) -> Option<(RoleId, &Finding)> {
    match finding {
        Finding::RoleDangerous { id, .. } => Some((*id, finding)),
        _ => None,
    }
}
