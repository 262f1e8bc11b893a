//! Lengths of time, written with their unit: `"90s"`, `"60m"`, `"7d"`.

use std::time::Duration;

use super::Kind;
use crate::settings::given::{Given, Wrong, repeated};

const MINUTE_SECONDS: u64 = 60;
const HOUR_SECONDS: u64 = 60 * MINUTE_SECONDS;
const DAY_SECONDS: u64 = 24 * HOUR_SECONDS;

/// The units, the longest first.
const UNITS: [(&str, u64); 4] = [("d", DAY_SECONDS), ("h", HOUR_SECONDS), ("m", MINUTE_SECONDS), ("s", 1)];

/// A length of time between two others, both included.
pub(in crate::settings) struct Span {
    pub(in crate::settings) least: Duration,
    pub(in crate::settings) most: Duration,
}

impl Span {
    /// From so many seconds to so many days.
    pub(in crate::settings) const fn seconds_to_days(least_seconds: u64, most_days: u64) -> Self {
        Self {
            least: Duration::from_secs(least_seconds),
            most: Duration::from_secs(most_days.saturating_mul(DAY_SECONDS)),
        }
    }
}

impl Kind for Span {
    type Value = Duration;

    fn words(&self) -> String {
        format!("duration from {} to {}", written(self.least), written(self.most))
    }

    fn read(&self, given: &Given<'_>) -> Result<Duration, Vec<Wrong>> {
        let key = given.key;
        if let Some(number) = given.value.get_ref().as_integer() {
            let number = number.as_str();
            let unit: String = given.presence.shown().chars().filter(char::is_ascii_alphabetic).collect();
            let units = "s, m, h and d are seconds, minutes, hours and days";
            let remedy = format!("write {key} = \"{number}{unit}\": {units}");
            return Err(given.wrong_because(format!("{number} of what? a duration needs its unit"), remedy));
        }
        let text = given.text()?;
        let Some(duration) = parse(text) else {
            let what = format!("{} is not a duration: one number and one of s, m, h, d", repeated(text));
            return Err(given.wrong(what));
        };
        if duration < self.least || duration > self.most {
            let (least, most) = (written(self.least), written(self.most));
            let what = format!("{} is outside of {least} to {most}", repeated(text));
            let bound = if duration < self.least { (least, "more") } else { (most, "less") };
            return Err(given.wrong_because(what, format!("write {key} = \"{}\" or {}", bound.0, bound.1)));
        }
        Ok(duration)
    }
}

fn parse(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, unit_seconds) = UNITS.iter().find(|(name, _)| *name == unit.trim_start_matches(' '))?;
    number.parse::<u64>().ok()?.checked_mul(*unit_seconds).map(Duration::from_secs)
}

/// A length of time as the file writes it, in the longest unit that leaves a whole number.
pub(in crate::settings) fn written(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let fits = |unit_seconds: u64| seconds >= unit_seconds && seconds.is_multiple_of(unit_seconds);
    let (unit, unit_seconds) = UNITS.into_iter().find(|(_, length)| fits(*length)).unwrap_or(("s", 1));
    format!("{}{unit}", seconds.checked_div(unit_seconds).unwrap_or(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_one_number_and_one_unit() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("60m", Some(3_600)),
            ("60 m", Some(3_600)),
            ("0h", Some(0)),
            ("7d", Some(604_800)),
            ("", None),
            ("s", None),
            ("90", None),
            ("1h30m", None),
            ("-1s", None),
            ("1.5h", None),
            ("1w", None),
            ("٣s", None),
            ("99999999999999999999d", None),
        ] {
            assert_eq!(parse(text), seconds.map(Duration::from_secs), "{text:?}");
        }
    }

    #[test]
    fn durations_are_written_in_the_longest_unit_that_fits() {
        for (seconds, expected) in [(0, "0s"), (90, "90s"), (3_600, "1h"), (5_400, "90m"), (604_800, "7d")] {
            assert_eq!(written(Duration::from_secs(seconds)), expected);
        }
    }
}
