//! Linking: a person proves in one browser that a Discord account and a forum account are both theirs.
//!
//! ```text
//! /link ──▶ ticket (one Discord account, ten minutes)
//!             └─ opened in a browser ──▶ flow, bound to that browser by a cookie
//!                  discord ──▶ forum ──▶ confirm ──▶ linked
//! ```
//!
//! Each arrow is taken once: a stage is spent before its answer is looked at, so a replayed, refreshed or
//! parallel callback finds nothing. Whoever opens a ticket must prove the Discord account it was made for.

mod confirm;
mod flow;
mod stopped;
mod ticket;

use std::time::Duration;

pub use confirm::{ConfirmView, FaceView, Linked};
pub use flow::{Begun, Cookie, discord_return, forum_return};
pub use stopped::Stopped;
pub use ticket::{LinkOffer, LinkedAccount};

/// How long an address from `/link` works, and everything that begins with it.
pub const ADDRESS_LASTS: Duration = Duration::from_secs(600);

/// How many addresses one person may have open at once.
pub const OPEN_ADDRESSES_MAX: usize = 5;

/// How many browsers may open one address: forwarding it must not fill the store.
pub const FLOWS_PER_TICKET_MAX: usize = 8;

/// How the store knows a secret: never itself.
pub(crate) fn hash(secret: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, secret.as_bytes());
    data_encoding::HEXLOWER.encode(digest.as_ref())
}
