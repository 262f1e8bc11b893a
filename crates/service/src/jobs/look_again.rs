//! Looks again at people of whom a fact has ended by itself: a suspension that ran out sends no webhook.

use std::time::Duration;

use domain::plan::Importance;
use domain::time::Timestamp;

use super::{Job, Lane, Next, Order, Retry, refresh_member};
use crate::error::Error;
use crate::hall::Hall;

pub(crate) const JOB: Job = Job {
    kind: "look_again",
    lane: Lane::Rounds,
    retry: Retry::FOREVER,
    run: |hall, _| Box::pin(look(hall)),
};

/// How long those wait who were too many for one run.
const REST_WAITS: Duration = Duration::from_secs(60);
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
            let order = refresh_member::order(&seat.name, &look.subject, true, now).hinted(Some(look.at));
            super::order(&mut tx, order).await?;
        }
    }
    let next = tx.next_look(now).await?;
    tx.commit().await?;
    hall.wake.notify_one();
    // Those who did not fit are looked at once these have been.
    let rest = (due.len() == AT_ONCE_MAX).then(|| now.after(REST_WAITS));
    let next = next.into_iter().chain(rest).min();
    Ok(next.map_or(Next::Done, |at| Next::Again(order(at))))
}
