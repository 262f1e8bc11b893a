//! `cargo xtask`: sets a machine up, runs every check, keeps the house rules, writes the generated files.
//!
//! It starts other programs and links none of the other crates, so that it builds in seconds and can
//! still speak when the rest does not compile. One file a subcommand.

mod bench;
mod generate;
mod program;
mod say;
mod setup;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a subcommand answers: done, or the sentence that says what is wrong.
type Outcome = Result<(), String>;

/// Keeps the workspace honest.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the tests need (PostgreSQL, a browser), or say what will be left out
    Setup,
    /// Run everything that CI runs: format, lints, tidy, generated files, tests on both databases
    Test(test::Arguments),
    /// Check the house rules; each finding names the place, the reason and the remedy
    Tidy,
    /// Write the generated files (settings example, references)
    Gen(generate::Arguments),
    /// Measure something by name
    Bench(bench::Arguments),
    /// The same as `test` with nothing left out: what is missing is a failure
    Ci,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Setup => setup::run(setup::Strictness::from_environment()).map(drop),
        Task::Test(arguments) => test::run(&arguments, setup::Strictness::from_environment()),
        Task::Tidy => tidy::run(),
        Task::Gen(arguments) => generate::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Ci => test::run(&test::Arguments::default(), setup::Strictness::NothingLeftOut),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say::error(&sentence);
            ExitCode::FAILURE
        }
    }
}
