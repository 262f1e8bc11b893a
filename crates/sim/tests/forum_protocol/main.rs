//! The simulated forum as its callers meet it: what goes wrong, limits, keys, walls, sign-in, deliveries.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::indexing_slicing, reason = "what an answer lacks fails the test")]

mod acts;
mod connect;
mod control;
mod deliveries;
mod faults;
mod harbor;
mod keys;
mod limits;
mod many;
mod reading;
mod receiver;
mod signing_in;
mod walls;
