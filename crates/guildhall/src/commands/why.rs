//! `guildhall why MEMBER`: why somebody has, or does not have, each role.

use std::fmt;

use clap::Args;
use domain::plan::VerdictKind;
use service::explain::{RoleView, WhyView};
use service::requests::{Answered, Request};

use super::asking::{Asking, day, with_hall};
use super::stopped::Stopped;
use crate::cli::Ending;

/// Who, and how to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Who: a Discord id, or a name in the forum
    member: String,

    #[command(flatten)]
    asking: Asking,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    with_hall(&arguments.asking, async |asked| {
        let request = Request::Why { guild: asked.guild, member: arguments.member.clone() };
        let answered: Answered<WhyView> = asked.ask("Reading the member", request).await?;
        asked.say(&answered.answer, &Explained(&answered.answer))
    })
}

/// The reasons, as a person reads them.
struct Explained<'a>(&'a WhyView);

impl fmt::Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WhyView { user, linked, here, roles, nickname, findings, read_at } = self.0;
        write!(f, "The member {user}")?;
        if linked.is_empty() {
            write!(
                f,
                " has linked no account, so the rules say nothing about them. /link in Discord links one."
            )?;
            return Ok(());
        }
        let accounts: Vec<String> =
            linked.iter().map(|(source, name)| format!("{name} at {source}")).collect();
        write!(f, ", linked with {}", accounts.join(" and "))?;
        if let Some(at) = read_at {
            write!(f, ", as read at {}", day(*at))?;
        }
        match here {
            Some(true) => {}
            Some(false) => write!(f, "\n\nThey are not in the server: the rules say nothing about them.")?,
            None => write!(f, "\n\nThe server cannot be read at the moment. Try again soon.")?,
        }
        for role in roles {
            write!(f, "\n\n{}", says(role))?;
        }
        if let Some(nickname) = nickname {
            write!(f, "\n\nNickname: {nickname}")?;
        }
        for finding in findings {
            write!(f, "\n\n{}\n  help: {}", finding.says, finding.remedy)?;
        }
        Ok(())
    }
}

fn says(role: &RoleView) -> String {
    let RoleView { role, has, follows, because, waits, exception } = role;
    let state = match (follows, has) {
        (VerdictKind::InStep, true) => "has it",
        (VerdictKind::InStep, false) => "does not have it",
        (VerdictKind::Give, _) => "gets it",
        (VerdictKind::Take, _) => "loses it",
        (VerdictKind::Unknown, true) => "has it; what the rule asks for is not known, so it stays",
        (VerdictKind::Unknown, false) => "does not have it; what the rule asks for is not known",
        (VerdictKind::Kept, true) => "has it; the rule only gives, so it stays",
        (VerdictKind::Kept, false) => "does not have it",
        (VerdictKind::CannotWrite, true) => "has it; the hall cannot write this role",
        (VerdictKind::CannotWrite, false) => "does not have it; the hall cannot write this role",
    };
    let state = match (follows, waits) {
        (VerdictKind::Give, Some(waiting)) => format!("does not have it yet; giving it {waiting}"),
        (VerdictKind::Take, Some(waiting)) => format!("has it still; taking it {waiting}"),
        _ => state.to_owned(),
    };
    let mut said = format!("{role}: {state}\n  because {because}");
    if let Some((exception, until)) = exception {
        let until =
            until.map_or_else(|| "until somebody ends it".to_owned(), |at| format!("until {}", day(at)));
        said.push_str(&format!("\n  override: {exception}; {until}"));
    }
    said
}
