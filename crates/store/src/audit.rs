//! The audit log: what was done, by whom, to whom, and why. Rows are only added, and pruned by age.

use domain::ids::{GuildId, PlaceId, Subject, UserId};
use domain::time::Timestamp;

use crate::cells::{guild, limit, user, values};
use crate::{Error, Tx};

statements! {
    APPEND = [
        "insert into audit (at_ms, actor, act, guild, user_id, place_id, subject, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        returning id"
    ],
    LATEST = [
        "select id, at_ms, actor, act, guild, user_id, place_id, subject, details
        from audit
        where id < $1
        order by id desc
        limit $2"
    ],
    AFTER = [
        "select id, at_ms, actor, act, guild, user_id, place_id, subject, details
        from audit
        where id > $1
        order by id
        limit $2"
    ],
    LATEST_IN = [
        "select id, at_ms, actor, act, guild, user_id, place_id, subject, details
        from audit
        where guild = $1 and id < $2
        order by id desc
        limit $3"
    ],
    OF_ACT = [
        "select id, at_ms, actor, act, guild, user_id, place_id, subject, details
        from audit
        where guild = $1 and act = $2
        order by id desc
        limit $3"
    ],
    OF_USER = [
        "select id, at_ms, actor, act, guild, user_id, place_id, subject, details
        from audit
        where user_id = $1 and id < $2
        order by id desc
        limit $3"
    ],
    PRUNE = [
        "delete from audit
        where at_ms < $1"
    ],
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// By whom: `hall`, or a person's id.
    pub actor: String,
    /// What, in one word.
    pub act: String,
    /// In which guild.
    pub guild: Option<GuildId>,
    /// To whom, in the guilds.
    pub user: Option<UserId>,
    /// At which source.
    pub place: Option<PlaceId>,
    /// To whom, there.
    pub subject: Option<Subject>,
    /// Everything else, as JSON.
    pub details: String,
}

/// One thing that was done, with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number; a later one is greater.
    pub id: i64,
    /// What was done.
    pub entry: AuditEntry,
}

type Cells = (i64, i64, String, String, Option<i64>, Option<i64>, Option<i64>, Option<String>, String);

impl Tx {
    /// Adds a row and gives its number.
    pub async fn append_audit(&mut self, entry: &AuditEntry) -> Result<i64, Error> {
        let AuditEntry { at, actor, act, guild, user, place, subject, details } = entry;
        let values = values![*at, actor, act, *guild, *user, *place, subject.as_ref(), details];
        let (id,): (i64,) = self.connection.one(&APPEND, values).await?;
        Ok(id)
    }

    /// The latest rows, newest first; `before` goes on after the last row of a page.
    pub async fn latest_audit(&mut self, before: Option<i64>, most: usize) -> Result<Vec<AuditRow>, Error> {
        let values = values![before.unwrap_or(i64::MAX), limit(most)];
        Ok(self.connection.all(&LATEST, values).await?.into_iter().map(row).collect())
    }

    /// The rows that came after one, oldest first.
    pub async fn audit_after(&mut self, after: i64, most: usize) -> Result<Vec<AuditRow>, Error> {
        let values = values![after, limit(most)];
        Ok(self.connection.all(&AFTER, values).await?.into_iter().map(row).collect())
    }

    /// The latest rows of a guild, newest first.
    pub async fn audit_in(
        &mut self,
        guild: GuildId,
        before: Option<i64>,
        most: usize,
    ) -> Result<Vec<AuditRow>, Error> {
        let values = values![guild, before.unwrap_or(i64::MAX), limit(most)];
        Ok(self.connection.all(&LATEST_IN, values).await?.into_iter().map(row).collect())
    }

    /// The latest rows about one kind of act in a guild, newest first.
    pub async fn audit_of_act(
        &mut self,
        guild: GuildId,
        act: &str,
        most: usize,
    ) -> Result<Vec<AuditRow>, Error> {
        let values = values![guild, act, limit(most)];
        Ok(self.connection.all(&OF_ACT, values).await?.into_iter().map(row).collect())
    }

    /// The latest rows about a person, newest first.
    pub async fn audit_of(
        &mut self,
        user: UserId,
        before: Option<i64>,
        most: usize,
    ) -> Result<Vec<AuditRow>, Error> {
        let values = values![user, before.unwrap_or(i64::MAX), limit(most)];
        Ok(self.connection.all(&OF_USER, values).await?.into_iter().map(row).collect())
    }

    /// Forgets rows from before a moment; says how many.
    pub async fn prune_audit(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.connection.run(&PRUNE, values![before]).await
    }
}

fn row(cells: Cells) -> AuditRow {
    let (id, at, actor, act, guild_id, user_id, place, subject, details) = cells;
    let entry = AuditEntry {
        at: Timestamp(at),
        actor,
        act,
        guild: guild_id.map(guild),
        user: user_id.map(user),
        place: place.map(PlaceId),
        subject: subject.map(Subject),
        details,
    };
    AuditRow { id, entry }
}
