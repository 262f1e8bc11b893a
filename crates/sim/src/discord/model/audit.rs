//! The audit log: who did what to whom, and why.

use serde_json::{Value, json};

use crate::discord::ids::Snowflake;

/// `Discord docs: Audit Log Events`; the acts the simulator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum AuditAction {
    GuildUpdate,
    MemberKick,
    MemberBanAdd,
    MemberBanRemove,
    MemberUpdate,
    MemberRoleUpdate,
    BotAdd,
    RoleCreate,
    RoleUpdate,
    RoleDelete,
    MessageDelete,
}

impl AuditAction {
    pub(in crate::discord) fn number(self) -> u64 {
        match self {
            Self::GuildUpdate => 1,
            Self::MemberKick => 20,
            Self::MemberBanAdd => 22,
            Self::MemberBanRemove => 23,
            Self::MemberUpdate => 24,
            Self::MemberRoleUpdate => 25,
            Self::BotAdd => 28,
            Self::RoleCreate => 30,
            Self::RoleUpdate => 31,
            Self::RoleDelete => 32,
            Self::MessageDelete => 72,
        }
    }
}

/// One row of the log. Discord keeps rows for 45 days.
#[derive(Clone, Debug)]
pub(in crate::discord) struct AuditEntry {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) action: AuditAction,
    pub(in crate::discord) actor: Snowflake,
    pub(in crate::discord) target: Snowflake,
    pub(in crate::discord) changes: Vec<Value>,
    pub(in crate::discord) reason: Option<String>,
}

impl AuditEntry {
    pub(in crate::discord) fn json(&self) -> Value {
        let mut entry = json!({
            "id": self.id,
            "action_type": self.action.number(),
            "user_id": self.actor,
            "target_id": self.target,
        });
        if let Some(fields) = entry.as_object_mut() {
            if !self.changes.is_empty() {
                fields.insert("changes".into(), self.changes.clone().into());
            }
            if let Some(reason) = &self.reason {
                fields.insert("reason".into(), reason.clone().into());
            }
        }
        entry
    }
}
