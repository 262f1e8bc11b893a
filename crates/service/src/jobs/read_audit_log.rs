//! Reads what moderators did by hand in a guild.

use domain::ids::GuildId;
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry};
use crate::hands;

pub(crate) const JOB: Job = Job {
    kind: "read_audit_log",
    lane: Lane::Rounds,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let Payload { guild } = super::payload(claimed)?;
            if hall.guild(guild).is_ok() {
                let acts = hands::look(hall, guild).await?;
                tracing::debug!(%guild, acts = acts.len(), "read what moderators did by hand");
            }
            Ok(Next::Done)
        })
    },
};

#[derive(Serialize, Deserialize)]
struct Payload {
    guild: GuildId,
}

pub(crate) fn order(guild: GuildId, at: Timestamp) -> Order {
    Order::new(JOB.kind, guild.to_string(), &Payload { guild }, Importance::Urgent.priority(), at)
}
