//! `guildhall undo ID`: what was written under a plan is taken back.

use clap::Args;
use domain::ids::PlanId;
use serde_json::json;
use service::plans::Undone;
use service::requests::{Answered, Request};

use super::asking::{Asking, counted, plan_number, with_hall_or_its_rules};
use super::stopped::Stopped;
use crate::cli::Ending;

/// Which plan, and how to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The number of the plan
    #[arg(value_name = "ID", value_parser = plan_number)]
    plan: PlanId,

    #[command(flatten)]
    asking: Asking,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    with_hall_or_its_rules(&arguments.asking, async |asked| {
        let request = Request::Undo { guild: asked.guild, plan: arguments.plan };
        let answered: Answered<Undone> = asked.ask("Taking back", request).await?;
        let Undone { plan, by, changes, left, again } = &answered.answer;
        let back = counted(*changes, "change");
        let mut lines = match (changes, answered.alone) {
            (0, _) if !again.is_empty() => vec![format!("Plan {plan} is taken back as plan {by}.")],
            (0, _) => vec![format!("Nothing of plan {plan} is left to take back.")],
            (_, true) => {
                let written = asked.hall.written_under(*by).await?;
                vec![format!("Plan {plan} was taken back as plan {by}: {written} of {back} written.")]
            }
            (_, false) => {
                vec![format!("Plan {plan} is taken back as plan {by}: the hall that runs writes {back} now.")]
            }
        };
        if !left.is_empty() {
            lines.push("Left alone:".to_owned());
            lines.extend(left.iter().map(|left| format!("  {left}")));
        }
        lines.extend(again.iter().cloned());
        if *changes > 0 {
            lines.push(format!(
                "So that the rules do not bring it again, each is an override now: {}",
                asked.next("overrides")
            ));
        }
        let whole = json!({ "plan": plan, "by": by, "changes": changes, "left": left, "again": again, "alone": answered.alone });
        asked.say(&whole, &lines.join("\n"))
    })
}
