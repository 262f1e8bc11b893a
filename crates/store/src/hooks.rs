//! Which events from outside were received already, so that each has one effect.

use domain::ids::PlaceId;
use domain::time::Timestamp;

use crate::cells::values;
use crate::{Error, Tx};

statements! {
    RECEIVE = [
        "insert into received (place_id, event_id, event, received_at_ms)
        values ($1, $2, $3, $4)
        on conflict (place_id, event_id) do nothing"
    ],
    PRUNE = [
        "delete from received
        where received_at_ms < $1"
    ],
}

/// Whether an event came for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It did: act on it in the same transaction.
    New,
    /// It came before: answer with success and do nothing.
    Seen,
}

impl Tx {
    /// Notes an event by the id its sender gave it; the same id from another place is another event.
    pub async fn receive(
        &mut self,
        place: PlaceId,
        event_id: &str,
        event: &str,
        at: Timestamp,
    ) -> Result<Received, Error> {
        let written = self.connection.run(&RECEIVE, values![place, event_id, event, at]).await?;
        Ok(if written > 0 { Received::New } else { Received::Seen })
    }

    /// Forgets events received before a moment; says how many.
    pub async fn prune_received(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.connection.run(&PRUNE, values![before]).await
    }
}
