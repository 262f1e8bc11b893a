//! The steps of `cargo xtask test`, one line each in `STEPS`, the quick ones first.

use std::process::Command;
use std::time::Instant;

use super::{Report, Surroundings};
use crate::setup::Strictness;
use crate::{Outcome, generate, program, say, tidy};

/// A step: its name on the command line and what it does.
pub(super) struct Step {
    pub(super) name: &'static str,
    about: &'static str,
    run: fn(&Surroundings) -> Outcome,
}

pub(super) const STEPS: &[Step] = &[
    Step { name: "format", about: "rustfmt finds nothing to change", run: format },
    Step { name: "lints", about: "clippy has no warning", run: lints },
    Step { name: "tidy", about: "the house rules hold", run: rules },
    Step { name: "bare", about: "the program builds without the demo", run: bare },
    Step { name: "gen", about: "the generated files are fresh", run: |_| generate::check() },
    Step { name: "tests", about: "every test passes", run: tests },
];

impl Step {
    /// Say what begins, run it, and note how long it took.
    pub(super) fn carry_out(&self, surroundings: &Surroundings) -> Report {
        say::heading(&format!("{}: {}", self.name, self.about));
        let begun = Instant::now();
        let outcome = (self.run)(surroundings);
        let took = begun.elapsed();
        match &outcome {
            Ok(()) => say::line(&format!("{} passed in {}", self.name, say::duration(took))),
            Err(reason) => say::error(&format!("{} failed in {}: {reason}", self.name, say::duration(took))),
        }
        Report { name: self.name, outcome, took }
    }
}

fn format(_: &Surroundings) -> Outcome {
    program::run(program::cargo().args(["fmt", "--all", "--check"]))
}

fn lints(surroundings: &Surroundings) -> Outcome {
    let mut clippy = program::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets"]);
    as_locked(&mut clippy, surroundings);
    program::run(clippy.args(["--", "-D", "warnings"]))
}

/// tidy keeps the lists of deny.toml itself; cargo-deny, where it is installed, looks deeper.
fn rules(_: &Surroundings) -> Outcome {
    let ours = tidy::run();
    let deny = ["deny", "check", "licenses", "bans", "sources"];
    let theirs = match program::find("cargo-deny") {
        Some(_) => program::run(program::cargo().args(deny)),
        None => Ok(()),
    };
    ours.and(theirs)
}

fn bare(surroundings: &Surroundings) -> Outcome {
    let mut check = program::cargo();
    check.args(["check", "--quiet", "--package", "guildhall", "--no-default-features"]);
    as_locked(&mut check, surroundings);
    program::run(&mut check)
}

fn tests(surroundings: &Surroundings) -> Outcome {
    let mut test = program::cargo();
    test.arg("test");
    if !surroundings.cargo_test.iter().any(|argument| argument == "-p" || argument.starts_with("--package")) {
        test.arg("--workspace");
    }
    as_locked(&mut test, surroundings);
    // Variables of an earlier shell must not bring back what was left out on purpose.
    for name in ["GUILDHALL_TEST_POSTGRES", "GUILDHALL_TEST_CHROMIUM", "GUILDHALL_TEST_CHROMEDRIVER"] {
        test.env_remove(name);
    }
    // Most of a story is waiting for sockets, so that a core tells two of them at a time.
    test.env("RUST_TEST_THREADS", (2 * cores()).to_string());
    test.envs(surroundings.variables.iter().map(|(name, value)| (*name, value.as_str())));
    if surroundings.strictness == Strictness::NothingLeftOut {
        test.env("CI", "1");
    }
    program::run(test.arg("--no-fail-fast").args(&surroundings.cargo_test))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Where nothing may be left out, the lock file is what is tested, not what it would become.
fn as_locked(command: &mut Command, surroundings: &Surroundings) {
    if surroundings.strictness == Strictness::NothingLeftOut {
        command.arg("--locked");
    }
}
