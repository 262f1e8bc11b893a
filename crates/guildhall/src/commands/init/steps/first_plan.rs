//! The first plan: what the hall would change if it ran now, as `guildhall plan` shows it.

use std::sync::Arc;

use domain::ids::GuildId;
use service::plans::PlanView;
use service::requests::{Answered, Request};

use crate::clock::{MachineClock, MachineEntropy};
use crate::commands::asking::whoever_runs_it;
use crate::commands::init::typed::typed;
use crate::commands::plan::text::Shown;
use crate::progress;
use crate::settings::Settings;
use crate::wire;

/// The plan of each server. Writes nothing to Discord; where it cannot be made it says why, and how to see it later.
pub(super) async fn shown(settings: &Settings) -> String {
    let mut told = Vec::new();
    for guild in &settings.guilds {
        let made = progress::shown("Making the first plan", view(settings, guild.id)).await;
        told.push(match made {
            Ok(view) => Shown { view: &view, all: false, next: &next(settings, &view) }.to_string(),
            Err(why) => format!("It cannot be made yet: {why}\n\n{}", later(settings, guild.id)),
        });
    }
    told.join("\n\n")
}

/// How to see the plan of each server once what is in the way is put right.
pub(super) fn not_yet(settings: &Settings) -> String {
    settings.guilds.iter().map(|guild| later(settings, guild.id)).collect::<Vec<_>>().join("\n")
}

fn later(settings: &Settings, guild: GuildId) -> String {
    format!("To see it once that is put right:\n\n    {}", command(settings, "plan", guild))
}

async fn view(settings: &Settings, guild: GuildId) -> Result<PlanView, String> {
    let assembled = wire::assemble(settings, Arc::new(MachineClock), Arc::new(MachineEntropy))
        .await
        .map_err(|error| error.to_string())?;
    let asked: Result<Answered<PlanView>, _> =
        assembled.hall.ask(&Request::Plan { guild }, &whoever_runs_it()).await;
    assembled.close().await;
    asked.map(|answered| answered.answer).map_err(|error| error.to_string())
}

/// What to make of it.
fn next(settings: &Settings, view: &PlanView) -> String {
    let again = command(settings, "plan", view.guild);
    match view.waiting() {
        0 => format!(
            "Nothing was written to Discord. The hall follows for everybody who links, as soon as it runs. To see the plan again:\n\n    \
             {again}"
        ),
        waiting => format!(
            "Nothing was written to Discord. {waiting} of it waits for your word, also when the hall runs. To agree:\n\n    {}",
            command(settings, "apply", view.guild)
        ),
    }
}

fn command(settings: &Settings, name: &str, guild: GuildId) -> String {
    let one = if settings.guilds.len() > 1 { format!(" --guild {guild}") } else { String::new() };
    typed(&format!("{name} --settings {}{one}", settings.file.display()))
}
