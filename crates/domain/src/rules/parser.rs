//! Reads tokens into an expression by CEL's precedence (a Pratt parser).
//!
//! Follows "CEL language definition", Syntax: `?:` binds least, then `||`, `&&`, comparisons and `in`, `+ -`,
//! `* / %`, then `!` and `-` before a value, then `.`.

use std::ops::Range;

use super::syntax::{Call, Expression, ExpressionKind};
use super::token::{Symbol, Token, TokenKind};
use super::{DEPTH_MAX, Mistake};

/// Reads a whole rule. Stops at the first mistake in its shape.
pub(super) fn parse(tokens: &[Token]) -> Result<Expression, Mistake> {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    if tokens.len() <= 1 {
        return Err(parser.expected("a condition", "write one, such as `forum.trust_level >= 2`"));
    }
    let expression = parser.expression()?;
    match parser.peek() {
        TokenKind::End => Ok(expression),
        TokenKind::Symbol(Symbol::Not) => {
            let remedy =
                "for \"not in\" write `!(\"makers\" in forum.groups)`; join two conditions with `&&`";
            Err(Mistake::new(&parser.span(), "`!` stands before what it denies", remedy))
        }
        TokenKind::Symbol(Symbol::CloseParenthesis | Symbol::CloseBracket) => {
            Err(Mistake::new(&parser.span(), "nothing was opened that this closes", "remove it"))
        }
        _ => Err(Mistake::new(
            &parser.span(),
            "the condition was complete before this",
            "join two conditions with `&&` (both) or `||` (either)",
        )),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

/// How an operator between two values binds; more binds tighter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    Or,
    And,
    Compare,
    Add,
    Multiply,
    Prefix,
}

/// The operator at hand.
#[derive(Clone, Copy)]
enum Infix {
    Symbol(Symbol),
    In,
}

impl Parser<'_> {
    fn peek(&self) -> &TokenKind {
        self.tokens.get(self.at).map_or(&TokenKind::End, |token| &token.kind)
    }

    fn span(&self) -> Range<usize> {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0..0, |token| token.span.clone())
    }

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len().saturating_sub(1));
    }

    fn takes(&mut self, symbol: Symbol) -> bool {
        let found = *self.peek() == TokenKind::Symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn expected(&self, what: &str, remedy: &str) -> Mistake {
        let ended = *self.peek() == TokenKind::End;
        let found = if ended { "the rule ends" } else { "this stands" };
        Mistake::new(&self.span(), format!("{found} where {what} was expected"), remedy)
    }

    /// Runs one level deeper, and refuses a level too many.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Mistake>) -> Result<T, Mistake> {
        if self.depth == DEPTH_MAX {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&self) -> Mistake {
        let what = format!("this is nested deeper than {DEPTH_MAX} levels");
        Mistake::new(&self.span(), what, "write it flatter, or split it into several rules")
    }

    fn expression(&mut self) -> Result<Expression, Mistake> {
        self.deeper(|parser| {
            let condition = parser.binary(Power::Or)?;
            if !parser.takes(Symbol::Question) {
                return Ok(condition);
            }
            let holds = parser.expression()?;
            if !parser.takes(Symbol::Colon) {
                return Err(parser.expected("`:`", "write `condition ? this : otherwise`"));
            }
            let otherwise = parser.expression()?;
            let span = condition.span.start..otherwise.span.end;
            let kind = ExpressionKind::Choose(Box::new([condition, holds, otherwise]));
            Ok(Expression { kind, span })
        })
    }

    fn infix(&self) -> Option<(Infix, Power)> {
        use Symbol::{Divide, Minus, Plus, Remainder, Times};
        use Symbol::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let symbol = match self.peek() {
            TokenKind::Symbol(symbol) => *symbol,
            TokenKind::Name(name) if name == "in" => return Some((Infix::In, Power::Compare)),
            _ => return None,
        };
        let power = match symbol {
            Symbol::Or => Power::Or,
            Symbol::And => Power::And,
            Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual => Power::Compare,
            Plus | Minus => Power::Add,
            Times | Divide | Remainder => Power::Multiply,
            _ => return None,
        };
        Some((Infix::Symbol(symbol), power))
    }

    fn binary(&mut self, least: Power) -> Result<Expression, Mistake> {
        let mut left = self.prefix()?;
        let mut chain = 0;
        while let Some((infix, power)) = self.infix() {
            if power < least {
                break;
            }
            // Chains of `&&` and `||` are kept flat; every other chain is a tree that grows to the left.
            chain += usize::from(power > Power::And);
            if chain > DEPTH_MAX {
                return Err(self.too_deep());
            }
            self.advance();
            let right = self.binary(tighter(power))?;
            left = joined(infix, left, right);
        }
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Expression, Mistake> {
        let start = self.span().start;
        let wrap: fn(Box<Expression>) -> ExpressionKind = match self.peek() {
            TokenKind::Symbol(Symbol::Not) => ExpressionKind::Not,
            TokenKind::Symbol(Symbol::Minus) => ExpressionKind::Negate,
            _ => return self.postfix(),
        };
        self.advance();
        let inner = self.deeper(Self::prefix)?;
        Ok(Expression { span: start..inner.span.end, kind: wrap(Box::new(inner)) })
    }

    fn postfix(&mut self) -> Result<Expression, Mistake> {
        let mut inner = self.primary()?;
        let mut chain = 0;
        loop {
            chain += 1;
            if chain > DEPTH_MAX {
                return Err(self.too_deep());
            }
            if self.takes(Symbol::Dot) {
                inner = self.member(inner)?;
            } else if *self.peek() == TokenKind::Symbol(Symbol::OpenBracket) {
                let remedy = "write the name after a dot, as in `forum.title`";
                return Err(Mistake::new(&self.span(), "rules do not look things up in brackets", remedy));
            } else {
                return Ok(inner);
            }
        }
    }

    fn member(&mut self, inner: Expression) -> Result<Expression, Mistake> {
        let name_span = self.span();
        let TokenKind::Name(name) = self.peek().clone() else {
            return Err(self.expected("a name", "write the name of a fact after the dot"));
        };
        self.advance();
        let start = inner.span.start;
        if self.takes(Symbol::OpenParenthesis) {
            let arguments = self.items(Symbol::CloseParenthesis, "`)`")?;
            let span = start..self.end_before();
            let call = Call { receiver: Some(Box::new(inner)), name, name_span, arguments };
            return Ok(Expression { kind: ExpressionKind::Call(call), span });
        }
        Ok(Expression { span: start..name_span.end, kind: ExpressionKind::Select(Box::new(inner), name) })
    }

    fn primary(&mut self) -> Result<Expression, Mistake> {
        let span = self.span();
        let kind = match self.peek().clone() {
            TokenKind::Int(value) => ExpressionKind::Int(value),
            TokenKind::Text(text) => ExpressionKind::Text(text),
            TokenKind::Name(name) => return self.named(name, span),
            TokenKind::Symbol(Symbol::OpenParenthesis) => {
                self.advance();
                let inner = self.expression()?;
                if !self.takes(Symbol::CloseParenthesis) {
                    return Err(self.expected("`)`", "close the bracket"));
                }
                return Ok(Expression { kind: inner.kind, span: span.start..self.end_before() });
            }
            TokenKind::Symbol(Symbol::OpenBracket) => {
                self.advance();
                let items = self.items(Symbol::CloseBracket, "`]`")?;
                let span = span.start..self.end_before();
                return Ok(Expression { kind: ExpressionKind::List(items), span });
            }
            _ => return Err(self.expected("a value", "write a fact, a number, a text or a condition here")),
        };
        self.advance();
        Ok(Expression { kind, span })
    }

    fn named(&mut self, name: String, span: Range<usize>) -> Result<Expression, Mistake> {
        self.advance();
        let kind = match name.as_str() {
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "null" => ExpressionKind::Null,
            "in" => {
                let remedy = "write a value before it, as in `\"makers\" in forum.groups`; \
                              for \"not in\" write `!(\"makers\" in forum.groups)`";
                return Err(Mistake::new(&span, "`in` has nothing before it", remedy));
            }
            _ if self.takes(Symbol::OpenParenthesis) => {
                let arguments = self.items(Symbol::CloseParenthesis, "`)`")?;
                let call = Call { receiver: None, name, name_span: span.clone(), arguments };
                let span = span.start..self.end_before();
                return Ok(Expression { kind: ExpressionKind::Call(call), span });
            }
            _ => ExpressionKind::Name(name),
        };
        Ok(Expression { kind, span })
    }

    fn items(&mut self, closing: Symbol, written: &str) -> Result<Vec<Expression>, Mistake> {
        let mut items = Vec::new();
        while !self.takes(closing) {
            items.push(self.expression()?);
            if !self.takes(Symbol::Comma) && *self.peek() != TokenKind::Symbol(closing) {
                return Err(self.expected(written, "put commas between the items and close the bracket"));
            }
        }
        Ok(items)
    }

    fn end_before(&self) -> usize {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before.map_or(0, |token| token.span.end)
    }
}

fn tighter(power: Power) -> Power {
    match power {
        Power::Or => Power::And,
        Power::And => Power::Compare,
        Power::Compare => Power::Add,
        Power::Add => Power::Multiply,
        Power::Multiply | Power::Prefix => Power::Prefix,
    }
}

fn joined(infix: Infix, left: Expression, right: Expression) -> Expression {
    let span = left.span.start..right.span.end;
    let kind = match infix {
        Infix::In => ExpressionKind::In(Box::new(left), Box::new(right)),
        Infix::Symbol(Symbol::And) => match left.kind {
            ExpressionKind::All(mut parts) => {
                parts.push(right);
                ExpressionKind::All(parts)
            }
            _ => ExpressionKind::All(vec![left, right]),
        },
        Infix::Symbol(Symbol::Or) => match left.kind {
            ExpressionKind::Any(mut parts) => {
                parts.push(right);
                ExpressionKind::Any(parts)
            }
            _ => ExpressionKind::Any(vec![left, right]),
        },
        Infix::Symbol(
            symbol @ (Symbol::Plus | Symbol::Minus | Symbol::Times | Symbol::Divide | Symbol::Remainder),
        ) => ExpressionKind::Arithmetic(symbol, Box::new(left), Box::new(right)),
        Infix::Symbol(symbol) => ExpressionKind::Compare(symbol, Box::new(left), Box::new(right)),
    };
    Expression { kind, span }
}
