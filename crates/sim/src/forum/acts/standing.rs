//! Suspension, silence, activation, and being signed out.

use super::Refused;
use crate::forum::people::{Penalty, PersonId};
use crate::forum::staff_log::LogEntry;
use crate::forum::state::Forum;
use crate::forum::views;

/// How long "for ever" is: a thousand years of the forum's calendar.
pub(crate) const FOR_EVER_MS: i64 = 365_250 * 24 * 60 * 60 * 1000;

impl Forum {
    /// Suspends until a moment. Ends every session; tells `user_logged_out` and nothing else.
    pub(crate) fn suspend(
        &mut self,
        by: PersonId,
        id: PersonId,
        till_ms: i64,
        reason: &str,
        message: Option<&str>,
    ) -> Result<(), Refused> {
        self.may_punish(by, id)?;
        let now_ms = self.now_ms();
        if let Some(penalty) = self.found(id)?.suspension(now_ms) {
            let who = self.person(penalty.by).map_or("system", |person| person.username.as_str());
            return Err(Refused::Already(format!("User was already suspended by {who} just now.")));
        }
        let penalty = Penalty { from_ms: now_ms, till_ms, reason: reason.to_owned(), by };
        self.change(id, |person| {
            person.suspended = Some(penalty);
            person.penalties.1 += 1;
        })?;
        let details = with_message(reason, message);
        self.log("suspend_user", by, id, LogEntry { details: Some(details), ..LogEntry::default() });
        self.end_sessions(id);
        self.changed("suspend_user", Some(id), None);
        Ok(())
    }

    /// Lifts a suspension. Nobody is told.
    pub(crate) fn unsuspend(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.may_punish(by, id)?;
        self.change(id, |person| person.suspended = None)?;
        self.log("unsuspend_user", by, id, LogEntry::default());
        self.changed("unsuspend_user", Some(id), None);
        Ok(())
    }

    /// Silences, for ever when there is no end. Only the private message about it is told of.
    pub(crate) fn silence(
        &mut self,
        by: PersonId,
        id: PersonId,
        till_ms: Option<i64>,
        reason: &str,
        message: Option<&str>,
    ) -> Result<(), Refused> {
        self.may_punish(by, id)?;
        let now_ms = self.now_ms();
        if let Some(penalty) = self.found(id)?.silence(now_ms) {
            let who = self.person(penalty.by).map_or("system", |person| person.username.as_str());
            return Err(Refused::Already(format!("User was already silenced by {who} just now.")));
        }
        let till_ms = till_ms.unwrap_or(now_ms + FOR_EVER_MS);
        let penalty = Penalty { from_ms: now_ms, till_ms, reason: reason.to_owned(), by };
        self.change(id, |person| {
            person.silenced = Some(penalty);
            person.penalties.0 += 1;
        })?;
        let entry = LogEntry {
            details: Some(with_message(reason, message)),
            context: Some(format!("silenced_by_staff: {reason}")),
            ..LogEntry::default()
        };
        self.log("silence_user", by, id, entry);
        self.message_from_system(id, "Account temporarily on hold", "Staff has silenced your account.");
        self.changed("silence_user", Some(id), None);
        Ok(())
    }

    /// Lifts a silence; again only the private message is told of.
    pub(crate) fn unsilence(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.may_punish(by, id)?;
        self.change(id, |person| person.silenced = None)?;
        self.log("unsilence_user", by, id, LogEntry::default());
        self.message_from_system(id, "Account no longer on hold", "You may write again.");
        self.changed("unsilence_user", Some(id), None);
        Ok(())
    }

    pub(crate) fn activate(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.staff(by)?;
        self.found(id)?;
        self.change(id, |person| person.active = true)?;
        let details = Some("Activated by staff".to_owned());
        self.log("activate_user", by, id, LogEntry { details, ..LogEntry::default() });
        self.tell("user_confirmed_email", "user", |forum| views::person_for_hook(forum, id));
        self.changed("activate_user", Some(id), None);
        Ok(())
    }

    /// Takes the confirmation of the address back. Nobody is told.
    pub(crate) fn deactivate(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.staff(by)?;
        if self.found(id)?.is_staff() {
            return Err(Refused::NotPermitted);
        }
        self.change(id, |person| person.active = false)?;
        self.sessions.end_of(id);
        let details = Some("Deactivated by staff".to_owned());
        self.log("deactivate_user", by, id, LogEntry { details, ..LogEntry::default() });
        self.changed("deactivate_user", Some(id), None);
        Ok(())
    }

    /// Staff ends every session of a person.
    pub(crate) fn log_out(&mut self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.staff(by)?;
        self.found(id)?;
        self.end_sessions(id);
        self.changed("log_out", Some(id), None);
        Ok(())
    }

    /// Ends every session and tells `user_logged_out`.
    pub(crate) fn end_sessions(&mut self, id: PersonId) {
        self.sessions.end_of(id);
        self.tell("user_logged_out", "user", |forum| views::person_for_hook(forum, id));
    }

    fn may_punish(&self, by: PersonId, id: PersonId) -> Result<(), Refused> {
        self.staff(by)?;
        match self.found(id)?.is_staff() {
            true => Err(Refused::NotPermitted),
            false => Ok(()),
        }
    }
}

fn with_message(reason: &str, message: Option<&str>) -> String {
    match message.filter(|message| !message.is_empty()) {
        Some(message) => format!("{reason}\n\n{message}"),
        None => reason.to_owned(),
    }
}
