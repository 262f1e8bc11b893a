//! Stories: the whole hall against a simulated Discord and forum, told as people outside see it. Each runs on
//! SQLite and, where `GUILDHALL_TEST_POSTGRES` names a server, on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story that cannot go on has failed"
)]

#[macro_use]
mod engines;
mod clock;
mod hall;
mod people;

mod bad_days;
mod commands;
mod discord_contract;
mod following;
mod gateway;
mod linking;
mod metrics;
mod safe_hands;

use engines::Engine;
use hall::{Hall, nickname, role};
use people::{forum_person, person};
use sim::world::World;
