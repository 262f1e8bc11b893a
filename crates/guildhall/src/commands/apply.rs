//! `guildhall apply`: a person says yes to a plan, by the number of its changes.

use clap::Args;
use domain::ids::PlanId;
use serde_json::json;
use service::plans::{Applied, PlanView};
use service::requests::{Answered, Request};

use super::asking::{Asked, Asking, counted, plan_number, typed, with_hall};
use super::plan::{self, text::Shown};
use super::say;
use super::stopped::Stopped;
use crate::cli::Ending;

/// Which plan, and the word for it.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    asking: Asking,

    /// Which plan; without this the one that waits, or what would change now
    #[arg(long, value_name = "ID", value_parser = plan_number)]
    plan: Option<PlanId>,

    /// The number of its changes, instead of typing it when asked
    #[arg(long, value_name = "NUMBER")]
    count: Option<usize>,

    /// Name everybody, however many they are
    #[arg(long)]
    all: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    with_hall(&arguments.asking, async |asked| {
        let Some((plan, count)) = agreed(asked, arguments).await? else {
            return asked.say(&json!({ "plan": null }), &"Everything is as the rules say: nothing to apply.");
        };
        let request = Request::Apply { guild: asked.guild, plan: Some(plan), typed: Some(count) };
        let answered: Answered<Applied> = asked.ask("Writing", request).await?;
        told(asked, &answered).await
    })
}

/// What the person agrees to: the plan and its number of changes; `None` where there is nothing to agree to.
async fn agreed(asked: &Asked<'_>, arguments: &Arguments) -> Result<Option<(PlanId, usize)>, Stopped> {
    let (view, _) = plan::shown(asked).await?;
    // An older plan cannot be shown: only what would change now can.
    if let Some(wanted) = arguments.plan.filter(|wanted| Some(*wanted) != view.plan) {
        let Some(count) = arguments.count else {
            return Err(Stopped::Told(format!(
                "Plan {wanted} is not what would change now. See what would, and its number: {}",
                asked.next("plan")
            )));
        };
        return Ok(Some((wanted, count)));
    }
    let Some(number) = view.plan else { return Ok(None) };
    let changes = asked_for(&view);
    if !arguments.asking.json {
        let next = format!("To agree, type the number of changes: {changes}.");
        say::answer(&Shown { view: &view, all: arguments.all, next: &next })?;
    }
    let count = match arguments.count {
        Some(count) => Some(count),
        None if arguments.asking.json => None,
        None => typed(&format!("Type {changes} to agree:"))?,
    };
    match count {
        Some(count) if count == changes => Ok(Some((number, changes))),
        Some(count) => Err(Stopped::Told(format!(
            "Plan {number} has {}, not {count}. Nothing was written. Look at it again; to agree: {}",
            counted(changes, "change"),
            again(asked, number, changes)
        ))),
        None => Err(Stopped::Told(format!(
            "Nothing was written. To agree to plan {number}: {}",
            again(asked, number, changes)
        ))),
    }
}

/// How many changes the yes is about: what waits, also where that is no change but a source's new size; where nothing
/// waits, all of them.
fn asked_for(view: &PlanView) -> usize {
    match view.waiting() {
        0 if view.reasons.is_empty() => view.takes + view.gives + view.renames,
        waiting => waiting,
    }
}

fn again(asked: &Asked<'_>, plan: PlanId, changes: usize) -> String {
    asked.next(&format!("apply --plan {plan} --count {changes}"))
}

async fn told(asked: &Asked<'_>, answered: &Answered<Applied>) -> Result<(), Stopped> {
    let Answered { answer: Applied { plan, changes }, alone } = answered;
    let shown = counted(*changes, "change");
    if !alone {
        let writes = match changes {
            1 => "it now, if it is still needed",
            _ => "them now, those that are still needed",
        };
        let words = format!(
            "Agreed to plan {plan}, {shown}. The hall that runs writes {writes}. To see what was written: {}",
            asked.next("audit")
        );
        return asked.say(&answered.answer, &words);
    }
    let written = asked.hall.written_under(*plan).await?;
    let rest = match changes.saturating_sub(written) {
        0 => String::new(),
        rest => format!(
            " The other {rest} were not needed any more, or could not be written; what is left: {}",
            asked.next("plan")
        ),
    };
    let words = format!("Plan {plan}: {written} of {shown} written.{rest}");
    asked.say(&json!({ "plan": plan, "changes": changes, "written": written }), &words)
}
