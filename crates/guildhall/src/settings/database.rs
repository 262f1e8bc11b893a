//! `[database]`: where the hall keeps what it remembers.

pub use super::kinds::DatabaseAddress;
use super::kinds::Location;
use super::section::{Times, section};

section! {
    /// Where the hall keeps what it remembers. May be left out.
    pub struct Database in "database" Times::Once;

    /// A file of SQLite, found from the folder of this file, or a PostgreSQL.
    /// An address with a password is a secret: { env = "GUILDHALL_DATABASE" }.
    address: DatabaseAddress = Location, Default "\"sqlite:guildhall.db\"";
}
