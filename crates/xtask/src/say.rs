//! What the person at the terminal reads. The only file of this crate that writes to it.

use std::io::{Write, stderr, stdout};
use std::time::Duration;

/// One line of ordinary output. A closed pipe is not our failure, so it is ignored.
pub(crate) fn line(text: &str) {
    let mut out = stdout().lock();
    drop(writeln!(out, "{text}"));
    drop(out.flush());
}

/// A heading before a step, set apart so that it is found again in a long log.
pub(crate) fn heading(text: &str) {
    line(&format!("\n=== {text}"));
}

/// Something that is not a failure but that one should know.
pub(crate) fn note(text: &str) {
    line(&format!("note: {text}"));
}

/// What went wrong, on the error stream.
pub(crate) fn error(text: &str) {
    drop(writeln!(stderr().lock(), "error: {text}"));
}

/// Seconds with one decimal below a minute, else minutes and seconds.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_as_seconds_or_minutes() {
        for (milliseconds, expected) in
            [(40, "0.0 s"), (1_500, "1.5 s"), (59_900, "59.9 s"), (125_000, "2 min 05 s")]
        {
            assert_eq!(duration(Duration::from_millis(milliseconds)), expected);
        }
    }
}
