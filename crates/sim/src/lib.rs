//! Plays the others: a Discord and a Discourse forum over their real protocols.
//!
//! Written from the protocol documents and recordings alone, so that it cannot share the hall's
//! misunderstandings: this crate uses none of ours.
//!
//! | module | plays |
//! | --- | --- |
//! | [`discord`] | REST v10, the gateway, OAuth2 pages, commands, permissions, limits, the audit log |
//! | [`forum`] | Discourse: DiscourseConnect, reads, groups, standing, webhooks, the staff log, limits |
//! | [`clock`] | the time both of them live in |
//! | [`world`] | both with named people, and a transcript of what the outside saw |
//! | [`browser`] | a person's browser without script |
//! | [`cast`] | Harbor and its people, for `guildhall sim` and the demo |
//! | [`demo`] | the demo's page |

pub mod browser;
pub mod cast;
pub mod clock;
pub mod demo;
pub mod discord;
pub mod forum;
mod transcript;
pub mod world;
