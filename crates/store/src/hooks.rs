//! What places told us: each delivery is known by the hash of what it said, so that it has one effect.

use domain::ids::PlaceId;
use domain::time::Timestamp;

use crate::cells::{count, values};
use crate::{Error, Tx};

statements! {
    GET = [
        "select event_id, event, repeats, received_at_ms, look_at_ms
        from deliveries
        where place_id = $1 and said_hash = $2"
    ],
    PUT = [
        "insert into deliveries (place_id, said_hash, event_id, event, repeats, received_at_ms, look_at_ms)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (place_id, said_hash) do update
        set event_id = excluded.event_id,
            event = excluded.event,
            repeats = excluded.repeats,
            received_at_ms = excluded.received_at_ms,
            look_at_ms = excluded.look_at_ms"
    ],
    SINCE = [
        "select count(said_hash)
        from deliveries
        where place_id = $1 and received_at_ms > $2"
    ],
    PRUNE = [
        "delete from deliveries
        where received_at_ms < $1"
    ],
}

/// A delivery as it came last. Its number and its event's name are the sender's word alone: only the body
/// is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The number it came under.
    pub event_id: String,
    /// What it called itself.
    pub event: String,
    /// How often the same body came again under another number or name without a long pause.
    pub repeats: i64,
    /// When it came.
    pub received_at: Timestamp,
    /// When what it is about is, or was, looked at because of it.
    pub look_at: Timestamp,
}

type Cells = (String, String, i64, i64, i64);

impl Tx {
    /// The delivery of a place with this body (a hash of it), as it came last.
    pub async fn delivered(&mut self, place: PlaceId, said_hash: &str) -> Result<Option<Delivered>, Error> {
        Ok(self.connection.optional(&GET, values![place, said_hash]).await?.map(delivered))
    }

    /// Notes a delivery in the place of what was known of its body; the same body from another place is
    /// another delivery.
    pub async fn put_delivered(
        &mut self,
        place: PlaceId,
        said_hash: &str,
        delivered: &Delivered,
    ) -> Result<(), Error> {
        let Delivered { event_id, event, repeats, received_at, look_at } = delivered;
        let values = values![place, said_hash, event_id, event, *repeats, *received_at, *look_at];
        self.connection.run(&PUT, values).await.map(drop)
    }

    /// How many different bodies a place sent after a moment.
    pub async fn delivered_since(&mut self, place: PlaceId, moment: Timestamp) -> Result<usize, Error> {
        let (bodies,): (i64,) = self.connection.one(&SINCE, values![place, moment]).await?;
        Ok(count(bodies))
    }

    /// Forgets deliveries that came before a moment; says how many.
    pub async fn prune_delivered(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.connection.run(&PRUNE, values![before]).await
    }
}

fn delivered(cells: Cells) -> Delivered {
    let (event_id, event, repeats, received_at, look_at) = cells;
    Delivered { event_id, event, repeats, received_at: Timestamp(received_at), look_at: Timestamp(look_at) }
}
