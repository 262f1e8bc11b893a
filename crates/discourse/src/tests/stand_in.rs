//! A web server on loopback that answers what a test tells it to, and remembers what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::{Discourse, Patience, Settings};
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use domain::ids::SourceName;
use domain::time::Timestamp;
use futures_util::stream;
use serde_json::Value;
use service::Metrics;
use service::ports::Clock;

/// 2026-11-21T09:00:00Z, an hour after the recording began.
pub(crate) const NOW: Timestamp = Timestamp(1_795_251_600_000);

/// A clock that is moved by waiting on it.
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(NOW.0)))
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.now().since(NOW)
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    async fn sleep_until(&self, moment: Timestamp) {
        self.0.fetch_max(moment.0, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
}

/// How an answer's body ends.
#[derive(Clone, PartialEq)]
pub(crate) enum Ending {
    Whole,
    BreaksOff,
    NeverComes,
}

#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) ending: Ending,
}

impl Reply {
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { status, headers, body: body.into(), ending: Ending::Whole }
    }

    /// An answer of the forum itself to captain's key.
    pub(crate) fn keyed(route: &str, json: &Value) -> Self {
        let headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("X-Discourse-Route", route),
            ("X-Discourse-Username", "captain"),
        ];
        Self::new(200, &headers, json.to_string())
    }

    pub(crate) fn without(mut self, header: &str) -> Self {
        self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(header));
        self
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) key: Option<String>,
    pub(crate) username: Option<String>,
}

type Answering = dyn Fn(&Call) -> Reply + Send + Sync;

#[derive(Clone)]
struct Desk {
    answer: Arc<Answering>,
    calls: Arc<Mutex<Vec<Call>>>,
}

/// The running server; it ends when this is dropped.
pub(crate) struct Forum {
    pub(crate) url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Forum {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Forum {
    pub(crate) async fn answering(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let desk = Desk { answer: Arc::new(answer), calls: Arc::clone(&calls) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(serve).with_state(desk);
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, calls, task }
    }

    /// Answers by target; of several answers to one target each is given once, the last for ever. Everything
    /// else is answered as to a wrong key.
    pub(crate) async fn with(answers: impl IntoIterator<Item = (&str, Reply)>) -> Self {
        let mut by_target: BTreeMap<String, VecDeque<Reply>> = BTreeMap::new();
        for (target, reply) in answers {
            by_target.entry(target.to_owned()).or_default().push_back(reply);
        }
        let by_target = Mutex::new(by_target);
        Self::answering(move |call| {
            let mut by_target = by_target.lock().unwrap();
            let Some(replies) = by_target.get_mut(&call.target) else { return wrong_key() };
            if replies.len() > 1 { replies.pop_front().unwrap() } else { replies[0].clone() }
        })
        .await
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    pub(crate) fn settings(&self) -> Settings {
        settings(&self.url)
    }

    pub(crate) fn source(&self) -> Discourse {
        Discourse::new(&self.settings(), TestClock::new(), Metrics::default()).unwrap()
    }
}

fn heard(request: &Request) -> Call {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    Call {
        method: request.method().to_string(),
        target: request.uri().path_and_query().unwrap().to_string(),
        key: header("api-key"),
        username: header("api-username"),
    }
}

async fn serve(State(desk): State<Desk>, request: Request) -> Response {
    let call = heard(&request);
    drop(request);
    desk.calls.lock().unwrap().push(call.clone());
    let reply = (desk.answer)(&call);
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let body = match reply.ending {
        Ending::Whole => Body::from(reply.body),
        Ending::BreaksOff => {
            let broken = Err(std::io::Error::other("cut"));
            Body::from_stream(stream::iter([Ok(reply.body), broken]))
        }
        Ending::NeverComes => std::future::pending().await,
    };
    response.body(body).unwrap()
}

/// The forum's answer to a wrong key: the body of "no such user", and no word of who says it.
pub(crate) fn wrong_key() -> Reply {
    let body = r#"{"errors":["The requested URL or resource could not be found."],"error_type":"not_found"}"#;
    Reply::new(404, &[("Content-Type", "application/json; charset=utf-8")], body)
}

/// Whether the recordings are here. Where they are not, the test says that it was left out; in CI it fails.
pub(crate) fn recordings_here() -> bool {
    let here = folder().is_dir();
    assert!(here || std::env::var_os("CI").is_none(), "the recordings are not here: {}", folder().display());
    if !here {
        println!("left out: no recordings at {}", folder().display());
    }
    here
}

fn folder() -> PathBuf {
    shared().join("fixtures/discourse-2.9")
}

/// What all houses share: recordings and contracts.
pub(crate) fn shared() -> PathBuf {
    let shared = std::env::var_os("GUILDHALL_SHARED").map(PathBuf::from);
    shared.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"))
}

/// A recorded file, parsed.
pub(crate) fn recording(file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder().join(file)).unwrap()).unwrap()
}

/// A recorded answer.
pub(crate) fn recorded(file: &str) -> Reply {
    let exchange = recording(file);
    let response = &exchange["response"];
    let of_the_transport = ["transfer-encoding", "connection", "content-length", "date", "server"];
    let headers = response["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned()));
    let headers =
        headers.filter(|(name, _)| !of_the_transport.contains(&name.to_lowercase().as_str())).collect();
    let body = match response.get("json") {
        Some(json) => json.to_string(),
        None => response["text"].as_str().unwrap_or_default().to_owned(),
    };
    let status = u16::try_from(response["status"].as_u64().unwrap()).unwrap();
    Reply { status, headers, body: body.into_bytes(), ending: Ending::Whole }
}

/// The place of a fact in the schema.
pub(crate) fn fact(name: &str) -> usize {
    crate::facts().iter().position(|spec| spec.name == name).unwrap()
}

/// Settings of a forum at an address.
pub(crate) fn settings(address: &str) -> Settings {
    Settings {
        name: SourceName::new("forum").unwrap(),
        address: address.parse().unwrap(),
        api_key: "harbor-read-key".into(),
        api_username: "captain".into(),
        connect_secret: "harbor-provider-secret".into(),
        webhook_secret: "harbor-webhook-secret".into(),
        calls_per_minute: 60,
        patience: Patience::default(),
    }
}
