//! `guildhall settings`: the example file and the references.

use clap::Args;

use super::facts::facts_of;
use super::say;
use super::stopped::Stopped;
use crate::cli::Ending;
use crate::settings::document;

/// Which document.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct Arguments {
    /// An example file with every setting, its default and its unit; so does no option at all
    #[arg(long)]
    example: bool,

    /// The reference of all settings, in Markdown
    #[arg(long)]
    reference: bool,

    /// The reference of all facts that rules can ask, in Markdown
    #[arg(long)]
    facts: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Stopped> {
    let text = match arguments {
        Arguments { reference: true, .. } => document::reference(),
        Arguments { facts: true, .. } => document::facts(&facts_of),
        _ => document::example(),
    };
    say::document(&text)?;
    Ok(Ending::Done)
}
