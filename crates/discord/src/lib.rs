//! Talks to Discord: gateway, commands, OAuth2, roster, writes.
//!
//! | module | holds |
//! | --- | --- |
//! | [`settings`] | what the program tells about Discord |
//! | `rest` | the REST API, one file a family of endpoints |
//! | `limits` | whose turn it is, learnt from what Discord says |
//! | `breaker` | what stops writes that Discord forbids again and again |
//! | `gateway` | events in, kept alive and resumed |
//! | `world` | what every guild looks like now |
//! | `roster`, `wire` | from Discord's JSON to the hall's own |
//! | `write` | the port `Guilds`: reading by hand and writing |
//! | `hands` | what moderators did, from the audit log |
//! | `tell` | notices to people and to channels |
//! | [`oauth`] | the port `Proof`: whose Discord account a browser holds |
//! | `commands`, `view` | what people ask, and how the answer looks |
//! | `question`, `press`, `register` | what people send, what buttons carry, what Discord is told to offer |
//! | `powers` | what somebody who asks may do |
//! | `shown` | the plans that people are reading |
//! | [`invite`] | the address that brings the bot into a server |
//! | [`inspect`] | the settings, tried by one real call for each |

pub mod inspect;
pub mod invite;
pub mod oauth;
pub mod settings;

mod breaker;
mod commands;
mod discord;
mod gateway;
mod hands;
mod limits;
mod line;
mod powers;
mod press;
mod question;
mod register;
mod rest;
mod roster;
mod shown;
mod tell;
mod view;
mod wire;
mod world;
mod write;

#[cfg(test)]
mod tests;

pub use discord::{Discord, NotStarted};
pub use gateway::GatewayEnd;
pub use invite::invite_address;
pub use settings::{Addresses, DiscordSettings};
