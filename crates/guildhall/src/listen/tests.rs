//! What the listener bears, seen from the other end of the line.

use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Short enough to wait for.
const SOON: Bounds =
    Bounds { head: Duration::from_millis(200), request: Duration::from_millis(400), connections_max: 2 };

struct Served {
    address: std::net::SocketAddr,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

async fn served() -> Served {
    let app = Router::new()
        .route("/read", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/fine", get(|| async { "fine" }))
        .route("/panics", get(panics));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let task = tokio::spawn(serve(listener, app, SOON, stop.clone()));
    Served { address, stop, task }
}

async fn panics() -> &'static str {
    panic!("the hall is on fire")
}

impl Served {
    /// Sends a beginning and never more; gives all that came back until the line was closed.
    async fn says(&self, beginning: &str) -> String {
        let mut line = TcpStream::connect(self.address).await.unwrap();
        line.write_all(beginning.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    async fn stops(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

#[tokio::test]
async fn a_body_that_never_ends_gets_408() {
    let served = served().await;
    let answer = served.says("POST /read HTTP/1.1\r\nHost: hall\r\nContent-Length: 9\r\n\r\nslow").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    served.stops().await;
}

#[tokio::test]
async fn a_head_that_never_ends_loses_its_line() {
    let served = served().await;
    for beginning in ["", "GET /fine HTTP/1.1\r\nHost: ha"] {
        let answer = served.says(beginning).await;
        assert!(!answer.contains(" 200 "), "{answer}");
    }
    served.stops().await;
}

#[tokio::test]
async fn a_handler_that_panics_is_500_and_the_next_is_served() {
    let served = served().await;
    let answer = served.says("GET /panics HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
    let answer = served.says("GET /fine HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    served.stops().await;
}

#[tokio::test]
async fn whoever_holds_all_lines_holds_them_for_a_moment_only() {
    let served = served().await;
    let mut silent = Vec::new();
    for _ in 0..SOON.connections_max {
        silent.push(TcpStream::connect(served.address).await.unwrap());
    }
    let answer = served.says("GET /fine HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    drop(silent);
    served.stops().await;
}
