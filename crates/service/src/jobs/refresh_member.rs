//! Looks at one person of a source again.

use domain::ids::{SourceName, Subject};
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry};
use crate::reconcile::refresh_person;

pub(crate) const JOB: Job = Job {
    kind: "refresh_member",
    lane: Lane::Reading,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let Payload { source, subject } = super::payload(claimed)?;
            let Some(source) = SourceName::new(&source) else { return Ok(Next::Done) };
            let importance = if super::urgent(claimed) { Importance::Urgent } else { Importance::Nickname };
            refresh_person(hall, &source, &subject, importance, super::hinted_at(claimed)).await?;
            Ok(Next::Done)
        })
    },
};

#[derive(Serialize, Deserialize)]
struct Payload {
    source: String,
    subject: Subject,
}

/// `urgent` when somebody waits for it.
pub(crate) fn order(source: &SourceName, subject: &Subject, urgent: bool, at: Timestamp) -> Order {
    let payload = Payload { source: source.to_string(), subject: subject.clone() };
    let priority = if urgent { Importance::Urgent } else { Importance::Take }.priority();
    Order::new(JOB.kind, format!("{source}:{subject}"), &payload, priority, at).keyed()
}
