//! Tells the staff of a guild what waits for them: in their channel, else the owner by direct message.

use domain::ids::GuildId;
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry};
use crate::notices;

pub(crate) const JOB: Job = Job {
    kind: "tell_staff",
    lane: Lane::Writing,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let payload: Payload = super::payload(claimed)?;
            notices::plan_waits(hall, payload.guild).await?;
            Ok(Next::Done)
        })
    },
};

#[derive(Serialize, Deserialize)]
struct Payload {
    guild: GuildId,
}

/// A plan waits: which it is by then, is told.
pub(crate) fn parked(guild: GuildId, at: Timestamp) -> Order {
    Order::new(JOB.kind, guild.to_string(), &Payload { guild }, Importance::Urgent.priority(), at)
}
