//! A rehearsal as a person reads it: by role, what is lost first.

use std::fmt;

use service::rules::{NicknameRehearsed, Rehearsal, RoleRehearsed, SomebodyNamed};

/// How many people are named on one side of a role when nobody asks for all.
const NAMED_MAX: usize = 20;

/// A rehearsal, to be shown.
pub(super) struct Shown<'a> {
    pub(super) rehearsal: &'a Rehearsal,
    /// Whether everybody is named.
    pub(super) all: bool,
    /// Whether the sources were asked.
    pub(super) read: bool,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rehearsal { guild, revision, difference, released, members, roles, nicknames, findings } =
            self.rehearsal;
        let compared = revision.map_or_else(
            || "rules that no hall has followed yet".to_owned(),
            |revision| format!("revision {revision}"),
        );
        writeln!(f, "The server {guild}, against {compared}, for {}:", counted(*members, "linked member"))?;
        for line in difference {
            writeln!(f, "  {line}")?;
        }
        if difference.is_empty() {
            writeln!(f, "  the rules say the same")?;
        }
        for role in released {
            writeln!(f, "\n{role}: has no rule any more; whoever holds it keeps it")?;
        }
        for role in roles {
            self.role(f, role)?;
        }
        self.nicknames(f, nicknames)?;
        for finding in findings {
            writeln!(f, "\n{}\n  help: {}", finding.says(), finding.remedy())?;
        }
        if roles.is_empty() && nicknames.is_empty() {
            writeln!(f, "\nNobody would gain or lose anything.")?;
        }
        write!(f, "\nNothing was changed.")
    }
}

impl Shown<'_> {
    fn role(&self, f: &mut fmt::Formatter<'_>, rehearsed: &RoleRehearsed) -> fmt::Result {
        let RoleRehearsed { role, loses, gains, unknown } = rehearsed;
        let side = |people: &[SomebodyNamed], verb: &str| {
            (!people.is_empty()).then(|| format!("{} would {verb} it", people.len()))
        };
        let sides: Vec<String> = [side(loses, "lose"), side(gains, "gain")].into_iter().flatten().collect();
        let nobody = "nobody would lose or gain it, as far as is known".to_owned();
        let sides = if sides.is_empty() { nobody } else { sides.join(", ") };
        writeln!(f, "\n{role}: {sides}")?;
        self.people(f, "-", loses)?;
        self.people(f, "+", gains)?;
        if *unknown > 0 {
            let people = counted(*unknown, "member");
            let why = match self.read {
                true => "a source does not say what the rule asks for",
                false => "nobody asked for a fact in the rule until now (--read asks)",
            };
            writeln!(f, "  ? {people} cannot be judged: {why}")?;
        }
        Ok(())
    }

    fn people(&self, f: &mut fmt::Formatter<'_>, sign: &str, people: &[SomebodyNamed]) -> fmt::Result {
        let most = self.most();
        for one in people.iter().take(most) {
            writeln!(f, "  {sign} {}", called(one))?;
        }
        more(f, sign, people.len().saturating_sub(most))
    }

    fn nicknames(&self, f: &mut fmt::Formatter<'_>, nicknames: &[NicknameRehearsed]) -> fmt::Result {
        if nicknames.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nNicknames: {} would be called otherwise", nicknames.len())?;
        let most = self.most();
        for NicknameRehearsed { who, was, is } in nicknames.iter().take(most) {
            let name = |name: &Option<String>| {
                name.as_ref().map_or_else(|| "as they are now".to_owned(), |name| format!("“{name}”"))
            };
            writeln!(f, "  ~ {}: {}, instead of {}", called(who), name(is), name(was))?;
        }
        more(f, "~", nicknames.len().saturating_sub(most))
    }

    fn most(&self) -> usize {
        if self.all { usize::MAX } else { NAMED_MAX }
    }
}

fn more(f: &mut fmt::Formatter<'_>, sign: &str, more: usize) -> fmt::Result {
    if more == 0 {
        return Ok(());
    }
    writeln!(f, "  {sign} and {more} more (--all names them)")
}

fn called(one: &SomebodyNamed) -> String {
    one.name.as_ref().map_or_else(|| one.user.to_string(), |name| format!("{name} ({})", one.user))
}

fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
