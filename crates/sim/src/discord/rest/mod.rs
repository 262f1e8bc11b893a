//! The REST API: every route on one screen.
//!
//! A handler takes the locked Discord and one call, and gives an answer or a refusal. Tokens, limits,
//! faults, the record of calls and HTTP itself are `serve`'s.

mod applications;
mod audit;
mod bans;
mod call;
mod channels;
mod commands;
mod gateway;
mod guilds;
mod interactions;
mod members;
mod messages;
mod roles;
mod serve;
mod table;
mod uploads;
mod users;

pub(super) use call::{Answer, Call, Caller};
pub(super) use serve::{serve, with_json};
pub(super) use table::{ROUTES, Route, Who};
