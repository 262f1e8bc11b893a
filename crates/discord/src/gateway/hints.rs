//! Hints on their way to the store: in order, equal ones that wait together joined into one.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;

use service::Hall;
use service::hint::Hint;
use tokio::sync::{mpsc, watch};

use super::hand::{Hand, InHand};

/// How many events may wait for the store before the gateway waits with them.
const WAITING_MAX: usize = 1_024;

/// Where events leave what they ask for.
pub(super) struct HintSender {
    sender: mpsc::Sender<Waiting>,
    hand: Hand,
}

struct Waiting {
    sequence: u64,
    hints: Vec<Hint>,
    _in_hand: InHand,
}

/// A channel to the store, and the work of emptying it, which ends once the sender is gone.
pub(super) fn channel(
    hall: Arc<Hall>,
    handled: watch::Sender<u64>,
    hand: Hand,
) -> (HintSender, impl Future<Output = ()>) {
    let (sender, mut receiver) = mpsc::channel(WAITING_MAX);
    let storing = async move {
        let mut waiting: Vec<Waiting> = Vec::new();
        while receiver.recv_many(&mut waiting, WAITING_MAX).await > 0 {
            let last = waiting.last().map(|event| event.sequence);
            for hint in joined(waiting.iter_mut().flat_map(|event| event.hints.drain(..))) {
                if let Err(error) = hall.hint(&hint).await {
                    tracing::error!(?hint, %error, "could not store a hint; the next sweep makes up for it");
                }
            }
            handled.send_if_modified(|handled| {
                last.is_some_and(|last| std::mem::replace(handled, last) != last)
            });
            waiting.clear();
        }
    };
    (HintSender { sender, hand }, storing)
}

impl HintSender {
    /// Hands over what one event asks for; waits while too much waits already.
    pub(super) async fn send(&self, sequence: u64, hints: Vec<Hint>) {
        let waiting = Waiting { sequence, hints, _in_hand: self.hand.take() };
        if self.sender.send(waiting).await.is_err() {
            tracing::error!("nobody stores hints any more");
        }
    }
}

/// Each hint once, in the order in which they came first.
fn joined(hints: impl Iterator<Item = Hint>) -> Vec<Hint> {
    let mut known = HashSet::new();
    hints.filter(|hint| known.insert(hint.clone())).collect()
}
