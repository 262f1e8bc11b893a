//! What is said when types do not fit: what each side is, and what was probably meant.

use std::ops::Range;

use super::kind::Kind;
use super::{Checker, Typed};
use crate::rules::node::{Literal, NodeKind};

impl Checker<'_> {
    /// Whether two values can be compared; tells why not.
    pub(super) fn comparable(&mut self, left: &Typed, right: &Typed, span: &Range<usize>) -> bool {
        let kinds = [left.kind, right.kind];
        if kinds.contains(&Kind::Broken) {
            return false;
        }
        if kinds.contains(&Kind::Groups) {
            let groups = if left.kind == Kind::Groups { left } else { right };
            let remedy = format!("ask for one, as in `\"makers\" in {}`", self.written(&groups.node.span));
            self.mistake(span, "groups cannot be compared", remedy);
            return false;
        }
        if left.kind == right.kind || kinds.contains(&Kind::Null) {
            return true;
        }
        let (left_is, right_is) = (self.says(left), self.says(right));
        let remedy = self.meant(left, right).or_else(|| self.meant(right, left));
        let remedy = remedy.unwrap_or_else(|| "compare two things of the same kind".to_owned());
        self.mistake(span, format!("{left_is} and {right_is} cannot be compared"), remedy);
        false
    }

    /// `forum.trust_level (a whole number)`
    fn says(&self, value: &Typed) -> String {
        format!("`{}` ({})", self.written(&value.node.span), value.kind.words())
    }

    fn meant(&self, value: &Typed, other: &Typed) -> Option<String> {
        let written = self.written(&value.node.span);
        let against = self.written(&other.node.span);
        let literal = match &other.node.kind {
            NodeKind::Literal(literal) => Some(literal),
            _ => None,
        };
        Some(match (value.kind, literal) {
            (Kind::Int, Some(Literal::Text(text))) if text.trim().parse::<i64>().is_ok() => {
                format!("write `{}` without quotes", text.trim())
            }
            (Kind::Bool, Some(Literal::Text(text))) if matches!(text.as_str(), "true" | "false") => {
                format!("write `{text}` without quotes")
            }
            (Kind::Bool, Some(Literal::Int(number))) => {
                format!("write `{}`", if *number == 0 { "false" } else { "true" })
            }
            (Kind::Text, Some(Literal::Int(_) | Literal::Bool(_))) => {
                format!("write `\"{against}\"` in quotes")
            }
            (Kind::Time, Some(Literal::Text(text))) if text.contains('T') => {
                format!("write `timestamp({against})`")
            }
            (Kind::Time, Some(Literal::Text(_))) => {
                "write a moment as `timestamp(\"2026-01-31T00:00:00Z\")`".to_owned()
            }
            (Kind::Time, _) if other.kind == Kind::Duration => {
                format!("for how long ago it was, write `now - {written}`")
            }
            (Kind::Duration, Some(Literal::Text(_))) => format!("write `duration({against})`"),
            (Kind::Duration, Some(Literal::Int(_))) => {
                "write a length of time as `duration(\"720h\")` (30 days)".to_owned()
            }
            _ => return None,
        })
    }

    /// Tells that yes or no was asked and something else stands there.
    pub(super) fn not_yes_or_no(&mut self, value: &Typed) {
        let span = value.node.span.clone();
        let written = self.written(&span);
        let remedy = match (value.kind, &value.node.kind) {
            (Kind::Groups, _) => format!("ask for one, as in `\"makers\" in {written}`"),
            (Kind::Text, NodeKind::Fact(_)) => {
                format!("compare it, as in `{written} == \"…\"`, or write `has({written})`")
            }
            (Kind::Int, NodeKind::Fact(_)) => format!("compare it, as in `{written} >= 2`"),
            (Kind::Time, NodeKind::Fact(_)) => {
                format!("compare it, as in `now - {written} > duration(\"720h\")`")
            }
            (Kind::Text, NodeKind::Literal(_)) => {
                format!("for a group write `{written} in forum.groups`, with the name of your source")
            }
            _ => "compare it with something".to_owned(),
        };
        let what = format!("this is {}, and yes or no is asked here", value.kind.words());
        self.mistake(&span, what, remedy);
    }

    /// Tells that two values cannot be counted together.
    pub(super) fn cannot_count(&mut self, left: &Typed, right: &Typed, span: &Range<usize>) -> Typed {
        let (left_is, right_is) = (self.says(left), self.says(right));
        let remedy = match (left.kind, right.kind) {
            (Kind::Text, _) | (_, Kind::Text) => "compare texts one by one: rules do not join them",
            (Kind::Time, Kind::Int) | (Kind::Duration, Kind::Int) => {
                "write a length of time as `duration(\"720h\")` (30 days)"
            }
            (Kind::Time, Kind::Time) => "moments can be subtracted: `now - forum.joined_at`",
            _ => "count with two whole numbers, or with moments and lengths of time",
        };
        self.broken(span, format!("{left_is} and {right_is} cannot be counted together"), remedy)
    }
}
