//! Writing the audit log.

use serde_json::{Value, json};

use super::Actor;
use crate::discord::faults::RowFate;
use crate::discord::gateway::{Audience, Event, intent};
use crate::discord::ids::Snowflake;
use crate::discord::model::{AuditAction, AuditEntry};
use crate::discord::permissions::bits;
use crate::discord::state::State;

impl State {
    pub(in crate::discord) fn log(
        &mut self,
        guild: Snowflake,
        actor: &Actor,
        action: AuditAction,
        target: Snowflake,
        changes: Vec<Value>,
    ) {
        let id = self.new_id();
        let entry =
            AuditEntry { id, action, actor: actor.user, target, changes, reason: actor.reason.clone() };
        match self.faults.next_row() {
            RowFate::Written => self.write_row(guild, entry, true),
            RowFate::Untold => self.write_row(guild, entry, false),
            RowFate::Late => self.faults.held_back.push((guild, entry)),
            RowFate::Lost => {}
        }
    }

    /// Writes what was held back, each row with the id it had when it was done: below others that are there already.
    pub(in crate::discord) fn write_late_rows(&mut self) {
        for (guild, entry) in std::mem::take(&mut self.faults.held_back) {
            self.write_row(guild, entry, true);
        }
    }

    fn write_row(&mut self, guild: Snowflake, entry: AuditEntry, tell: bool) {
        let mut data = entry.json();
        if let Some(fields) = data.as_object_mut() {
            fields.insert("guild_id".into(), guild.to_string().into());
        }
        if let Some(guild) = self.guilds.get_mut(&guild) {
            let place = guild.audit.partition_point(|known| known.id < entry.id);
            guild.audit.insert(place, entry);
        }
        let audience = Audience::Guild {
            guild,
            intents: intent::GUILD_MODERATION,
            about: None,
            needs: bits::VIEW_AUDIT_LOG,
        };
        if tell {
            self.emit(Event::new("GUILD_AUDIT_LOG_ENTRY_CREATE", audience, data));
        }
    }
}

/// One change as the audit log writes it; what was or is nothing is left out.
pub(super) fn change(key: &str, old: &Value, new: &Value) -> Option<Value> {
    if old == new {
        return None;
    }
    let mut change = json!({ "key": key });
    if let Some(fields) = change.as_object_mut() {
        if !old.is_null() {
            fields.insert("old_value".into(), old.clone());
        }
        if !new.is_null() {
            fields.insert("new_value".into(), new.clone());
        }
    }
    Some(change)
}
