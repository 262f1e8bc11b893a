//! The command line: what all commands share, and the start.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser};

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
    let cli = Cli::parse();
    match cli.command.run() {
        Ok(ending) => ending.into(),
        // Whoever read the output has heard enough (`guildhall commands | head`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            // When even this cannot be said, the exit code says it.
            let _ = say::problem(&format!("could not write the answer: {error}"));
            ExitCode::FAILURE
        }
    }
}
