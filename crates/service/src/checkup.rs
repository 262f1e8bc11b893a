//! What a look at the hall's surroundings found, for a person and for machines alike: plain values.

use std::fmt;
use std::time::Duration;

use domain::time::Timestamp;
use serde::Serialize;

/// How far two clocks may be apart before somebody should look at them …
const CLOCKS_APART: Duration = Duration::from_secs(30);
/// … and before addresses that last ten minutes end too early or too late.
const CLOCKS_FAR_APART: Duration = Duration::from_secs(300);

/// How something that was looked at fares. The later ones are worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It could not be tried, because something before it is missing.
    NotTried,
    /// It works, and something is lost or will go wrong one day.
    Warning,
    /// It does not work until somebody does something.
    Broken,
}

impl Verdict {
    /// The word before a line, six letters wide at most.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NotTried => "-",
            Self::Warning => "warn",
            Self::Broken => "BROKEN",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, in two or three words that stay the same: `bot token`.
    pub looked_at: String,
    /// How it fares.
    pub verdict: Verdict,
    /// What was found, in sentences.
    pub says: String,
    /// What to do about it, in sentences; `None` where nothing needs to be done.
    pub remedy: Option<String>,
}

impl Check {
    /// It is as it should be.
    pub fn ok(looked_at: &str, says: impl Into<String>) -> Self {
        Self { looked_at: looked_at.to_owned(), verdict: Verdict::Ok, says: says.into(), remedy: None }
    }

    /// It could not be tried; `says` names what is missing before it.
    pub fn not_tried(looked_at: &str, says: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotTried, ..Self::ok(looked_at, says) }
    }

    /// It works, and something is lost.
    pub fn warning(looked_at: &str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warning, remedy: Some(remedy.into()), ..Self::ok(looked_at, says) }
    }

    /// It does not work.
    pub fn broken(looked_at: &str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { verdict: Verdict::Broken, remedy: Some(remedy.into()), ..Self::ok(looked_at, says) }
    }

    /// The same with a remedy, where it has none yet.
    pub fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: self.remedy.or_else(|| Some(remedy.into())), ..self }
    }

    /// Whether it works, if perhaps not in full.
    pub fn works(&self) -> bool {
        matches!(self.verdict, Verdict::Ok | Verdict::Warning)
    }
}

/// How far a peer's clock is from ours, which was asked before and after. What the answer took is not held
/// against it.
pub fn clock(peer: &str, before: Timestamp, after: Timestamp, theirs: Timestamp) -> Check {
    let (ahead, behind) = (theirs.since(after), before.since(theirs));
    let apart = ahead.max(behind);
    let seconds = apart.as_secs();
    let side = if ahead > behind { "behind" } else { "ahead of" };
    let says = format!("This machine's clock is {seconds} seconds {side} that of {peer}.");
    let remedy = "Let the machine keep its time by itself: `timedatectl set-ntp true`.";
    match apart {
        _ if apart < CLOCKS_APART => Check::ok("clock", format!("It agrees with that of {peer}.")),
        _ if apart < CLOCKS_FAR_APART => Check::warning("clock", says, remedy),
        _ => Check::broken("clock", says, remedy),
    }
}

/// What is wrong, or not, with one check: `BROKEN  bot token: …`, and its remedy in a line of its own.
impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { looked_at, verdict, says, remedy } = self;
        write!(f, "  {:<6}  {looked_at}: {says}", verdict.word())?;
        match remedy {
            Some(remedy) => write!(f, "\n          What to do: {}", remedy.replace('\n', "\n          ")),
            None => Ok(()),
        }
    }
}

/// Checks about one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The place, as people call it: `Discord`, `the forum https://forum.example.org`.
    pub title: String,
    /// What was looked at there, in the order in which one thing needs another.
    pub checks: Vec<Check>,
}

/// Everything that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checkup {
    /// Place by place.
    pub sections: Vec<Section>,
}

impl Checkup {
    /// Adds what was looked at in one place; nothing for a place without checks.
    pub fn add(&mut self, title: impl Into<String>, checks: Vec<Check>) {
        if !checks.is_empty() {
            self.sections.push(Section { title: title.into(), checks });
        }
    }

    /// The worst there is; all right where nothing was looked at.
    pub fn verdict(&self) -> Verdict {
        self.checks().map(|check| check.verdict).max().unwrap_or(Verdict::Ok)
    }

    /// How many checks fare so.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.checks().filter(|check| check.verdict == verdict).count()
    }

    fn checks(&self) -> impl Iterator<Item = &Check> {
        self.sections.iter().flat_map(|section| &section.checks)
    }
}

impl fmt::Display for Checkup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Section { title, checks } in &self.sections {
            writeln!(f, "{title}")?;
            for check in checks {
                writeln!(f, "{check}")?;
            }
            writeln!(f)?;
        }
        let warnings = self.count(Verdict::Warning);
        let also = match warnings {
            0 => String::new(),
            1 => "; 1 warning".to_owned(),
            many => format!("; {many} warnings"),
        };
        match self.count(Verdict::Broken) {
            0 => write!(f, "Nothing is broken{also}."),
            1 => write!(f, "1 thing is broken{also}."),
            many => write!(f, "{many} things are broken{also}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_reads_what_was_found_and_what_to_do_place_by_place() {
        let mut checkup = Checkup::default();
        checkup.add("Discord", vec![Check::ok("bot token", "It is Guildhall's."), sample()]);
        checkup.add("the forum", Vec::new());
        let text = checkup.to_string();
        assert_eq!(
            text,
            "Discord\n  ok      bot token: It is Guildhall's.\n  BROKEN  server: The bot is not in it.\n          \
             What to do: Invite it.\n\n1 thing is broken."
        );
    }

    #[test]
    fn the_worst_decides_and_what_was_not_tried_breaks_nothing() {
        let mut checkup = Checkup::default();
        assert_eq!(checkup.verdict(), Verdict::Ok);
        checkup.add("a", vec![Check::not_tried("one", "Later."), Check::warning("two", "Hm.", "Look.")]);
        assert_eq!(checkup.verdict(), Verdict::Warning);
        assert!(checkup.to_string().ends_with("Nothing is broken; 1 warning."));
        checkup.add("b", vec![sample()]);
        assert_eq!((checkup.verdict(), checkup.count(Verdict::Broken)), (Verdict::Broken, 1));
    }

    #[test]
    fn machines_read_the_same_things() {
        let value = serde_json::to_value(sample()).unwrap();
        let expected = serde_json::json!({
            "looked_at": "server",
            "verdict": "broken",
            "says": "The bot is not in it.",
            "remedy": "Invite it.",
        });
        assert_eq!(value, expected);
    }

    fn sample() -> Check {
        Check::broken("server", "The bot is not in it.", "Invite it.")
    }
}
