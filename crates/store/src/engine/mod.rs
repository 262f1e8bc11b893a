//! The only folder that knows that there are two databases: one text, one set of values, two connections.

#[macro_use]
mod statement;
mod pools;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryStreamExt};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Arguments, Encode, Executor, FromRow, Postgres, SqlSafeStr, Sqlite, Transaction, Type};

use crate::cells::Value;
use crate::error::Error;

pub(crate) use pools::Pools;
pub(crate) use statement::Statement;

/// An open transaction on either database.
#[derive(Debug)]
pub(crate) enum Connection {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// A row that either database can give.
pub(crate) trait Cells:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Cells for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// An answer on its way. Boxed, because the compiler cannot see through sqlx that it may cross threads.
pub(crate) type Answer<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// Runs the same code on whichever database it is.
macro_rules! on {
    ($connection:expr, $statement:expr, $values:expr,
     |$text:ident, $arguments:ident, $open:ident| $run:expr) => {
        match $connection {
            Connection::Sqlite(transaction) => {
                let ($text, arguments) = ($statement.sqlite, arguments::<Sqlite>($values));
                async move {
                    let ($arguments, $open) = (arguments?, &mut **transaction);
                    Ok($run)
                }
                .boxed()
            }
            Connection::Postgres(transaction) => {
                let ($text, arguments) = ($statement.postgres, arguments::<Postgres>($values));
                async move {
                    let ($arguments, $open) = (arguments?, &mut **transaction);
                    Ok($run)
                }
                .boxed()
            }
        }
    };
}

impl Connection {
    /// Runs a statement and says how many rows it wrote.
    pub(crate) fn run(&mut self, statement: &Statement, values: &[Value<'_>]) -> Answer<'_, u64> {
        on!(self, statement, values, |text, arguments, open| {
            sqlx::query_with(text, arguments).execute(open).await?.rows_affected()
        })
    }

    /// All rows.
    pub(crate) fn all<'a, T: Cells + 'a>(
        &'a mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Answer<'a, Vec<T>> {
        on!(self, statement, values, |text, arguments, open| {
            sqlx::query_as_with(text, arguments).fetch_all(open).await?
        })
    }

    /// The first row, if there is one.
    pub(crate) fn optional<'a, T: Cells + 'a>(
        &'a mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Answer<'a, Option<T>> {
        on!(self, statement, values, |text, arguments, open| {
            sqlx::query_as_with(text, arguments).fetch_optional(open).await?
        })
    }

    /// The first row; that there is none is an error.
    pub(crate) fn one<'a, T: Cells + 'a>(
        &'a mut self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Answer<'a, T> {
        on!(self, statement, values, |text, arguments, open| {
            sqlx::query_as_with(text, arguments).fetch_one(open).await?
        })
    }

    /// Hands over each row as it comes, without keeping them.
    pub(crate) fn each<'a, T: Cells + 'a>(
        &'a mut self,
        statement: &Statement,
        values: &[Value<'_>],
        mut take: impl FnMut(T) -> Result<(), Error> + Send + 'a,
    ) -> Answer<'a, ()> {
        on!(self, statement, values, |text, arguments, open| {
            let mut rows = sqlx::query_as_with(text, arguments).fetch(open);
            while let Some(row) = rows.try_next().await? {
                take(row)?;
            }
        })
    }

    /// Runs several statements that take no values, as migrations are.
    pub(crate) fn script(&mut self, script: &Statement) -> Answer<'_, ()> {
        on!(self, script, &[], |text, _arguments, open| {
            sqlx::raw_sql(text).execute(open).await?;
        })
    }

    /// Keeps other processes out of the migrations until this transaction ends. On SQLite the
    /// transaction itself does.
    pub(crate) async fn lock_migrations(&mut self) -> Result<(), Error> {
        /// Any number will do, as long as every Guildhall uses the same: "hall" in ASCII.
        const LOCK: Statement =
            Statement::new("LOCK", "select 1", "select 1 from pg_advisory_xact_lock(1751215212)");
        self.run(&LOCK, &[]).await.map(drop)
    }

    /// Lets the database read a statement without running it.
    pub(crate) fn prepare(&mut self, statement: &'static Statement) -> Answer<'_, ()> {
        on!(self, statement, &[], |text, _arguments, open| {
            open.prepare(text.into_sql_str()).await.map(drop).map_err(|error| Error::Broken {
                why: format!("{} is no statement: {error}", statement.name),
            })?;
        })
    }

    /// Makes everything stand.
    pub(crate) fn commit(self) -> Answer<'static, ()> {
        match self {
            Self::Sqlite(transaction) => async { Ok(transaction.commit().await?) }.boxed(),
            Self::Postgres(transaction) => async { Ok(transaction.commit().await?) }.boxed(),
        }
    }
}

fn arguments<DB>(values: &[Value<'_>]) -> Result<DB::Arguments, Error>
where
    DB: sqlx::Database,
    Option<i64>: for<'q> Encode<'q, DB> + Type<DB>,
    Option<String>: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut arguments = DB::Arguments::default();
    for value in values {
        match value {
            Value::Int(number) => arguments.add(*number),
            Value::Text(text) => arguments.add(text.as_deref().map(str::to_owned)),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
