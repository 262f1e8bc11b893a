//! What the hall that runs follows meanwhile, while the rules in the settings file cannot be used.

use std::path::Path;
use std::sync::Arc;

use domain::ids::GuildId;

use super::open::open_rules_or_not;
use super::stopped::Stopped;
use crate::clock::{MachineClock, MachineEntropy};
use crate::settings::Settings;
use crate::settings::problem::Problems;
use crate::wire::{self, NotStarted};

/// What to tell whoever asked for what rests on rules: what is wrong with them, and what the hall that runs follows, where
/// one runs and its database can be read.
pub(super) fn instead_of(problems: Problems, file: &Path, only: Option<GuildId>) -> Stopped {
    let Ok(settings) = open_rules_or_not(file) else { return problems.into() };
    let read = super::runtime().map(|runtime| runtime.block_on(followed(&settings, only)));
    match read {
        Ok(Ok(followed)) => Stopped::Settings(problems, followed),
        _ => problems.into(),
    }
}

async fn followed(settings: &Settings, only: Option<GuildId>) -> Result<Vec<String>, NotStarted> {
    let assembled = wire::assemble(settings, Arc::new(MachineClock), Arc::new(MachineEntropy)).await?;
    let mut told = Vec::new();
    if assembled.hall.somebody_leads().await? {
        let guilds = settings.guilds.iter().map(|guild| guild.id);
        for guild in guilds.filter(|guild| only.is_none_or(|only| only == *guild)) {
            if let Some(latest) = assembled.hall.revisions(guild, 1).await?.first() {
                let revision = latest.revision;
                told.push(format!(
                    "The hall that runs still follows revision {revision} of the rules of the server {guild}."
                ));
            }
        }
    }
    assembled.close().await;
    Ok(told)
}
