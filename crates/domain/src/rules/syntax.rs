//! The shape of a rule before its names and types are checked.

use std::ops::Range;

use super::token::Symbol;

/// An expression and its place in the text, brackets around it included.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    pub(super) kind: ExpressionKind,
    pub(super) span: Range<usize>,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExpressionKind {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Name(String),
    /// `inner.field`
    Select(Box<Expression>, String),
    Call(Call),
    List(Vec<Expression>),
    Not(Box<Expression>),
    Negate(Box<Expression>),
    Compare(Symbol, Box<Expression>, Box<Expression>),
    In(Box<Expression>, Box<Expression>),
    Arithmetic(Symbol, Box<Expression>, Box<Expression>),
    /// `a && b && c`
    All(Vec<Expression>),
    /// `a || b || c`
    Any(Vec<Expression>),
    /// `a ? b : c`
    Choose(Box<[Expression; 3]>),
}

/// `name(…)` or `receiver.name(…)`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) receiver: Option<Box<Expression>>,
    pub(super) name: String,
    pub(super) name_span: Range<usize>,
    pub(super) arguments: Vec<Expression>,
}
