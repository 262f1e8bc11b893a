//! A rule after checking: every name is a place, every type fits, every pattern is compiled.

use std::ops::Range;

use regex::Regex;

use crate::facts::FactRef;
use crate::time::Timestamp;

/// A checked expression and its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) span: Range<usize>,
}

impl Node {
    /// Shows it and everything in it, in the order of the text.
    pub(super) fn walk<'a>(&'a self, see: &mut impl FnMut(&'a NodeKind)) {
        see(&self.kind);
        match &self.kind {
            NodeKind::Literal(_)
            | NodeKind::Now
            | NodeKind::Fact(_)
            | NodeKind::Has(_)
            | NodeKind::GroupCount(_)
            | NodeKind::InGroup { .. } => {}
            NodeKind::InList(inner, _)
            | NodeKind::Matches(inner, _)
            | NodeKind::Size(inner)
            | NodeKind::Negate(inner)
            | NodeKind::Not(inner) => inner.walk(see),
            NodeKind::Compare(_, left, right)
            | NodeKind::Text(_, left, right)
            | NodeKind::Arithmetic(_, left, right) => {
                left.walk(see);
                right.walk(see);
            }
            NodeKind::All(parts) | NodeKind::Any(parts) => parts.iter().for_each(|part| part.walk(see)),
            NodeKind::Choose(parts) => parts.iter().for_each(|part| part.walk(see)),
        }
    }

    /// The facts it asks, each once, in the order of the text.
    pub(super) fn facts(&self) -> Vec<FactRef> {
        let mut facts = Vec::new();
        self.walk(&mut |kind| {
            if let NodeKind::Fact(fact)
            | NodeKind::Has(fact)
            | NodeKind::GroupCount(fact)
            | NodeKind::InGroup { fact, .. } = kind
                && !facts.contains(fact)
            {
                facts.push(*fact);
            }
        });
        facts
    }

    /// The groups it names, as places in the condition's groups.
    pub(super) fn groups(&self) -> Vec<usize> {
        let mut groups = Vec::new();
        self.walk(&mut |kind| {
            if let NodeKind::InGroup { group, .. } = kind {
                groups.push(*group);
            }
        });
        groups
    }
}

/// A checked expression.
#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    Literal(Literal),
    Now,
    Fact(FactRef),
    Has(FactRef),
    /// Whether the person is in a group; `group` is a place in the condition's groups.
    InGroup {
        fact: FactRef,
        group: usize,
    },
    GroupCount(FactRef),
    Compare(Comparison, Box<Node>, Box<Node>),
    InList(Box<Node>, Vec<Literal>),
    Text(TextTest, Box<Node>, Box<Node>),
    Matches(Box<Node>, Regex),
    Size(Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Choose(Box<[Node; 3]>),
}

/// A value written in the rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Time(Timestamp),
    /// Milliseconds.
    Duration(i64),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison with its sides exchanged: `a < b` is `b > a`.
    pub(super) fn exchanged(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal | Self::NotEqual => self,
        }
    }

    /// The comparison that holds when this one does not (of two values that are both there).
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }
}

/// What two numbers, moments or lengths of time become together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// What is asked of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}
