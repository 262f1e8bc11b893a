//! `guildhall serve` as its own process, beside a Discord that refuses and a forum that never answers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// Longer than a terminal is left without a sign of life.
const LONG: Duration = Duration::from_secs(4);

const SECRETS: [&str; 5] = ["TOKEN", "CLIENT", "KEY", "CONNECT", "WEBHOOK"];

/// Settings of a hall whose Discord is not there and whose forum keeps everybody waiting.
fn settings(forum: u16) -> String {
    format!(
        "[hall]\npublic_address = 'http://127.0.0.1:1'\nlisten = '127.0.0.1:0'\n\
         [discord]\napplication_id = '1180000000000000001'\nbot_token = {{ env = 'TOKEN' }}\n\
         client_secret = {{ env = 'CLIENT' }}\napi_address = 'http://127.0.0.1:1/api'\n\
         gateway_address = 'ws://127.0.0.1:1'\nauthorize_address = 'http://127.0.0.1:1/a'\n\
         token_address = 'http://127.0.0.1:1/t'\ncdn_address = 'http://127.0.0.1:1/c'\n\
         [[source]]\nname = 'forum'\naddress = 'http://127.0.0.1:{forum}'\napi_key = {{ env = 'KEY' }}\n\
         connect_secret = {{ env = 'CONNECT' }}\nwebhook_secret = {{ env = 'WEBHOOK' }}\n\
         [[guild]]\nid = '1180000000000000002'\n[[guild.role]]\nrole = 'A'\nwhen = 'forum.admin'\n"
    )
}

/// Runs the program.
fn serve(file: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_guildhall"))
        .args(["serve", "--settings"])
        .arg(file)
        .envs(SECRETS.map(|name| (name, "a secret that is long enough")))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn where_standard_error_is_no_terminal_there_are_lines_and_nothing_else() {
    // It takes connections and never answers.
    let forum = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guildhall.toml");
    std::fs::write(&file, settings(forum.local_addr().unwrap().port())).unwrap();
    let mut hall = serve(&file);
    // Waits in vain for its end: meanwhile a terminal would have been shown that the first reading goes on.
    assert!(tokio::time::timeout(LONG, hall.wait()).await.is_err());
    let asked = Command::new("kill").arg(hall.id().unwrap().to_string()).status().await.unwrap();
    assert!(asked.success());
    let (mut said, mut log) = (String::new(), String::new());
    hall.stdout.take().unwrap().read_to_string(&mut said).await.unwrap();
    hall.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    assert!(hall.wait().await.unwrap().success(), "{log}");
    // It is said once, and where no terminal is that is in the log.
    assert_eq!(said, "");
    assert_eq!(log.matches(" INFO the hall is open on 127.0.0.1:").count(), 1, "{log}");
    assert!(log.contains(" INFO closing"), "{log}");
    let drawn = log.chars().find(|sign| sign.is_control() && *sign != '\n');
    assert_eq!(drawn, None, "{log}");
    assert!(!log.contains("for the first time"), "{log}");
}

/// Longer than a line of the log takes to come.
const LOG_TAKES_AT_MOST: Duration = Duration::from_secs(60);

/// Reads a log until a line says something.
async fn says(log: &mut (impl AsyncBufReadExt + Unpin), words: &str) -> String {
    let mut read = String::new();
    let until = async {
        while !read.contains(words) {
            assert!(log.read_line(&mut read).await.unwrap() > 0, "the log ended: {read}");
        }
    };
    assert!(tokio::time::timeout(LOG_TAKES_AT_MOST, until).await.is_ok(), "no “{words}”");
    read
}

#[cfg(unix)]
#[tokio::test]
async fn a_changed_file_is_followed_while_it_runs_whether_it_is_asked_to_or_not() {
    let forum = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guildhall.toml");
    let rules = settings(forum.local_addr().unwrap().port());
    std::fs::write(&file, &rules).unwrap();
    let mut hall = serve(&file);
    let mut log = BufReader::new(hall.stderr.take().unwrap());
    says(&mut log, "new rules hold").await;
    std::fs::write(&file, rules.replace("forum.admin", "forum.trust_level == 4")).unwrap();
    let told = says(&mut log, "new rules hold: ").await;
    assert!(told.contains("~ A: was forum.admin, is forum.trust_level == 4"), "{told}");
    std::fs::write(&file, "[hall").unwrap();
    let told = says(&mut log, "so the rules stay as they were").await;
    assert!(!told.contains("new rules"), "a revision is told once: {told}");
    std::fs::write(&file, &rules).unwrap();
    let asked = Command::new("kill").args(["-HUP", &hall.id().unwrap().to_string()]).status().await.unwrap();
    assert!(asked.success());
    let told = says(&mut log, "new rules hold: ").await;
    assert!(told.contains("~ A: was forum.trust_level == 4, is forum.admin"), "{told}");
    hall.kill().await.unwrap();
}
