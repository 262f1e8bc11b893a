//! Looks again at people of whom a fact has ended by itself: a suspension that ran out sends no webhook.

use domain::plan::Importance;
use domain::time::Timestamp;

use super::{Job, Next, Order, Retry, refresh_member};
use crate::error::Error;
use crate::hall::Hall;

pub(crate) const JOB: Job =
    Job { kind: "look_again", retry: Retry::FOREVER, run: |hall, _| Box::pin(look(hall)) };

/// How many people one run has looked at.
const AT_ONCE_MAX: usize = 1_000;

pub(crate) fn order(at: Timestamp) -> Order {
    Order::new(JOB.kind, String::new(), &(), Importance::Take.priority(), at)
}

async fn look(hall: &Hall) -> Result<Next, Error> {
    let now = hall.clock.now();
    let mut tx = hall.store.write().await?;
    let due = tx.due_looks(now, AT_ONCE_MAX).await?;
    for look in &due {
        if let Some(seat) = hall.source_at(look.place) {
            super::order(&mut tx, refresh_member::order(&seat.name, &look.subject, true, now)).await?;
        }
    }
    let next = tx.next_look(now).await?;
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(next.map_or(Next::Done, Next::At))
}
