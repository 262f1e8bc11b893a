//! The kinds of values a setting may have: how each is written, read and refused.

mod address;
mod choice;
mod database;
mod duration;
mod filter;
mod number;
mod permissions;
mod rule;
mod secret;
mod snowflake;
mod source_name;
mod text;

pub(super) use address::{Forum, Hall, Service, SocketPlace, SocketPlaceOrOff};
pub(super) use choice::{Choice, Choices};
pub use database::DatabaseAddress;
pub(super) use database::Location;
pub(super) use duration::Span;
pub(super) use filter::LogFilter;
pub(super) use number::{Switch, WholeNumber};
pub(super) use permissions::PermissionNames;
pub(super) use rule::{NicknameTemplate, RuleText};
pub(super) use secret::Secret;
pub(super) use snowflake::{MaybeSnowflake, Snowflake};
pub(super) use source_name::RuleName;
pub(super) use text::{RoleName, Text};

use super::given::{Given, Wrong};

/// A kind of value.
pub(super) trait Kind {
    /// What reading gives.
    type Value;

    /// What may be written, in words, with unit and limits, for the reference: `duration from 1m to 7d`.
    fn words(&self) -> String;

    /// Reads a value, or says all that is wrong with it.
    fn read(&self, given: &Given<'_>) -> Result<Self::Value, Vec<Wrong>>;
}
