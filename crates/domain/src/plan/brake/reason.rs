//! Why changes wait for a person.

use serde::{Deserialize, Serialize};

use super::super::{Act, Change};
use super::Counts;
use crate::ids::{RoleId, SourceName};

/// Why changes wait for a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Reason {
    /// Too many would lose one role.
    Removals {
        /// The role's name.
        role: String,
        /// The role.
        id: RoleId,
        /// How many would lose it now.
        count: usize,
        /// How many lost it in the last 24 hours.
        spent: usize,
        /// How many may in 24 hours.
        limit: usize,
    },
    /// Too many would lose the last role that the hall looks after.
    Stripped {
        /// How many would now.
        count: usize,
        /// How many did in the last 24 hours.
        spent: usize,
        /// How many may in 24 hours.
        limit: usize,
    },
    /// Too many would be renamed.
    Nicknames {
        /// How many would now.
        count: usize,
        /// How many were in the last 24 hours.
        spent: usize,
        /// How many may in 24 hours.
        limit: usize,
    },
    /// Too many would be given power over the community.
    Dangerous {
        /// How many would now.
        count: usize,
        /// How many were in the last 24 hours.
        spent: usize,
        /// How many may in 24 hours.
        limit: usize,
    },
    /// People held the role before its rule came.
    HeldBefore {
        /// The role's name.
        role: String,
        /// The role.
        id: RoleId,
        /// How many would lose it.
        count: usize,
    },
    /// A role with power over the community needs a second factor, or an admin's word.
    Unconfirmed {
        /// The role's name.
        role: String,
        /// The role.
        id: RoleId,
        /// How many would be given it.
        count: usize,
    },
    /// The source has far fewer people than before.
    SourceShrank {
        /// Which.
        source: SourceName,
        /// How many it had.
        was: usize,
        /// How many it has.
        now: usize,
    },
    /// The owner wants to be asked.
    Asked {
        /// How many changes there are.
        count: usize,
    },
}

impl Reason {
    /// Whether it holds a change that nothing of its own holds.
    pub(super) fn holds(&self, change: &Change, counts: Counts) -> bool {
        match self {
            Self::Removals { id, .. } => {
                counts.takes && matches!(&change.act, Act::Take(role) if role.id() == *id)
            }
            Self::Stripped { .. } => counts.strips,
            Self::Nicknames { .. } => counts.renames,
            Self::Dangerous { .. } => counts.empowers,
            Self::HeldBefore { .. }
            | Self::Unconfirmed { .. }
            | Self::SourceShrank { .. }
            | Self::Asked { .. } => false,
        }
    }

    /// Whether it is a limit that such a change uses up.
    pub fn is_about(&self, act: &Act) -> bool {
        match self {
            Self::Removals { id, .. } => matches!(act, Act::Take(role) if role.id() == *id),
            Self::Stripped { .. } => matches!(act, Act::Take(_)),
            Self::Nicknames { .. } => matches!(act, Act::Nickname(_)),
            Self::Dangerous { .. } => matches!(act, Act::Give(role) if role.is_dangerous()),
            Self::HeldBefore { .. }
            | Self::Unconfirmed { .. }
            | Self::SourceShrank { .. }
            | Self::Asked { .. } => false,
        }
    }

    /// The same limit when so many wait for it still, and none of the last 24 hours count any more.
    pub(super) fn left(&self, number: usize) -> Self {
        let mut left = self.clone();
        match &mut left {
            Self::Removals { count, spent, .. }
            | Self::Stripped { count, spent, .. }
            | Self::Nicknames { count, spent, .. }
            | Self::Dangerous { count, spent, .. } => (*count, *spent) = (number, 0),
            Self::HeldBefore { .. }
            | Self::Unconfirmed { .. }
            | Self::SourceShrank { .. }
            | Self::Asked { .. } => {}
        }
        left
    }

    /// What it is, apart from how many: one owner is told of one thing once.
    pub fn kind(&self) -> String {
        match self {
            Self::Removals { id, .. } => format!("removals {id}"),
            Self::Stripped { .. } => "stripped".to_owned(),
            Self::Nicknames { .. } => "nicknames".to_owned(),
            Self::Dangerous { .. } => "dangerous".to_owned(),
            Self::HeldBefore { id, .. } => format!("held before {id}"),
            Self::Unconfirmed { id, .. } => format!("unconfirmed {id}"),
            Self::SourceShrank { source, .. } => format!("shrank {source}"),
            Self::Asked { .. } => "asked".to_owned(),
        }
    }

    /// What it is, in one sentence.
    pub fn says(&self) -> String {
        match self {
            Self::Removals { role, count, spent, limit, .. } => {
                too_many(&format!("lose the role “{role}”"), *count, (*spent, "did"), *limit)
            }
            Self::Stripped { count, spent, limit } => {
                too_many("lose every role that the hall looks after", *count, (*spent, "did"), *limit)
            }
            Self::Nicknames { count, spent, limit } => {
                too_many("be renamed", *count, (*spent, "were"), *limit)
            }
            Self::Dangerous { count, spent, limit } => {
                too_many("be given power over the community", *count, (*spent, "were"), *limit)
            }
            Self::HeldBefore { role, count, .. } => format!(
                "{count} held the role “{role}” before its rule came, and the rule would take it from them."
            ),
            Self::Unconfirmed { role, count, .. } => format!(
                "{count} would be given the role “{role}”, which carries power over the community, and did not show a \
                 second factor when they linked."
            ),
            Self::SourceShrank { source, was, now } => format!(
                "{source} had {was} people and has {now} now; until you say that this is right, nothing is taken away \
                 because of it."
            ),
            Self::Asked { count } => format!(
                "This server changes nothing unless asked; {}.",
                if *count == 1 { "1 change waits".to_owned() } else { format!("{count} changes wait") }
            ),
        }
    }
}

fn too_many(what: &str, count: usize, (spent, did): (usize, &str), limit: usize) -> String {
    let before = match spent {
        0 => String::new(),
        1 if did == "were" => " (1 already was in the last 24 hours)".to_owned(),
        spent => format!(" ({spent} already {did} in the last 24 hours)"),
    };
    if count + spent > limit {
        format!("{count} would {what}{before}; without your word at most {limit} may in 24 hours.")
    } else {
        format!("{count} would {what}, which waited for your word before and still does.")
    }
}
