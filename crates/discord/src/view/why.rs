//! Each role with its because.

use domain::exception::{Origin, RoleOverride};
use domain::plan::{Finding, NicknameVerdict, Verdict, VerdictKind};
use domain::rules::{Explanation, Truth};
use service::explain::{Presence, Why};
use service::plans::Waiting;

use super::markdown::escape;
use super::{Card, Message, moment};

/// To whom it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    /// The person it is about.
    Themselves,
    /// Somebody else, who is shown nothing private.
    Another,
}

/// Why somebody has, or does not have, each role. Findings are shown to whoever can mend them.
pub(crate) fn reasons(why: &Why, to: To, findings: bool) -> Message {
    if why.linked.is_empty() {
        return Message::text(match to {
            To::Themselves => {
                "You have not linked your forum account, so the rules say nothing about you. /link does it."
            }
            To::Another => "This member has not linked a forum account, so the rules say nothing about them.",
        });
    }
    let mut lines: Vec<String> =
        why.verdicts.iter().map(|verdict| line(verdict, why.waits.get(&verdict.role).copied(), to)).collect();
    if lines.is_empty() {
        lines.push(silence(why.presence, to).to_owned());
    }
    lines.extend(why.nickname.iter().map(|verdict| nickname(verdict, why.nickname_waits)));
    if findings {
        lines.extend(why.findings.iter().map(finding));
    }
    if let Some(read_at) = why.read_at {
        lines.push(format!("Read {}.", moment(read_at, 'R')));
    }
    let title = match to {
        To::Themselves => "Why you have what you have".to_owned(),
        To::Another => "Why they have what they have".to_owned(),
    };
    Message::card(Card { title, lines, ..Card::default() })
}

/// Why there is not one rule to tell of.
fn silence(presence: Presence, to: To) -> &'static str {
    match (presence, to) {
        (Presence::Here, _) => "No rule of this server says anything here.",
        (Presence::Unread, _) => "The server cannot be read at the moment; nothing is changed.",
        (Presence::Absent, To::Themselves) => {
            "As far as the hall sees you are not in this server, so its rules change nothing for you."
        }
        (Presence::Absent, To::Another) => {
            "As far as the hall sees they are not in this server, so its rules change nothing for them."
        }
    }
}

/// A finding with what can be done about it.
pub(super) fn finding(finding: &Finding) -> String {
    format!("• {} {}", escape(&finding.says()), escape(finding.remedy()))
}

fn line(verdict: &Verdict, waiting: Option<Waiting>, to: To) -> String {
    let role = format!("**{}**", escape(&verdict.role));
    if let Some(known) = verdict.exception {
        return exception(&role, verdict, (known, waiting), to);
    }
    let because = because(&verdict.explanation, to);
    match (verdict.kind, verdict.has) {
        (VerdictKind::InStep, true) => format!("{role}: yes, because {because}."),
        (VerdictKind::InStep, false) => format!("{role}: no, because {because}."),
        (VerdictKind::Give | VerdictKind::Take, _) => {
            format!("{role}: {}, because {because}.", follows(verdict, waiting))
        }
        (VerdictKind::Unknown, true) => format!("{role}: stays as it is, yes; {because}."),
        (VerdictKind::Unknown, false) => format!("{role}: stays as it is, no; {because}."),
        (VerdictKind::Kept, _) => {
            format!("{role}: yes; it stays although {because}, for this rule only gives.")
        }
        (VerdictKind::CannotWrite, has) => {
            let has = if has { "yes" } else { "no" };
            format!("{role}: {has}, although {because}; the hall cannot write this role.")
        }
    }
}

/// Somebody decided, whatever the rule says.
fn exception(
    role: &str,
    verdict: &Verdict,
    (known, waiting): (RoleOverride, Option<Waiting>),
    to: To,
) -> String {
    let has = follows(verdict, waiting);
    let until = known.until.map_or_else(String::new, |until| format!(", until {}", moment(until, 'f')));
    let rule = match verdict.explanation.truth {
        Truth::True => "The rule alone would give it",
        Truth::False => "The rule alone would not give it",
        Truth::Unknown => "What the rule alone would do is not known",
    };
    let because = because(&verdict.explanation, to);
    format!("{role}: {has}, because {}{until}. {rule}: {because}.", decided(known, to))
}

/// Why it stands. The staff reads who did it; the member does not, so that nobody takes it up with a moderator.
fn decided(known: RoleOverride, to: To) -> String {
    match (known.origin, known.has, to) {
        (Origin::Hand(by), true, To::Another) => format!("<@{by}> gave it by hand"),
        (Origin::Hand(by), false, To::Another) => format!("<@{by}> took it by hand"),
        _ => known.says().to_owned(),
    }
}

/// What becomes of it: by itself, or once somebody says so.
fn follows(verdict: &Verdict, waiting: Option<Waiting>) -> String {
    match (verdict.kind, waiting) {
        (VerdictKind::Give, Some(waiting)) => format!("not yet; giving it {waiting}"),
        (VerdictKind::Take, Some(waiting)) => format!("still yes; taking it {waiting}"),
        (VerdictKind::Give, None) => "will be given".to_owned(),
        (VerdictKind::Take, None) => "will be taken".to_owned(),
        _ if verdict.has => "yes".to_owned(),
        _ => "no".to_owned(),
    }
}

fn because(explanation: &Explanation, to: To) -> String {
    escape(&match to {
        To::Themselves => explanation.second_person(),
        To::Another => explanation.third_person(),
    })
}

fn nickname(why: &NicknameVerdict, waiting: Option<Waiting>) -> String {
    match why {
        NicknameVerdict::InStep(name) => format!("Name: **{}**, as in the forum.", escape(name)),
        NicknameVerdict::Becomes(name) => match waiting {
            Some(waiting) => format!("Name: **{}** {waiting}.", escape(name)),
            None => format!("Name: becomes **{}**.", escape(name)),
        },
        NicknameVerdict::Cannot(finding) => format!("Name: {}", escape(&finding.says())),
        NicknameVerdict::Decided { name, until } => {
            let until = until.map_or_else(String::new, |until| format!(", until {}", moment(until, 'f')));
            let name =
                name.as_deref().map_or_else(|| "none".to_owned(), |name| format!("**{}**", escape(name)));
            format!("Name: {name}, because a change of it was taken back{until}.")
        }
        NicknameVerdict::Unknown => {
            "Name: what it should be is not known at the moment; it stays.".to_owned()
        }
    }
}
