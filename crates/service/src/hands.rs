//! What moderators do by hand: read from the audit log, each act once, however late it comes into the log.

mod note;

use std::time::Duration;

use domain::ids::GuildId;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::cursors::Cursor;

use crate::error::Error;
use crate::hall::Hall;
use crate::ports::{ByHand, HandAct};

/// An entry may come into the log so long after one that is newer: what is younger is read again.
const COMES_LATE_BY: Duration = Duration::from_secs(60);
/// How many acts are remembered as seen within that time; of more, the log is read again only from there on.
const SEEN_MAX: usize = 1_000;
/// How often one look asks for more of the log: hundreds of thousands of entries are one look's work.
const READINGS_MAX: usize = 100;

/// Where the reading of a guild's audit log stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// The entry after which the next reading begins.
    after: u64,
    /// The acts behind it that were taken already.
    acts: Vec<u64>,
}

/// Reads what moderators did since the last look; each act is given once.
///
/// Where the hall may not read the audit log there is nothing: `doctor` says what is lost.
pub(crate) async fn look(hall: &Hall, guild: GuildId) -> Result<Vec<HandAct>, Error> {
    let mut taken = Vec::new();
    for _ in 0..READINGS_MAX {
        let before = seen(hall, &mut hall.store.read().await?, guild).await?;
        let read = hall.discord.by_hand(guild, before.map(|seen| seen.after)).await?;
        let ByHand::Read { acts, cursor, gap, more } = read else { break };
        if gap {
            tracing::warn!(%guild, "the audit log does not reach back to the last look; what moderators did before it begins is not known");
        }
        taken.extend(take(hall, guild, acts, cursor).await?);
        if !more {
            break;
        }
    }
    Ok(taken)
}

/// Notes acts as seen, and gives those that nobody took before.
async fn take(
    hall: &Hall,
    guild: GuildId,
    mut acts: Vec<HandAct>,
    cursor: Option<u64>,
) -> Result<Vec<HandAct>, Error> {
    let Some(newest) = cursor else { return Ok(acts) };
    let judged = note::judged(hall, guild, &acts).await?;
    let mut tx = hall.store.write().await?;
    // Asked anew: two looks at the same time take each act once.
    let before = seen(hall, &mut tx, guild).await?;
    let known = before.clone().unwrap_or_default();
    acts.retain(|act| act.entry > known.after && !known.acts.contains(&act.entry));
    let acts = note::since_their_rules(&mut tx, guild, acts).await?;
    let after = known.and(newest, &acts);
    if before.as_ref() != Some(&after) {
        put(hall, &mut tx, guild, &after).await?;
        note::note(&mut tx, hall, guild, &acts, &judged).await?;
        tx.commit().await?;
        hall.wake.notify_one();
    }
    Ok(acts)
}

impl Seen {
    /// What is seen once these were taken.
    fn and(self, newest: u64, taken: &[HandAct]) -> Self {
        let mut after = self.after.max(earlier(newest, COMES_LATE_BY));
        let mut acts = self.acts;
        acts.extend(taken.iter().map(|act| act.entry));
        acts.sort_unstable();
        if let Some(last_dropped) = acts.len().checked_sub(SEEN_MAX + 1).and_then(|at| acts.get(at)) {
            after = after.max(*last_dropped);
        }
        acts.retain(|act| *act > after);
        Self { after, acts }
    }
}

/// The entry that would have been made so long before another. An entry's number is a time in milliseconds, above
/// 22 bits that tell those of one millisecond apart.
fn earlier(entry: u64, by: Duration) -> u64 {
    let milliseconds = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
    entry.saturating_sub(milliseconds << 22)
}

async fn seen(hall: &Hall, tx: &mut Tx, guild: GuildId) -> Result<Option<Seen>, Error> {
    let cursor = tx.cursor(hall.discord_place, &name(guild)).await?;
    Ok(cursor.and_then(|cursor| serde_json::from_str(&cursor.value).ok()))
}

async fn put(hall: &Hall, tx: &mut Tx, guild: GuildId, seen: &Seen) -> Result<(), Error> {
    // Numbers and nothing else: they always serialise.
    let value = serde_json::to_string(seen).unwrap_or_default();
    let cursor = Cursor { value, at: hall.clock.now() };
    Ok(tx.put_cursor(hall.discord_place, &name(guild), &cursor).await?)
}

fn name(guild: GuildId) -> String {
    format!("audit log {guild}")
}

#[cfg(test)]
mod tests;
