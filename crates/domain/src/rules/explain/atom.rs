//! What one undivided part of a rule asks for, and how that is said.

use super::said::{length_of_time, moment, quoted};
use crate::facts::FactRef;
use crate::rules::node::{Arithmetic, Comparison, Literal, Node, NodeKind, TextTest};

/// The most values of a list that are named.
const LISTED_MAX: usize = 4;

/// An undivided part of a rule.
pub(super) enum Atom<'a> {
    Flag {
        wanted: bool,
    },
    Has,
    InGroup {
        group: usize,
    },
    /// In how many groups, against a number.
    GroupCount(Comparison, i64),
    Value(Comparison, &'a Literal),
    /// How many characters a text has.
    Length(Comparison, i64),
    /// How long ago a moment was, in milliseconds.
    Age(Comparison, i64),
    AgainstNow(Comparison),
    AgainstFact(Comparison, FactRef),
    OneOf(&'a [Literal]),
    Text(TextTest, &'a str),
    Matches(&'a str),
    /// Anything else is said as it is written.
    Other,
}

impl<'a> Atom<'a> {
    pub(super) fn of(node: &'a Node) -> Self {
        match &node.kind {
            NodeKind::Fact(_) => Self::Flag { wanted: true },
            NodeKind::Has(_) => Self::Has,
            NodeKind::InGroup { group, .. } => Self::InGroup { group: *group },
            NodeKind::Compare(comparison, left, right) => compared(*comparison, left, right)
                .or_else(|| compared(comparison.exchanged(), right, left))
                .unwrap_or(Self::Other),
            NodeKind::InList(value, items) => match value.kind {
                NodeKind::Fact(_) => Self::OneOf(items),
                _ => Self::Other,
            },
            NodeKind::Text(test, text, part) => match (&text.kind, &part.kind) {
                (NodeKind::Fact(_), NodeKind::Literal(Literal::Text(part))) => Self::Text(*test, part),
                _ => Self::Other,
            },
            NodeKind::Matches(text, pattern) => match text.kind {
                NodeKind::Fact(_) => Self::Matches(pattern.as_str()),
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// The facts it asks, in the order of the text.
    pub(super) fn facts(&self, node: &Node) -> Vec<FactRef> {
        let mut facts = node.facts();
        if let Self::AgainstFact(..) = self {
            facts.truncate(1);
        }
        facts
    }

    /// What it needs, in words that follow the label.
    pub(super) fn needs(
        &self,
        negated: bool,
        label: &dyn Fn(FactRef) -> String,
        group_name: &dyn Fn(usize) -> String,
        written: &str,
    ) -> String {
        let turned = |comparison: Comparison| if negated { comparison.opposite() } else { comparison };
        match self {
            Self::Flag { wanted } => if *wanted == negated { "no" } else { "yes" }.to_owned(),
            Self::Has => if negated { "none" } else { "any at all" }.to_owned(),
            Self::InGroup { group } => {
                let name = group_name(*group);
                if negated { format!("not in the group {name}") } else { format!("in the group {name}") }
            }
            Self::GroupCount(comparison, count) => amount(turned(*comparison), &count.to_string()),
            Self::Value(comparison, literal) => value(turned(*comparison), literal),
            Self::Length(comparison, count) => {
                let unit = if *count == 1 { "character" } else { "characters" };
                format!("{} long", amount(turned(*comparison), &format!("{count} {unit}")))
            }
            Self::Age(comparison, milliseconds) => {
                format!("{} ago", amount(turned(*comparison), &length_of_time(*milliseconds)))
            }
            Self::AgainstNow(comparison) => in_time(turned(*comparison), "now"),
            Self::AgainstFact(comparison, other) => {
                let other = format!("the {}", label(*other));
                match turned(*comparison) {
                    Comparison::Equal => format!("the same as {other}"),
                    Comparison::NotEqual => format!("other than {other}"),
                    comparison => amount(comparison, &other),
                }
            }
            Self::OneOf(items) => one_of(items, negated),
            Self::Text(test, part) => text_test(*test, part, negated),
            Self::Matches(pattern) => {
                let verb = if negated { "not like" } else { "like" };
                format!("{verb} the pattern {}", quoted(pattern))
            }
            Self::Other => {
                let written = super::said::shortened(written);
                if negated { format!("not `{written}`") } else { format!("`{written}`") }
            }
        }
    }
}

fn compared<'a>(comparison: Comparison, left: &'a Node, right: &'a Node) -> Option<Atom<'a>> {
    match (&left.kind, &right.kind) {
        (NodeKind::Fact(_), NodeKind::Literal(Literal::Bool(wanted))) => {
            let wanted = *wanted == (comparison == Comparison::Equal);
            Some(Atom::Flag { wanted })
        }
        (NodeKind::Fact(_), NodeKind::Literal(literal)) => Some(Atom::Value(comparison, literal)),
        (NodeKind::Fact(_), NodeKind::Fact(other)) => Some(Atom::AgainstFact(comparison, *other)),
        (NodeKind::Fact(_), NodeKind::Now) => Some(Atom::AgainstNow(comparison)),
        (NodeKind::Now, NodeKind::Literal(literal)) => Some(Atom::Value(comparison, literal)),
        (NodeKind::GroupCount(_), NodeKind::Literal(Literal::Int(count))) => {
            Some(Atom::GroupCount(comparison, *count))
        }
        (NodeKind::Size(text), NodeKind::Literal(Literal::Int(count))) => match text.kind {
            NodeKind::Fact(_) => Some(Atom::Length(comparison, *count)),
            _ => None,
        },
        (
            NodeKind::Arithmetic(Arithmetic::Subtract, now, then),
            NodeKind::Literal(Literal::Duration(length)),
        ) => match (&now.kind, &then.kind) {
            (NodeKind::Now, NodeKind::Fact(_)) => Some(Atom::Age(comparison, *length)),
            _ => None,
        },
        // `joined_at < now - length`: the earlier the moment, the longer ago.
        (NodeKind::Fact(_), NodeKind::Arithmetic(Arithmetic::Subtract, now, length)) => {
            match (&now.kind, &length.kind) {
                (NodeKind::Now, NodeKind::Literal(Literal::Duration(length))) => {
                    Some(Atom::Age(comparison.exchanged(), *length))
                }
                _ => None,
            }
        }
        // `joined_at + length < now`
        (NodeKind::Arithmetic(Arithmetic::Add, then, length), NodeKind::Now) => {
            match (&then.kind, &length.kind) {
                (NodeKind::Fact(_), NodeKind::Literal(Literal::Duration(length))) => {
                    Some(Atom::Age(comparison.exchanged(), *length))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn amount(comparison: Comparison, what: &str) -> String {
    match comparison {
        Comparison::Equal => what.to_owned(),
        Comparison::NotEqual => format!("anything but {what}"),
        Comparison::Less => format!("less than {what}"),
        Comparison::LessOrEqual => format!("{what} or less"),
        Comparison::Greater => format!("more than {what}"),
        Comparison::GreaterOrEqual => format!("{what} or more"),
    }
}

fn in_time(comparison: Comparison, what: &str) -> String {
    match comparison {
        Comparison::Equal => format!("exactly {what}"),
        Comparison::NotEqual => format!("any moment but {what}"),
        Comparison::Less => format!("before {what}"),
        Comparison::LessOrEqual => format!("{what} or before"),
        Comparison::Greater => format!("after {what}"),
        Comparison::GreaterOrEqual => format!("{what} or after"),
    }
}

fn value(comparison: Comparison, literal: &Literal) -> String {
    match (literal, comparison) {
        (Literal::Null, Comparison::NotEqual) => "any at all".to_owned(),
        (Literal::Time(time), _) => in_time(comparison, &moment(time.0)),
        (Literal::Text(text), Comparison::Less | Comparison::LessOrEqual) => {
            format!("{} in the alphabet", in_time(comparison, &quoted(text)))
        }
        (Literal::Text(text), Comparison::Greater | Comparison::GreaterOrEqual) => {
            format!("{} in the alphabet", in_time(comparison, &quoted(text)))
        }
        _ => amount(comparison, &written(literal)),
    }
}

fn written(literal: &Literal) -> String {
    match literal {
        Literal::Null => "none".to_owned(),
        Literal::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        Literal::Int(value) => value.to_string(),
        Literal::Text(text) => quoted(text),
        Literal::Time(time) => moment(time.0),
        Literal::Duration(milliseconds) => length_of_time(*milliseconds),
    }
}

fn one_of(items: &[Literal], negated: bool) -> String {
    let mut names: Vec<String> = items.iter().take(LISTED_MAX).map(written).collect();
    let more = items.len().saturating_sub(LISTED_MAX);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let last = names.pop().unwrap_or_default();
    let joint = if negated { "nor" } else { "or" };
    let listed = if names.is_empty() { last } else { format!("{} {joint} {last}", names.join(", ")) };
    match (negated, items.len()) {
        (false, _) => listed,
        (true, 1) => format!("anything but {listed}"),
        (true, _) => format!("neither {listed}"),
    }
}

fn text_test(test: TextTest, part: &str, negated: bool) -> String {
    let (plain, infinitive) = match test {
        TextTest::StartsWith => ("begins with", "begin with"),
        TextTest::EndsWith => ("ends with", "end with"),
        TextTest::Contains => ("contains", "contain"),
    };
    let part = quoted(part);
    if negated {
        format!("one that does not {infinitive} {part}")
    } else {
        format!("one that {plain} {part}")
    }
}
