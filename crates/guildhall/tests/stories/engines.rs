//! A fresh database of each kind for each story.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// How long one story may take on a busy machine.
const STORY_TAKES_AT_MOST: Duration = Duration::from_secs(240);

/// How often a schema is asked to go.
const DROPS_TRIED_MAX: usize = 8;

/// Makes one test out of a story for each database.
macro_rules! stories {
    ($($(#[doc = $about:literal])* async fn $name:ident($engine:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[doc = $about])*
            async fn story($engine: crate::engines::Engine) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                crate::engines::on_sqlite(story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                crate::engines::on_postgres(story).await;
            }
        }
    )+};
}

/// Compares with an inline snapshot, which is the same on both databases.
macro_rules! assert_told {
    ($told:expr, @$expected:literal) => {
        insta::allow_duplicates! { insta::assert_snapshot!($told, @$expected) }
    };
}

/// The database of one story.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    kind: Kind,
    /// Ends with the story, and every hall with it.
    end: CancellationToken,
}

#[derive(Clone, Debug)]
enum Kind {
    /// A file.
    Sqlite(String),
    /// A schema of its own.
    Postgres(String),
}

impl Engine {
    /// Its address, as settings have it.
    pub(crate) fn address(&self) -> &str {
        let (Kind::Sqlite(address) | Kind::Postgres(address)) = &self.kind;
        address
    }

    /// Ends with the story.
    pub(crate) fn end(&self) -> CancellationToken {
        self.end.child_token()
    }

    /// Keeps everybody else from writing, for as long as what it gives back lives. SQLite only.
    pub(crate) async fn locked(&self) -> SqliteConnection {
        let Kind::Sqlite(address) = &self.kind else { panic!("only a file is locked as a whole") };
        let mut connection = SqliteConnection::connect(address).await.unwrap();
        sqlx::raw_sql("begin exclusive").execute(&mut connection).await.unwrap();
        connection
    }

    /// What a statement counts, asked beside the hall.
    pub(crate) async fn count(&self, statement: &str) -> i64 {
        let statement = AssertSqlSafe(statement.to_owned());
        match &self.kind {
            Kind::Sqlite(address) => {
                let mut connection = SqliteConnection::connect(address).await.unwrap();
                sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap()
            }
            Kind::Postgres(address) => {
                let mut connection = PgConnection::connect(address).await.unwrap();
                sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap()
            }
        }
    }
}

/// Tells a story on an SQLite file that goes with its folder.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(story: impl FnOnce(Engine) -> F) {
    let folder = TempDir::new().unwrap();
    let address = format!("sqlite:{}", folder.path().join("hall.db").display());
    let end = CancellationToken::new();
    told(story(Engine { kind: Kind::Sqlite(address), end: end.clone() })).await;
    end.cancel();
}

/// Tells a story in a schema of its own, which goes afterwards whatever happened.
#[expect(clippy::print_stdout, reason = "what is left out is said")]
pub(crate) async fn on_postgres<F>(story: impl FnOnce(Engine) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("GUILDHALL_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "CI tells its stories on PostgreSQL too");
        println!("left out: PostgreSQL (GUILDHALL_TEST_POSTGRES names no server)");
        return;
    };
    let schema = format!("story_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&server).await.unwrap();
    run(&mut admin, format!("create schema {schema}")).await.unwrap();
    let mark = if server.contains('?') { '&' } else { '?' };
    let address = format!("{server}{mark}options[search_path]={schema}");
    let end = CancellationToken::new();
    let engine = Engine { kind: Kind::Postgres(address), end: end.clone() };
    let outcome = tokio::spawn(told(story(engine))).await;
    end.cancel();
    // A hall that is ending may still hold a table; the server then breaks one of the two off.
    for _ in 0..DROPS_TRIED_MAX {
        if run(&mut admin, format!("drop schema {schema} cascade")).await.is_ok() {
            break;
        }
    }
    outcome.unwrap();
}

async fn told(story: impl Future<Output = ()>) {
    let ended = tokio::time::timeout(STORY_TAKES_AT_MOST, story).await;
    assert!(ended.is_ok(), "the story did not come to its end within {STORY_TAKES_AT_MOST:?}");
}

async fn run(admin: &mut PgConnection, statement: String) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(admin).await.map(drop)
}
