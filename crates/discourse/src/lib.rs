//! Talks to Discourse: DiscourseConnect, reading people, webhooks in, the staff log.
//!
//! | module | holds |
//! | --- | --- |
//! | [`settings`] | what the hall's owner says about a forum |
//! | `client` | calls inside budget and bounds, and what an answer proves |
//! | `read` | the facts, the ways of reading, one person and everybody |
//! | `staff_log` | what staff did, for what webhooks leave out |
//! | `profile` | who somebody is, as they or a visitor may see it |
//! | [`connect`] | proving an account (DiscourseConnect, the forum as provider) |
//! | [`webhooks`] | `POST /hooks/{source}` |
//! | [`inspect`] | the settings, tried by one real call for each |

mod client;
mod discourse;
mod profile;
mod read;
mod signature;
mod staff_log;

pub mod connect;
pub mod inspect;
pub mod settings;
pub mod webhooks;

#[cfg(test)]
mod tests;

pub use connect::Connect;
pub use discourse::Discourse;
pub use read::facts::specs as facts;
pub use settings::{Patience, Settings};
