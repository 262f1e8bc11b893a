//! Reads what staff did at a source since the last time: the acts that send no webhook.

use std::time::Duration;

use domain::ids::SourceName;
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::cursors::Cursor;

use super::{Job, Lane, Next, Order, Retry, refresh_member, refresh_source};
use crate::error::Error;
use crate::hall::Hall;
use crate::metrics::Origin;
use crate::ports::ActsCursor;

pub(crate) const JOB: Job = Job {
    kind: "read_staff_log",
    lane: Lane::Rounds,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let Payload { source } = super::payload(claimed)?;
            let Some(source) = SourceName::new(&source) else { return Ok(Next::Done) };
            read(hall, &source).await?;
            let every = hall.source(&source)?.log_every;
            Ok(Next::Again(order(&source, hall.clock.now().after(every))))
        })
    },
};

const CURSOR: &str = "staff log";
/// News so old may still be what a hint that comes now is about.
const NEWS_ARE_FRESH: Duration = Duration::from_secs(10);

#[derive(Serialize, Deserialize)]
struct Payload {
    source: String,
}

pub(crate) fn order(source: &SourceName, at: Timestamp) -> Order {
    let payload = Payload { source: source.to_string() };
    Order::new(JOB.kind, source.to_string(), &payload, Importance::Take.priority(), at)
}

/// Reads it, and says whether it named anybody now or a moment ago. A log that cannot be read names nobody.
pub(crate) async fn names_people(hall: &Hall, source: &SourceName) -> bool {
    if let Err(error) = read(hall, source).await {
        tracing::info!(%source, %error, "the staff log cannot be asked whom a hint is about");
        return false;
    }
    hall.noticed.last_named(source).is_some_and(|named| hall.clock.now().since(named) < NEWS_ARE_FRESH)
}

async fn read(hall: &Hall, source: &SourceName) -> Result<(), Error> {
    let seat = hall.source(source)?;
    let cursor = hall.store.read().await?.cursor(seat.place, CURSOR).await?;
    let cursor = cursor.and_then(|cursor| cursor.value.parse().ok()).map(ActsCursor);
    let acts = seat.source.acts_since(cursor).await?;
    let now = hall.clock.now();
    hall.noticed.answered(source, now);
    if !acts.people.is_empty() || acts.everybody {
        hall.noticed.named(source, now);
    }
    if acts.cursor == cursor && acts.people.is_empty() && !acts.everybody {
        return Ok(());
    }
    let mut tx = hall.store.write().await?;
    for subject in &acts.people {
        hall.metrics.hinted(Origin::StaffLog);
        let order = refresh_member::order(source, subject, true, now).hinted(Some(now));
        super::order(&mut tx, order).await?;
    }
    if acts.everybody {
        super::order(&mut tx, refresh_source::order(source, now)).await?;
    }
    if let Some(ActsCursor(at)) = acts.cursor {
        tx.put_cursor(seat.place, CURSOR, &Cursor { value: at.to_string(), at: now }).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}
