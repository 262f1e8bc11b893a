//! `cargo xtask test`: everything that CI runs, in one command, on this machine, over loopback only.
//!
//! A step that fails does not stop the later ones: one run tells everything that is wrong.

mod postgres;
mod steps;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::setup::{Found, Strictness};
use crate::{Outcome, program, say, setup};
use postgres::Cluster;
use steps::STEPS;

/// Which part of the checks.
#[derive(clap::Args, Default)]
pub(crate) struct Arguments {
    /// Install nothing and start no PostgreSQL and no browser: SQLite alone, for the minute between two edits
    #[arg(long)]
    fast: bool,
    /// Only this step (may be given again): format, lints, tidy, bare, gen, tests
    #[arg(long = "only", value_name = "STEP")]
    only: Vec<String>,
    /// Passed to `cargo test`, such as `-p store` or a part of a test's name
    #[arg(last = true)]
    cargo_test: Vec<String>,
}

/// What a step is given.
pub(crate) struct Surroundings {
    strictness: Strictness,
    /// Name and value of each variable that the tests read.
    variables: Vec<(&'static str, String)>,
    cargo_test: Vec<String>,
}

/// How one step went.
struct Report {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// Run the steps and say how each went. Refuses when one failed, or when part of the work is asked for where
/// nothing may be left out.
pub(crate) fn run(arguments: &Arguments, strictness: Strictness) -> Outcome {
    check(arguments, strictness)?;
    let begun = Instant::now();
    let needs_machine = !arguments.fast && wanted(arguments, "tests");
    say::heading("setup");
    let found = if needs_machine { setup::run(strictness)? } else { Found::default() };
    let cluster = found.postgres_programs.as_deref().map(Cluster::start).transpose()?;
    let surroundings = Surroundings {
        strictness,
        variables: variables(&found, cluster.as_ref()),
        cargo_test: arguments.cargo_test.clone(),
    };
    let chosen = STEPS.iter().filter(|step| wanted(arguments, step.name));
    let reports: Vec<Report> = chosen.map(|step| step.carry_out(&surroundings)).collect();
    drop(cluster);
    say::heading("summary");
    say::line(&summary(&reports, begun.elapsed()));
    verdict(&reports)
}

fn check(arguments: &Arguments, strictness: Strictness) -> Outcome {
    let is_part = arguments.fast || !arguments.only.is_empty() || !arguments.cargo_test.is_empty();
    if is_part && strictness == Strictness::NothingLeftOut {
        return Err(
            "CI is set, so nothing may be left out: run `cargo xtask test` without options".to_owned()
        );
    }
    match arguments.only.iter().find(|name| STEPS.iter().all(|step| step.name != name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            Err(format!("no step is called `{name}`; there are {}", known.join(", ")))
        }
    }
}

fn wanted(arguments: &Arguments, name: &str) -> bool {
    arguments.only.is_empty() || arguments.only.iter().any(|only| only == name)
}

fn variables(found: &Found, cluster: Option<&Cluster>) -> Vec<(&'static str, String)> {
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let shared = program::root().parent().map(|above| above.join("shared")).filter(|folder| folder.is_dir());
    let all = [
        ("GUILDHALL_TEST_POSTGRES", cluster.map(Cluster::address)),
        ("GUILDHALL_TEST_CHROMIUM", found.chromium.as_ref().map(text)),
        ("GUILDHALL_TEST_CHROMEDRIVER", found.chromedriver.as_ref().map(text)),
        ("GUILDHALL_SHARED", shared.as_ref().map(text)),
    ];
    all.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}

fn summary(reports: &[Report], took: Duration) -> String {
    let mut lines = Vec::new();
    for report in reports {
        let mark = if report.outcome.is_ok() { "passed" } else { "FAILED" };
        lines.push(format!("{mark}  {:<8} {:>12}", report.name, say::duration(report.took)));
    }
    lines.push(format!("        {:<8} {:>12}", "all", say::duration(took)));
    lines.join("\n")
}

fn verdict(reports: &[Report]) -> Outcome {
    let failed: Vec<String> = reports
        .iter()
        .filter_map(|report| report.outcome.as_ref().err().map(|reason| format!("{}: {reason}", report.name)))
        .collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n       ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(name: &str) -> Arguments {
        Arguments { only: vec![name.to_owned()], ..Arguments::default() }
    }

    #[test]
    fn ci_refuses_to_run_a_part() {
        for part in [only("tidy"), Arguments { fast: true, ..Arguments::default() }] {
            assert!(check(&part, Strictness::NothingLeftOut).is_err());
            assert_eq!(check(&part, Strictness::MayLeaveOut), Ok(()));
        }
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_known_ones() {
        let refusal = check(&only("tests2"), Strictness::MayLeaveOut).unwrap_err();
        assert_eq!(refusal, "no step is called `tests2`; there are format, lints, tidy, bare, gen, tests");
    }

    #[test]
    fn one_failed_step_fails_the_whole_and_is_named() {
        let report = |name, outcome| Report { name, outcome, took: Duration::from_secs(1) };
        let reports = [report("lints", Ok(())), report("tidy", Err("3 findings".to_owned()))];
        assert_eq!(verdict(&reports).unwrap_err(), "tidy: 3 findings");
    }
}
