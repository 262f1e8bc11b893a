//! Tells the staff of a guild what waits for them, or what they should know: in their channel, else the owner by direct message.

use domain::ids::GuildId;
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry};
use crate::notices;
use crate::ports::Notice;

pub(crate) const JOB: Job = Job {
    kind: "tell_staff",
    lane: Lane::Writing,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let payload: Payload = super::payload(claimed)?;
            match payload.text {
                Some(text) => notices::tell_staff(hall, payload.guild, &Notice::words(text)).await?,
                None => notices::plan_waits(hall, payload.guild).await?,
            }
            Ok(Next::Done)
        })
    },
};

#[derive(Serialize, Deserialize)]
struct Payload {
    guild: GuildId,
    /// What to say; without it, which plan waits.
    #[serde(default)]
    text: Option<String>,
}

/// A plan waits: which it is by then, is told.
pub(crate) fn parked(guild: GuildId, at: Timestamp) -> Order {
    let payload = Payload { guild, text: None };
    Order::new(JOB.kind, guild.to_string(), &payload, Importance::Urgent.priority(), at)
}

/// Words for the staff. `about` names what they are about: of the same thing only the newest wait to be told.
pub(crate) fn of(guild: GuildId, about: &str, text: String, at: Timestamp) -> Order {
    let payload = Payload { guild, text: Some(text) };
    Order::new(JOB.kind, format!("{guild}:{about}"), &payload, Importance::Urgent.priority(), at)
}
