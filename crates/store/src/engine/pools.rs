//! Opening a database: one writer and several readers on SQLite, one pool on PostgreSQL.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection as _};
use tokio::fs::OpenOptions;

use super::{Answer, Connection};
use crate::error::Error;

/// How long a statement waits for a lock that another process holds.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How long a transaction waits for its turn on a connection.
const TURN_WAIT: Duration = Duration::from_secs(15);
/// Readers of an SQLite file.
const SQLITE_READERS_MAX: u32 = 4;
/// Connections to a PostgreSQL server.
const POSTGRES_CONNECTIONS_MAX: u32 = 12;

/// What may follow the path: the most pages of 4 KiB that the file may have.
const PAGES_MAX: &str = "?max_page_count=";

const BEGIN_WRITE_SQLITE: &str = "begin immediate";
const BEGIN_READ_POSTGRES: &str = "begin isolation level repeatable read read only";
const BEGIN_WRITE_POSTGRES: &str = "begin isolation level read committed read write";
/// Reads every page once; stops at the first fault.
const QUICK_CHECK: &str = "pragma quick_check(1)";

/// The connections to one database.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// One file, one writer.
    Sqlite {
        /// Several connections that cannot write.
        reader: SqlitePool,
        /// The one connection that writes.
        writer: SqlitePool,
    },
    /// One server, many writers.
    Postgres(PgPool),
}

impl Pools {
    /// Opens whichever database the address names.
    pub(crate) async fn open(address: &str) -> Result<Self, Error> {
        if let Some(path) = address.strip_prefix("sqlite:") {
            return open_sqlite(path.strip_prefix("//").unwrap_or(path)).await;
        }
        if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            return open_postgres(address).await;
        }
        Err(Error::Unavailable {
            why: "the address must begin with sqlite: or postgres:// (sqlite:guildhall.db)".to_owned(),
        })
    }

    /// Begins a transaction that sees one moment and cannot write.
    pub(crate) fn begin_read(&self) -> Answer<'_, Connection> {
        match self {
            Self::Sqlite { reader, .. } => async { Ok(Connection::Sqlite(reader.begin().await?)) }.boxed(),
            Self::Postgres(pool) => {
                async { Ok(Connection::Postgres(pool.begin_with(BEGIN_READ_POSTGRES).await?)) }.boxed()
            }
        }
    }

    /// Begins a transaction that may write.
    pub(crate) fn begin_write(&self) -> Answer<'_, Connection> {
        match self {
            Self::Sqlite { writer, .. } => {
                async { Ok(Connection::Sqlite(writer.begin_with(BEGIN_WRITE_SQLITE).await?)) }.boxed()
            }
            Self::Postgres(pool) => {
                async { Ok(Connection::Postgres(pool.begin_with(BEGIN_WRITE_POSTGRES).await?)) }.boxed()
            }
        }
    }

    /// Closes all connections.
    pub(crate) fn close(&self) -> BoxFuture<'_, ()> {
        match self {
            Self::Sqlite { reader, writer } => async {
                reader.close().await;
                writer.close().await;
            }
            .boxed(),
            Self::Postgres(pool) => pool.close().boxed(),
        }
    }
}

async fn open_sqlite(address: &str) -> Result<Pools, Error> {
    let (path, pages_max) = match address.split_once(PAGES_MAX) {
        Some((path, pages)) => (path, Some(pages.to_owned())),
        None => (address, None),
    };
    make_private(Path::new(path)).await?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(LOCK_WAIT)
        .disable_statement_logging();
    let mut writing =
        options.clone().journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    if let Some(pages) = pages_max {
        writing = writing.pragma("max_page_count", pages);
    }
    check_file(&writing).await?;
    let writer = PoolOptions::new()
        .max_connections(1)
        .acquire_timeout(TURN_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_release(|connection, _| Box::pin(is_clean(connection)))
        .connect_with(writing)
        .await?;
    let reader = PoolOptions::new()
        .max_connections(SQLITE_READERS_MAX)
        .acquire_timeout(TURN_WAIT)
        .max_lifetime(None)
        .connect_lazy_with(options.pragma("query_only", "on"));
    Ok(Pools::Sqlite { reader, writer })
}

async fn open_postgres(address: &str) -> Result<Pools, Error> {
    let options = PgConnectOptions::from_str(address)
        .map_err(|error| Error::Unavailable { why: format!("the address cannot be understood: {error}") })?
        .application_name("guildhall")
        .disable_statement_logging();
    // The pool would try for a long time and then say only that it did.
    options.connect().await?.close().await?;
    let pool = PoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS_MAX)
        .acquire_timeout(TURN_WAIT)
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}

/// Makes the file, readable by its owner alone, before SQLite would make it readable by everybody. Its
/// companions (`-wal`, `-shm`) take the same mode from it.
async fn make_private(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    options.mode(0o600);
    match options.open(path).await {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Unavailable {
            why: format!("{} cannot be written ({error}); check the folder and its owner", path.display()),
        }),
    }
}

/// Refuses a damaged file before anything is written to it.
async fn check_file(options: &SqliteConnectOptions) -> Result<(), Error> {
    let mut connection = options.connect().await?;
    let answer: String = sqlx::query_scalar(QUICK_CHECK).fetch_one(&mut connection).await?;
    connection.close().await?;
    if answer == "ok" { Ok(()) } else { Err(Error::damaged(&answer)) }
}

/// Whether a connection that comes back has no transaction left open. SQLite itself undoes a transaction
/// when the disk is full, which sqlx does not learn; such a connection is closed.
async fn is_clean(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}
