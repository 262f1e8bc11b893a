//! `guildhall plan`: what would change now, what waits for a person, and why. Writes nothing to Discord.

pub(super) mod text;

use clap::Args;
use service::plans::PlanView;
use service::requests::Request;

use self::text::Shown;
use super::asking::{Asked, Asking, with_hall};
use super::stopped::Stopped;
use crate::cli::Ending;

/// Which server, and how to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    asking: Asking,

    /// Name everybody, however many they are
    #[arg(long)]
    all: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    with_hall(&arguments.asking, async |asked| {
        let (view, alone) = shown(asked).await?;
        let (all, next) = (arguments.all, next(asked, &view, alone));
        asked.say(&view, &Shown { view: &view, all, next: &next })
    })
}

/// What would change now, and whether no hall runs that would do it.
pub(super) async fn shown(asked: &Asked<'_>) -> Result<(PlanView, bool), Stopped> {
    let request = Request::Plan { guild: asked.guild };
    let answered = asked.ask("Reading the server", request).await?;
    Ok((answered.answer, answered.alone))
}

/// What to do next, in sentences.
fn next(asked: &Asked<'_>, view: &PlanView, alone: bool) -> String {
    if view.is_empty() && view.reasons.is_empty() {
        return "Nothing was written to Discord.".to_owned();
    }
    let number = view.plan.map(|plan| format!(" --plan {plan}")).unwrap_or_default();
    let apply = asked.next(&format!("apply{number}"));
    match (view.waiting(), alone) {
        (0, _) if !view.reasons.is_empty() => format!(
            "Nothing was written to Discord. No change waits yet. To say that what stands above is right, so that the rules go by \
             it:\n  {apply} --count 0"
        ),
        (0, false) => {
            "Nothing was written to Discord by this command. The hall that runs does it by itself.".to_owned()
        }
        (0, true) => {
            format!("Nothing was written to Discord, and no hall runs. To have it written now:\n  {apply}")
        }
        (waiting, _) => format!(
            "Nothing was written to Discord. To agree to the {waiting} that {}:\n  {apply} --count {waiting}",
            if waiting == 1 { "waits" } else { "wait" }
        ),
    }
}
