//! The tokens of a rule and the symbols people write by mistake for them.

use std::ops::Range;

/// One token and its place in the text, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A whole number.
    Int(i64),
    /// Text, its escapes resolved.
    Text(String),
    /// A name or a word of the language (`true`, `in`).
    Name(String),
    /// An operator or a bracket.
    Symbol(Symbol),
    /// The end of the text.
    End,
}

/// Operators and brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Not,
    Question,
    Colon,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Comma,
    Dot,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

/// What people write, what it means, and how it is spelt where that differs. Longer before shorter.
pub(super) const SYMBOLS: &[(&str, Symbol, Option<&str>)] = &[
    ("===", Symbol::Equal, Some("==")),
    ("!==", Symbol::NotEqual, Some("!=")),
    ("==", Symbol::Equal, None),
    ("!=", Symbol::NotEqual, None),
    ("<>", Symbol::NotEqual, Some("!=")),
    ("=<", Symbol::LessOrEqual, Some("<=")),
    ("=>", Symbol::GreaterOrEqual, Some(">=")),
    ("<=", Symbol::LessOrEqual, None),
    (">=", Symbol::GreaterOrEqual, None),
    ("&&", Symbol::And, None),
    ("||", Symbol::Or, None),
    ("=", Symbol::Equal, Some("==")),
    ("&", Symbol::And, Some("&&")),
    ("|", Symbol::Or, Some("||")),
    ("≥", Symbol::GreaterOrEqual, Some(">=")),
    ("≤", Symbol::LessOrEqual, Some("<=")),
    ("≠", Symbol::NotEqual, Some("!=")),
    ("<", Symbol::Less, None),
    (">", Symbol::Greater, None),
    ("!", Symbol::Not, None),
    ("?", Symbol::Question, None),
    (":", Symbol::Colon, None),
    ("(", Symbol::OpenParenthesis, None),
    (")", Symbol::CloseParenthesis, None),
    ("[", Symbol::OpenBracket, None),
    ("]", Symbol::CloseBracket, None),
    (",", Symbol::Comma, None),
    (".", Symbol::Dot, None),
    ("+", Symbol::Plus, None),
    ("-", Symbol::Minus, None),
    ("*", Symbol::Times, None),
    ("/", Symbol::Divide, None),
    ("%", Symbol::Remainder, None),
];

/// Words of other languages, what they mean and how that is spelt here.
pub(super) const WORDS: &[(&str, Symbol, &str)] =
    &[("and", Symbol::And, "&&"), ("or", Symbol::Or, "||"), ("not", Symbol::Not, "!")];
