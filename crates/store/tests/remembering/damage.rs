//! A database that is locked, full, damaged, unreachable or too new says so, and loses nothing.

use std::path::Path;

use sqlx::Connection;
use store::links::Linked;
use store::{Error, Store};

use crate::engines::{File, NOON, in_schema};
use crate::links::{FORUM, link, new_link, places};

#[tokio::test]
async fn a_locked_database_says_so_and_loses_nothing() {
    let file = File::new();
    let store = Store::open(&file.address()).await.unwrap();
    places(&store).await;
    let mut somebody = file.connect().await;
    sqlx::raw_sql("begin immediate").execute(&mut somebody).await.unwrap();
    let error = store.write().await.unwrap_err();
    assert!(matches!(error, Error::Busy) && error.may_pass(), "{error}");
    assert!(error.to_string().contains("second Guildhall"), "{error}");
    assert_eq!(store.read().await.unwrap().account_count(FORUM).await.unwrap(), 0, "readers go on");
    sqlx::raw_sql("rollback").execute(&mut somebody).await.unwrap();
    assert!(matches!(link(&store, 1, FORUM, 42).await, Linked::Made { .. }));
}

#[tokio::test]
async fn a_full_disk_says_so_and_loses_nothing() {
    let file = File::new();
    let store = Store::open(&file.address()).await.unwrap();
    places(&store).await;
    link(&store, 1, FORUM, 42).await;
    store.close().await;
    let store = Store::open(&format!("{}?max_page_count=1", file.address())).await.unwrap();
    for _ in 0..3 {
        let mut tx = store.write().await.unwrap();
        let error = fill(&mut tx).await.unwrap_err();
        assert!(matches!(error, Error::Full) && error.may_pass(), "{error}");
    }
    assert!(matches!(link(&store, 1, FORUM, 42).await, Linked::Already { .. }));
    assert!(matches!(link(&store, 2, FORUM, 43).await, Linked::Made { .. }));
    assert_eq!(store.read().await.unwrap().meta("big").await.unwrap(), None);
}

async fn fill(tx: &mut store::Tx) -> Result<(), Error> {
    tx.link(&new_link(9, FORUM, 99)).await?;
    tx.put_meta("big", &"x".repeat(1_000_000)).await
}

#[tokio::test]
async fn a_damaged_file_is_refused_with_a_way_out() {
    let file = File::new();
    std::fs::write(
        file.path(),
        "this is not a database, it only looks like a file of some length".repeat(99),
    )
    .unwrap();
    let before = std::fs::read(file.path()).unwrap();
    let error = Store::open(&file.address()).await.unwrap_err();
    assert!(error.to_string().contains("restore a backup"), "{error}");
    assert_eq!(std::fs::read(file.path()).unwrap(), before, "it is left as it was");
}

#[tokio::test]
async fn a_damaged_page_is_found_at_the_start() {
    let file = File::new();
    let store = Store::open(&file.address()).await.unwrap();
    places(&store).await;
    store.close().await;
    let mut bytes = std::fs::read(file.path()).unwrap();
    for byte in bytes.iter_mut().skip(4_096) {
        *byte ^= 0x55;
    }
    std::fs::write(file.path(), bytes).unwrap();
    let error = Store::open(&file.address()).await.unwrap_err();
    assert!(error.to_string().contains("restore a backup"), "{error}");
}

#[tokio::test]
async fn addresses_that_lead_nowhere_say_what_to_do() {
    for (address, says) in [
        ("mysql://x", "must begin with sqlite: or postgres://"),
        ("sqlite:/nowhere/at/all.db", "check the folder"),
        ("postgres://nobody@127.0.0.1:1/hall", "cannot be reached"),
    ] {
        let error = Store::open(address).await.unwrap_err().to_string();
        assert!(error.contains(says), "{address}: {error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let file = File::new();
    let store = Store::open(&file.address()).await.unwrap();
    places(&store).await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for name in ["hall.db", "hall.db-wal", "hall.db-shm"] {
        assert_eq!(mode(&file.path().with_file_name(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn what_was_committed_is_there_after_opening_again() {
    let file = File::new();
    let store = Store::open(&file.address()).await.unwrap();
    places(&store).await;
    link(&store, 1, FORUM, 42).await;
    let again = Store::open(&file.address()).await.unwrap();
    let Linked::Already { since, .. } = link(&again, 1, FORUM, 42).await else { panic!("the link was lost") };
    assert_eq!(since, NOON);
    store.close().await;
    assert!(matches!(store.read().await.unwrap_err(), Error::Unavailable { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_from_a_newer_version_is_refused_by_name() {
    let file = File::new();
    Store::open(&file.address()).await.unwrap().close().await;
    let mut newer = file.connect().await;
    sqlx::raw_sql(NEWER).execute(&mut newer).await.unwrap();
    newer.close().await.unwrap();
    refused(&file.address()).await;
    in_schema(|address| async move {
        Store::open(&address).await.unwrap().close().await;
        let mut newer = sqlx::PgConnection::connect(&address).await.unwrap();
        sqlx::raw_sql(NEWER).execute(&mut newer).await.unwrap();
        refused(&address).await;
    })
    .await;
}

const NEWER: &str = "insert into migrations (number, name, applied_at_ms) values (9999, 'flying', 0)";

async fn refused(address: &str) {
    let error = Store::open(address).await.unwrap_err();
    assert!(matches!(&error, Error::Newer { name } if name == "9999_flying"), "{error}");
    assert!(error.to_string().contains("start that version"), "{error}");
}
