//! What is remembered: all SQL on our own database, SQLite and PostgreSQL.
//!
//! [`Store::open`] opens the database and brings its tables up to date. [`Store::read`] and
//! [`Store::write`] begin a transaction; every question and every change is a method of [`Tx`], and
//! nothing stands before [`Tx::commit`]. The store decides nothing and asks for no time: moments come in.
//!
//! | module | remembers |
//! | --- | --- |
//! | `engine` | the two databases, which nothing else knows apart |
//! | `migrate` | how the tables came to be |
//! | `cells`, `error` | values on their way in and out, and what can go wrong |
//! | [`places`] | configured instances in which people have accounts |
//! | [`accounts`], [`links`], [`linked`] | members, and which accounts are theirs |
//! | [`facts`] | what sources said about them |
//! | [`guilds`], [`given`] | bound roles and groups; what the hall gave, and what it must take back |
//! | [`plans`], [`written`], [`overrides`] | plans, what was done under each, what people decided against the rules |
//! | [`requests`] | what commands ask of the hall that leads |
//! | [`jobs`], [`leases`] | durable work, and who may do it |
//! | [`hooks`], [`told`] | what places told us already, and what people were told |
//! | [`tickets`], [`flows`] | linking in progress |
//! | [`cursors`], [`revisions`], [`audit`], [`meta`] | places in logs, rules, history, single values |

#[macro_use]
mod engine;
mod cells;
mod error;
mod migrate;

pub mod accounts;
pub mod audit;
pub mod cursors;
pub mod facts;
pub mod flows;
pub mod given;
pub mod guilds;
pub mod hooks;
pub mod jobs;
pub mod leases;
pub mod linked;
pub mod links;
pub mod meta;
pub mod overrides;
pub mod places;
pub mod plans;
pub mod requests;
pub mod revisions;
pub mod tickets;
pub mod told;
pub mod written;

use engine::{Connection, Pools, Statement};

pub use error::Error;

/// Every file's statements, so that each can be tried on a real database.
const STATEMENTS: &[&[&Statement]] = &[
    accounts::STATEMENTS,
    audit::STATEMENTS,
    cursors::STATEMENTS,
    facts::STATEMENTS,
    flows::STATEMENTS,
    given::STATEMENTS,
    guilds::STATEMENTS,
    hooks::STATEMENTS,
    jobs::STATEMENTS,
    jobs::claim::STATEMENTS,
    jobs::dead::STATEMENTS,
    leases::STATEMENTS,
    linked::STATEMENTS,
    links::STATEMENTS,
    meta::STATEMENTS,
    migrate::STATEMENTS,
    overrides::STATEMENTS,
    places::STATEMENTS,
    plans::STATEMENTS,
    requests::STATEMENTS,
    revisions::STATEMENTS,
    tickets::STATEMENTS,
    told::STATEMENTS,
    written::STATEMENTS,
];

/// Our own database. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
}

impl Store {
    /// Opens the database and brings its tables up to date.
    ///
    /// `address` is `sqlite:PATH` (made when absent, readable by its owner alone; `?max_page_count=N` bounds
    /// it to N pages of 4 KiB) or
    /// `postgres://USER:PASSWORD@HOST/DATABASE`, where `?options=-c%20search_path%3DNAME` chooses a schema.
    /// Several processes may open one database at once. Refuses a database that a newer version of
    /// Guildhall has written, and one that is damaged.
    pub async fn open(address: &str) -> Result<Self, Error> {
        let store = Self { pools: Pools::open(address).await? };
        migrate::bring_up_to_date(&store, migrate::MIGRATIONS).await?;
        Ok(store)
    }

    /// Opens a database that is there, to look at it: its tables stay as they are. Refuses one that is damaged.
    pub async fn look(address: &str) -> Result<Self, Error> {
        Ok(Self { pools: Pools::open(address).await? })
    }

    /// Begins a transaction that only reads and sees one moment throughout. Never waits for a writer.
    pub async fn read(&self) -> Result<Tx, Error> {
        Ok(Tx { connection: self.pools.begin_read().await? })
    }

    /// Begins a transaction that may write. On SQLite there is one at a time: hold it briefly, and let
    /// nothing outside happen inside.
    pub async fn write(&self) -> Result<Tx, Error> {
        Ok(Tx { connection: self.pools.begin_write().await? })
    }

    /// Prepares every statement there is against the database, and names the first it does not take.
    pub async fn check_statements(&self) -> Result<usize, Error> {
        let mut tx = self.read().await?;
        let mut checked = 0;
        for statements in STATEMENTS {
            for statement in *statements {
                tx.connection.prepare(statement).await?;
                checked += 1;
            }
        }
        Ok(checked)
    }

    /// Closes all connections; what was committed is on the disk. Other clones are closed too.
    pub async fn close(&self) {
        self.pools.close().await;
    }
}

/// A transaction: all of it happens at [`Tx::commit`], or nothing. Dropping it undoes it.
#[derive(Debug)]
pub struct Tx {
    connection: Connection,
}

impl Tx {
    /// Makes everything in it stand.
    pub async fn commit(self) -> Result<(), Error> {
        self.connection.commit().await
    }
}
