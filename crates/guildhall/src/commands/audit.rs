//! `guildhall audit`: what was done, by whom, to whom and why, newest first.

mod text;

use std::sync::Arc;

use clap::Args;
use domain::ids::GuildId;
use serde_json::json;
use service::status::{LOG_MAX, LogQuestion, Logged};

use self::text::{Sentence, TakenBack};
use super::asking::{guild_id, how_many};
use super::open::open_told;
use super::say;
use super::stopped::Stopped;
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

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let settings = open_told(&arguments.file.settings)?;
    let Arguments { guild, last, .. } = *arguments;
    let question = LogQuestion { guild, member: arguments.member.clone(), last };
    let entries = super::runtime()?.block_on(entries(&settings, &question))?;
    if let Some(unknown) = unknown_server(&settings, &question).filter(|_| entries.is_empty()) {
        return Err(Stopped::Told(unknown));
    }
    if arguments.json {
        say::answer(&json!({ "entries": entries }))?;
    } else if entries.is_empty() {
        say::answer(nothing(&question))?;
    } else {
        let all = match TakenBack::are_named(&entries) {
            true => super::runtime()?.block_on(self::entries(&settings, &everything_of(guild)))?,
            false => Vec::new(),
        };
        let taken_back = TakenBack::among(&all);
        for entry in &entries {
            say::answer(&Sentence(entry, &taken_back))?;
        }
    }
    Ok(Ending::Done)
}

/// Says that a server of which the log knows nothing is no server of the settings: it was mistyped, as a rule.
fn unknown_server(settings: &Settings, question: &LogQuestion) -> Option<String> {
    let ids: Vec<GuildId> = settings.guilds.iter().map(|guild| guild.id).collect();
    let guild = question.guild.filter(|guild| !ids.contains(guild))?;
    let listed: Vec<String> = ids.iter().map(GuildId::to_string).collect();
    Some(format!(
        "The settings have no server {guild}, and the log says nothing of one. They have: {}.",
        listed.join(", ")
    ))
}

/// Also what is older than the entries that are shown: it may be their reason.
fn everything_of(guild: Option<GuildId>) -> LogQuestion {
    LogQuestion { guild, member: None, last: LOG_MAX }
}

/// Why there is nothing to read.
fn nothing(question: &LogQuestion) -> &'static &'static str {
    match (question.guild, &question.member) {
        (_, Some(_)) => &"The log says nothing of this member.",
        (Some(_), None) => &"The log says nothing of this server yet.",
        (None, None) => &"The log is empty: nothing was done yet.",
    }
}

async fn entries(settings: &Settings, question: &LogQuestion) -> Result<Vec<Logged>, NotStarted> {
    let assembled = wire::assemble(settings, Arc::new(MachineClock), Arc::new(MachineEntropy)).await?;
    let entries = assembled.hall.log(question).await;
    assembled.close().await;
    Ok(entries?)
}
