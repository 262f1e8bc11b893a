//! The hall's own log: every change, link and decision, by whom and why. Ids only, no names.

use domain::ids::{GuildId, MemberId, PlaceId, PlanId, RoleId, Subject, UserId};
use domain::plan::{Act, Because, Change};
use domain::time::Timestamp;
use serde_json::{Value, json};
use store::Tx;
use store::audit::AuditEntry;
use store::written::Written;

use crate::actor::Actor;

/// How many of the last entries about a person are looked at for one that says the same.
const LOOKED_BACK_MAX: usize = 100;

/// The act by which rules changed.
pub(crate) const RULES: &str = "rules";

/// One entry to be written.
pub(crate) struct Entry {
    actor: String,
    act: &'static str,
    guild: Option<GuildId>,
    user: Option<UserId>,
    place: Option<PlaceId>,
    subject: Option<Subject>,
    details: Value,
}

impl Entry {
    /// Two accounts were proven and linked.
    pub(crate) fn linked(user: UserId, member: MemberId, place: PlaceId, subject: &Subject) -> Self {
        Self::about(user, "link").at(place, subject).with(json!({ "member": member }))
    }

    /// A link was ended by its owner.
    pub(crate) fn unlinked(user: UserId, place: PlaceId, subject: &Subject) -> Self {
        Self::about(user, "unlink").at(place, subject)
    }

    /// A change was written to Discord.
    pub(crate) fn written(guild: GuildId, change: &Change, plan: Option<PlanId>) -> Self {
        let (act, details) = match &change.act {
            Act::Give(role) => ("give_role", json!({ "role": role.id() })),
            Act::Take(role) => ("take_role", json!({ "role": role.id() })),
            Act::Nickname(_) => ("nickname", json!({})),
        };
        let mut entry =
            Self::about(change.user, act).with(details).with(json!({ "because": because(&change.because) }));
        entry.guild = Some(guild);
        entry.actor = "hall".to_owned();
        match plan {
            Some(plan) => entry.with(json!({ "plan": plan })),
            None => entry,
        }
    }

    /// A role was written, and the answer never came; that it was is seen in Discord since.
    pub(crate) fn arrived(row: &Written, role: RoleId) -> Self {
        let act = if row.act == "take" { "take_role" } else { "give_role" };
        let details = json!({ "role": role, "plan": row.plan, "answer": "lost" });
        let (actor, guild) = ("hall".to_owned(), Some(row.guild));
        Self { actor, act, guild, user: Some(row.user), place: None, subject: None, details }
    }

    /// A change could not be written.
    pub(crate) fn refused(guild: GuildId, change: &Change, why: &str) -> Self {
        let mut entry = Self::written(guild, change, None);
        let change = std::mem::replace(&mut entry.act, "refused");
        entry.with(json!({ "change": change, "refused": why }))
    }

    /// The rules of a guild changed in the settings.
    pub(crate) fn rules(guild: GuildId, details: Value) -> Self {
        Self::settings(guild, RULES, details)
    }

    /// A role has no rule any more: whoever holds it keeps it until the owner decides.
    pub(crate) fn released(guild: GuildId, role: &str) -> Self {
        Self::settings(guild, "release_role", json!({ "role_name": role }))
    }

    fn settings(guild: GuildId, act: &'static str, details: Value) -> Self {
        let actor = "settings file".to_owned();
        Self { actor, act, guild: Some(guild), user: None, place: None, subject: None, details }
    }

    /// Somebody decided something about a guild: `apply`, `undo`, `keep`, `remove`.
    pub(crate) fn decided(guild: GuildId, act: &'static str, by: &Actor, details: Value) -> Self {
        let (actor, guild) = (by.to_string(), Some(guild));
        Self { actor, act, guild, user: None, place: None, subject: None, details }
    }

    /// Somebody decided something about a member and a role of a guild, or their nickname (role 0).
    pub(crate) fn decided_for(
        guild: GuildId,
        act: &'static str,
        (user, role): (UserId, RoleId),
        by: &Actor,
    ) -> Self {
        let mut entry = Self::decided(guild, act, by, json!({ "role": role }));
        entry.user = Some(user);
        entry
    }

    fn about(user: UserId, act: &'static str) -> Self {
        let actor = format!("user {user}");
        Self { actor, act, guild: None, user: Some(user), place: None, subject: None, details: json!({}) }
    }

    fn at(mut self, place: PlaceId, subject: &Subject) -> Self {
        self.place = Some(place);
        self.subject = Some(subject.clone());
        self
    }

    fn with(mut self, more: Value) -> Self {
        if let (Value::Object(details), Value::Object(more)) = (&mut self.details, more) {
            details.extend(more);
        }
        self
    }

    /// Writes it unless the last entry about this person and this role or nickname says the same: what is
    /// refused again with every sweep is told once.
    pub(crate) async fn write_once(self, tx: &mut Tx, now: Timestamp) -> Result<(), store::Error> {
        if let Some(user) = self.user {
            let rows = tx.audit_of(user, None, LOOKED_BACK_MAX).await?;
            let same = rows.iter().map(|row| &row.entry).find(|entry| self.is_about_what(entry));
            if same.is_some_and(|entry| entry.act == self.act && read(&entry.details) == self.details) {
                return Ok(());
            }
        }
        self.write(tx, now).await
    }

    /// Whether an older entry tells of the same role in the same guild, or of the nickname there.
    fn is_about_what(&self, older: &AuditEntry) -> bool {
        let details = read(&older.details);
        let role = |details: &Value| details.get("role").cloned();
        let is_change = |act: &str| ["give_role", "take_role", "nickname", "refused"].contains(&act);
        older.guild == self.guild && is_change(&older.act) && role(&details) == role(&self.details)
    }

    /// Writes it in the transaction of the change it tells of.
    pub(crate) async fn write(self, tx: &mut Tx, now: Timestamp) -> Result<(), store::Error> {
        tx.append_audit(&AuditEntry {
            at: now,
            actor: self.actor,
            act: self.act.to_owned(),
            guild: self.guild,
            user: self.user,
            place: self.place,
            subject: self.subject,
            details: self.details.to_string(),
        })
        .await
        .map(drop)
    }
}

/// What an entry says beside its columns.
pub(crate) fn details(entry: &AuditEntry) -> Value {
    read(&entry.details)
}

fn read(details: &str) -> Value {
    serde_json::from_str(details).unwrap_or_default()
}

/// What the log keeps of a because: the condition, never the facts.
fn because(because: &Because) -> Value {
    match because {
        Because::Rule { condition, .. } => json!({ "rule": condition }),
        Because::Template => json!("nickname template"),
        Because::Unlinked => json!("unlinked"),
        Because::Released => json!("its rule was deleted"),
        Because::Override(known) => json!({ "override": known.origin }),
        Because::NameOverride { .. } => json!({ "override": "undo" }),
    }
}
