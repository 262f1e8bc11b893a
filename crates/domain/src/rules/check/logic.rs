//! Operators: what may stand on their sides.

use std::ops::Range;

use super::kind::Kind;
use super::{Checker, Typed, nothing, typed};
use crate::rules::arithmetic;
use crate::rules::node::{Arithmetic, Comparison, Literal, Node, NodeKind};
use crate::rules::syntax::{Expression, ExpressionKind};
use crate::rules::token::Symbol;
use crate::rules::value::Value;

impl Checker<'_> {
    /// An expression where yes or no is asked.
    pub(super) fn truth(&mut self, expression: &Expression) -> Node {
        let value = self.value(expression);
        if !value.kind.is(Kind::Bool) {
            self.not_yes_or_no(&value);
        }
        value.node
    }

    pub(super) fn comparison(
        &mut self,
        symbol: Symbol,
        left: &Expression,
        right: &Expression,
        span: &Range<usize>,
    ) -> Typed {
        if let (ExpressionKind::Compare(..), true) = (&left.kind, self.written(&left.span).ends_with(')')) {
            // `(a < b) == c` compares two answers, which is allowed.
        } else if matches!(left.kind, ExpressionKind::Compare(..)) {
            let remedy = "write both comparisons and `&&` between them, as in `1 < x && x < 5`";
            return self.broken(span, "comparisons cannot be chained", remedy);
        }
        let (left, right) = (self.value(left), self.value(right));
        let Some(comparison) = comparison(symbol) else { return nothing(span) };
        let ordering = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if !self.comparable(&left, &right, span) {
            return nothing(span);
        }
        if ordering && [left.kind, right.kind].iter().any(|kind| matches!(kind, Kind::Bool | Kind::Null)) {
            let remedy = "compare it with `==` or `!=`";
            return self.broken(span, "yes, no and null have no order", remedy);
        }
        typed(span, Kind::Bool, NodeKind::Compare(comparison, Box::new(left.node), Box::new(right.node)))
    }

    pub(super) fn membership(&mut self, left: &Expression, right: &Expression, span: &Range<usize>) -> Typed {
        if let ExpressionKind::List(items) = &right.kind {
            return self.in_list(left, items, right, span);
        }
        let right = self.value(right);
        match (right.kind, &right.node.kind) {
            (Kind::Broken, _) => nothing(span),
            (Kind::Groups, NodeKind::Fact(fact)) => {
                let ExpressionKind::Text(name) = &left.kind else {
                    let remedy = format!(
                        "write one name in quotes, as in `\"makers\" in {}`",
                        self.written(&right.node.span)
                    );
                    return self.broken(
                        &left.span,
                        "only a name in quotes can be looked for in groups",
                        remedy,
                    );
                };
                if name.trim().is_empty() {
                    return self.broken(&left.span, "a group has a name", "write it between the quotes");
                }
                let group = self.use_group(fact.source, name);
                typed(span, Kind::Bool, NodeKind::InGroup { fact: *fact, group })
            }
            _ => {
                let what =
                    format!("`in` looks into a list or into groups, and this is {}", right.kind.words());
                let remedy = format!(
                    "write `{} == {}`, or a list in square brackets",
                    self.written(&left.span),
                    self.written(&right.node.span)
                );
                self.broken(&right.node.span, what, remedy)
            }
        }
    }

    fn in_list(
        &mut self,
        left: &Expression,
        items: &[Expression],
        list: &Expression,
        span: &Range<usize>,
    ) -> Typed {
        let value = self.value(left);
        if value.kind == Kind::Groups {
            let name = items.first().map_or("\"makers\"", |item| self.written(&item.span));
            let remedy = format!("write `{name} in {}`", self.written(&left.span));
            return self.broken(span, "groups are asked the other way round", remedy);
        }
        if items.is_empty() {
            return self.broken(&list.span, "nothing is ever in an empty list", "put values into it");
        }
        let literals: Vec<Literal> = items.iter().filter_map(|item| self.item(item, &value)).collect();
        typed(span, Kind::Bool, NodeKind::InList(Box::new(value.node), literals))
    }

    fn item(&mut self, item: &Expression, value: &Typed) -> Option<Literal> {
        let item = self.value(item);
        let span = item.node.span.clone();
        match (&item.node.kind, item.kind) {
            (_, Kind::Broken) => None,
            (NodeKind::Literal(literal), _) => self.comparable(value, &item, &span).then(|| literal.clone()),
            _ => {
                let remedy = "compare with `==`, and join with `||`";
                self.mistake(&span, "a list holds written values only", remedy);
                None
            }
        }
    }

    pub(super) fn arithmetic(
        &mut self,
        symbol: Symbol,
        left: &Expression,
        right: &Expression,
        span: &Range<usize>,
    ) -> Typed {
        use Kind::{Broken, Duration, Int, Time};
        let (left, right) = (self.value(left), self.value(right));
        let Some(arithmetic) = arithmetic_of(symbol) else { return nothing(span) };
        let kind = match (left.kind, arithmetic, right.kind) {
            (Broken, ..) | (_, _, Broken) => return nothing(span),
            (Int, _, Int) => Int,
            (Time, Arithmetic::Subtract, Time)
            | (Duration, Arithmetic::Add | Arithmetic::Subtract, Duration) => Duration,
            (Time, Arithmetic::Add | Arithmetic::Subtract, Duration) | (Duration, Arithmetic::Add, Time) => {
                Time
            }
            _ => return self.cannot_count(&left, &right, span),
        };
        typed(span, kind, NodeKind::Arithmetic(arithmetic, Box::new(left.node), Box::new(right.node)))
    }

    pub(super) fn negated(&mut self, inner: &Expression, span: &Range<usize>) -> Typed {
        let inner = self.value(inner);
        let literal = match (&inner.node.kind, inner.kind) {
            (_, Kind::Broken) => return nothing(span),
            (NodeKind::Literal(literal), Kind::Int | Kind::Duration) => literal,
            (_, Kind::Int | Kind::Duration) => {
                return typed(span, inner.kind, NodeKind::Negate(Box::new(inner.node)));
            }
            (_, kind) => {
                let what = format!("a minus stands before {}", kind.words());
                let remedy = if kind == Kind::Bool { "write `!` for \"not\"" } else { "remove it" };
                return self.broken(span, what, remedy);
            }
        };
        let literal = match arithmetic::negate(Value::from(literal)) {
            Value::Int(value) => Literal::Int(value),
            Value::Duration(milliseconds) => Literal::Duration(milliseconds),
            _ => Literal::Null,
        };
        typed(span, inner.kind, NodeKind::Literal(literal))
    }

    pub(super) fn choice(&mut self, parts: &[Expression; 3], span: &Range<usize>) -> Typed {
        let [condition, holds, otherwise] = parts;
        let (condition, holds, otherwise) = (self.truth(condition), self.value(holds), self.value(otherwise));
        if !self.comparable(&holds, &otherwise, span) {
            return nothing(span);
        }
        let kind = if holds.kind == Kind::Null { otherwise.kind } else { holds.kind };
        typed(span, kind, NodeKind::Choose(Box::new([condition, holds.node, otherwise.node])))
    }
}

fn comparison(symbol: Symbol) -> Option<Comparison> {
    Some(match symbol {
        Symbol::Equal => Comparison::Equal,
        Symbol::NotEqual => Comparison::NotEqual,
        Symbol::Less => Comparison::Less,
        Symbol::LessOrEqual => Comparison::LessOrEqual,
        Symbol::Greater => Comparison::Greater,
        Symbol::GreaterOrEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn arithmetic_of(symbol: Symbol) -> Option<Arithmetic> {
    Some(match symbol {
        Symbol::Plus => Arithmetic::Add,
        Symbol::Minus => Arithmetic::Subtract,
        Symbol::Times => Arithmetic::Multiply,
        Symbol::Divide => Arithmetic::Divide,
        Symbol::Remainder => Arithmetic::Remainder,
        _ => return None,
    })
}
