//! Work that was given up: shown, and done again when somebody asks.

use domain::time::Timestamp;

use crate::cells::{limit, values};
use crate::{Error, Tx};

statements! {
    DEAD = [
        "select id, kind, key, payload, attempts, dead_at_ms, last_error
        from jobs
        where dead_at_ms is not null
        order by dead_at_ms desc, id desc
        limit $1"
    ],
    REPLAY = [
        "update jobs
        set dead_at_ms = null, attempts = 0, run_at_ms = $2
        where id = $1 and dead_at_ms is not null"
    ],
}

/// Work that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// The row, for [`Tx::replay`].
    pub id: i64,
    /// Which work.
    pub kind: String,
    /// On what.
    pub key: String,
    /// What it was told.
    pub payload: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub dead_at: Timestamp,
    /// Why.
    pub error: String,
}

type Cells = (i64, String, String, String, i64, i64, Option<String>);

impl Tx {
    /// Work that was given up, latest first.
    pub async fn dead(&mut self, most: usize) -> Result<Vec<DeadJob>, Error> {
        Ok(self.connection.all(&DEAD, values![limit(most)]).await?.into_iter().map(dead).collect())
    }

    /// Lets work that was given up begin anew; says whether there was such.
    pub async fn replay(&mut self, id: i64, now: Timestamp) -> Result<bool, Error> {
        Ok(self.connection.run(&REPLAY, values![id, now]).await? > 0)
    }
}

fn dead((id, kind, key, payload, attempts, dead_at, error): Cells) -> DeadJob {
    let (dead_at, error) = (Timestamp(dead_at), error.unwrap_or_default());
    DeadJob { id, kind, key, payload, attempts, dead_at, error }
}
