//! What is true: members, facts, rules, rosters and plans. Pure: no input or output, no clock, no chance.
//!
//! | module | holds |
//! | --- | --- |
//! | [`ids`] | a type for each kind of id |
//! | [`time`] | moments and durations in milliseconds, UTC |
//! | [`facts`] | what a source says about a person, unknown included |
//! | [`rules`] | conditions on facts: checked, evaluated in three values, explained |
//! | [`exception`] | what people decided against the rules: overrides |
//! | [`nickname`] | the name a member should carry in a guild |
//! | [`roster`] | a guild's members, compactly |
//! | [`situation`] | everything a plan is made from |
//! | [`plan`] | what would make a guild follow its rules, and why |

pub mod exception;
pub mod facts;
pub mod ids;
pub mod nickname;
pub mod plan;
pub mod roster;
pub mod rules;
pub mod situation;
pub mod time;
