//! Forgets what is over: used addresses, seen webhooks, old entries of the log.

use std::time::Duration;

use domain::plan::Importance;
use domain::time::Timestamp;

use super::{Job, Lane, Next, Order, Retry};
use crate::overrides;

pub(crate) const JOB: Job = Job {
    kind: "tidy_up",
    lane: Lane::Rounds,
    retry: Retry::FOREVER,
    run: |hall, _| {
        Box::pin(async move {
            let now = hall.clock.now();
            let mut tx = hall.store.write().await?;
            tx.prune_flows(now).await?;
            tx.prune_tickets(now).await?;
            tx.prune_delivered(now.before(HOOKS_KEPT)).await?;
            tx.prune_audit(now.before(hall.audit_keep)).await?;
            tx.prune_plans(now.before(hall.plans_keep)).await?;
            tx.prune_overrides(now).await?;
            overrides::forget_roles_gone(&mut tx, hall).await?;
            tx.prune_requests(now.before(EVERY)).await?;
            tx.commit().await?;
            Ok(Next::Again(order(now.after(EVERY))))
        })
    },
};

const EVERY: Duration = Duration::from_secs(3_600);
/// How long what a webhook said is remembered, so that a redelivery changes nothing.
const HOOKS_KEPT: Duration = Duration::from_secs(14 * 86_400);

pub(crate) fn order(at: Timestamp) -> Order {
    Order::new(JOB.kind, String::new(), &(), Importance::Nickname.priority(), at)
}
