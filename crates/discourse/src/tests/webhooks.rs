//! Webhooks: only what the forum signed is taken, and only after it is stored is it thanked for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::webhooks::{HookReceiver, Sender, routes};
use async_trait::async_trait;
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use domain::ids::{GroupId, SourceName, Subject};
use service::{Delivery, Hint};

use super::stand_in::{recording, recordings_here, settings};

const SECRET: &str = "harbor-webhook-secret";

#[derive(Default)]
struct Book {
    entries: Mutex<Vec<(String, String, Hint)>>,
    is_full: AtomicBool,
}

#[async_trait]
impl HookReceiver for Book {
    async fn receive(
        &self,
        _source: &SourceName,
        delivery: Delivery,
        hints: Vec<Hint>,
    ) -> Result<(), service::Error> {
        if self.is_full.load(Ordering::SeqCst) {
            return Err(service::Error::refused("the database is full"));
        }
        let mut entries = self.entries.lock().unwrap();
        entries
            .extend(hints.into_iter().map(|hint| (delivery.event_id.clone(), delivery.event.clone(), hint)));
        Ok(())
    }
}

struct Hall {
    url: String,
    book: Arc<Book>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Hall {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Hall {
    async fn start() -> Self {
        let sender = Sender::new(&settings("https://forum.discourse.test"));
        let book = Arc::new(Book::default());
        let app = routes(book.clone(), [sender]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks/forum", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, book, task }
    }

    async fn post(&self, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> u16 {
        let mut request = reqwest::Client::builder().build().unwrap().post(&self.url).body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap().status().as_u16()
    }

    fn entries(&self) -> Vec<(String, String, Hint)> {
        self.book.entries.lock().unwrap().clone()
    }
}

fn signature(body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    format!("sha256={}", HEXLOWER.encode(hmac::sign(&key, body).as_ref()))
}

fn headers<'a>(event: &'a str, signature: &'a str, kind: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("X-Discourse-Event-Id", "77"),
        ("X-Discourse-Event", event),
        ("X-Discourse-Event-Signature", signature),
        ("Content-Type", kind),
    ]
}

fn person(id: i64) -> Hint {
    Hint::Person { source: SourceName::new("forum").unwrap(), subject: Subject(id.to_string()) }
}

fn group(id: i64) -> Hint {
    Hint::Group { source: SourceName::new("forum").unwrap(), group: GroupId(id) }
}

#[tokio::test]
async fn every_recorded_delivery_says_whom_to_look_at_again() {
    if !recordings_here() {
        return;
    }
    let cases: &[(&str, Option<Hint>)] = &[
        ("user_created-1", Some(person(252))),
        ("user_confirmed_email-1", Some(person(252))),
        ("user_updated-1", Some(person(8))),
        ("user_added_to_group-1", Some(person(252))),
        ("group_created-1", Some(group(45))),
        ("group_destroyed-1", Some(group(45))),
        ("group_updated-1", None),
        ("ping-1", None),
        ("post_created-1", None),
        ("topic_created-1", None),
        ("notification_created-1", None),
        ("user_badge_granted-1", None),
    ];
    for (file, expected) in cases {
        let delivery = recording(&format!("webhooks/{file}.json"));
        let hall = Hall::start().await;
        let pairs: Vec<(&str, &str)> = delivery["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
            .filter(|(name, _)| name.starts_with("X-") || *name == "Content-Type")
            .collect();
        let status = hall.post(&pairs, delivery["body"].as_str().unwrap()).await;
        assert_eq!(status, 200, "{file}");
        let hints: Vec<Hint> = hall.entries().into_iter().map(|(_, _, hint)| hint).collect();
        assert_eq!(hints, expected.iter().cloned().collect::<Vec<_>>(), "{file}");
    }
}

#[tokio::test]
async fn every_recorded_event_about_standing_is_understood() {
    if !recordings_here() {
        return;
    }
    for event in [
        "user_promoted-1",
        "user_logged_out-1",
        "user_destroyed-1",
        "user_removed_from_group-1",
        "group_updated-2",
    ] {
        let delivery = recording(&format!("webhooks/{event}.json"));
        let body = delivery["body"].as_str().unwrap();
        let name = event.rsplit_once('-').unwrap().0;
        let hall = Hall::start().await;
        assert_eq!(
            hall.post(&headers(name, &signature(body.as_bytes()), "application/json"), body).await,
            200
        );
        let everyone = body.contains(r#""group":{"id":0"#);
        assert_eq!(hall.entries().len(), usize::from(!everyone), "{event}");
    }
}

#[tokio::test]
async fn json_comes_under_both_content_types_and_in_a_form() {
    let json = r#"{"user":{"id":4}}"#;
    let form = "payload=%7B%22user%22%3A%7B%22id%22%3A4%7D%7D";
    let cases = [
        ("application/json", json, 200),
        ("application/json; charset=utf-8", json, 200),
        ("application/x-www-form-urlencoded", json, 200),
        ("application/x-www-form-urlencoded", form, 200),
        ("application/x-www-form-urlencoded", "other=1", 400),
        ("text/plain", json, 415),
    ];
    for (kind, body, status) in cases {
        let hall = Hall::start().await;
        assert_eq!(
            hall.post(&headers("user_updated", &signature(body.as_bytes()), kind), body).await,
            status,
            "{kind}"
        );
        assert_eq!(hall.entries().len(), usize::from(status == 200), "{kind} {body}");
    }
}

/// What it is, the headers that differ, the body, and the answer.
type Forgery = (&'static str, Vec<(&'static str, String)>, Vec<u8>, u16);

#[tokio::test]
async fn forged_deliveries_are_refused_and_nothing_is_stored() {
    let body: &[u8] = br#"{"user":{"id":4}}"#;
    let good = signature(body);
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let deep_in_place = format!(r#"{{"user":{deep}}}"#);
    let large = format!(r#"{{"user":{{"id":4}},"x":"{}"}}"#, "x".repeat(1024 * 1024));
    let kind = "application/json";
    let cases: Vec<Forgery> = vec![
        ("no signature", vec![("X-Discourse-Event-Signature", String::new())], body.to_vec(), 403),
        (
            "another secret's",
            vec![("X-Discourse-Event-Signature", format!("sha256={}", "0".repeat(64)))],
            body.to_vec(),
            403,
        ),
        (
            "without its scheme",
            vec![("X-Discourse-Event-Signature", good[7..].to_owned())],
            body.to_vec(),
            403,
        ),
        (
            "another body",
            vec![("X-Discourse-Event-Signature", good.clone())],
            br#"{"user":{"id":1}}"#.to_vec(),
            403,
        ),
        ("a broken body", vec![], b"{\"user\":".to_vec(), 400),
        ("a wrong shape", vec![], br#"{"user":"4"}"#.to_vec(), 400),
        ("nobody", vec![], b"{}".to_vec(), 400),
        ("a deep body", vec![], deep_in_place.into_bytes(), 400),
        ("a large body", vec![], large.into_bytes(), 413),
        ("a strange event id", vec![("X-Discourse-Event-Id", "7 7".to_owned())], body.to_vec(), 400),
        ("a long event id", vec![("X-Discourse-Event-Id", "7".repeat(65))], body.to_vec(), 400),
        ("a strange event", vec![("X-Discourse-Event", "user/../x".to_owned())], body.to_vec(), 400),
    ];
    for (case, changes, body, expected) in cases {
        let hall = Hall::start().await;
        let signed = signature(&body);
        let mut sent =
            headers("user_updated", &signed, kind).map(|(name, value)| (name, value.to_owned())).to_vec();
        for (name, value) in changes {
            sent.retain(|(known, _)| *known != name);
            sent.push((name, value));
        }
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(hall.post(&sent, body).await, expected, "{case}");
        assert!(hall.entries().is_empty(), "{case}");
    }
}

#[tokio::test]
async fn a_delivery_that_is_sent_again_keeps_its_id() {
    let body = r#"{"user":{"id":4}}"#;
    let hall = Hall::start().await;
    for _ in 0..2 {
        hall.post(&headers("user_updated", &signature(body.as_bytes()), "application/json"), body).await;
    }
    let ids: Vec<String> = hall.entries().into_iter().map(|(id, _, _)| id).collect();
    assert_eq!(ids, ["77", "77"], "the receiver tells them apart by this");
}

#[tokio::test]
async fn what_cannot_be_stored_is_asked_for_again() {
    let body = r#"{"user":{"id":4}}"#;
    let hall = Hall::start().await;
    hall.book.is_full.store(true, Ordering::SeqCst);
    let status =
        hall.post(&headers("user_updated", &signature(body.as_bytes()), "application/json"), body).await;
    assert_eq!(status, 503);
}

#[tokio::test]
async fn a_source_that_is_not_set_up_is_unknown() {
    let mut hall = Hall::start().await;
    hall.url = hall.url.replace("/forum", "/other");
    let body = r#"{"user":{"id":4}}"#;
    let status =
        hall.post(&headers("user_updated", &signature(body.as_bytes()), "application/json"), body).await;
    assert_eq!(status, 404);
}
