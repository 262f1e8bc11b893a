//! Checks a rule against the facts that exist: names, types, limits. Says everything that is wrong at once.

mod call;
mod certain;
mod kind;
mod logic;
mod mismatch;
mod name;

pub use self::certain::Certain;
pub(crate) use self::name::nearest;

use std::ops::Range;
use std::sync::Arc;

use self::kind::Kind;
use super::condition::{Checked, Condition, GroupName};
use super::node::{Literal, Node, NodeKind};
use super::syntax::{Expression, ExpressionKind};
use super::{Mistake, TEXT_BYTES_MAX, lexer, parser};
use crate::facts::{FactRef, FactType, Schema};

/// Checks a rule.
///
/// Refuses a text over [`TEXT_BYTES_MAX`], brackets nested deeper than [`super::DEPTH_MAX`], a shape that is
/// not CEL's, names the schema does not have, types that do not fit, and whatever of CEL rules leave out
/// (loops over lists, fractions, bytes, functions of its own). Mistakes stand in the order of the text.
pub fn check(text: &str, schema: &Schema) -> Result<Condition, Vec<Mistake>> {
    if text.len() > TEXT_BYTES_MAX {
        let what = format!("a rule of {} bytes is too long", text.len());
        let remedy = format!("keep it under {TEXT_BYTES_MAX} bytes, or split it into several rules");
        return Err(vec![Mistake::new(&(0..text.len()), what, remedy)]);
    }
    let (tokens, mistakes) = lexer::tokens(text);
    let mut checker = Checker { schema, text, mistakes, facts: Vec::new(), groups: Vec::new() };
    let root = match parser::parse(&tokens) {
        Ok(expression) => checker.truth(&expression),
        Err(mistake) => {
            // The shape says more than the spelling of the same token.
            checker.mistakes.retain(|known| known.span != mistake.span);
            checker.mistakes.push(mistake);
            Node { kind: NodeKind::Literal(Literal::Null), span: 0..0 }
        }
    };
    let Checker { mut mistakes, facts, groups, .. } = checker;
    if mistakes.is_empty() {
        return Ok(Condition { inner: Arc::new(Checked { text: text.to_owned(), root, facts, groups }) });
    }
    mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
    mistakes.dedup();
    Err(mistakes)
}

/// A node and what it is.
struct Typed {
    node: Node,
    kind: Kind,
}

struct Checker<'a> {
    schema: &'a Schema,
    text: &'a str,
    mistakes: Vec<Mistake>,
    facts: Vec<FactRef>,
    groups: Vec<GroupName>,
}

impl Checker<'_> {
    fn mistake(&mut self, span: &Range<usize>, what: impl Into<String>, remedy: impl Into<String>) {
        self.mistakes.push(Mistake::new(span, what, remedy));
    }

    /// Notes a mistake; what stands there is then taken for anything, so that it is told once.
    fn broken(&mut self, span: &Range<usize>, what: impl Into<String>, remedy: impl Into<String>) -> Typed {
        self.mistake(span, what, remedy);
        nothing(span)
    }

    /// The text as written, for suggestions.
    fn written(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or("…")
    }

    fn value(&mut self, expression: &Expression) -> Typed {
        let span = &expression.span;
        match &expression.kind {
            ExpressionKind::Null => typed(span, Kind::Null, NodeKind::Literal(Literal::Null)),
            ExpressionKind::Bool(value) => typed(span, Kind::Bool, NodeKind::Literal(Literal::Bool(*value))),
            ExpressionKind::Int(value) => typed(span, Kind::Int, NodeKind::Literal(Literal::Int(*value))),
            ExpressionKind::Text(text) => {
                typed(span, Kind::Text, NodeKind::Literal(Literal::Text(text.clone())))
            }
            ExpressionKind::Name(name) if name == "now" => typed(span, Kind::Time, NodeKind::Now),
            ExpressionKind::Name(_) | ExpressionKind::Select(..) => self.fact_value(expression),
            ExpressionKind::Call(call) => self.call(call, span),
            ExpressionKind::List(_) => self.broken(
                span,
                "a list stands alone here",
                "ask with `in`, as in `forum.trust_level in [3, 4]`",
            ),
            ExpressionKind::Not(inner) => {
                let inner = self.truth(inner);
                typed(span, Kind::Bool, NodeKind::Not(Box::new(inner)))
            }
            ExpressionKind::Negate(inner) => self.negated(inner, span),
            ExpressionKind::Compare(symbol, left, right) => self.comparison(*symbol, left, right, span),
            ExpressionKind::In(left, right) => self.membership(left, right, span),
            ExpressionKind::Arithmetic(symbol, left, right) => self.arithmetic(*symbol, left, right, span),
            ExpressionKind::All(parts) => {
                let parts = parts.iter().map(|part| self.truth(part)).collect();
                typed(span, Kind::Bool, NodeKind::All(parts))
            }
            ExpressionKind::Any(parts) => {
                let parts = parts.iter().map(|part| self.truth(part)).collect();
                typed(span, Kind::Bool, NodeKind::Any(parts))
            }
            ExpressionKind::Choose(parts) => self.choice(parts, span),
        }
    }

    fn fact_value(&mut self, expression: &Expression) -> Typed {
        let span = &expression.span;
        let Some((fact, kind)) = self.fact(expression) else { return nothing(span) };
        typed(span, Kind::of(kind), NodeKind::Fact(fact))
    }

    fn use_fact(&mut self, fact: FactRef) -> Option<(FactRef, FactType)> {
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
        Some((fact, self.schema.spec(fact)?.kind))
    }

    fn use_group(&mut self, source: usize, name: &str) -> usize {
        let known = self.groups.iter().position(|group| group.source == source && group.name == name);
        known.unwrap_or_else(|| {
            self.groups.push(GroupName { source, name: name.to_owned() });
            self.groups.len() - 1
        })
    }
}

fn typed(span: &Range<usize>, kind: Kind, node: NodeKind) -> Typed {
    Typed { node: Node { kind: node, span: span.clone() }, kind }
}

fn nothing(span: &Range<usize>) -> Typed {
    typed(span, Kind::Broken, NodeKind::Literal(Literal::Null))
}
