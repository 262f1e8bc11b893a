//! The staff action log: each act of staff, in the order in which it was done.

use serde_json::{Value, json};

use super::people::PersonId;
use super::state::Forum;
use super::views::{person_brief, time};

/// Names and numbers of all actions that the log's filter offers.
const ACTIONS: &[(&str, i64)] = &[
    ("activate_user", 43),
    ("anonymize_user", 24),
    ("api_key_create", 80),
    ("api_key_destroy", 82),
    ("api_key_update", 81),
    ("approve_user", 69),
    ("change_name", 48),
    ("change_readonly_mode", 44),
    ("change_site_setting", 3),
    ("change_title", 84),
    ("change_trust_level", 2),
    ("change_username", 21),
    ("check_email", 16),
    ("deactivate_user", 39),
    ("delete_user", 1),
    ("grant_admin", 32),
    ("grant_moderation", 34),
    ("lock_trust_level", 41),
    ("merge_user", 65),
    ("revoke_admin", 33),
    ("revoke_moderation", 35),
    ("silence_user", 30),
    ("suspend_user", 10),
    ("unlock_trust_level", 42),
    ("unsilence_user", 31),
    ("unsuspend_user", 11),
    ("web_hook_create", 70),
    ("web_hook_destroy", 72),
    ("web_hook_update", 71),
];

/// One line.
#[derive(Clone, Debug, Default)]
pub struct LogEntry {
    /// Growing from 1.
    pub id: i64,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// The name of the action (`change_trust_level`).
    pub action: &'static str,
    /// Who did it.
    pub by: Option<PersonId>,
    /// To whom; lost when that person is deleted.
    pub target: Option<PersonId>,
    /// What the action says in words of its own.
    pub details: Option<String>,
    /// What surrounded it.
    pub context: Option<String>,
    /// An address of e-mail that the action concerned.
    pub email: Option<String>,
    /// The value before.
    pub previous: Option<String>,
    /// The value after.
    pub new: Option<String>,
    /// An address on the network that the action concerned.
    pub ip_address: Option<String>,
}

/// The log, oldest first.
#[derive(Debug, Default)]
pub(crate) struct StaffLog {
    entries: Vec<LogEntry>,
    last_id: i64,
}

/// What a reader of the log narrows it by.
#[derive(Debug, Default)]
pub(crate) struct LogFilter {
    pub(crate) action: Option<i64>,
    pub(crate) action_name: Option<String>,
    /// Whether a subject is asked for: lines here have none.
    pub(crate) subject: bool,
    pub(crate) target: Option<PersonId>,
    pub(crate) by: Option<PersonId>,
}

impl StaffLog {
    pub(crate) fn add(&mut self, entry: LogEntry) {
        self.last_id += 1;
        self.entries.push(LogEntry { id: self.last_id, ..entry });
    }

    /// Newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &LogEntry> {
        self.entries.iter().rev()
    }

    /// Lines about a person who is deleted no longer say whom they were about.
    pub(crate) fn forget(&mut self, person: PersonId) {
        for entry in self.entries.iter_mut().filter(|entry| entry.target == Some(person)) {
            entry.target = None;
        }
    }
}

impl Forum {
    /// Writes a line about what `by` did to `target`.
    pub(crate) fn log(&mut self, action: &'static str, by: PersonId, target: PersonId, entry: LogEntry) {
        let at_ms = self.now_ms();
        self.staff_log.add(LogEntry { action, at_ms, by: Some(by), target: Some(target), ..entry });
    }

    /// One page of the log, as `/admin/logs/staff_action_logs.json` has it: pages count from 0.
    pub(crate) fn log_page(&self, limit: usize, page: usize, filter: &LogFilter) -> Value {
        let fits = |entry: &&LogEntry| {
            filter.action.is_none_or(|action| number_of(entry.action) == action)
                && filter.action_name.as_ref().is_none_or(|name| entry.action == name)
                && !filter.subject
                && filter.target.is_none_or(|target| entry.target == Some(target))
                && filter.by.is_none_or(|by| entry.by == Some(by))
        };
        let total = self.staff_log.entries.iter().filter(fits).count();
        let start = page.saturating_mul(limit);
        let rows: Vec<Value> = self
            .staff_log
            .newest()
            .filter(fits)
            .skip(start)
            .take(limit)
            .map(|entry| self.log_row(entry))
            .collect();
        json!({
            "staff_action_logs": rows,
            "total_rows_staff_action_logs": total,
            "load_more_staff_action_logs":
                format!("/admin/logs/staff_action_logs?page={}&page_size={limit}", page + 1),
            "extras": {"user_history_actions": ACTIONS
                .iter()
                .map(|(id, action_id)| json!({"id": id, "action_id": action_id}))
                .collect::<Vec<_>>()},
        })
    }

    fn log_row(&self, entry: &LogEntry) -> Value {
        let person = |id: Option<PersonId>| id.and_then(|id| self.person(id)).map(person_brief);
        json!({
            "action_name": entry.action,
            "details": entry.details,
            "context": entry.context,
            "ip_address": entry.ip_address,
            "email": entry.email,
            "created_at": time(entry.at_ms),
            "subject": null,
            "previous_value": entry.previous,
            "new_value": entry.new,
            "topic_id": null,
            "post_id": null,
            "category_id": null,
            "action": number_of(entry.action),
            "custom_type": null,
            "id": entry.id,
            "acting_user": person(entry.by),
            "target_user": person(entry.target),
        })
    }
}

fn number_of(action: &str) -> i64 {
    ACTIONS.iter().find(|(name, _)| *name == action).map_or(0, |(_, number)| *number)
}
