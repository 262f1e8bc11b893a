//! What can go wrong with our own database, in sentences that say what to do.

use thiserror::Error;

/// Why the database did not do what it was asked. Whatever it is, nothing of the transaction stands.
#[derive(Debug, Error)]
pub enum Error {
    /// It is not there, or stopped answering: later, or after somebody looks.
    #[error("it cannot be reached: {why}")]
    Unavailable {
        /// What happened.
        why: String,
    },
    /// Somebody else holds it for too long: try again.
    #[error(
        "another process keeps it locked; if this goes on, look for a second Guildhall or a backup that uses it"
    )]
    Busy,
    /// No space left.
    #[error("its disk is full; make room, then Guildhall goes on by itself")]
    Full,
    /// A newer version of Guildhall has written it.
    #[error(
        "a newer version of Guildhall has written it (step {name} is unknown here); start that version, or restore a backup from before it"
    )]
    Newer {
        /// The first migration that this version does not know, `0007_name`.
        name: String,
    },
    /// What was written stands in the way of something that was there already: read again and decide anew.
    #[error("something else was written first: {what}")]
    Conflict {
        /// What the database said.
        what: String,
    },
    /// It holds something it should not, or we asked something we should not.
    #[error("{why}")]
    Broken {
        /// What is wrong.
        why: String,
    },
}

impl Error {
    /// Whether the same call may succeed later without anybody doing anything.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Busy | Self::Full | Self::Conflict { .. })
    }

    pub(crate) fn damaged(what: &str) -> Self {
        Self::Broken {
            why: format!(
                "the file is damaged or is no database ({what}); move it aside and restore a backup, or save what \
                 can be read with: sqlite3 FILE .recover"
            ),
        }
    }

    pub(crate) fn strange(table: &'static str, cell: &str) -> Self {
        Self::Broken { why: format!("{table} holds what Guildhall never wrote: {cell}") }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(said) => {
                let code = said.code().unwrap_or_default();
                let known = match code.parse::<u32>() {
                    // PostgreSQL's codes have five characters, SQLite's numbers have at most four.
                    Ok(number) if code.len() < 5 => sqlite_error(number, said.message()),
                    _ => postgres_error(&code, said.message()),
                };
                known.unwrap_or_else(|| Self::Broken { why: error.to_string() })
            }
            sqlx::Error::PoolTimedOut => Self::Unavailable {
                why: "no connection became free in time; it does not answer, or too much waits for it"
                    .to_owned(),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Configuration(_) => Self::Unavailable { why: error.to_string() },
            _ => Self::Broken { why: error.to_string() },
        }
    }
}

/// <https://sqlite.org/rescode.html>: the low byte is the kind.
fn sqlite_error(code: u32, message: &str) -> Option<Error> {
    match (code, code & 0xff) {
        (1555 | 2067, _) => Some(Error::Conflict { what: message.to_owned() }),
        (_, 5 | 6) => Some(Error::Busy),
        (_, 13) => Some(Error::Full),
        (_, 8) => {
            Some(Error::Unavailable { why: format!("it cannot be written ({message}); check its owner") })
        }
        (_, 10 | 14) => Some(Error::Unavailable { why: format!("its disk does not answer ({message})") }),
        (_, 11 | 26) => Some(Error::damaged(message)),
        _ => None,
    }
}

/// PostgreSQL documentation, appendix A: the first two characters are the class.
fn postgres_error(code: &str, message: &str) -> Option<Error> {
    match (code, code.get(..2)?) {
        ("23505", _) => Some(Error::Conflict { what: message.to_owned() }),
        ("53100", _) => Some(Error::Full),
        ("40001" | "40P01" | "55P03", _) => Some(Error::Busy),
        ("3F000", _) => Some(Error::Unavailable { why: format!("{message}; create the schema first") }),
        (_, "08" | "28" | "3D" | "53" | "57") => Some(Error::Unavailable { why: message.to_owned() }),
        _ => None,
    }
}
