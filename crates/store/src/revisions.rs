//! Revisions: the rules of a guild, numbered each time they change.

use std::collections::BTreeMap;

use domain::ids::{GuildId, RevisionId};
use domain::time::Timestamp;

use crate::cells::{guild, limit, values};
use crate::{Error, Tx};

statements! {
    LATEST = [
        "select id, rules, made_at_ms
        from revisions
        where guild = $1
        order by id desc
        limit 1"
    ],
    NEWEST = [
        "select guild, max(id)
        from revisions
        group by guild"
    ],
    BEFORE = [
        "select id, rules, made_at_ms
        from revisions
        where guild = $1 and id < $2
        order by id desc
        limit $3"
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
    /// When they were read from where they were written. Of one guild never earlier than the revision before.
    pub made_at: Timestamp,
}

/// What became of rules that were brought to be numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevisionNoted {
    /// The latest revision says the same.
    Same(RevisionId),
    /// They are a new revision.
    New {
        /// Its number.
        id: RevisionId,
        /// The one until now, if there was one.
        before: Option<Revision>,
    },
    /// The latest revision says otherwise and was read later: nothing was written.
    Outdated(Revision),
}

impl RevisionNoted {
    /// The number of the rules that were brought; `None` for those that are outdated.
    pub fn id(&self) -> Option<RevisionId> {
        match self {
            Self::Same(id) | Self::New { id, .. } => Some(*id),
            Self::Outdated(_) => None,
        }
    }
}

impl Tx {
    /// The latest revision of a guild's rules.
    pub async fn latest_revision(&mut self, guild: GuildId) -> Result<Option<Revision>, Error> {
        let row: Option<Cells> = self.connection.optional(&LATEST, values![guild]).await?;
        Ok(row.map(revision))
    }

    /// The number of the latest revision of each guild.
    pub async fn newest_revisions(&mut self) -> Result<BTreeMap<GuildId, RevisionId>, Error> {
        let rows: Vec<(i64, i64)> = self.connection.all(&NEWEST, values![]).await?;
        Ok(rows.into_iter().map(|(of, id)| (guild(of), RevisionId(id))).collect())
    }

    /// The revisions of a guild's rules, newest first; `before` goes on after the last of a page.
    pub async fn revisions(
        &mut self,
        guild: GuildId,
        before: Option<RevisionId>,
        most: usize,
    ) -> Result<Vec<Revision>, Error> {
        let before = before.map_or(i64::MAX, |id| id.0);
        let rows: Vec<Cells> = self.connection.all(&BEFORE, values![guild, before, limit(most)]).await?;
        Ok(rows.into_iter().map(revision).collect())
    }

    /// Numbers rules that were read at a moment: anew only where they differ from the latest and were not read
    /// before it. Whoever numbers rules at the same time waits until this transaction ends.
    pub async fn put_revision(
        &mut self,
        guild: GuildId,
        rules: &str,
        read_at: Timestamp,
    ) -> Result<RevisionNoted, Error> {
        self.take_turn("revisions").await?;
        match self.latest_revision(guild).await? {
            Some(latest) if latest.rules == rules => Ok(RevisionNoted::Same(latest.id)),
            Some(latest) if latest.made_at > read_at => Ok(RevisionNoted::Outdated(latest)),
            before => {
                let (id,): (i64,) = self.connection.one(&INSERT, values![guild, rules, read_at]).await?;
                Ok(RevisionNoted::New { id: RevisionId(id), before })
            }
        }
    }
}

type Cells = (i64, String, i64);

fn revision((id, rules, made_at): Cells) -> Revision {
    Revision { id: RevisionId(id), rules, made_at: Timestamp(made_at) }
}
