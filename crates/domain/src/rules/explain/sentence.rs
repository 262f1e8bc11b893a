//! Reasons as sentences: to the person, and about the person.

use super::{Explanation, Known, Reason, ReasonKind};
use crate::rules::truth::Truth;

/// Flags that read as a noun.
const NOUNS: [&str; 5] = ["admin", "moderator", "staff member", "owner", "member"];

/// Flags that read as they stand: "you are suspended".
const ADJECTIVES: [&str; 9] = [
    "active",
    "approved",
    "staged",
    "silenced",
    "suspended",
    "anonymised",
    "deactivated",
    "paid",
    "verified",
];

impl Explanation {
    /// To the person: "your trust level is 2 and you are not in the group makers". No capital, no full stop.
    pub fn second_person(&self) -> String {
        let said = unique(self.reasons.iter().map(Reason::second_person));
        self.together(said)
    }

    /// About the person: "trust level 2 on forum". Says nothing that the source hides from others.
    pub fn third_person(&self) -> String {
        let mut said: Vec<String> = Vec::new();
        for (place, reason) in self.reasons.iter().enumerate() {
            // The source is named once for all that it says in a row.
            let goes_on = self.reasons.get(place + 1).is_some_and(|next| next.source == reason.source);
            said.push(if goes_on { reason.statement() } else { reason.third_person() });
        }
        self.together(unique(said.into_iter()))
    }

    fn together(&self, mut said: Vec<String>) -> String {
        if said.is_empty() {
            return match self.truth {
                Truth::True => "the rule holds for everybody",
                Truth::False => "the rule holds for nobody",
                Truth::Unknown => "the rule cannot be decided",
            }
            .to_owned();
        }
        if self.more > 0 {
            said.push(format!("{} more", self.more));
        }
        let last = said.pop().unwrap_or_default();
        if said.is_empty() { last } else { format!("{} and {last}", said.join(", ")) }
    }
}

impl Reason {
    /// To the person: "your trust level is 2". A hidden group stays unnamed: a forum may hide it from its own
    /// members too.
    pub fn second_person(&self) -> String {
        let Self { label, says, .. } = self;
        match (self.kind, self.known) {
            (ReasonKind::Clock, _) => format!("it is {says}"),
            (ReasonKind::Group, _) if self.private => "a hidden group decides it".to_owned(),
            (ReasonKind::Group, Known::Unknown) => {
                format!("whether you are {} is not known at the moment", self.group_named(""))
            }
            (ReasonKind::Group, _) => format!("you are {}", self.group_named(says)),
            (ReasonKind::GroupCount, Known::Unknown) => {
                "how many groups you are in is not known at the moment".to_owned()
            }
            (ReasonKind::GroupCount, Known::Null) => "you are in no group".to_owned(),
            (ReasonKind::GroupCount, Known::Value) => format!("you are in {}", groups(says)),
            (ReasonKind::Flag, Known::Unknown) => match flag(label) {
                Some(word) => format!("whether you are {word} is not known at the moment"),
                None => format!("your {label} is not known at the moment"),
            },
            (ReasonKind::Flag, _) => match (flag(label), says.as_str()) {
                (Some(word), "yes") => format!("you are {word}"),
                (Some(word), _) => format!("you are not {word}"),
                (None, says) => format!("your {label} says {says}"),
            },
            (_, Known::Unknown) => format!("your {label} is not known at the moment"),
            (_, Known::Null) => format!("you have no {label}"),
            (ReasonKind::Moment | ReasonKind::Value, Known::Value) => format!("your {label} is {says}"),
        }
    }

    /// About the person, with the source: "trust level 2 on forum". What is private stays unsaid.
    pub fn third_person(&self) -> String {
        let statement = self.statement();
        self.source.as_ref().map_or_else(|| statement.clone(), |source| format!("{statement} on {source}"))
    }

    fn statement(&self) -> String {
        if self.private {
            return "something private".to_owned();
        }
        let Self { label, says, .. } = self;
        match (self.kind, self.known) {
            (ReasonKind::Clock, _) => format!("it is {says}"),
            (ReasonKind::Group, Known::Unknown) => format!("unknown whether {}", self.group_named("")),
            (ReasonKind::Group, _) => self.group_named(says),
            (ReasonKind::GroupCount, Known::Value) => format!("in {}", groups(says)),
            (ReasonKind::GroupCount, Known::Null) => "in no group".to_owned(),
            (ReasonKind::Flag, Known::Value | Known::Null) => match (flag(label), says.as_str()) {
                (Some(_), "yes") => label.clone(),
                (Some(_), _) => format!("not {label}"),
                (None, says) => format!("{label} {says}"),
            },
            (_, Known::Unknown) => format!("{label} unknown"),
            (_, Known::Null) => format!("no {label}"),
            (_, Known::Value) => format!("{label} {says}"),
        }
    }

    /// `in the group makers`, by what the source says, or by what the rule needs where it says nothing.
    fn group_named(&self, says: &str) -> String {
        let needed = self.needs.trim_start_matches("not ");
        if says.starts_with("not ") { format!("not {needed}") } else { needed.to_owned() }
    }
}

fn flag(label: &str) -> Option<String> {
    if ADJECTIVES.contains(&label) {
        return Some(label.to_owned());
    }
    let vowel = label.starts_with(['a', 'e', 'i', 'o', 'u']);
    NOUNS.contains(&label).then(|| format!("{} {label}", if vowel { "an" } else { "a" }))
}

fn groups(count: &str) -> String {
    match count {
        "0" => "no group".to_owned(),
        "1" => "1 group".to_owned(),
        _ => format!("{count} groups"),
    }
}

fn unique(sentences: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for sentence in sentences {
        if !unique.contains(&sentence) {
            unique.push(sentence);
        }
    }
    unique
}

/// How many of the reasons that were left out would say something new.
pub(super) fn unheard(shown: &[Reason], left_out: &[Reason]) -> usize {
    let heard = unique(shown.iter().map(Reason::second_person));
    let all = unique(shown.iter().chain(left_out).map(Reason::second_person));
    all.len().saturating_sub(heard.len())
}
