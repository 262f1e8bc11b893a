//! `cargo xtask gen`: the files that are written from the code, so that they cannot say something else.
//!
//! Each is the standard output of one command of the program, or made from its source.

mod log;

use std::fs;

use crate::{Outcome, program, say};

/// A generated file.
struct Generated {
    file: &'static str,
    made: Made,
}

/// By what a file is made.
enum Made {
    /// It is the output of this command of the program.
    Program(&'static [&'static str]),
    /// The source is read.
    Source(fn() -> Result<String, String>),
}

/// One line a file.
const GENERATED: &[Generated] = &[
    Generated { file: "guildhall.example.toml", made: Made::Program(&["settings", "--example"]) },
    Generated { file: "docs/reference/settings.md", made: Made::Program(&["settings", "--reference"]) },
    Generated { file: "docs/reference/facts.md", made: Made::Program(&["settings", "--facts"]) },
    Generated { file: "docs/reference/commands.md", made: Made::Program(&["commands"]) },
    Generated { file: "docs/reference/metrics.md", made: Made::Program(&["metrics"]) },
    Generated { file: "docs/reference/log.md", made: Made::Source(log::reference) },
];

/// Lines of a difference that are shown; the rest is a number.
const SHOWN_LINES_MAX: usize = 40;

/// Write, or only look.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a file is stale
    #[arg(long)]
    check: bool,
}

/// Write the files, or with `--check` fail when one is stale.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.check { check() } else { each(write) }
}

/// Fails when a file is not what the program would write now, and shows the difference.
pub(crate) fn check() -> Outcome {
    each(compare)
}

fn each(step: fn(&Generated, &str) -> Outcome) -> Outcome {
    let refusals: Vec<String> = GENERATED
        .iter()
        .filter_map(|generated| {
            let text = ask(generated);
            text.and_then(|text| step(generated, &text)).err()
        })
        .collect();
    for refusal in &refusals {
        say::error(refusal);
    }
    match refusals.len() {
        0 => Ok(()),
        count => {
            Err(format!("{count} of {} generated files could not be made or are stale", GENERATED.len()))
        }
    }
}

/// What this file should be. A program that writes nothing at all means that it does not know the command.
fn ask(generated: &Generated) -> Result<String, String> {
    let command = match generated.made {
        Made::Program(command) => command,
        Made::Source(made) => return made().map_err(|reason| format!("{}: {reason}", generated.file)),
    };
    let called = format!("`guildhall {}`", command.join(" "));
    let mut program = program::cargo();
    program.args(["run", "--quiet", "--package", "guildhall", "--"]).args(command);
    match program::output(&mut program) {
        Ok(text) if text.trim().is_empty() => {
            Err(format!("{}: {called} writes nothing; the program does not know it yet", generated.file))
        }
        Ok(text) => Ok(text),
        Err(reason) => Err(format!("{}: {called}: {reason}", generated.file)),
    }
}

fn write(generated: &Generated, text: &str) -> Outcome {
    let file = program::root().join(generated.file);
    if fs::read_to_string(&file).is_ok_and(|before| before == text) {
        say::line(&format!("{} is fresh", generated.file));
        return Ok(());
    }
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    folder
        .and_then(|()| fs::write(&file, text))
        .map_err(|reason| format!("could not write {}: {reason}", generated.file))?;
    say::line(&format!("{} written", generated.file));
    Ok(())
}

fn compare(generated: &Generated, text: &str) -> Outcome {
    let stored = fs::read_to_string(program::root().join(generated.file)).unwrap_or_default();
    if stored == text {
        say::line(&format!("{} is fresh", generated.file));
        return Ok(());
    }
    let difference = difference(&stored, text);
    Err(format!("{} is stale; run `cargo xtask gen` and commit it\n{difference}", generated.file))
}

/// The lines between the common beginning and the common end: enough to see what moved.
fn difference(stored: &str, fresh: &str) -> String {
    let (stored, fresh): (Vec<&str>, Vec<&str>) = (stored.lines().collect(), fresh.lines().collect());
    let before = stored.iter().zip(&fresh).take_while(|(old, new)| old == new).count();
    let shorter = stored.len().min(fresh.len()) - before;
    let after =
        stored.iter().rev().zip(fresh.iter().rev()).take(shorter).take_while(|(old, new)| old == new).count();
    let middle = |lines: &[&str], mark: char| -> Vec<String> {
        let end = lines.len() - after;
        lines.iter().take(end).skip(before).map(|line| format!("{mark} {line}")).collect()
    };
    let all = [middle(&stored, '-'), middle(&fresh, '+')].concat();
    let mut shown: Vec<String> = all.iter().take(SHOWN_LINES_MAX).cloned().collect();
    if all.len() > shown.len() {
        shown.push(format!("… and {} more lines", all.len() - shown.len()));
    }
    format!("@@ line {} @@\n{}", before + 1, shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_only_the_lines_that_moved() {
        for (stored, fresh, expected) in [
            ("a\nb\nc", "a\nB\nc", "@@ line 2 @@\n- b\n+ B"),
            ("a\nc", "a\nb\nc", "@@ line 2 @@\n+ b"),
            ("a\na", "a", "@@ line 2 @@\n- a"),
            ("", "a", "@@ line 1 @@\n+ a"),
        ] {
            assert_eq!(difference(stored, fresh), expected);
        }
    }

    #[test]
    fn a_long_difference_is_cut_with_the_number_of_the_rest() {
        let fresh = "new\n".repeat(SHOWN_LINES_MAX + 2);
        assert!(difference("", &fresh).ends_with("… and 2 more lines"));
    }
}
