//! Functions: the few that rules know, and what may stand in their brackets.

use std::ops::Range;

use regex::RegexBuilder;

use super::kind::Kind;
use super::name::nearest;
use super::{Checker, Typed, nothing, typed};
use crate::facts::FactType;
use crate::rules::PATTERN_BYTES_MAX;
use crate::rules::duration::{self, NotDuration};
use crate::rules::node::{Literal, NodeKind, TextTest};
use crate::rules::syntax::{Call, Expression, ExpressionKind};
use crate::time::Timestamp;

/// Functions and how each is written.
const FUNCTIONS: [(&str, &str); 8] = [
    ("size", "size(forum.title)"),
    ("startsWith", "forum.title.startsWith(\"Chief\")"),
    ("endsWith", "forum.title.endsWith(\"er\")"),
    ("contains", "forum.title.contains(\"harbor\")"),
    ("matches", "forum.title.matches(\"^Chief\")"),
    ("timestamp", "timestamp(\"2026-01-31T00:00:00Z\")"),
    ("duration", "duration(\"720h\")"),
    ("has", "has(forum.title)"),
];

/// CEL's loops over lists.
const LOOPS: [&str; 8] =
    ["all", "exists", "exists_one", "existsOne", "filter", "map", "transformList", "transformMap"];

impl Checker<'_> {
    pub(super) fn call(&mut self, call: &Call, span: &Range<usize>) -> Typed {
        let receiver = call.receiver.as_deref();
        match (call.name.as_str(), receiver, call.arguments.as_slice()) {
            ("size", Some(value), []) | ("size", None, [value]) => self.size(value, span),
            ("startsWith", Some(text), [part]) => self.text_test(TextTest::StartsWith, text, part, span),
            ("endsWith", Some(text), [part]) => self.text_test(TextTest::EndsWith, text, part, span),
            ("contains", Some(text), [part]) => self.text_test(TextTest::Contains, text, part, span),
            ("matches", Some(text), [pattern]) | ("matches", None, [text, pattern]) => {
                self.matches(text, pattern, span)
            }
            ("timestamp", None, [text]) => self.timestamp(text, span),
            ("duration", None, [text]) => self.duration(text, span),
            ("has", None, [fact]) => self.has(fact, span),
            (name, ..) => self.unknown_function(name, call, span),
        }
    }

    fn size(&mut self, value: &Expression, span: &Range<usize>) -> Typed {
        let value = self.value(value);
        match (value.kind, &value.node.kind) {
            (Kind::Broken, _) => nothing(span),
            (Kind::Groups, NodeKind::Fact(fact)) => typed(span, Kind::Int, NodeKind::GroupCount(*fact)),
            (Kind::Text, _) => typed(span, Kind::Int, NodeKind::Size(Box::new(value.node))),
            (kind, _) => {
                let what = format!("{} has no size", kind.words());
                self.broken(&value.node.span, what, "ask for the size of a text or of groups")
            }
        }
    }

    fn text_test(
        &mut self,
        test: TextTest,
        text: &Expression,
        part: &Expression,
        span: &Range<usize>,
    ) -> Typed {
        let text = self.text(text, Some(part));
        let part = self.text(part, None);
        match (text, part) {
            (Some(text), Some(part)) => {
                typed(span, Kind::Bool, NodeKind::Text(test, Box::new(text.node), Box::new(part.node)))
            }
            _ => nothing(span),
        }
    }

    fn text(&mut self, expression: &Expression, argument: Option<&Expression>) -> Option<Typed> {
        let value = self.value(expression);
        if value.kind.is(Kind::Text) {
            return (value.kind == Kind::Text).then_some(value);
        }
        let written = self.written(&expression.span);
        let remedy = if value.kind == Kind::Groups {
            let name = argument.map_or("\"makers\"", |argument| self.written(&argument.span));
            format!("write `{name} in {written}`")
        } else {
            "use it on a text, such as `forum.title`".to_owned()
        };
        let what = format!("this is {}, and a text is asked here", value.kind.words());
        self.mistake(&expression.span, what, remedy);
        None
    }

    fn matches(&mut self, text: &Expression, pattern: &Expression, span: &Range<usize>) -> Typed {
        let text = self.text(text, None);
        let Some(written) = self.written_text(pattern, "a pattern") else { return nothing(span) };
        let compiled = RegexBuilder::new(&written)
            .size_limit(PATTERN_BYTES_MAX)
            .dfa_size_limit(PATTERN_BYTES_MAX)
            .build();
        match (compiled, text) {
            (Ok(pattern), Some(text)) => {
                typed(span, Kind::Bool, NodeKind::Matches(Box::new(text.node), pattern))
            }
            (Ok(_), None) => nothing(span),
            (Err(regex::Error::CompiledTooBig(_)), _) => {
                self.broken(&pattern.span, "this pattern grows too large", "repeat fewer things in it")
            }
            (Err(error), _) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or("it is not a pattern").trim();
                let what = format!("this pattern cannot be read ({})", reason.trim_start_matches("error: "));
                self.broken(&pattern.span, what, "write a pattern as in RE2, such as `\"^Chief .*\"`")
            }
        }
    }

    fn timestamp(&mut self, text: &Expression, span: &Range<usize>) -> Typed {
        let Some(written) = self.written_text(text, "a moment") else { return nothing(span) };
        match chrono::DateTime::parse_from_rfc3339(&written) {
            Ok(moment) => {
                let moment = Timestamp(moment.timestamp_millis());
                typed(span, Kind::Time, NodeKind::Literal(Literal::Time(moment)))
            }
            Err(_) => {
                let what = format!("\"{}\" is not a moment", written.escape_debug());
                let remedy = "write date, time and zone, as in `timestamp(\"2026-01-31T00:00:00Z\")`";
                self.broken(&text.span, what, remedy)
            }
        }
    }

    fn duration(&mut self, text: &Expression, span: &Range<usize>) -> Typed {
        let Some(written) = self.written_text(text, "a length of time") else { return nothing(span) };
        let remedy = match duration::parse(&written) {
            Ok(milliseconds) => {
                return typed(span, Kind::Duration, NodeKind::Literal(Literal::Duration(milliseconds)));
            }
            Err(NotDuration::Days) => "write hours: a day is `24h`, 30 days are `720h`",
            Err(NotDuration::Fine) => "write nothing finer than milliseconds (`ms`)",
            Err(NotDuration::Large) => "write a shorter one",
            Err(NotDuration::Shape) => "write numbers with `h`, `m`, `s` or `ms`, as in `720h` or `1h30m`",
        };
        let what = format!("\"{}\" is not a length of time", written.escape_debug());
        self.broken(&text.span, what, remedy)
    }

    fn has(&mut self, fact: &Expression, span: &Range<usize>) -> Typed {
        match self.fact(fact) {
            None => nothing(span),
            Some((_, FactType::Groups)) => {
                let remedy = format!("ask `size({}) > 0`", self.written(&fact.span));
                self.broken(span, "groups are always there", remedy)
            }
            Some((fact, _)) => typed(span, Kind::Bool, NodeKind::Has(fact)),
        }
    }

    fn written_text(&mut self, expression: &Expression, what: &str) -> Option<String> {
        if let ExpressionKind::Text(text) = &expression.kind {
            return Some(text.clone());
        }
        let said = format!("{what} is written as a text in quotes");
        self.mistake(&expression.span, said, "put it in quotes");
        None
    }

    fn unknown_function(&mut self, name: &str, call: &Call, span: &Range<usize>) -> Typed {
        if LOOPS.contains(&name) {
            let remedy = "write `in` for one of several values, and `&&` or `||` between conditions";
            return self.broken(span, "rules have no loops over lists", remedy);
        }
        if let Some((_, example)) = FUNCTIONS.iter().find(|(known, _)| *known == name) {
            let what = format!("`{name}` is not used like this");
            return self.broken(span, what, format!("write it as in `{example}`"));
        }
        let remedy = match nearest(name, FUNCTIONS.iter().map(|(known, _)| *known)) {
            Some(near) => {
                let example =
                    FUNCTIONS.iter().find(|(known, _)| *known == near).map_or(near, |(_, example)| example);
                format!("did you mean `{near}`, as in `{example}`?")
            }
            None => {
                let names: Vec<String> = FUNCTIONS.iter().map(|(known, _)| format!("`{known}`")).collect();
                format!("the functions are {}", names.join(", "))
            }
        };
        self.broken(&call.name_span, format!("there is no function `{name}`"), remedy)
    }
}
