//! What bots send to be shown or registered, checked as Discord checks it: every complaint at once,
//! each at its field, in code 50035.

mod command;
mod components;
mod embeds;
mod message;
mod modal;

pub(super) use command::{command, commands};
pub(super) use message::{Draft, Reference, draft};
pub(super) use modal::{choices, modal};
