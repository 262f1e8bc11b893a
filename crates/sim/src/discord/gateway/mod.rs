//! The gateway: what bots hear, over a WebSocket that can be resumed.
//!
//! | file | holds |
//! | --- | --- |
//! | `event` | what happened, and who may hear of it |
//! | `session` | one bot's ear: its sequence and what it can hear again |
//! | `socket` | one connection: frames in and out, heartbeats, close codes |
//! | `identify` | identify and resume |
//! | `guilds` | READY and GUILD_CREATE |
//! | `members` | request guild members |
//! | `compress` | zlib-stream and zstd-stream |

mod compress;
mod event;
mod guilds;
mod identify;
mod members;
mod session;
mod socket;

pub(super) use event::{Audience, Event, intent};
pub(super) use session::{Out, Session, Sessions};
pub(super) use socket::{Dial, serve};
