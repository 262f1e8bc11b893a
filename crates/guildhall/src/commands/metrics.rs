//! `guildhall metrics`: the reference of all metrics, made from their table.

use clap::Args;
use service::metrics::{Label, METRICS, Metric};

use super::say;
use super::stopped::Stopped;
use crate::cli::Ending;

/// Nothing to choose.
#[derive(Debug, Args)]
pub struct Arguments {}

/// What a reader should know before the table.
const OPENING: &str = "\
The hall tells these numbers on `/metrics`, in the format of Prometheus and in OpenMetrics, where `metrics` under
`[hall]` says: on a listener of their own, and nowhere by default. [Watching it](../guide/running.md#watch-it) says how
to read them.

A counter begins at 0 with each start. Lengths of time are in seconds. Labels hold ids of servers and names of sources as
the settings have them, never who somebody is. Of several halls on one database each tells its own counters, and what
stands in the database all of them tell alike.
";

pub(super) fn run(_arguments: &Arguments) -> Result<Ending, Stopped> {
    say::document(&reference())?;
    Ok(Ending::Done)
}

/// The reference of all metrics, in Markdown.
fn reference() -> String {
    let mut text = format!(
        "# Metrics\n\nMade by `guildhall metrics`; edit `crates/service/src/metrics/table.rs`.\n\n{OPENING}\n\
         | metric | is a | labels | tells |\n| --- | --- | --- | --- |\n"
    );
    text.extend(METRICS.iter().map(row));
    text.push_str("\n## Labels\n\n| label | of | values |\n| --- | --- | --- |\n");
    for label in labels() {
        let of = METRICS.iter().filter(|metric| metric.labels.contains(&label));
        let of: Vec<String> = of.map(|metric| format!("`{}`", metric.name)).collect();
        text.push_str(&format!("| `{}` | {} | {} |\n", label.name, of.join(", "), label.values));
    }
    text
}

fn row(metric: &Metric) -> String {
    let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{}`", label.name)).collect();
    format!("| `{}` | {} | {} | {} |\n", metric.name, metric.kind.word(), labels.join(", "), metric.help)
}

/// Every label once, in the order of the table.
fn labels() -> Vec<Label> {
    let mut known: Vec<Label> = Vec::new();
    for label in METRICS.iter().flat_map(|metric| metric.labels) {
        if !known.contains(label) {
            known.push(*label);
        }
    }
    known
}
