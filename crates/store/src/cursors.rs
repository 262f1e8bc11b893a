//! Cursors: how far the hall has read in a place's log.

use domain::ids::PlaceId;
use domain::time::Timestamp;

use crate::cells::values;
use crate::{Error, Tx};

statements! {
    GET = [
        "select value, at_ms
        from cursors
        where place_id = $1 and name = $2"
    ],
    PUT = [
        "insert into cursors (place_id, name, value, at_ms)
        values ($1, $2, $3, $4)
        on conflict (place_id, name) do update
        set value = excluded.value, at_ms = excluded.at_ms"
    ],
}

/// Where the reading of a log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// In the log's own terms.
    pub value: String,
    /// When it was read.
    pub at: Timestamp,
}

impl Tx {
    /// Where the reading of a log stands; `None` before the first.
    pub async fn cursor(&mut self, place: PlaceId, name: &str) -> Result<Option<Cursor>, Error> {
        let row: Option<(String, i64)> = self.connection.optional(&GET, values![place, name]).await?;
        Ok(row.map(|(value, at)| Cursor { value, at: Timestamp(at) }))
    }

    /// Notes where the reading of a log stands.
    pub async fn put_cursor(&mut self, place: PlaceId, name: &str, cursor: &Cursor) -> Result<(), Error> {
        self.connection.run(&PUT, values![place, name, &cursor.value, cursor.at]).await.map(drop)
    }
}
