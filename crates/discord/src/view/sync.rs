//! What looking again came to.

use domain::ids::UserId;
use domain::plan::{Act, Plan};

use super::markdown::escape;
use super::why::finding;
use super::{Card, Message};

/// What is being written for somebody. Findings are shown to whoever can mend them.
pub(crate) fn changes(plan: &Plan, user: UserId, findings: bool) -> Message {
    let own = plan.changes.iter().filter(|change| change.user == user);
    let mut lines: Vec<String> = own.map(|change| line(&change.act)).collect();
    let title = if lines.is_empty() { "Looked again: everything is as it should be" } else { "Looked again" };
    if findings {
        lines.extend(plan.findings.iter().map(finding));
    }
    Message::card(Card { title: title.to_owned(), lines, ..Card::default() })
}

fn line(act: &Act) -> String {
    match act {
        Act::Give(role) => format!("**{}** is being given.", escape(role.name())),
        Act::Take(role) => format!("**{}** is being taken.", escape(role.name())),
        Act::Nickname(Some(name)) => format!("The name becomes **{}**.", escape(name)),
        Act::Nickname(None) => "The name is being taken back.".to_owned(),
    }
}
