//! What commands ask of the hall that leads, and what it answers.

use domain::time::Timestamp;

use crate::cells::values;
use crate::{Error, Tx};

statements! {
    ASK = [
        "insert into requests (request, actor, asked_at_ms)
        values ($1, $2, $3)
        returning id"
    ],
    OPEN = [
        "select id, request, actor, asked_at_ms
        from requests
        where answered_at_ms is null and asked_at_ms > $1
        order by id"
    ],
    ANSWER = [
        "update requests
        set answer = $2, answered_at_ms = $3
        where id = $1 and answered_at_ms is null"
    ],
    ANSWERED = [
        "select answer
        from requests
        where id = $1 and answered_at_ms is not null"
    ],
    FORGET = [
        "delete from requests
        where id = $1"
    ],
    PRUNE = [
        "delete from requests
        where asked_at_ms < $1"
    ],
}

/// A question that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its number.
    pub id: i64,
    /// What is asked, as JSON.
    pub request: String,
    /// Who asks.
    pub actor: String,
    /// When.
    pub asked_at: Timestamp,
}

impl Tx {
    /// Asks something; gives the number by which the answer is found.
    pub async fn ask(&mut self, request: &str, actor: &str, at: Timestamp) -> Result<i64, Error> {
        let (id,): (i64,) = self.connection.one(&ASK, values![request, actor, at]).await?;
        Ok(id)
    }

    /// What was asked after a moment and waits for an answer, in order.
    pub async fn open_requests(&mut self, after: Timestamp) -> Result<Vec<Request>, Error> {
        let rows: Vec<(i64, String, String, i64)> = self.connection.all(&OPEN, values![after]).await?;
        let request = |(id, request, actor, at)| Request { id, request, actor, asked_at: Timestamp(at) };
        Ok(rows.into_iter().map(request).collect())
    }

    /// Answers; says whether nobody had.
    pub async fn answer(&mut self, id: i64, answer: &str, at: Timestamp) -> Result<bool, Error> {
        Ok(self.connection.run(&ANSWER, values![id, answer, at]).await? > 0)
    }

    /// The answer, once there is one.
    pub async fn answered(&mut self, id: i64) -> Result<Option<String>, Error> {
        let row: Option<(Option<String>,)> = self.connection.optional(&ANSWERED, values![id]).await?;
        Ok(row.and_then(|(answer,)| answer))
    }

    /// Forgets a question: it was answered, or nobody waits any more.
    pub async fn forget_request(&mut self, id: i64) -> Result<(), Error> {
        self.connection.run(&FORGET, values![id]).await.map(drop)
    }

    /// Forgets questions from before a moment.
    pub async fn prune_requests(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.connection.run(&PRUNE, values![before]).await
    }
}
