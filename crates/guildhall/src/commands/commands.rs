//! `guildhall commands`: the reference of all commands, made from what `--help` knows.

use clap::builder::StyledStr;
use clap::{Arg, Args, CommandFactory};

use super::say;
use super::stopped::Stopped;
use crate::cli::{Cli, Ending};

/// Nothing to choose.
#[derive(Debug, Args)]
pub struct Arguments {}

pub(super) fn run(_arguments: &Arguments) -> Result<Ending, Stopped> {
    say::document(&reference())?;
    Ok(Ending::Done)
}

/// The reference of all commands, in Markdown.
fn reference() -> String {
    let mut program = Cli::command();
    program.build();
    let mut text = format!(
        "# Commands\n\nMade by `guildhall commands`; edit `crates/guildhall/src/commands`.\n\n{}.\n\n\
         Answers go to standard output, problems to standard error. A command ends with 0 when it is done, 1 \
         when it was refused, 2 when the line was not understood. Where JSON was asked for, a problem is told in JSON on standard output, in `problem`. In JSON, ids of Discord are texts: they have more digits than a number keeps \
         in many programs.\n",
        words(program.get_about()),
    );
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        let own = options(command);
        text.push_str(&format!(
            "\n## `guildhall {}`\n\n{}.\n{}{own}",
            command.get_name(),
            words(command.get_about()),
            if own.is_empty() { "" } else { "\n" },
        ));
    }
    text
}

fn words(about: Option<&StyledStr>) -> String {
    about.map(ToString::to_string).unwrap_or_default().trim_end_matches('.').to_owned()
}

/// A table of its options; nothing when there are none.
fn options(command: &clap::Command) -> String {
    let shown = |argument: &&Arg| !matches!(argument.get_id().as_str(), "help" | "version");
    let rows: Vec<String> = command.get_arguments().filter(shown).map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!("| option | is | default |\n| --- | --- | --- |\n{}", rows.concat())
}

fn row(argument: &Arg) -> String {
    let long = argument.get_long().map_or_else(|| argument.get_id().to_string(), |long| format!("--{long}"));
    let value = if argument.get_action().takes_values() { value_name(argument) } else { String::new() };
    let defaults = argument.get_default_values().iter().filter(|_| argument.get_action().takes_values());
    let defaults: Vec<String> = defaults.map(|default| format!("`{}`", default.to_string_lossy())).collect();
    let about = words(argument.get_help()).replace('|', "\\|");
    format!("| `{long}{value}` | {about} | {} |\n", defaults.join(", "))
}

fn value_name(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    names.iter().map(|name| format!(" {name}")).collect()
}
