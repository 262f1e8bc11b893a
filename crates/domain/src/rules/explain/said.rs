//! Values as people say them: texts in quotes, moments as dates, lengths of time in days.

use unicode_segmentation::UnicodeSegmentation;

use crate::nickname::clean;

/// The longest text that is shown, in clusters.
const TEXT_CLUSTERS_MAX: usize = 40;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Text from outside, cleaned, cut and in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("“{}”", shortened(text))
}

/// Text, cleaned and cut.
pub(super) fn shortened(text: &str) -> String {
    // Enough for the shown clusters, so that a text of megabytes costs no more than a short one.
    let beginning: String = text.chars().take(TEXT_CLUSTERS_MAX * 8).collect();
    let cleaned = clean(&beginning);
    let mut clusters = cleaned.graphemes(true);
    let mut shown: String = clusters.by_ref().take(TEXT_CLUSTERS_MAX).collect();
    if clusters.next().is_some() || beginning.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// A moment: `2026-01-31`, with the time of day when it is not midnight.
pub(super) fn moment(milliseconds: i64) -> String {
    let Some(moment) = chrono::DateTime::from_timestamp_millis(milliseconds) else {
        return "a moment out of reach".to_owned();
    };
    let format = if milliseconds % DAY_MS == 0 { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M UTC" };
    moment.format(format).to_string()
}

/// A moment as a date, and how long ago it was.
pub(super) fn moment_ago(milliseconds: i64, now: i64) -> String {
    let day = moment(milliseconds.saturating_sub(milliseconds.rem_euclid(DAY_MS)));
    let ago = now.saturating_sub(milliseconds);
    if ago >= 0 {
        format!("{day} ({} ago)", about(ago))
    } else {
        format!("{day} (in {})", about(ago.saturating_neg()))
    }
}

/// A length of time, exactly: `30 days`, `90 minutes`.
pub(super) fn length_of_time(milliseconds: i64) -> String {
    let units =
        [(DAY_MS, "day"), (HOUR_MS, "hour"), (MINUTE_MS, "minute"), (1000, "second"), (1, "millisecond")];
    let unit = units.iter().find(|(size, _)| milliseconds != 0 && milliseconds % size == 0);
    unit.map_or_else(|| "no time".to_owned(), |(size, name)| counted(milliseconds / size, name))
}

/// A length of time, roughly.
fn about(milliseconds: i64) -> String {
    let units = [(DAY_MS, "day"), (HOUR_MS, "hour"), (MINUTE_MS, "minute")];
    let unit = units.iter().find(|(size, _)| milliseconds >= *size);
    unit.map_or_else(|| "less than a minute".to_owned(), |(size, name)| counted(milliseconds / size, name))
}

fn counted(count: i64, unit: &str) -> String {
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}
