//! Every step is there on both sides with rows to try it on, and each older database comes up to date with
//! its rows.

use std::fs;
use std::path::{Path, PathBuf};

use domain::ids::{GuildId, MemberId, UserId};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::Store;

use crate::engines::{File, NOON, in_schema};
use crate::links::{CHAT, CLUB, FORUM, link};

const BEGINNING: &str =
    "create table migrations (number bigint primary key, name text not null, applied_at_ms bigint not null)";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(name)
}

fn names(side: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder(side))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a database at a step holds: the steps up to it, each followed by its rows.
fn script(side: &str, steps: usize) -> String {
    let mut script = format!("{BEGINNING};\n");
    for file in names(side).iter().take(steps) {
        let (number, name) = file.trim_end_matches(".sql").split_once('_').unwrap();
        script += &fs::read_to_string(folder(side).join(file)).unwrap();
        script += &format!(
            "insert into migrations (number, name, applied_at_ms) values ({number}, '{name}', 0);\n"
        );
        script += &rows(number);
    }
    script
}

fn rows(number: &str) -> String {
    fs::read_to_string(folder("samples").join(format!("{number}.sql"))).unwrap()
}

/// The rows of the first steps, whatever the database was when they were written.
async fn holds_its_rows(store: &Store, steps: usize) {
    store.check_statements().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let people = if steps > 0 { 2 } else { 0 };
    let linked = tx.linked_members(CHAT).await.unwrap();
    assert_eq!(linked.len(), people, "step {steps}");
    if steps > 1 {
        let account = linked.first().unwrap().accounts.first().unwrap();
        assert_eq!(account.facts.as_ref().unwrap().facts, r#"{"trust_level":3}"#);
    }
    if steps > 2 {
        let nickname = tx.nickname(GuildId(10), UserId(9_007_199_254_740_993)).await.unwrap().unwrap();
        assert_eq!((nickname.asked_print, nickname.asked.as_str()), (5_u64.wrapping_neg(), "Mira"));
    }
    if steps > 3 {
        assert_eq!(tx.job_counts(NOON).await.unwrap().len(), 1);
    }
    drop(tx);
    let mut tx = store.write().await.unwrap();
    if steps > 0 {
        assert_eq!(tx.place("club", "club", "https://club.example").await.unwrap().id(), Some(CLUB));
        tx.unlink(MemberId(1), FORUM, CHAT).await.unwrap();
        tx.commit().await.unwrap();
        link(store, 9_007_199_254_740_993, CLUB, 7).await;
    }
}

#[test]
fn both_sides_have_the_same_steps_without_a_gap_and_rows_for_each() {
    assert_eq!(names("sqlite"), names("postgres"));
    for (at, name) in names("sqlite").iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", at + 1)), "{name}");
        assert!(!rows(&name[..4]).is_empty(), "{name} has rows to try it on");
    }
}

#[tokio::test]
async fn an_sqlite_database_of_each_step_comes_up_to_date_with_its_rows() {
    for steps in 0..=names("sqlite").len() {
        let file = File::new();
        fs::write(file.path(), "").unwrap();
        let mut older = file.connect().await;
        sqlx::raw_sql(AssertSqlSafe(script("sqlite", steps))).execute(&mut older).await.unwrap();
        older.close().await.unwrap();
        let store = Store::open(&file.address()).await.unwrap();
        holds_its_rows(&store, steps).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_database_of_each_step_comes_up_to_date_with_its_rows() {
    for steps in 0..=names("postgres").len() {
        in_schema(move |address| async move {
            let mut older = PgConnection::connect(&address).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(script("postgres", steps))).execute(&mut older).await.unwrap();
            older.close().await.unwrap();
            let store = Store::open(&address).await.unwrap();
            holds_its_rows(&store, steps).await;
            store.close().await;
        })
        .await;
    }
}

async fn open_many(address: String) {
    let opening: Vec<_> = (0..4)
        .map(|_| {
            let address = address.clone();
            tokio::spawn(async move { Store::open(&address).await.unwrap() })
        })
        .collect();
    for one in opening {
        let store = one.await.unwrap();
        assert!(store.check_statements().await.unwrap() > 80);
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_take_turns() {
    let file = File::new();
    open_many(file.address()).await;
    in_schema(open_many).await;
}
