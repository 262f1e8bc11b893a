//! What is wrong with a text somebody wrote, where, and what to write instead.

use std::fmt;
use std::ops::Range;

/// A mistake in a rule or a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The place, in bytes of the text; ends on borders of characters and lies inside the text.
    pub span: Range<usize>,
    /// What is wrong, in words, without a full stop.
    pub what: String,
    /// What to do, in words, without a full stop.
    pub remedy: String,
}

impl Mistake {
    pub(crate) fn new(span: &Range<usize>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { span: span.clone(), what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.remedy)
    }
}
