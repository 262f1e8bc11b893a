//! A plan as a person reads it: what waits first, by role, removals first and marked.

use std::fmt;

use service::plans::{Line, Part, PlanView, What};

use super::super::asking::counted;

/// How many people are named on one role when nobody asks for all.
const NAMED_MAX: usize = 20;

/// A plan, to be shown.
pub(in crate::commands) struct Shown<'a> {
    pub(in crate::commands) view: &'a PlanView,
    /// Whether everybody is named.
    pub(in crate::commands) all: bool,
    /// What comes next, in sentences.
    pub(in crate::commands) next: &'a str,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let view = self.view;
        heading(f, view)?;
        if !view.reasons.is_empty() {
            writeln!(f, "\nWaits for your word:")?;
            for reason in &view.reasons {
                writeln!(f, "  {reason}")?;
            }
        }
        self.parts(f, &view.waits)?;
        if !view.waits.is_empty() && !view.at_once.is_empty() {
            writeln!(f, "\nNeeds no word of yours:")?;
        }
        self.parts(f, &view.at_once)?;
        for finding in &view.findings {
            writeln!(f, "\n{}\n  help: {}", finding.says, finding.remedy)?;
        }
        if view.is_empty() && !view.reasons.is_empty() {
            writeln!(f, "\nNothing would change yet.")?;
        } else if view.is_empty() {
            writeln!(f, "\nEverything is as the rules say: nothing would change.")?;
        } else {
            writeln!(f, "\nTogether: {}.", totals(view))?;
        }
        write!(f, "\n{}", self.next)
    }
}

impl Shown<'_> {
    fn parts(&self, f: &mut fmt::Formatter<'_>, parts: &[Part]) -> fmt::Result {
        parts.iter().try_for_each(|part| self.part(f, part))
    }

    fn part(&self, f: &mut fmt::Formatter<'_>, part: &Part) -> fmt::Result {
        let people = part.lines.len();
        let (sign, title) = match part.what {
            What::Take => ("-", format!("{}: taken from {}", part.role, counted(people, "member"))),
            What::Give => ("+", format!("{}: given to {}", part.role, counted(people, "member"))),
            What::Rename => {
                ("~", format!("Nicknames: {} would be called otherwise", counted(people, "member")))
            }
        };
        writeln!(f, "\n{title}")?;
        let most = if self.all { usize::MAX } else { NAMED_MAX };
        for line in part.lines.iter().take(most) {
            writeln!(f, "  {sign} {}", said(part.what, line))?;
        }
        match people.saturating_sub(most) {
            0 => Ok(()),
            more => writeln!(f, "  {sign} and {more} more (--all names them)"),
        }
    }
}

fn heading(f: &mut fmt::Formatter<'_>, view: &PlanView) -> fmt::Result {
    write!(f, "The server {} ({})", view.guild_name, view.guild)?;
    if let Some(plan) = view.plan {
        write!(f, ", plan {plan}")?;
    }
    match view.revision {
        Some(revision) => writeln!(f, ", by revision {revision} of its rules"),
        None => writeln!(f),
    }
}

fn said(what: What, line: &Line) -> String {
    let who =
        line.name.as_ref().map_or_else(|| line.user.to_string(), |name| format!("{name} ({})", line.user));
    let because = &line.because;
    match (what, line.nickname.as_deref().unwrap_or_default()) {
        (What::Take | What::Give, _) => format!("{who}: {because}"),
        (What::Rename, "") => format!("{who}: no nickname: {because}"),
        (What::Rename, nickname) => format!("{who}: “{nickname}”: {because}"),
    }
}

/// What a plan does, counted: `takes 2 roles, gives 1 role`.
pub(in crate::commands) fn totals(view: &PlanView) -> String {
    let counts =
        [(view.takes, "role", "taken"), (view.gives, "role", "given"), (view.renames, "nickname", "changed")];
    let said = counts.iter().filter(|(count, _, _)| *count > 0);
    said.map(|(count, one, done)| format!("{} {done}", counted(*count, one))).collect::<Vec<_>>().join(", ")
}
