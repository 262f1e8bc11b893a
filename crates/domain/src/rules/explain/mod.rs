//! Says why a rule holds for a person or does not: the fewest facts that decided it.

mod atom;
mod describe;
mod gather;
mod said;
mod sentence;

use serde::Serialize;

use super::bindings::Bindings;
use super::condition::Condition;
use super::evaluate::Scope;
use super::truth::Truth;
use crate::facts::{FactView, Schema};
use crate::ids::SourceName;
use crate::time::Timestamp;

/// The most reasons an explanation holds.
pub const REASONS_MAX: usize = 5;

/// Why a rule holds for a person, or does not, or cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What the rule came to.
    pub truth: Truth,
    /// What decided it, in the order of the rule, each once: of `a && b` that is false only what is false, of
    /// `a || b` that is true only what is true, of what is unknown only the unknown. At most
    /// [`REASONS_MAX`]; none for a rule that asks no fact.
    pub reasons: Vec<Reason>,
    /// How many statements of the source were left out; a fact that was said is not counted again.
    pub more: usize,
}

/// One part of a rule, and what a source says about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Who says it; `None` for the clock.
    pub source: Option<SourceName>,
    /// What it is about: "trust level".
    pub label: String,
    /// What the rule needs, after the label: "2 or more", "in the group makers", "yes".
    pub needs: String,
    /// What the source says: "2", "not in makers", "none", "unknown". Texts stand in quotes, cleaned and cut.
    pub says: String,
    /// Whether what it says is what the rule needs.
    pub truth: Truth,
    /// About something the source hides: show others nothing of it but its sentences, which leave that unsaid.
    pub private: bool,
    /// What kind of statement it is, for sentences.
    pub kind: ReasonKind,
    /// Whether the source said something, nothing, or could not be asked.
    pub known: Known,
}

/// Kinds of statements, which are put into words differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// A number or a text.
    Value,
    /// Yes or no.
    Flag,
    /// In a group or not.
    Group,
    /// In how many groups.
    GroupCount,
    /// A moment.
    Moment,
    /// What time it is.
    Clock,
}

/// What a source said of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// It said something.
    Value,
    /// It said that there is none.
    Null,
    /// It did not say, or could not be asked.
    Unknown,
}

impl Condition {
    /// Says why it holds for a person or does not. The schema is the one it was checked against.
    pub fn explain<F: FactView + ?Sized>(
        &self,
        facts: &F,
        bindings: &Bindings,
        now: Timestamp,
        schema: &Schema,
    ) -> Explanation {
        let group = |index| self.bound_group(index, bindings);
        let scope = Scope { facts, group, now };
        let (condition, reasons) = (&*self.inner, Vec::new());
        let mut explainer = gather::Explainer { scope: &scope, condition, bindings, schema, reasons };
        explainer.gather(&self.inner.root, false);
        let mut reasons = explainer.reasons;
        let left_out = reasons.split_off(reasons.len().min(REASONS_MAX));
        let more = sentence::unheard(&reasons, &left_out);
        Explanation { truth: scope.truth(&self.inner.root), reasons, more }
    }
}
