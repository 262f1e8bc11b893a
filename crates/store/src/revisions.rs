//! Revisions: the rules of a guild, numbered each time they change.

use domain::ids::{GuildId, RevisionId};
use domain::time::Timestamp;

use crate::cells::values;
use crate::{Error, Tx};

statements! {
    LATEST = [
        "select id, rules, made_at_ms
        from revisions
        where guild = $1
        order by id desc
        limit 1"
    ],
    INSERT = [
        "insert into revisions (guild, rules, made_at_ms)
        values ($1, $2, $3)
        returning id"
    ],
}

/// The rules of a guild from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its number; a later one is greater.
    pub id: RevisionId,
    /// The rules as text.
    pub rules: String,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Tx {
    /// The latest revision of a guild's rules.
    pub async fn latest_revision(&mut self, guild: GuildId) -> Result<Option<Revision>, Error> {
        let row: Option<(i64, String, i64)> = self.connection.optional(&LATEST, values![guild]).await?;
        let revision = |(id, rules, at)| Revision { id: RevisionId(id), rules, made_at: Timestamp(at) };
        Ok(row.map(revision))
    }

    /// The number of these rules: the latest one where nothing changed, else a new one.
    pub async fn put_revision(
        &mut self,
        guild: GuildId,
        rules: &str,
        at: Timestamp,
    ) -> Result<RevisionId, Error> {
        self.take_turn("revisions").await?;
        if let Some(latest) = self.latest_revision(guild).await?
            && latest.rules == rules
        {
            return Ok(latest.id);
        }
        let (id,): (i64,) = self.connection.one(&INSERT, values![guild, rules, at]).await?;
        Ok(RevisionId(id))
    }
}
