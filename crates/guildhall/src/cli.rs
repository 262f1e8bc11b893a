//! The command line: what all commands share, and the start.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser};
use serde_json::json;

use crate::commands::{Command, say};

/// Keeps a community's places in step: what a forum says of people becomes roles and names in Discord.
#[derive(Debug, Parser)]
#[command(name = "guildhall", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Which settings file, for the commands that read one.
#[derive(Debug, Args)]
pub struct SettingsFile {
    /// The settings file
    #[arg(long, value_name = "FILE", default_value = "guildhall.toml")]
    pub settings: PathBuf,
}

/// How a command ends that could say what it had to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is done.
    Done,
    /// It was refused, and the problems were told.
    Refused,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::Refused => Self::FAILURE,
        }
    }
}

/// Reads the command line, runs the command, and says how it ended: 0 done, 1 refused, 2 not understood.
pub fn main() -> ExitCode {
    let line = Cli::command().try_get_matches();
    let understood = line.and_then(|line| Ok((Cli::from_arg_matches(&line)?, asks_for_json(&line))));
    let ended = match understood {
        Ok((cli, in_json)) => cli.command.run(in_json).map(ExitCode::from),
        Err(error) => misunderstood(&error),
    };
    match ended {
        Ok(code) => code,
        // Whoever read the output has heard enough (`guildhall commands | head`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            // When even this cannot be said, the exit code says it.
            let _ = say::problem(&format!("could not write the answer: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// How the program ends when the line was not understood.
const NOT_UNDERSTOOD: u8 = 2;
/// The option by which every command that can is asked to answer in JSON.
const JSON: &str = "json";

fn asks_for_json(line: &ArgMatches) -> bool {
    let asks = |command: &ArgMatches| matches!(command.try_get_one::<bool>(JSON), Ok(Some(true)));
    line.subcommand().is_some_and(|(_, command)| asks(command))
}

/// Says why the line was not understood, or what it asked about the program itself. Whoever asked for JSON gets JSON.
fn misunderstood(error: &clap::Error) -> io::Result<ExitCode> {
    let asks_for_json = std::env::args_os().any(|word| word == "--json");
    if !error.use_stderr() {
        error.print()?;
        return Ok(ExitCode::SUCCESS);
    }
    if asks_for_json {
        let words = error.to_string();
        let words = words.strip_prefix("error: ").unwrap_or(&words).trim_end();
        say::answer(&json!({ "problem": words }))?;
    } else {
        error.print()?;
    }
    Ok(ExitCode::from(NOT_UNDERSTOOD))
}
