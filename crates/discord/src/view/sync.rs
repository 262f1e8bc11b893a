//! What looking again came to.

use domain::ids::UserId;
use domain::plan::{Act, Plan};
use service::plans::{Waiting, Waits};

use super::markdown::escape;
use super::why::finding;
use super::{Card, Message};

/// What is being written for somebody, and what waits. Findings are shown to whoever can mend them.
pub(crate) fn changes((plan, waits): (&Plan, &Waits), user: UserId, findings: bool) -> Message {
    let own = plan.changes.iter().filter(|change| change.user == user);
    let mut lines: Vec<String> = own.map(|change| line(&change.act, waits.of(change))).collect();
    let title = if lines.is_empty() { "Looked again: everything is as it should be" } else { "Looked again" };
    if findings {
        lines.extend(plan.findings.iter().map(finding));
    }
    Message::card(Card { title: title.to_owned(), lines, ..Card::default() })
}

fn line(act: &Act, waiting: Option<Waiting>) -> String {
    if let Some(waiting) = waiting {
        return match act {
            Act::Give(role) => format!("**{}** is to be given; that {waiting}.", escape(role.name())),
            Act::Take(role) => format!("**{}** is to be taken; that {waiting}.", escape(role.name())),
            Act::Nickname(Some(name)) => format!("The name **{}** {waiting}.", escape(name)),
            Act::Nickname(None) => format!("Taking the name back {waiting}."),
        };
    }
    match act {
        Act::Give(role) => format!("**{}** is being given.", escape(role.name())),
        Act::Take(role) => format!("**{}** is being taken.", escape(role.name())),
        Act::Nickname(Some(name)) => format!("The name becomes **{}**.", escape(name)),
        Act::Nickname(None) => "The name is being taken back.".to_owned(),
    }
}
