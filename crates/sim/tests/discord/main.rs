//! The simulated Discord as clients see it: who may do what, limits, the gateway, interactions, sign-in. What is
//! tried here is the protocol as Discord's documents and its clients know it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod ear;
mod harbor;

mod audit;
mod bans;
mod chunks;
mod compression;
mod contract;
mod faults;
mod forms;
mod gateway;
mod hierarchy;
mod interactions;
mod limits;
mod messages;
mod oauth;
