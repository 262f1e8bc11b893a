//! A plan in words for the member it is about.

use domain::plan::{Act, Because, Change, Finding, Plan};
use service::plans::{Waiting, Waits};

/// One line: sign, verb, role, because.
pub(crate) struct Line {
    pub(crate) kind: Kind,
    pub(crate) role: Option<Role>,
    pub(crate) because: String,
}

/// A role by its name and colour.
pub(crate) struct Role {
    pub(crate) name: String,
    /// `#rrggbb`; empty for none.
    pub(crate) color: String,
}

/// What a line says.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Get,
    Lose,
    Nickname,
    NotYet,
}

impl Kind {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Get | Self::Nickname => "give",
            Self::Lose => "take",
            Self::NotYet => "wait",
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Get => "+",
            Self::Lose => "−",
            Self::Nickname => "✎",
            Self::NotYet => "!",
        }
    }

    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Get => "Get",
            Self::Lose => "Lose",
            Self::Nickname => "Nickname",
            Self::NotYet => "Not yet",
        }
    }
}

/// What changes for the person who looks, and what cannot.
pub(crate) fn lines(plan: &Plan, waits: &Waits) -> Vec<Line> {
    let changes = plan.changes.iter().map(|change| match waits.of(change) {
        Some(waiting) => waits_for_a_word(line(change), waiting),
        None => line(change),
    });
    changes.chain(plan.findings.iter().filter_map(cannot)).collect()
}

/// A line about what does not happen by itself.
fn waits_for_a_word(line: Line, waiting: Waiting) -> Line {
    let because = match (line.kind, line.because.as_str()) {
        (_, "") => format!("the change {waiting}"),
        (Kind::Lose, because) => format!("to be taken {because}; that {waiting}"),
        (_, because) => format!("{because}; that {waiting}"),
    };
    Line { kind: Kind::NotYet, because, ..line }
}

fn line(change: &Change) -> Line {
    let because = match &change.because {
        Because::Rule { explanation, .. } => format!("because {}", explanation.second_person()),
        Because::Template => String::new(),
        Because::Unlinked => "because you unlinked".to_owned(),
        Because::Released => "because its rule was deleted".to_owned(),
        Because::Override(_) | Because::NameOverride { .. } => "because a moderator decided so".to_owned(),
    };
    let role = |role: &domain::plan::ManagedRole| {
        Some(Role { name: role.name().to_owned(), color: color(role.color()) })
    };
    match &change.act {
        Act::Give(given) => Line { kind: Kind::Get, role: role(given), because },
        Act::Take(taken) => Line { kind: Kind::Lose, role: role(taken), because },
        Act::Nickname(Some(name)) => {
            let because = format!("becomes {name}; it comes back as it was if you unlink");
            Line { kind: Kind::Nickname, role: None, because }
        }
        Act::Nickname(None) => Line { kind: Kind::Nickname, role: None, because: "is taken away".to_owned() },
    }
}

/// What a member should know; what only owners can mend is for `check` and the log.
fn cannot(finding: &Finding) -> Option<Line> {
    match finding {
        Finding::RoleTooHigh { role, .. } => Some(Line {
            kind: Kind::NotYet,
            role: Some(Role { name: role.clone(), color: String::new() }),
            because: "that role stands above the hall's own role; an owner of the server can move it"
                .to_owned(),
        }),
        Finding::NicknameCannotFollow { .. } => {
            Some(Line { kind: Kind::Nickname, role: None, because: finding.says() })
        }
        _ => None,
    }
}

fn color(rgb: u32) -> String {
    if rgb == 0 { String::new() } else { format!("#{rgb:06x}") }
}
