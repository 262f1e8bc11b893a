//! `guildhall doctor`: everything the hall needs, tried by real calls.
//!
//! | module | looks at |
//! | --- | --- |
//! | `places` | Discord, each server, each forum |
//! | `address` | where the hall listens, and whether its public address leads there |
//! | `remembered` | its database, the disk, and what the hall has to tell |

pub(super) mod address;
pub(super) mod places;
mod remembered;

use clap::Args;
use serde_json::json;
use service::checkup::{Check, Checkup, Verdict};

use super::open::open;
use super::say;
use super::stopped::Stopped;
use crate::cli::{Ending, SettingsFile};
use crate::progress;
use crate::settings::Settings;
use crate::settings::problem::Problems;

/// How to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    file: SettingsFile,

    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let (checkup, problem) = match open(&arguments.file.settings) {
        Ok(settings) => {
            let look = progress::shown("Looking at Discord, the forum and this machine", look(&settings));
            (super::runtime()?.block_on(look), None)
        }
        Err(problems) => (unreadable(&problems), Some(problems.to_string())),
    };
    if arguments.json {
        let (verdict, sections) = (checkup.verdict(), &checkup.sections);
        say::answer(&json!({ "verdict": verdict, "problem": problem, "sections": sections }))?;
    } else {
        say::answer(&checkup)?;
    }
    Ok(if checkup.verdict() == Verdict::Broken { Ending::Refused } else { Ending::Done })
}

/// Looks at everything, the places beside one another.
pub(super) async fn look(settings: &Settings) -> Checkup {
    let mut checkup = Checkup::default();
    let file = settings.file.display();
    checkup.add(format!("The settings, {file}"), vec![Check::ok("file", "It is in order.")]);
    let remembered = remembered::look(settings).await;
    let (discord, forums, mut machine) = tokio::join!(
        places::discord(settings, &remembered.roles),
        places::forums(settings),
        address::look(settings)
    );
    machine.extend(remembered.checks);
    for (title, checks) in discord.into_iter().chain(forums) {
        checkup.add(title, checks);
    }
    checkup.add("This machine", machine);
    checkup.add("The hall", remembered.told);
    checkup
}

/// A remedy as a sentence; what asks has its own end.
pub(super) fn ended(remedy: &str) -> String {
    if remedy.ends_with('?') { remedy.to_owned() } else { format!("{remedy}.") }
}

/// Settings that cannot be read: each problem is a check, and nothing else can be tried.
fn unreadable(problems: &Problems) -> Checkup {
    let check = |problem: &crate::settings::problem::Problem| {
        let place = problem.place.map(|place| format!(" (line {place})")).unwrap_or_default();
        let looked_at = if problem.key.is_empty() { "file" } else { &problem.key };
        Check::broken(looked_at, format!("{}{place}.", problem.what), ended(&problem.remedy))
    };
    let mut checkup = Checkup::default();
    checkup.add("The settings", problems.list().iter().map(check).collect());
    checkup
}
