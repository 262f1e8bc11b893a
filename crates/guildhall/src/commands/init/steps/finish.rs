//! The end of the evening: the file is in order, everything works, and what comes next.

use service::checkup::{Check, Verdict};

use super::{Session, first_plan};
use crate::commands::doctor;
use crate::commands::init::terminal::Left;
use crate::commands::init::typed::typed;
use crate::commands::invite::invitation;
use crate::commands::open::open;
use crate::settings::Settings;
use crate::settings::problem::Problems;

/// Looks at everything once more and says what comes next; whether the owner is done.
pub(in crate::commands::init) async fn run(session: &mut Session) -> Result<bool, Left> {
    let settings = match open(session.draft.file()) {
        Ok(settings) => settings,
        Err(problems) => {
            session.say(&missing(&problems))?;
            return Ok(false);
        }
    };
    session.say("\nLooking at everything once more …")?;
    let checkup = doctor::look(&settings).await;
    let checks = checkup.sections.iter().flat_map(|section| &section.checks);
    // That the hall does not run yet is no news.
    let told: Vec<&Check> = checks
        .filter(|check| {
            matches!(check.verdict, Verdict::Broken | Verdict::Warning) && check.looked_at != "listener"
        })
        .collect();
    for check in &told {
        session.say(&check.to_string())?;
    }
    if checkup.verdict() == Verdict::Broken {
        session.say("\nThis has to be put right before the hall can do its work.")?;
        if session.ask("Enter goes back to the steps, d is done all the same: ").await? != "d" {
            return Ok(false);
        }
    }
    if checkup.verdict() == Verdict::Broken {
        session.say("\nThe first plan cannot be made before that.")?;
        session.say(&first_plan::not_yet(&settings))?;
    } else {
        session.say("\nThe first plan: what the hall would change now. Nobody is touched before they link their accounts.\n")?;
        session.say(&first_plan::shown(&settings).await)?;
    }
    session.say(&next(&settings))?;
    Ok(true)
}

/// What was not answered yet, or not rightly.
fn missing(problems: &Problems) -> String {
    let mut lines = vec!["\nThis is still missing:".to_owned()];
    lines.extend(problems.list().iter().map(|problem| {
        let key = if problem.key.is_empty() { "the file" } else { &problem.key };
        format!("  {key}: {}; {}", problem.what, problem.remedy)
    }));
    lines.join("\n")
}

/// What the owner does now.
fn next(settings: &Settings) -> String {
    let file = settings.file.display();
    format!(
        "\nAll settings are in {file}, each with its explanation.\n\n\
         The address that invites the bot into another server, or again:\n{}\n\n\
         Now let the hall run. As a service it goes on when you leave, and starts with the machine: step 5 of \
         docs/guide/first-evening.md.\nTo try it in this terminal, until you press Ctrl-C:\n\n    {serve}\n\n\
         Then type /link in Discord. `{doctor}` looks at all of this again, any day.",
        invitation(settings),
        serve = typed(&format!("serve --settings {file}")),
        doctor = typed(&format!("doctor --settings {file}")),
    )
}
