//! Webhooks, for tests and the demo.

use super::ForumSim;
use crate::forum::webhooks::{Delivery, EVENT_TYPES, HookFaults, Webhook};

/// Webhooks.
impl ForumSim {
    /// Adds an active webhook for types of events (`user`, `group`, …) and says its number.
    pub fn add_webhook(&self, payload_url: &str, secret: &str, event_types: &[&str]) -> i64 {
        let known = EVENT_TYPES.iter().filter(|(_, name)| event_types.contains(name));
        let hook = Webhook {
            id: 0,
            payload_url: payload_url.to_owned(),
            content_type: 1,
            secret: secret.to_owned(),
            wildcard: false,
            active: true,
            event_type_ids: known.map(|(id, _)| *id).collect(),
            last_delivery_status: 1,
        };
        self.forum().webhooks.add(hook)
    }

    /// Adds an active webhook for everything there is.
    pub fn add_webhook_for_all(&self, payload_url: &str, secret: &str) -> i64 {
        let names: Vec<&str> = EVENT_TYPES.iter().map(|(_, name)| *name).collect();
        self.add_webhook(payload_url, secret, &names)
    }

    /// Changes a webhook.
    pub fn edit_webhook(&self, id: i64, edit: impl FnOnce(&mut Webhook)) {
        if let Some(hook) = self.forum().webhooks.get_mut(id) {
            edit(hook);
        }
    }

    /// Pings a webhook; false when there is none of that number.
    pub fn ping(&self, id: i64) -> bool {
        self.forum().ping(id)
    }

    /// Sends a delivery again, word for word; false when there is none of that number.
    pub fn redeliver(&self, event: i64) -> bool {
        self.forum().redeliver(event).is_some()
    }

    /// What happens to deliveries on their way from now on.
    pub fn set_hook_faults(&self, faults: HookFaults) {
        self.forum().webhooks.faults = faults;
    }

    /// Lets go of the deliveries that were held back.
    pub fn release_hooks(&self) {
        self.forum().webhooks.release();
    }

    /// Waits until no delivery is on its way: each was answered, or failed.
    pub async fn quiet(&self) {
        let mut under_way = self.forum().webhooks.under_way();
        // The sender lives as long as the forum, which this handle keeps.
        let _still = under_way.wait_for(|count| *count == 0).await;
    }

    /// How many failed deliveries wait until they are repeated.
    pub fn retries_waiting(&self) -> usize {
        self.forum().webhooks.retries_waiting
    }

    /// Every delivery that was answered or failed, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.forum().webhooks.deliveries.iter().cloned().collect()
    }
}
