//! Whoever asks for JSON gets JSON, also when a command cannot do what it was asked.

use std::process::{Command, Output};

use clap::CommandFactory;
use guildhall::cli::Cli;
use serde_json::Value;

/// Every command that can answer in JSON, with words where it needs some.
fn commands() -> Vec<Vec<String>> {
    let mut program = Cli::command();
    program.build();
    let offers = |command: &&clap::Command| command.get_arguments().any(|it| it.get_long() == Some("json"));
    let line = |command: &clap::Command| {
        let needed = command.get_positionals().filter(|it| it.is_required_set()).map(|_| "7".to_owned());
        [command.get_name().to_owned()].into_iter().chain(needed).chain(["--json".to_owned()]).collect()
    };
    program.get_subcommands().filter(offers).map(line).collect()
}

fn runs(line: &[String], more: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    program.args(line).args(more).output().expect("the program runs")
}

/// The one JSON object that was said, and nothing beside it.
fn problem(line: &[String], output: &Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line:?}");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let problem = said.get("problem").and_then(Value::as_str).unwrap_or_default();
    assert!(!problem.is_empty(), "{line:?}: {}", String::from_utf8_lossy(&output.stdout));
    problem.to_owned()
}

#[test]
fn every_command_that_offers_json_says_in_json_that_the_settings_are_not_there() {
    assert!(commands().len() >= 12, "{:?}", commands());
    for line in commands() {
        let output = runs(&line, &["--settings", "absent.toml"]);
        let problem = problem(&line, &output);
        assert!(problem.contains("there is no such file"), "{line:?}: {problem}");
        assert_eq!(output.status.code(), Some(1), "{line:?}");
    }
}

#[test]
fn every_command_that_offers_json_says_in_json_that_a_line_was_not_understood() {
    for line in commands() {
        let output = runs(&line, &["--no-such-option"]);
        let problem = problem(&line, &output);
        assert!(problem.starts_with("unexpected argument '--no-such-option' found"), "{line:?}: {problem}");
        assert_eq!(output.status.code(), Some(2), "{line:?}");
    }
}

#[test]
fn whoever_did_not_ask_for_json_reads_words() {
    let output = runs(&["audit".to_owned()], &["--last", "0"]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &[][..]));
    assert!(String::from_utf8_lossy(&output.stderr).contains("write a number from 1 to 10000"));
}
