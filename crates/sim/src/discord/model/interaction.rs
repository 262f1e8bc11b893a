//! An interaction: somebody used a command, a button, a menu or a form, and an application answers.

use serde_json::Value;

use crate::discord::ids::Snowflake;

/// What was done, as `Discord docs: Interaction Type` numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Asked {
    Command,
    Component,
    Autocomplete,
    Modal,
}

impl Asked {
    pub(in crate::discord) fn number(self) -> u64 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// The first answer.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::discord) enum First {
    /// A message, now or (deferred) later.
    Message,
    /// The message the component belongs to is changed, now or later.
    Update,
    /// Suggestions while typing.
    Choices(Vec<Value>),
    /// A form.
    Modal(Value),
}

/// One interaction from the click to its last follow-up.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Interaction {
    pub(in crate::discord) id: Snowflake,
    pub(in crate::discord) token: String,
    pub(in crate::discord) asked: Asked,
    pub(in crate::discord) application: Snowflake,
    pub(in crate::discord) guild: Option<Snowflake>,
    pub(in crate::discord) channel: Snowflake,
    pub(in crate::discord) user: Snowflake,
    pub(in crate::discord) asked_at_ms: i64,
    pub(in crate::discord) first: Option<(First, i64)>,
    /// The answer still shows "is thinking…".
    pub(in crate::discord) waiting: bool,
    /// It did so at first.
    pub(in crate::discord) deferred: bool,
    /// The message that answers, or that the component belongs to.
    pub(in crate::discord) original: Option<Snowflake>,
    /// The message whose component was used.
    pub(in crate::discord) source: Option<Snowflake>,
    pub(in crate::discord) follow_ups: Vec<Snowflake>,
}
