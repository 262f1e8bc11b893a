//! `guildhall rehearse RULES.toml`: who would gain and lose what by other rules. Changes nothing.

mod text;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use service::GuildSeat;
use service::rules::{FactsFrom, Rehearsal};

use self::text::Shown;
use super::open::open;
use super::say;
use super::stopped::Stopped;
use crate::cli::{Ending, SettingsFile};
use crate::clock::{MachineClock, MachineEntropy};
use crate::progress;
use crate::settings::Settings;
use crate::wire::{self, Assembled, NotStarted};

/// Which rules, and how to say it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The rules to try: a settings file, or only its [[guild]] sections
    rules: PathBuf,

    #[command(flatten)]
    file: SettingsFile,

    /// Ask the sources now for what the present rules do not ask for; costs each as much as a sweep
    #[arg(long)]
    read: bool,

    /// Name everybody, however many they are
    #[arg(long)]
    all: bool,

    /// Answer with one JSON object, in which everybody is named
    #[arg(long)]
    json: bool,
}

/// What came of trying the rules of one server.
struct Tried {
    seat: GuildSeat,
    result: Result<Rehearsal, service::Error>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let settings = open(&arguments.file.settings)?;
    let seats = wire::seats(&Settings::rules_in(&arguments.rules, &settings.schema)?);
    if seats.is_empty() {
        let file = arguments.rules.display();
        return Err(Stopped::Told(format!(
            "{file} names no server: write the rules behind a [[guild]] with its id"
        )));
    }
    let facts = if arguments.read { FactsFrom::Sources } else { FactsFrom::Store };
    let trying = progress::shown("Reading the servers", all_tried(&settings, seats, facts));
    let tried = super::runtime()?.block_on(trying)?;
    Ok(if arguments.json { in_json(tried) } else { in_words(tried, arguments) }?)
}

async fn all_tried(
    settings: &Settings,
    seats: Vec<GuildSeat>,
    facts: FactsFrom,
) -> Result<Vec<Tried>, NotStarted> {
    let assembled = wire::assemble(settings, Arc::new(MachineClock), Arc::new(MachineEntropy)).await?;
    let mut tried = Vec::new();
    for seat in seats {
        let result = rehearsed(&assembled, &seat, facts).await;
        tried.push(Tried { seat, result });
    }
    assembled.close().await;
    Ok(tried)
}

async fn rehearsed(
    assembled: &Assembled,
    seat: &GuildSeat,
    facts: FactsFrom,
) -> Result<Rehearsal, service::Error> {
    assembled.hall.read_guild(seat.id).await?;
    assembled.hall.rehearse(seat, facts).await
}

fn in_json(tried: Vec<Tried>) -> io::Result<Ending> {
    let ending = ending(&tried);
    let servers = tried.into_iter().map(|Tried { seat, result }| match result {
        Ok(rehearsal) => json!(rehearsal),
        Err(error) => json!({ "guild": seat.id, "error": error.to_string() }),
    });
    say::answer(&json!({ "servers": servers.collect::<Vec<_>>() }))?;
    Ok(ending)
}

fn in_words(tried: Vec<Tried>, arguments: &Arguments) -> io::Result<Ending> {
    let ending = ending(&tried);
    for Tried { seat, result } in tried {
        match result {
            Ok(rehearsal) => {
                let Arguments { all, read, .. } = *arguments;
                say::answer(&Shown { rehearsal: &rehearsal, all, read })?;
            }
            Err(error) => {
                say::problem(&format_args!("The server {}: {error}", seat.id))?;
            }
        }
    }
    Ok(ending)
}

fn ending(tried: &[Tried]) -> Ending {
    if tried.iter().all(|tried| tried.result.is_ok()) { Ending::Done } else { Ending::Refused }
}
