//! An entry of the log as a sentence.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use service::status::Logged;

use super::super::asking::{counted, day};

/// An entry, to be shown on one line; and under which numbers plans were taken back, which entries give as a reason.
pub(super) struct Sentence<'a>(pub(super) &'a Logged, pub(super) &'a TakenBack<'a>);

/// The entries about plans that were taken back, by the number of the plan that did it.
pub(super) struct TakenBack<'a>(BTreeMap<u64, &'a Logged>);

impl<'a> TakenBack<'a> {
    pub(super) fn among(entries: &'a [Logged]) -> Self {
        let undone = entries.iter().filter(|entry| entry.act == "undo");
        Self(undone.filter_map(|entry| Some((entry.details.get("by")?.as_u64()?, entry))).collect())
    }

    /// Whether any entry has such a reason.
    pub(super) fn are_named(entries: &[Logged]) -> bool {
        entries.iter().any(is_undo)
    }
}

fn is_undo(entry: &Logged) -> bool {
    let because = entry.details.get("because");
    because.and_then(|because| because.get("override")).and_then(Value::as_str) == Some("undo")
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {} {}", day(self.0.at), self.actor(), self.did())?;
        match self.0.details.get("because") {
            Some(because) => write!(f, ", {}", self.reason(because)),
            None => write!(f, ""),
        }?;
        match self.0.details.get("refused").and_then(Value::as_str) {
            Some(refused) => write!(f, "; but {refused}"),
            None => Ok(()),
        }
    }
}

impl Sentence<'_> {
    /// Why; of what takes a plan back also which plan, and who had it taken back.
    fn reason(&self, because: &Value) -> String {
        let undo = self.number("plan").and_then(|plan| self.1.0.get(&plan)).filter(|_| is_undo(self.0));
        let Some(undo) = undo else { return format!("because of {}", reason(because)) };
        let undo = Sentence(undo, self.1);
        format!("because {} took plan {} back", undo.actor(), undo.shown("plan"))
    }

    fn actor(&self) -> String {
        let actor = self.0.actor.as_str();
        match actor.split_once(' ') {
            Some(("user", id)) => named(self.0.actor_name.as_deref(), id),
            Some(("command", name)) => format!("{name}, on the machine,"),
            _ => format!("the {actor}"),
        }
    }

    fn did(&self) -> String {
        let (who, role) = (self.who(), self.role());
        let under = self.number("plan").map(|plan| format!(" under plan {plan}")).unwrap_or_default();
        match self.0.act.as_str() {
            "link" => format!("linked {}", self.account()),
            "unlink" => format!("unlinked {}", self.account()),
            "give_role" => format!("gave {role} to {who}{under}"),
            "take_role" => format!("took {role} from {who}{under}"),
            "nickname" => format!("changed the nickname of {who}{under}"),
            "refused" => format!("wanted to {}", self.wanted()),
            "rules" => format!("brought revision {} of the rules", self.shown("revision")),
            "release_role" => format!("has no rule for {role} any more; whoever holds it keeps it"),
            "apply" => {
                format!("agreed to plan {}, {}", self.shown("plan"), self.counted("changes", "change"))
            }
            "undo" => format!(
                "took plan {} back as plan {}, {}",
                self.shown("plan"),
                self.shown("by"),
                self.counted("changes", "change")
            ),
            "keep_role" => format!("let {} keep {role}", self.counted("members", "member")),
            "remove_role" => format!("had {role} taken from {}{under}", self.counted("members", "member")),
            "end_override" => format!("ended the override of {} for {who}", self.role_or_nickname()),
            "confirm_role" => format!("agreed that {who} gets {role}"),
            "override_give" => format!("gave {role} to {who} by hand, which stands against the rules"),
            "override_take" => format!("took {role} from {who} by hand, which stands against the rules"),
            other => format!("did {other}: {}", self.0.details),
        }
    }

    /// What could not be written.
    fn wanted(&self) -> String {
        let (who, role) = (self.who(), self.role());
        match self.0.details.get("change").and_then(Value::as_str) {
            Some("give_role") => format!("give {role} to {who}"),
            Some("take_role") => format!("take {role} from {who}"),
            _ => format!("change the nickname of {who}"),
        }
    }

    fn who(&self) -> String {
        let user = self.0.user.map_or_else(|| "somebody".to_owned(), |user| user.to_string());
        named(self.0.name.as_deref(), &user)
    }

    fn role(&self) -> String {
        let name = self.0.role.clone();
        let called = name.map(|name| format!("the role “{name}”"));
        called.unwrap_or_else(|| format!("the role {}", self.shown("role")))
    }

    fn role_or_nickname(&self) -> String {
        if self.shown("role") == "0" { "the nickname".to_owned() } else { self.role() }
    }

    fn account(&self) -> String {
        let source = self.0.source.as_ref().map_or("a source that is gone", |source| source.as_str());
        match &self.0.subject {
            Some(subject) => format!("account {} of {source}", subject.0),
            None => format!("an account of {source}"),
        }
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.0.details.get(key).and_then(Value::as_u64)
    }

    fn shown(&self, key: &str) -> String {
        match self.0.details.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => "?".to_owned(),
        }
    }

    fn counted(&self, key: &str, one: &str) -> String {
        counted(self.number(key).and_then(|count| usize::try_from(count).ok()).unwrap_or_default(), one)
    }
}

fn named(name: Option<&str>, id: &str) -> String {
    name.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
}

fn reason(because: &Value) -> String {
    match (because, because.get("rule"), because.get("override")) {
        (Value::String(words), _, _) if words == "unlinked" => "an unlinking".to_owned(),
        (Value::String(words), _, _) if words == "nickname template" => "the nickname template".to_owned(),
        (Value::String(_), _, _) => "a rule that was deleted".to_owned(),
        (_, Some(Value::String(rule)), _) => format!("the rule {rule}"),
        (_, _, Some(Value::String(origin))) if origin == "undo" => "a plan that was taken back".to_owned(),
        (_, _, Some(Value::String(_))) => "a role held before its rule came".to_owned(),
        (_, _, Some(_)) => "what somebody did by hand".to_owned(),
        (other, _, _) => other.to_string(),
    }
}
