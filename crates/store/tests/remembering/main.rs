//! What the store remembers, tried on SQLite and, where there is one, on PostgreSQL.

#[macro_use]
mod engines;

mod places;
