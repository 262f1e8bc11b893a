//! Conditions on facts: CEL's syntax, checked, evaluated in three values, explained.
//!
//! The language is the part of CEL (<https://cel.dev>, "language definition") that rules need:
//!
//! | | |
//! | --- | --- |
//! | facts | `forum.trust_level`; groups only in `"makers" in forum.groups` and `size(forum.groups)` |
//! | values | whole numbers, texts, `true`, `false`, `null`, `timestamp("…")`, `duration("720h")`, `now` |
//! | logic | `&&`, `\|\|`, `!`, `? :` |
//! | comparing | `== != < <= > >=`, `in [1, 2]` |
//! | texts | `size`, `startsWith`, `endsWith`, `contains`, `matches` |
//! | counting | `+ - * / %` of whole numbers; `+ -` of moments and lengths of time |
//! | presence | `has(forum.title)` |
//!
//! A rule has at most 1 KiB and 32 levels; evaluating it takes no loop but over its own text, cannot fail
//! and cannot panic. Moments and lengths of time are exact to the millisecond. Patterns of `matches` are
//! those of the `regex` crate (as RE2: no backtracking), where `\d`, `\w` and `\s` know all of Unicode.
//!
//! # Unknown and null
//!
//! **Unknown** (the source did not say, the group is not bound) goes through every operator, and through
//! `&&`, `||` and `!` by Kleene's logic: `unknown || true` is true, `unknown && false` is false, everything
//! else stays unknown. `c ? a : b` with an unknown `c` is unknown unless both branches agree. A number that
//! leaves 64 bits, and a division by zero, are unknown too.
//!
//! **Null** (the source said: there is none) is known, and so is what follows from it:
//! * `==`, `!=` and `in` compare it: `forum.title == null` is true, `forum.title != "x"` is true.
//! * `<`, `<=`, `>`, `>=` and the text functions are false on it: what is not there is neither long nor short.
//! * Where yes or no is asked, it is no: `forum.admin` and `null ? … : b` take it for false.
//! * Counting with it, and its `size`, give null again.
//! * `has(forum.title)` is false.
//!
//! Where one side is null and the other unknown, the answer is unknown.

mod arithmetic;
mod bindings;
mod check;
mod condition;
mod duration;
mod evaluate;
mod explain;
mod lexer;
mod mistake;
mod node;
mod parser;
mod string;
mod syntax;
mod token;
mod truth;
mod value;

pub use bindings::Bindings;
pub(crate) use check::nearest;
pub use check::{Certain, check};
pub use condition::{Bound, Condition, PRIVATE_RULE};
pub use explain::{Explanation, Known, REASONS_MAX, Reason, ReasonKind};
pub use mistake::Mistake;
pub use truth::Truth;

/// The longest rule, in bytes.
pub const TEXT_BYTES_MAX: usize = 1024;

/// How many levels of brackets, branches and prefixes a rule may have.
pub const DEPTH_MAX: usize = 32;

/// The largest compiled pattern of `matches`, in bytes.
pub const PATTERN_BYTES_MAX: usize = 256 * 1024;

#[cfg(test)]
mod tests;
