//! How the tables came to be: numbered steps, the same on both databases, each in a transaction of its own.
//!
//! Steps only add, so that the version before still works beside this one (expand; contract a release
//! later). A database with a step that this version does not know is refused by the step's name.

use crate::cells::values;
use crate::engine::Statement;
use crate::{Error, Store, Tx};

statements! {
    APPLIED = [
        "select number, name
        from migrations
        order by number"
    ],
    NOTE = [
        "insert into migrations (number, name, applied_at_ms)
        values ($1, $2, " now_ms ")"
    ],
}

/// The table that everything else is counted in; the same text on both databases.
const BEGINNING: Statement = {
    const TEXT: &str = "create table if not exists migrations (
        number bigint primary key,
        name text not null,
        applied_at_ms bigint not null
    )";
    Statement::new("BEGINNING", TEXT, TEXT)
};

/// One step.
pub(crate) struct Migration {
    /// From 1, without gaps.
    pub(crate) number: i64,
    /// What it is about.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) script: Statement,
}

macro_rules! migration {
    ($number:literal, $digits:literal, $name:literal) => {
        Migration {
            number: $number,
            name: $name,
            script: Statement::new(
                $name,
                include_str!(concat!("../migrations/sqlite/", $digits, "_", $name, ".sql")),
                include_str!(concat!("../migrations/postgres/", $digits, "_", $name, ".sql")),
            ),
        }
    };
}

/// All steps, in order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001", "members"),
    migration!(2, "0002", "facts"),
    migration!(3, "0003", "guilds"),
    migration!(4, "0004", "jobs"),
    migration!(5, "0005", "linking"),
    migration!(6, "0006", "records"),
    migration!(7, "0007", "told"),
    migration!(8, "0008", "deliveries"),
    migration!(9, "0009", "plans"),
    migration!(10, "0010", "sizes"),
    migration!(11, "0011", "beneath"),
    migration!(12, "0012", "names"),
];

/// Applies what is missing, one transaction a step. Processes that start together take turns.
pub(crate) async fn bring_up_to_date(store: &Store, migrations: &'static [Migration]) -> Result<(), Error> {
    loop {
        let mut tx = store.write().await?;
        tx.connection.lock_migrations().await?;
        tx.connection.script(&BEGINNING).await?;
        let Some(next) = tx.next_migration(migrations).await? else { return tx.commit().await };
        tx.connection.script(&next.script).await?;
        tx.connection.run(&NOTE, values![next.number, next.name]).await?;
        tx.commit().await?;
        tracing::info!(number = next.number, name = next.name, "brought the database one step further");
    }
}

impl Tx {
    /// The first step that is missing; refuses a database that has one we do not know.
    async fn next_migration(
        &mut self,
        migrations: &'static [Migration],
    ) -> Result<Option<&'static Migration>, Error> {
        let applied: Vec<(i64, String)> = self.connection.all(&APPLIED, values![]).await?;
        let mut known = migrations.iter();
        for (number, name) in applied {
            match known.next() {
                Some(step) if step.number == number && step.name == name => {}
                _ => return Err(Error::Newer { name: format!("{number:04}_{name}") }),
            }
        }
        Ok(known.next())
    }
}
