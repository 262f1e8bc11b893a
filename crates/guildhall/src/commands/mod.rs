//! One file a command. A new one is its file, and its line in the table at the end of this one.

mod apply;
mod asking;
mod audit;
mod check;
#[expect(clippy::module_inception, reason = "the file is called as its command")]
mod commands;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
pub mod facts;
mod followed;
mod init;
mod invite;
mod keep;
mod metrics;
mod open;
mod overrides;
mod people;
mod plan;
mod rehearse;
mod remove;
mod revisions;
pub mod say;
mod serve;
mod settings;
#[cfg(feature = "demo")]
mod sim;
mod stopped;
mod undo;
mod why;

use std::io;

use clap::Subcommand;

use crate::cli::Ending;

/// Makes the table of commands: the words `--help` and `docs/reference/commands.md` show, and the file. Each
/// file has `Arguments` and `run`.
macro_rules! commands {
    ($($(#[doc = $about:literal])+ $(#[cfg($when:meta)])? $Name:ident in $file:ident;)+) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $($(#[doc = $about])+ $(#[cfg($when)])? $Name($file::Arguments),)+
        }

        impl Command {
            /// Does it. What keeps it from being done is told to the person, and in JSON where that was asked for.
            ///
            /// Fails only when the answer cannot be written.
            pub fn run(&self, in_json: bool) -> io::Result<Ending> {
                let done = match self {
                    $($(#[cfg($when)])? Self::$Name(arguments) => $file::run(arguments),)+
                };
                done.or_else(|stopped| stopped.say(in_json))
            }
        }
    };
}

commands! {
    /// Run the hall until it is asked to stop
    Serve in serve;
    /// Say whether the settings are in order, and every problem with its place and remedy
    Check in check;
    /// Look at everything the hall needs by real calls, and say what is wrong and what to do
    Doctor in doctor;
    /// Show what would change now, what waits for a person, and why; writes nothing to Discord
    Plan in plan;
    /// Have a plan written, by the number of its changes
    Apply in apply;
    /// Take back what was written under a plan
    Undo in undo;
    /// Say why a member has, or does not have, each role
    Why in why;
    /// List what was done, by whom, to whom and why, newest first
    Audit in audit;
    /// List what people decided against the rules, or end one such decision
    Overrides in overrides;
    /// Let those keep a role who held it before its rule came, or whose rule was deleted
    Keep in keep;
    /// Take such a role from them
    Remove in remove;
    /// Say who would gain and lose what by other rules, on today's people; changes nothing
    Rehearse in rehearse;
    /// List the rules that held: when they changed, why, by whose file, and in what
    Revisions in revisions;
    /// Set a hall up, step by step; each answer is tried at once and kept
    Init in init;
    /// Print the address by which an owner invites the bot, with no permission it does not need
    Invite in invite;
    /// Print every setting: an example file, or a reference
    Settings in settings;
    /// Show a hall at work between a simulated forum and a simulated Discord, on a page to try
    #[cfg(feature = "demo")]
    Demo in demo;
    /// Run the simulated Discord and forum alone; the first line says all that their clients need, as JSON
    #[cfg(feature = "demo")]
    Sim in sim;
    /// Print the reference of all commands
    Commands in commands;
    /// Print the reference of all metrics
    Metrics in metrics;
}

/// What commands that wait for others run on.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    // An error says that one is installed already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}
