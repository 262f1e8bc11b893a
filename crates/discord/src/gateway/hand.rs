//! How much is in hand: events whose hints are not stored yet, questions not answered yet, members being
//! read. What watches it can wait until everything that arrived was handled.

use tokio::sync::watch;

/// Counts what is in hand.
#[derive(Clone, Debug)]
pub(crate) struct Hand {
    count: watch::Sender<usize>,
}

/// One thing in hand, until dropped.
pub(crate) struct InHand {
    count: watch::Sender<usize>,
}

impl Hand {
    pub(crate) fn new() -> Self {
        Self { count: watch::Sender::new(0) }
    }

    /// Takes one thing in hand.
    pub(crate) fn take(&self) -> InHand {
        self.count.send_modify(|count| *count += 1);
        InHand { count: self.count.clone() }
    }

    /// Watches how many there are.
    pub(crate) fn watch(&self) -> watch::Receiver<usize> {
        self.count.subscribe()
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.count.send_modify(|count| *count -= 1);
    }
}
