//! `guildhall settings`: the example file and the reference.

use std::io;
use std::path::Path;

use clap::Args;

use super::say;
use crate::cli::Ending;
use crate::settings::document;

/// Which document.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Arguments {
    /// An example file with every setting, its default and its unit
    #[arg(long)]
    example: bool,

    /// The reference, in Markdown
    #[arg(long)]
    reference: bool,
}

pub(super) fn run(arguments: &Arguments, _settings: &Path) -> io::Result<Ending> {
    let text = if arguments.example { document::example() } else { document::reference() };
    say::document(&text)?;
    Ok(Ending::Done)
}
