//! What the store remembers, tried on SQLite and, where there is one, on PostgreSQL.

#[macro_use]
mod engines;

mod damage;
mod facts;
mod jobs;
mod linking;
mod links;
mod migrations;
mod places;
mod records;
