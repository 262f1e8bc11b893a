//! The text of all metrics: OpenMetrics as the encoder writes it, and the older format that every reader knows.

use super::table::{Kind, METRICS};

/// OpenMetrics 1.0 in Prometheus' text format 0.0.4, which has no units and no end, and which names a counter by its
/// whole name everywhere.
pub fn plain(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    for line in open_metrics.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("EOF" | "UNIT"), ..) => continue,
            (Some("#"), Some(what), Some(name), Some(rest)) if is_counter(name) => {
                text.push_str(&format!("# {what} {name}_total {rest}"));
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

/// Whether a counter is called so, but for its ending.
fn is_counter(stem: &str) -> bool {
    let mut counters = METRICS.iter().filter(|metric| metric.kind == Kind::Counter);
    counters.any(|metric| metric.name.strip_suffix("_total") == Some(stem))
}
