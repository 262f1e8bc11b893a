//! Reads everybody of a source: the sweep, which needs no hint.

use domain::ids::SourceName;
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry};
use crate::hall::Hall;
use crate::reconcile::refresh_source;

pub(crate) const JOB: Job = Job {
    kind: "refresh_source",
    lane: Lane::Rounds,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let Payload { source } = super::payload(claimed)?;
            let Some(source) = SourceName::new(&source) else { return Ok(Next::Done) };
            let began = hall.clock.now();
            let people = refresh_source(hall, &source).await?;
            let now = hall.clock.now();
            hall.noticed.answered(&source, now);
            tracing::info!("read {people} people of {source} in {:.1} s", now.since(began).as_secs_f64());
            let next = next_sweep(hall, &source);
            Ok(next.map_or(Next::Done, |at| Next::Again(order(&source, at))))
        })
    },
};

#[derive(Serialize, Deserialize)]
struct Payload {
    source: String,
}

pub(crate) fn order(source: &SourceName, at: Timestamp) -> Order {
    let payload = Payload { source: source.to_string() };
    Order::new(JOB.kind, source.to_string(), &payload, Importance::Nickname.priority(), at)
}

/// The most impatient of the guilds that read it decides.
fn next_sweep(hall: &Hall, source: &SourceName) -> Option<Timestamp> {
    let seat = hall.source(source).ok()?;
    let every = hall.rules.now().reading(seat.index).map(|guild| guild.sweep_every).min()?;
    Some(hall.clock.now().after(every))
}
