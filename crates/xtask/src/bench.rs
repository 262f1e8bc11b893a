//! `cargo xtask bench NAME`: measurements by name, each a bench target of the program.

use crate::{Outcome, program, say};

/// A measurement: the name a person types, what it measures, the bench target of `guildhall` that does it.
struct Bench {
    name: &'static str,
    about: &'static str,
    target: &'static str,
}

/// One line a measurement.
const BENCHES: &[Bench] = &[
    Bench {
        name: "plan",
        about: "a plan of 100,000 changes shown, and why one member has a role",
        target: "plan",
    },
    Bench {
        name: "roster",
        about: "memory of a server of 1,000,000 members and of what was decided for some of them",
        target: "roster",
    },
];

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Which one; without it they are listed
    name: Option<String>,
}

/// Run the named measurement in a release build, or list them all.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let Some(name) = &arguments.name else {
        return list(BENCHES);
    };
    let bench = find(BENCHES, name)?;
    program::run(program::cargo().args(["bench", "--package", "guildhall", "--bench", bench.target]))
}

fn find<'table>(table: &'table [Bench], name: &str) -> Result<&'table Bench, String> {
    table.iter().find(|bench| bench.name == name).ok_or_else(|| {
        let known: Vec<&str> = table.iter().map(|bench| bench.name).collect();
        let known = if known.is_empty() { "there are none yet".to_owned() } else { known.join(", ") };
        format!("no measurement is called `{name}` ({known})")
    })
}

fn list(table: &[Bench]) -> Outcome {
    for bench in table {
        say::line(&format!("{:<20} {}", bench.name, bench.about));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_measurement_is_refused_with_the_known_ones() {
        let table =
            [Bench { name: "reconcile-noop", about: "a sweep that changes nothing", target: "reconcile" }];
        assert_eq!(
            find(&table, "reconcile").err().as_deref(),
            Some("no measurement is called `reconcile` (reconcile-noop)")
        );
        assert_eq!(
            find(&[], "x").err().as_deref(),
            Some("no measurement is called `x` (there are none yet)")
        );
        assert_eq!(find(&table, "reconcile-noop").map(|bench| bench.target).ok(), Some("reconcile"));
    }
}
