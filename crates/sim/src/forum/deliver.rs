//! Sends webhook deliveries: one after another for each webhook, webhooks side by side.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::redirect;
use tokio::sync::mpsc;

use super::Shared;
use super::webhooks::{Delivery, EVENT_ID};

/// How long a receiver may take, as the forum has it.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Bytes of an answer that are kept.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Minutes between the attempts when the forum is set to repeat what failed.
const RETRY_AFTER_MINUTES: [i64; 4] = [1, 5, 25, 125];

/// How often the clock of the world is looked at while an attempt waits for its time.
const CLOCK_LOOK: Duration = Duration::from_millis(20);

/// Takes deliveries until the forum stops.
pub(super) async fn run(shared: Arc<Shared>, mut waiting: mpsc::UnboundedReceiver<Delivery>) {
    // Made for the first delivery: most forums of tests send none, and a client is dear to make.
    let mut client = None;
    let mut queues: HashMap<i64, mpsc::UnboundedSender<Delivery>> = HashMap::new();
    let stop = shared.stop.clone();
    while let Some(Some(delivery)) = stop.run_until_cancelled(waiting.recv()).await {
        let client = match &client {
            Some(client) => client,
            None => match made() {
                Ok(made) => client.insert(made),
                Err(_) => return,
            },
        };
        let queue = queues.entry(delivery.webhook).or_insert_with(|| {
            let (sender, receiver) = mpsc::unbounded_channel();
            tokio::spawn(send_in_turn(shared.clone(), client.clone(), receiver));
            sender
        });
        // A queue that is gone is a forum that stops.
        let _sent = queue.send(delivery);
    }
}

fn made() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
}

async fn send_in_turn(
    shared: Arc<Shared>,
    client: reqwest::Client,
    mut queue: mpsc::UnboundedReceiver<Delivery>,
) {
    let stop = shared.stop.clone();
    while let Some(Some(delivery)) = stop.run_until_cancelled(queue.recv()).await {
        let delay = Duration::from_millis(shared.forum().webhooks.faults.delay_ms);
        pause(delay).await;
        let done = stop.run_until_cancelled(attempt(&shared, &client, delivery)).await;
        let Some(delivery) = done else {
            return;
        };
        let due_ms = due_again(&shared, &delivery);
        let mut forum = shared.forum();
        forum.webhooks.retries_waiting += usize::from(due_ms.is_some());
        forum.webhooks.answered(delivery.clone());
        drop(forum);
        if let Some(due_ms) = due_ms {
            tokio::spawn(retry_later(shared.clone(), delivery, due_ms));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a delay on the wire is real time, not the world's")]
async fn pause(delay: Duration) {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}

/// When a delivery that failed is due again. What is gone, and what nobody answered, is not repeated.
fn due_again(shared: &Shared, delivery: &Delivery) -> Option<i64> {
    let status = delivery.status.filter(|status| !matches!(status, 200..=299 | 404 | 410));
    let attempt = usize::try_from(delivery.attempts).unwrap_or_default().saturating_sub(1);
    let minutes = RETRY_AFTER_MINUTES.get(attempt).filter(|_| status.is_some())?;
    let forum = shared.forum();
    forum.settings.retry_webhooks.then(|| forum.now_ms() + minutes * 60_000)
}

/// Sends it again when the world's clock says so, as an event of its own with the old body.
async fn retry_later(shared: Arc<Shared>, delivery: Delivery, due_ms: i64) {
    while shared.forum().now_ms() < due_ms {
        if shared.stop.is_cancelled() {
            return;
        }
        pause(CLOCK_LOOK).await;
    }
    let mut forum = shared.forum();
    forum.webhooks.retries_waiting -= 1;
    let id = forum.webhooks.next_event();
    let at_ms = forum.now_ms();
    let mut again = Delivery { id, at_ms, status: None, ..delivery };
    for (_, value) in again.headers.iter_mut().filter(|(name, _)| name == EVENT_ID) {
        *value = id.to_string();
    }
    forum.webhooks.send(again);
}

async fn attempt(shared: &Shared, client: &reqwest::Client, mut delivery: Delivery) -> Delivery {
    let started_ms = shared.forum().now_ms();
    delivery.attempts += 1;
    let mut request = client.post(&delivery.url).body(delivery.body.clone());
    for (name, value) in delivery.headers.iter().filter(|(name, _)| name != "Content-Length") {
        let pair = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value));
        if let (Ok(name), Ok(value)) = pair {
            request = request.header(name, value);
        }
    }
    match request.send().await {
        Ok(mut response) => {
            delivery.status = Some(response.status().as_u16());
            delivery.answer_headers = response
                .headers()
                .iter()
                .map(|(name, value)| {
                    (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
                })
                .collect();
            delivery.answer = read(&mut response).await;
        }
        Err(failure) => {
            delivery.status = None;
            delivery.answer = failure.to_string();
        }
    }
    delivery.took_ms = shared.forum().now_ms() - started_ms;
    delivery
}

async fn read(response: &mut reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= ANSWER_BYTES_MAX {
            bytes.truncate(ANSWER_BYTES_MAX);
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
