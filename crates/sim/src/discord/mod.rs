//! A Discord: REST v10, gateway, OAuth2, interactions, permissions, limits, the audit log, on one
//! loopback listener. It models the protocol, so that any bot library can be run against it.
//!
//! ```text
//!   tests, demo, pages ──▶ DiscordSim ─┐
//!   any HTTP client ─────▶ rest ───────┼──▶ acts ──▶ state ──▶ gateway ──▶ any gateway client
//!   a browser ───────────▶ oauth ──────┘   (who may, what happens, the audit log, the events)
//! ```
//!
//! | module | holds |
//! | --- | --- |
//! | `state`, `model` | what there is, and the JSON it shows itself as |
//! | `acts` | what can be done; the only place that changes the state |
//! | `rest` | the table of routes and their handlers |
//! | `gateway` | sessions, events, compression, resuming |
//! | `oauth` | the sign-in pages and tokens |
//! | `forms` | what bots send to be shown or registered, checked |
//! | `permissions`, `limits`, `nickname` | the rules |
//! | `client`, `asking` | a person with a Discord client: commands, buttons, forms, what is seen |
//! | `sim`, `hands`, `look` | the handle for tests and the demo |
//! | `control` | the same for clients in other languages, under `/_sim/` |
//! | `faults`, `moods`, `late`, `calls` | bad days of REST, the gateway and the audit log; the record of every call |

mod acts;
mod asking;
mod calls;
mod cdn;
mod client;
mod control;
mod faults;
mod forms;
mod gateway;
mod hands;
mod http;
mod ids;
mod late;
mod limits;
mod look;
mod model;
mod moods;
mod nickname;
mod oauth;
mod permissions;
mod refusal;
mod rest;
mod secrets;
mod settings;
mod shared;
mod sim;
mod state;
mod time;

pub use calls::CallRecord;
pub use client::{Interaction, Reply, Seen};
pub use faults::{Fault, FaultRule};
pub use hands::RoleSpec;
pub use ids::Snowflake;
pub use look::{AuditView, Delivery, MemberView};
pub use permissions::bits as permission;
pub use refusal::Refusal;
pub use settings::{DiscordSettings, LimitSettings};
pub use sim::DiscordSim;
