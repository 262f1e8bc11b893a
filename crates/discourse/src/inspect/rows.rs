//! Webhooks and what they sent, as the forum's JSON has them, from 2.9 to today.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Kinds of events the hall lives by: what a forum of 2.9 calls each, and what newer ones call its single events.
pub(super) const KINDS: [(&str, &[&str]); 4] = [
    (
        "user",
        &[
            "user_created",
            "user_approved",
            "user_confirmed_email",
            "user_updated",
            "user_logged_in",
            "user_logged_out",
            "user_destroyed",
            "user_suspended",
            "user_unsuspended",
            "user_anonymized",
        ],
    ),
    ("group", &["group_created", "group_updated", "group_destroyed"]),
    ("group_user", &["user_added_to_group", "user_removed_from_group"]),
    ("user_promoted", &["user_promoted"]),
];

#[derive(Deserialize)]
pub(super) struct List {
    pub(super) web_hooks: Vec<Row>,
    #[serde(default)]
    pub(super) extras: Extras,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Extras {
    pub(super) event_types: Vec<EventType>,
    pub(super) grouped_event_types: BTreeMap<String, Vec<EventType>>,
}

#[derive(Clone, Deserialize)]
pub(super) struct EventType {
    pub(super) id: i64,
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) payload_url: String,
    #[serde(default)]
    pub(super) secret: Option<String>,
    #[serde(default)]
    pub(super) wildcard_web_hook: bool,
    #[serde(default)]
    pub(super) active: bool,
    #[serde(default)]
    pub(super) last_delivery_status: i64,
    #[serde(default)]
    pub(super) web_hook_event_types: Vec<EventType>,
    #[serde(default)]
    pub(super) group_ids: Vec<i64>,
}

#[derive(Deserialize)]
pub(super) struct Events {
    pub(super) web_hook_events: Vec<Event>,
}

#[derive(Deserialize)]
pub(super) struct Event {
    #[serde(default)]
    pub(super) headers: String,
    #[serde(default)]
    pub(super) status: Option<i64>,
    #[serde(default)]
    pub(super) response_body: Option<String>,
}

impl Extras {
    /// The numbers of the events the hall lives by, in the forum's own words for them.
    pub(super) fn wanted(&self) -> Vec<i64> {
        let all = self.event_types.iter().chain(self.grouped_event_types.values().flatten());
        let wanted = all.filter(|known| {
            KINDS.iter().any(|(kind, single)| known.name == *kind || single.contains(&&*known.name))
        });
        let mut ids: Vec<i64> = wanted.map(|known| known.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_events_are_asked_for_by_the_forums_own_numbers_whatever_its_age() {
        let newer = r#"{ "grouped_event_types": {
            "user": [{ "id": 301, "name": "user_created" }, { "id": 303, "name": "user_updated" }],
            "post": [{ "id": 201, "name": "post_created" }],
            "user_promoted": [{ "id": 1601, "name": "user_promoted" }] } }"#;
        let older = r#"{ "event_types": [{ "id": 2, "name": "post" }, { "id": 3, "name": "user" },
            { "id": 14, "name": "group_user" }] }"#;
        let wanted = |text: &str| serde_json::from_str::<Extras>(text).unwrap().wanted();
        assert_eq!(wanted(newer), [301, 303, 1601]);
        assert_eq!(wanted(older), [3, 14]);
    }
}
