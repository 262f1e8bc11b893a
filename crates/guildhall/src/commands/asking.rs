//! What the commands share that ask the hall: the one that runs, or one put together for this moment.

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use clap::Args;
use domain::ids::{GuildId, PlanId};
use domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use service::Hall;
use service::actor::Actor;
use service::requests::{Answered, Request};

use super::open::{open, open_told};
use super::stopped::Stopped;
use super::{followed, say};
use crate::cli::{Ending, SettingsFile};
use crate::clock::{MachineClock, MachineEntropy};
use crate::progress;
use crate::settings::Settings;
use crate::settings::owner::owner_of;
use crate::wire;

/// The longest line that is read from a terminal, in bytes.
const LINE_BYTES_MAX: u64 = 1_024;
/// How long whoever leads may be silent before the person is told what they wait for: a bit longer than it takes to
/// say that it still leads.
const SILENT_AT_MOST: Duration = Duration::from_secs(6);
/// What the settings file is called where nobody says otherwise.
const USUAL_FILE: &str = "guildhall.toml";

/// Which hall, which server, and how to say it.
#[derive(Debug, Args)]
pub(super) struct Asking {
    #[command(flatten)]
    file: SettingsFile,

    /// Which server; may be left out where the settings have one
    #[arg(long, value_name = "ID", value_parser = guild_id)]
    guild: Option<GuildId>,

    /// Answer with one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// A hall that can be asked about one server.
pub(super) struct Asked<'a> {
    asking: &'a Asking,
    pub(super) hall: Arc<Hall>,
    pub(super) guild: GuildId,
    several: bool,
    by: Actor,
}

/// Does what a command does with a hall, and closes it. For what rests on rules: where those in the file are wrong it
/// says so, and what the hall that runs follows.
pub(super) fn with_hall(
    asking: &Asking,
    work: impl AsyncFnOnce(&Asked<'_>) -> Result<(), Stopped>,
) -> Result<Ending, Stopped> {
    match open(&asking.file.settings) {
        Ok(settings) => with(asking, &settings, work),
        Err(problems) => Err(followed::instead_of(problems, &asking.file.settings, asking.guild)),
    }
}

/// The same for what only asks the hall that runs, whatever the file says of rules meanwhile.
pub(super) fn with_hall_or_its_rules(
    asking: &Asking,
    work: impl AsyncFnOnce(&Asked<'_>) -> Result<(), Stopped>,
) -> Result<Ending, Stopped> {
    with(asking, &open_told(&asking.file.settings)?, work)
}

fn with(
    asking: &Asking,
    settings: &Settings,
    work: impl AsyncFnOnce(&Asked<'_>) -> Result<(), Stopped>,
) -> Result<Ending, Stopped> {
    super::runtime()?.block_on(assembled(asking, settings, work))?;
    Ok(Ending::Done)
}

async fn assembled(
    asking: &Asking,
    settings: &Settings,
    work: impl AsyncFnOnce(&Asked<'_>) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let guild = which(asking, settings)?;
    let assembled = wire::assemble(settings, Arc::new(MachineClock), Arc::new(MachineEntropy)).await?;
    let asked = Asked {
        asking,
        hall: Arc::clone(&assembled.hall),
        guild,
        several: settings.guilds.len() > 1,
        by: whoever_runs_it(),
    };
    let done = work(&asked).await;
    drop(asked);
    assembled.close().await;
    done
}

impl Asked<'_> {
    /// Asks; a terminal shows meanwhile what is going on.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        words: &'static str,
        request: Request,
    ) -> Result<Answered<T>, Stopped> {
        let before = self.hall.led_until().await?;
        let mut asking = pin!(progress::shown(words, self.hall.ask(&request, &self.by)));
        if let Ok(answered) = tokio::time::timeout(SILENT_AT_MOST, asking.as_mut()).await {
            return Ok(answered?);
        }
        // Whoever is still at work has moved its end on by now.
        if let Some(until) = self.hall.led_until().await?.filter(|until| Some(*until) == before) {
            let seconds = until.since(self.hall.now()).as_secs() + 1;
            writeln!(progress::Screen, "{}", silent(seconds))?;
        }
        Ok(asking.await?)
    }

    /// Says an answer: in words, or as it is.
    pub(super) fn say(&self, answer: &impl Serialize, words: &dyn Display) -> Result<(), Stopped> {
        if self.asking.json {
            say::answer(&json!(answer))?;
        } else {
            say::answer(words)?;
        }
        Ok(())
    }

    /// A command as a person types it next, with what this one was told.
    pub(super) fn next(&self, command: &str) -> String {
        let mut words = typed_next(command, &self.asking.file.settings);
        if self.several {
            words.push_str(&format!(" --guild {}", self.guild));
        }
        words
    }
}

/// A command as a person types it next, with the settings file that this one was told.
pub(super) fn typed_next(command: &str, file: &Path) -> String {
    if file == Path::new(USUAL_FILE) {
        return format!("guildhall {command}");
    }
    format!("guildhall {command} --settings {}", file.display())
}

/// Asks on the terminal for a number; `None` where there is no terminal, nobody answers, or it is no number.
pub(super) fn typed(question: &str) -> io::Result<Option<usize>> {
    let input = io::stdin();
    if !input.is_terminal() {
        return Ok(None);
    }
    // What is asked is no answer: whoever reads the answer from a file does not find it there.
    let mut out = io::stderr().lock();
    write!(out, "{question} ")?;
    out.flush()?;
    let mut line = Vec::new();
    input.lock().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).trim().parse().ok())
}

/// What to tell of somebody who leads and does not answer: a command that was killed, as a rule.
fn silent(seconds: u64) -> String {
    format!(
        "The hall or command that was at work here does not answer; if it was ended, this command goes on by itself in \
         at most {}.",
        counted(usize::try_from(seconds).unwrap_or(usize::MAX), "second")
    )
}

/// So many of something: `1 role`, `3 roles`.
pub(super) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// A moment as people read it, in UTC.
pub(super) fn day(at: Timestamp) -> String {
    DateTime::from_timestamp_millis(at.0).unwrap_or_default().format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A server's id as a person types it.
pub(super) fn guild_id(text: &str) -> Result<GuildId, &'static str> {
    text.parse().map_err(|_| {
        "a server's id is 17 to 20 digits; Discord copies it where Developer Mode is on: right-click the server, Copy \
         Server ID"
    })
}

/// A plan's number as a person types it.
pub(super) fn plan_number(text: &str) -> Result<PlanId, &'static str> {
    text.parse()
        .map_err(|_| "a plan's number is digits alone; `guildhall plan` and `guildhall audit` name it")
}

/// How many are asked for, one at least.
pub(super) fn how_many(most: usize) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| format!("write a number from 1 to {most}"))
    }
}

/// The server that is meant.
fn which(asking: &Asking, settings: &Settings) -> Result<GuildId, Stopped> {
    let ids: Vec<GuildId> = settings.guilds.iter().map(|guild| guild.id).collect();
    let listed = || ids.iter().map(GuildId::to_string).collect::<Vec<_>>().join(", ");
    match (asking.guild, ids.as_slice()) {
        (Some(guild), ids) if ids.contains(&guild) => Ok(guild),
        // What is wrong with the file may hide a server: whoever leads knows it.
        (Some(guild), _) if settings.wrong_rules.is_some() => Ok(guild),
        (Some(guild), []) => {
            Err(Stopped::Told(format!("The settings have no server, so not {guild} either.")))
        }
        (Some(guild), _) => Err(Stopped::Told(format!(
            "The settings have no server {guild}. They have: {}. Choose one with --guild ID.",
            listed()
        ))),
        (None, [guild]) => Ok(*guild),
        (None, []) => Err(Stopped::Told(
            "The settings have no server: write a [[guild]] section with its id. `guildhall init` helps."
                .to_owned(),
        )),
        (None, _) => Err(Stopped::Told(format!(
            "The settings have several servers. Choose one with --guild ID: {}.",
            listed()
        ))),
    }
}

/// What the machine calls whoever runs the command.
pub(super) fn whoever_runs_it() -> Actor {
    let name =
        ["USER", "LOGNAME"].iter().filter_map(|name| std::env::var(name).ok()).find(|name| !name.is_empty());
    Actor::Command(name.unwrap_or_else(by_number))
}

fn by_number() -> String {
    // A process owns what the system tells of it.
    owner_of(Path::new("/proc/self")).unwrap_or_else(|| "unknown".to_owned())
}
