//! What the store remembers, tried on SQLite and, where there is one, on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "what is left out is said")]

#[macro_use]
mod engines;

mod damage;
mod facts;
mod jobs;
mod linking;
mod links;
mod migrations;
mod places;
mod plans;
mod records;
