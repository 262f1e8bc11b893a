//! Cuts the text of a rule into tokens, and goes on after a mistake whose meaning is plain.

use super::Mistake;
use super::string::{self, Quoted};
use super::token::{SYMBOLS, Symbol, Token, TokenKind, WORDS};

/// Cuts a text into tokens, the last of which is the end. Mistakes do not stop it: `=` is noted and read
/// as `==`.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<Mistake>) {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), mistakes: Vec::new() };
    while lexer.step() {}
    let end = text.len();
    lexer.tokens.push(Token { kind: TokenKind::End, span: end..end });
    (lexer.tokens, lexer.mistakes)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    mistakes: Vec<Mistake>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return false };
        if first.is_whitespace() {
            self.at += first.len_utf8();
        } else if rest.starts_with("//") {
            self.at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some(quoted) = string::quoted(rest) {
            self.text_token(quoted);
        } else if first.is_ascii_digit() {
            self.number();
        } else if first == '_' || first.is_alphabetic() {
            self.name();
        } else {
            self.symbol(first);
        }
        true
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token { kind, span: self.at..self.at + length });
        self.at += length;
    }

    fn mistake(&mut self, length: usize, what: impl Into<String>, remedy: impl Into<String>) {
        self.mistakes.push(Mistake::new(&(self.at..self.at + length), what, remedy));
    }

    fn text_token(&mut self, quoted: Quoted) {
        for wrong in quoted.mistakes {
            let span = self.at + wrong.span.start..self.at + wrong.span.end;
            self.mistakes.push(Mistake { span, ..wrong });
        }
        self.push(TokenKind::Text(quoted.text), quoted.length);
    }

    fn number(&mut self) {
        let rest = self.rest();
        let mut length = word_length(rest);
        let fraction = rest.get(length..).and_then(|after| after.strip_prefix('.'));
        if let Some(digits) = fraction.filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit())) {
            length += 1 + word_length(digits);
        }
        let word = rest.get(..length).unwrap_or(rest);
        let value = match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
            Some(digits) => i64::from_str_radix(digits, 16).ok(),
            None => word.parse().ok(),
        };
        if value.is_none() {
            let digits_only = word.bytes().all(|byte| byte.is_ascii_digit());
            let what = if digits_only {
                format!("`{word}` is too large a number")
            } else {
                format!("`{word}` is not a whole number")
            };
            let remedy = format!("write a whole number, at most {}", i64::MAX);
            self.mistake(length, what, remedy);
        }
        self.push(TokenKind::Int(value.unwrap_or(0)), length);
    }

    fn name(&mut self) {
        let rest = self.rest();
        let length = word_length(rest);
        let word = rest.get(..length).unwrap_or(rest);
        let after_dot = self.tokens.last().is_some_and(|last| last.kind == TokenKind::Symbol(Symbol::Dot));
        let before_dot = rest.get(length..).is_some_and(|after| after.starts_with('.'));
        let known = WORDS.iter().find(|(wrong, ..)| word.eq_ignore_ascii_case(wrong));
        match known {
            Some((_, symbol, right)) if !after_dot && !before_dot => {
                self.wrong_spelling(length, word, right);
                self.push(TokenKind::Symbol(*symbol), length);
            }
            _ => self.push(TokenKind::Name(word.to_owned()), length),
        }
    }

    fn symbol(&mut self, first: char) {
        let rest = self.rest();
        let Some((written, symbol, right)) = SYMBOLS.iter().find(|(written, ..)| rest.starts_with(written))
        else {
            return self.strange(first);
        };
        if let Some(right) = right {
            self.wrong_spelling(written.len(), written, right);
        }
        self.push(TokenKind::Symbol(*symbol), written.len());
    }

    fn wrong_spelling(&mut self, length: usize, written: &str, right: &str) {
        self.mistake(length, format!("rules do not know `{written}`"), format!("write `{right}`"));
    }

    fn strange(&mut self, first: char) {
        let length = first.len_utf8();
        let what = format!("`{}` has no meaning in a rule", first.escape_debug());
        self.mistake(length, what, "remove it, or put it inside quotes if it belongs to a text");
        self.at += length;
    }
}

/// How many bytes the word at the beginning has.
fn word_length(rest: &str) -> usize {
    rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len())
}
