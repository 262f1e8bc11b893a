//! Hints come in: stored as work before they are answered, each as often as it brings something new.

use std::time::Duration;

use domain::ids::SourceName;
use domain::plan::Importance;
use domain::time::Timestamp;
use store::Tx;
use store::hooks::Delivered;

use crate::error::Error;
use crate::hall::{Hall, SourceSeat};
use crate::hint::Hint;
use crate::jobs::{
    self, read_audit_log, reconcile_guild, refresh_group, refresh_member, refresh_source, settle_member,
};
use crate::metrics::Origin;

/// The same body within this time of the last look is looked into at its end.
const REPEAT_WAITS: Duration = Duration::from_secs(5);
/// So many repetitions in a row may be somebody who changes their mind; more are somebody who plays an old
/// delivery again and again.
const REPEATS_MAX: i64 = 6;
/// How long those wait.
const MANY_REPEATS_WAIT: Duration = Duration::from_secs(60);
/// After so long a silence a repetition counts as the first.
const REPEATS_FORGOTTEN_AFTER: Duration = Duration::from_secs(600);
/// How many different deliveries of one source are looked into one by one within [`CAP_WINDOW`]. Beyond them
/// one reading of everybody costs the source less than reading each.
const DELIVERIES_MAX: usize = 60;
/// See [`DELIVERIES_MAX`].
const CAP_WINDOW: Duration = Duration::from_secs(60);

/// A webhook's delivery whose signature holds. The signature covers the body: number and name are not
/// believed beyond telling a delivery that is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The number its sender gave it.
    pub event_id: String,
    /// The name of the event.
    pub event: String,
    /// The SHA-256 of the body, and of as little of the name as tells opposite events apart, in hexadecimal.
    pub said_hash: String,
}

impl Hall {
    /// Takes a delivery of a source's webhook. Returns once it is stored; the same delivery a second time is
    /// nothing, and the same body under another number is looked into once a while.
    pub async fn receive_hook(
        &self,
        source: &SourceName,
        delivery: &Delivery,
        hints: &[Hint],
    ) -> Result<(), Error> {
        let seat = self.source(source)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        self.metrics.hinted(Origin::Webhook);
        // Somebody whom nobody here knows costs no reading, and must not count as one.
        let hints = about_members(&mut tx, seat, hints).await?;
        if hints.is_empty() {
            return Ok(());
        }
        let before = tx.delivered(seat.place, &delivery.said_hash).await?;
        if let Some(came) = arrival(before.as_ref(), delivery, now) {
            tx.put_delivered(seat.place, &delivery.said_hash, &came).await?;
            if too_many(&mut tx, seat, now).await? {
                jobs::order(&mut tx, refresh_source::order(source, now.after(CAP_WINDOW))).await?;
            } else {
                for hint in hints {
                    look_again(&mut tx, &hint, now, came.look_at).await?;
                }
            }
        }
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Takes a hint that nobody waits to be told was stored (a gateway event).
    pub async fn hint(&self, hint: &Hint) -> Result<(), Error> {
        self.metrics.hinted(Origin::Gateway);
        let mut tx = self.store.write().await?;
        let now = self.clock.now();
        look_again(&mut tx, hint, now, now).await?;
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }
}

/// What is remembered of a delivery, and thus when it is looked into; `None` for one that is sent again.
///
/// Whatever is looked into later than now still is: a change that undoes another says the same words as the
/// state before it, and must not be lost.
fn arrival(before: Option<&Delivered>, delivery: &Delivery, now: Timestamp) -> Option<Delivered> {
    let came = |repeats, look_at| Delivered {
        event_id: delivery.event_id.clone(),
        event: delivery.event.clone(),
        repeats,
        received_at: now,
        look_at,
    };
    let Some(before) = before else { return Some(came(0, now)) };
    if before.event_id == delivery.event_id && before.event == delivery.event {
        return None;
    }
    if now.since(before.received_at) >= REPEATS_FORGOTTEN_AFTER {
        return Some(came(0, now));
    }
    let repeats = before.repeats.saturating_add(1);
    let wait = if repeats > REPEATS_MAX { MANY_REPEATS_WAIT } else { REPEAT_WAITS };
    let look_at = if before.look_at > now { before.look_at } else { before.look_at.after(wait).max(now) };
    Some(came(repeats, look_at))
}

/// The hints without those about people who have linked nothing.
async fn about_members(tx: &mut Tx, seat: &SourceSeat, hints: &[Hint]) -> Result<Vec<Hint>, store::Error> {
    let mut kept = Vec::new();
    for hint in hints {
        let known = match hint {
            Hint::Person { subject, .. } => tx.member_by_subject(seat.place, subject).await?.is_some(),
            _ => true,
        };
        kept.extend(known.then(|| hint.clone()));
    }
    Ok(kept)
}

async fn too_many(tx: &mut Tx, seat: &SourceSeat, now: Timestamp) -> Result<bool, store::Error> {
    Ok(tx.delivered_since(seat.place, now.before(CAP_WINDOW)).await? > DELIVERIES_MAX)
}

async fn look_again(tx: &mut Tx, hint: &Hint, now: Timestamp, at: Timestamp) -> Result<(), store::Error> {
    if let Hint::Left { guild, user } = hint {
        tx.membership_ended(*guild, *user).await?;
    }
    let order = match hint {
        Hint::Person { source, subject } => refresh_member::order(source, subject, true, at),
        Hint::Group { source, group } => refresh_group::order(source, *group, at),
        Hint::Member { guild, user } | Hint::Left { guild, user } => {
            settle_member::order(*guild, *user, Importance::Take, at)
        }
        Hint::ByHand { guild } => read_audit_log::order(*guild, at),
        Hint::Guild { guild } => reconcile_guild::order(*guild, at),
    };
    jobs::order(tx, order.hinted(Some(now))).await
}

#[cfg(test)]
mod tests;
