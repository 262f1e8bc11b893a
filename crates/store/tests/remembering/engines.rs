//! A fresh database of each kind for each test. PostgreSQL's server is named by `GUILDHALL_TEST_POSTGRES`.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::time::Timestamp;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

/// A moment for tests; later ones are counted from it.
pub(crate) const NOON: Timestamp = Timestamp(1_700_000_000_000);

/// So many seconds after noon.
pub(crate) fn seconds(after: i64) -> Timestamp {
    Timestamp(NOON.0 + after * 1_000)
}

/// Makes one test out of a body for each database.
macro_rules! on_both {
    ($(async fn $name:ident($store:ident: $kind:ty) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($store: $kind) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let file = crate::engines::File::new();
                body(store::Store::open(&file.address()).await.unwrap()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                crate::engines::in_schema(|address| async move {
                    let store = store::Store::open(&address).await.unwrap();
                    body(store.clone()).await;
                    store.close().await;
                })
                .await;
            }
        }
    )+};
}

/// An SQLite file that goes with its folder.
pub(crate) struct File {
    folder: TempDir,
}

impl File {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("hall.db")
    }

    pub(crate) fn address(&self) -> String {
        format!("sqlite:{}", self.path().display())
    }

    /// A connection of somebody else's.
    pub(crate) async fn connect(&self) -> sqlx::SqliteConnection {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.path());
        sqlx::ConnectOptions::connect(&options).await.unwrap()
    }
}

/// Runs a test in a schema of its own, which goes afterwards whatever happened.
pub(crate) async fn in_schema<T>(test: impl FnOnce(String) -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("GUILDHALL_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "CI tries PostgreSQL too: set GUILDHALL_TEST_POSTGRES");
        println!("left out: PostgreSQL (GUILDHALL_TEST_POSTGRES names no server)");
        return;
    };
    let schema = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&server).await.unwrap();
    run(&mut admin, format!("create schema {schema}")).await;
    let mark = if server.contains('?') { '&' } else { '?' };
    let outcome = tokio::spawn(test(format!("{server}{mark}options[search_path]={schema}"))).await;
    run(&mut admin, format!("drop schema {schema} cascade")).await;
    outcome.unwrap();
}

async fn run(admin: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(admin).await.unwrap();
}
