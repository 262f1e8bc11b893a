//! `guildhall audit`: what was done, by whom, to whom and why, newest first.

mod text;

use std::io;
use std::sync::Arc;

use clap::Args;
use domain::ids::GuildId;
use serde_json::json;
use service::status::{LogQuestion, Logged};

use self::text::Sentence;
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
    #[arg(long, value_name = "ID")]
    guild: Option<GuildId>,

    /// Only what was done to somebody: a Discord id, or a name in the forum
    #[arg(long, value_name = "MEMBER")]
    member: Option<String>,

    /// How many entries; 10000 at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
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
        say::answer(&"The log has no such entry.")?;
    } else {
        for entry in &entries {
            say::answer(&Sentence(entry))?;
        }
    }
    Ok(Ending::Done)
}

async fn entries(settings: &Settings, question: &LogQuestion) -> Result<Vec<Logged>, NotStarted> {
    let assembled = wire::assemble(settings, Arc::new(MachineClock), Arc::new(MachineEntropy)).await?;
    let entries = assembled.hall.log(question).await;
    assembled.close().await;
    Ok(entries?)
}
