//! `guildhall audit`: what was done, by whom, to whom and why, newest first.

mod text;

use std::io;
use std::sync::Arc;

use clap::Args;
use domain::ids::GuildId;
use serde_json::json;
use service::status::{LOG_MAX, LogQuestion, Logged};

use self::text::Sentence;
use super::asking::{guild_id, how_many};
use super::open::open;
use super::say;
use crate::cli::{Ending, SettingsFile};
use crate::clock::{MachineClock, MachineEntropy};
use crate::settings::Settings;
use crate::wire::{self, NotStarted};

/// Which entries, and how to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    file: SettingsFile,

    /// Only what was done in this server
    #[arg(long, value_name = "ID", value_parser = guild_id)]
    guild: Option<GuildId>,

    /// Only what was done to somebody: a Discord id, or a name in the forum
    #[arg(long, value_name = "MEMBER")]
    member: Option<String>,

    /// How many entries; 10000 at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = how_many(LOG_MAX))]
    last: usize,

    /// Answer with one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> io::Result<Ending> {
    let settings = match open(&arguments.file.settings) {
        Ok(settings) => settings,
        Err(problems) => {
            say::problem(&problems)?;
            return Ok(Ending::Refused);
        }
    };
    let Arguments { guild, last, .. } = *arguments;
    let question = LogQuestion { guild, member: arguments.member.clone(), last };
    let entries = match super::runtime()?.block_on(entries(&settings, &question)) {
        Ok(entries) => entries,
        Err(problem) => {
            say::problem(&problem)?;
            return Ok(Ending::Refused);
        }
    };
    if arguments.json {
        say::answer(&json!({ "entries": entries }))?;
    } else if entries.is_empty() {
        return nothing(&settings, &question);
    } else {
        for entry in &entries {
            say::answer(&Sentence(entry))?;
        }
    }
    Ok(Ending::Done)
}

/// Says why there is nothing to read: a server that is no server of the settings was mistyped, as a rule.
fn nothing(settings: &Settings, question: &LogQuestion) -> io::Result<Ending> {
    let ids: Vec<GuildId> = settings.guilds.iter().map(|guild| guild.id).collect();
    if let Some(guild) = question.guild.filter(|guild| !ids.contains(guild)) {
        let listed: Vec<String> = ids.iter().map(GuildId::to_string).collect();
        say::problem(&format!(
            "The settings have no server {guild}, and the log says nothing of one. They have: {}.",
            listed.join(", ")
        ))?;
        return Ok(Ending::Refused);
    }
    say::answer(match (question.guild, &question.member) {
        (_, Some(_)) => &"The log says nothing of this member.",
        (Some(_), None) => &"The log says nothing of this server yet.",
        (None, None) => &"The log is empty: nothing was done yet.",
    })?;
    Ok(Ending::Done)
}

async fn entries(settings: &Settings, question: &LogQuestion) -> Result<Vec<Logged>, NotStarted> {
    let assembled = wire::assemble(settings, Arc::new(MachineClock), Arc::new(MachineEntropy)).await?;
    let entries = assembled.hall.log(question).await;
    assembled.close().await;
    Ok(entries?)
}
