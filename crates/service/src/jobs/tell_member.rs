//! Tells somebody, by direct message, what concerns nobody else.

use domain::ids::{GuildId, UserId};
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry};
use crate::ports::{Notice, Told};

/// Words that could not be delivered for so long (some hours) are old news.
const ATTEMPTS_MAX: i64 = 20;

pub(crate) const JOB: Job = Job {
    kind: "tell_member",
    lane: Lane::Writing,
    retry: Retry { attempts_max: Some(ATTEMPTS_MAX), ..Retry::FOREVER },
    run: |hall, claimed| {
        Box::pin(async move {
            let Payload { guild, user, text } = super::payload(claimed)?;
            if hall.discord.tell(user, &Notice::words(text)).await? == Told::Closed {
                tracing::info!(%guild, %user, "somebody takes no direct messages from the hall");
            }
            Ok(Next::Done)
        })
    },
};

#[derive(Serialize, Deserialize)]
struct Payload {
    guild: GuildId,
    user: UserId,
    text: String,
}

/// `about` names what it is about: of the same thing only the newest waits to be told.
pub(crate) fn order(guild: GuildId, user: UserId, about: &str, text: String, at: Timestamp) -> Order {
    let payload = Payload { guild, user, text };
    Order::new(JOB.kind, format!("{guild}:{user}:{about}"), &payload, Importance::Nickname.priority(), at)
}
