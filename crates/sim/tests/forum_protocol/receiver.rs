//! Somebody who is told: a web server that keeps what it gets, in the order in which it came.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use tokio::sync::mpsc;

/// A delivery as it arrived.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn event(&self) -> String {
        self.header("X-Discourse-Event").to_owned()
    }

    pub(crate) fn id(&self) -> i64 {
        self.header("X-Discourse-Event-Id").parse().unwrap()
    }
}

#[derive(Clone)]
struct Desk {
    got: mpsc::UnboundedSender<Got>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    got: mpsc::UnboundedReceiver<Got>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    /// Answers these statuses first, then 200.
    pub(crate) async fn answering(statuses: &[u16]) -> Receiver {
        let (sender, got) = mpsc::unbounded_channel();
        let desk = Desk { got: sender, answers: Arc::new(Mutex::new(statuses.iter().copied().collect())) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let app = axum::Router::new().fallback(take).with_state(desk);
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Receiver { url, got, task }
    }

    pub(crate) async fn next(&mut self) -> Got {
        self.got.recv().await.unwrap()
    }

    /// Everything that has come so far.
    pub(crate) fn all(&mut self) -> Vec<Got> {
        std::iter::from_fn(|| self.got.try_recv().ok()).collect()
    }

    pub(crate) fn events(&mut self) -> Vec<String> {
        self.all().iter().map(Got::event).collect()
    }
}

async fn take(State(desk): State<Desk>, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1024 * 1024).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    desk.got.send(Got { headers: parts.headers, body }).unwrap();
    let status = desk.answers.lock().unwrap().pop_front().unwrap_or(200);
    StatusCode::from_u16(status).unwrap()
}
