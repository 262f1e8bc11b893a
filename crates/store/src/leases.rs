//! Leases: what only one process may do at a time, with a number that grows each time it changes hands.

use std::time::Duration;

use domain::time::Timestamp;

use crate::cells::values;
use crate::{Error, Tx};

statements! {
    ACQUIRE = [
        "insert into leases (name, holder, fence, until_ms)
        values ($1, $2, 1, $4)
        on conflict (name) do update
        set holder = excluded.holder, fence = leases.fence + 1, until_ms = excluded.until_ms
        where leases.until_ms <= $3 or leases.holder = excluded.holder
        returning fence"
    ],
    RENEW = [
        "update leases
        set until_ms = $4
        where name = $1 and holder = $2 and fence = $3"
    ],
    RELEASE = [
        "update leases
        set until_ms = 0
        where name = $1 and holder = $2 and fence = $3"
    ],
    UNTIL = [
        "select until_ms
        from leases
        where name = $1"
    ],
    HOLDS = [
        "select fence
        from leases
        where name = $1 and holder = $2 and fence = $3 and until_ms > $4"
    ],
}

/// A lease that was got. It is worth something only until its time, and in a transaction only after
/// [`Tx::holds`] said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What for.
    pub name: String,
    /// Who has it: a name that no two processes share.
    pub holder: String,
    /// Grows each time somebody gets it, so that whoever woke up late can be told.
    pub fence: i64,
    /// Until when.
    pub until: Timestamp,
}

impl Tx {
    /// Until when somebody has a lease; `None` for one that nobody ever had.
    pub async fn lease_until(&mut self, name: &str) -> Result<Option<Timestamp>, Error> {
        let row: Option<(i64,)> = self.connection.optional(&UNTIL, values![name]).await?;
        Ok(row.map(|(until,)| Timestamp(until)))
    }

    /// Gets a lease that is free, has run out, or is the holder's own; `None` while somebody else has it.
    pub async fn acquire(
        &mut self,
        name: &str,
        holder: &str,
        now: Timestamp,
        length: Duration,
    ) -> Result<Option<Lease>, Error> {
        let until = now.after(length);
        let row: Option<(i64,)> =
            self.connection.optional(&ACQUIRE, values![name, holder, now, until]).await?;
        let lease = |(fence,)| Lease { name: name.to_owned(), holder: holder.to_owned(), fence, until };
        Ok(row.map(lease))
    }

    /// Keeps a lease for longer; `None` when somebody else got it meanwhile.
    pub async fn renew(
        &mut self,
        lease: &Lease,
        now: Timestamp,
        length: Duration,
    ) -> Result<Option<Lease>, Error> {
        let until = now.after(length);
        let renewed =
            self.connection.run(&RENEW, values![&lease.name, &lease.holder, lease.fence, until]).await?;
        Ok((renewed > 0).then(|| Lease { until, ..lease.clone() }))
    }

    /// Gives a lease back, so that nobody has to wait for its end.
    pub async fn release(&mut self, lease: &Lease) -> Result<(), Error> {
        self.connection.run(&RELEASE, values![&lease.name, &lease.holder, lease.fence]).await.map(drop)
    }

    /// Whether a lease is still the holder's.
    pub async fn holds(&mut self, lease: &Lease, now: Timestamp) -> Result<bool, Error> {
        let values = values![&lease.name, &lease.holder, lease.fence, now];
        let row: Option<(i64,)> = self.connection.optional(&HOLDS, values).await?;
        Ok(row.is_some())
    }
}
