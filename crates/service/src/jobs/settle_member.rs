//! Brings one member of one guild in step: the only job that writes to Discord.

use domain::ids::{GuildId, UserId};
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry};
use crate::reconcile::settle;

pub(crate) const JOB: Job = Job {
    kind: "settle_member",
    lane: Lane::Writing,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let Payload { guild, user } = super::payload(claimed)?;
            if hall.guild(guild).is_ok() {
                let importance =
                    if super::urgent(claimed) { Importance::Urgent } else { Importance::Nickname };
                let written = settle(hall, guild, user, importance).await?;
                if let Some(hinted_at) = super::hinted_at(claimed).filter(|_| written > 0) {
                    hall.metrics.followed(hall.clock.now().since(hinted_at));
                }
            }
            Ok(Next::Done)
        })
    },
};

#[derive(Serialize, Deserialize)]
struct Payload {
    guild: GuildId,
    user: UserId,
}

pub(crate) fn order(guild: GuildId, user: UserId, importance: Importance, at: Timestamp) -> Order {
    let payload = Payload { guild, user };
    Order::new(JOB.kind, format!("{guild}:{user}"), &payload, importance.priority(), at).keyed()
}
