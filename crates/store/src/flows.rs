//! Flows: attempts, each in one browser, to use a ticket. Each step is taken by one request alone.

use domain::time::Timestamp;

use crate::cells::{limit, values};
use crate::{Error, Tx};

statements! {
    CREATE = [
        "insert into flows (hash, ticket_hash, stage, nonce, verifier, created_at_ms, expires_at_ms)
        select $1, tickets.hash, $3, $4, $5, $6, $7
        from tickets
        where tickets.hash = $2
            and tickets.used_at_ms is null
            and tickets.expires_at_ms > $6
            and (select count(flows.hash) from flows where flows.ticket_hash = $2) < $8"
    ],
    GET = [
        "select hash, ticket_hash, stage, nonce, verifier, user_identity, other_identity, expires_at_ms
        from flows
        where hash = $1 and expires_at_ms > $2"
    ],
    TAKE = [
        "update flows
        set stage = $3
        where hash = $1 and stage = $2 and expires_at_ms > $4
        returning hash, ticket_hash, stage, nonce, verifier, user_identity, other_identity, expires_at_ms"
    ],
    ADVANCE = [
        "update flows
        set stage = $3,
            nonce = $4,
            verifier = $5,
            user_identity = coalesce($6, user_identity),
            other_identity = coalesce($7, other_identity)
        where hash = $1 and stage = $2 and expires_at_ms > $8
        returning hash, ticket_hash, stage, nonce, verifier, user_identity, other_identity, expires_at_ms"
    ],
    END = [
        "delete from flows
        where hash = $1"
    ],
    PRUNE = [
        "delete from flows
        where expires_at_ms <= $1"
    ],
}

/// An attempt that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFlow {
    /// The hash of the secret that the browser holds.
    pub hash: String,
    /// The ticket it uses.
    pub ticket_hash: String,
    /// What it waits for.
    pub stage: String,
    /// What the browser must bring back.
    pub nonce: String,
    /// What it never sees.
    pub verifier: String,
    /// When it begins.
    pub created_at: Timestamp,
    /// Until when it may go on.
    pub expires_at: Timestamp,
}

/// An attempt under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The hash of the secret that the browser holds.
    pub hash: String,
    /// The ticket it uses.
    pub ticket_hash: String,
    /// What it waits for.
    pub stage: String,
    /// What the browser must bring back.
    pub nonce: String,
    /// What it never sees.
    pub verifier: String,
    /// The account in the guilds, proven, as JSON.
    pub user_identity: Option<String>,
    /// The account at the source, proven, as JSON.
    pub other_identity: Option<String>,
    /// Until when it may go on.
    pub expires_at: Timestamp,
}

/// Where an attempt goes on to. What was proven stays when nothing is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowStep {
    /// What it waits for next.
    pub stage: String,
    /// What the browser must bring back next.
    pub nonce: String,
    /// What it never sees.
    pub verifier: String,
    /// The account in the guilds, proven now, as JSON.
    pub user_identity: Option<String>,
    /// The account at the source, proven now, as JSON.
    pub other_identity: Option<String>,
}

/// Whether an attempt began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowBegun {
    /// It did.
    Begun,
    /// The ticket does not work any more, or has had as many attempts as it may.
    Refused,
}

type Cells = (String, String, String, String, String, Option<String>, Option<String>, i64);

impl Tx {
    /// Begins an attempt to use an open ticket, of which there may be `most`.
    pub async fn create_flow(&mut self, flow: &NewFlow, most: usize) -> Result<FlowBegun, Error> {
        let NewFlow { hash, ticket_hash, stage, nonce, verifier, created_at, expires_at } = flow;
        let values =
            values![hash, ticket_hash, stage, nonce, verifier, *created_at, *expires_at, limit(most)];
        let written = self.connection.run(&CREATE, values).await?;
        Ok(if written > 0 { FlowBegun::Begun } else { FlowBegun::Refused })
    }

    /// An attempt that may still go on, whatever it waits for.
    pub async fn flow(&mut self, hash: &str, now: Timestamp) -> Result<Option<Flow>, Error> {
        Ok(self.connection.optional(&GET, values![hash, now]).await?.map(flow))
    }

    /// Takes an attempt that waits for `from`, leaving it at `to`, so that the same request sent again,
    /// later or at once, finds nothing: commit before asking anybody outside.
    pub async fn take_flow(
        &mut self,
        hash: &str,
        from: &str,
        to: &str,
        now: Timestamp,
    ) -> Result<Option<Flow>, Error> {
        Ok(self.connection.optional(&TAKE, values![hash, from, to, now]).await?.map(flow))
    }

    /// Leads an attempt that stands at `from` on to the next step; `None` when it does not stand there.
    pub async fn advance_flow(
        &mut self,
        hash: &str,
        from: &str,
        step: &FlowStep,
        now: Timestamp,
    ) -> Result<Option<Flow>, Error> {
        let FlowStep { stage, nonce, verifier, user_identity, other_identity } = step;
        let values = values![hash, from, stage, nonce, verifier, user_identity, other_identity, now];
        Ok(self.connection.optional(&ADVANCE, values).await?.map(flow))
    }

    /// Ends an attempt.
    pub async fn end_flow(&mut self, hash: &str) -> Result<(), Error> {
        self.connection.run(&END, values![hash]).await.map(drop)
    }

    /// Forgets attempts that have run out; says how many.
    pub async fn prune_flows(&mut self, now: Timestamp) -> Result<u64, Error> {
        self.connection.run(&PRUNE, values![now]).await
    }
}

fn flow(cells: Cells) -> Flow {
    let (hash, ticket_hash, stage, nonce, verifier, user_identity, other_identity, expires_at) = cells;
    let expires_at = Timestamp(expires_at);
    Flow { hash, ticket_hash, stage, nonce, verifier, user_identity, other_identity, expires_at }
}
