//! Reading the audit log. (Discord docs: Audit Log Resource.)

use domain::ids::GuildId;
use domain::plan::Importance;
use serde::Deserialize;

use super::{Call, Problem, Rest};
use crate::wire::{AuditEntry, MEMBER_ROLE_UPDATE};

/// The most entries that one page has.
pub(crate) const PAGE_ENTRIES_MAX: usize = 100;

impl Rest {
    /// The entries about members' roles after one, oldest first; without one the newest, newest first. At most
    /// [`PAGE_ENTRIES_MAX`].
    pub(crate) async fn role_changes(
        &self,
        guild: GuildId,
        after: Option<u64>,
    ) -> Result<Vec<AuditEntry>, Problem> {
        #[derive(Deserialize)]
        struct Log {
            audit_log_entries: Vec<AuditEntry>,
        }
        let call = Call::new("GET /guilds/{}/audit-logs", &[&guild], guild.0)
            .important(Importance::Take)
            .query("action_type", &MEMBER_ROLE_UPDATE)
            .query("limit", &PAGE_ENTRIES_MAX);
        let call = match after {
            Some(after) => call.query("after", &after),
            None => call,
        };
        Ok(self.json::<Log>(&call).await?.audit_log_entries)
    }
}
