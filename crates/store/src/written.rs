//! What was written under each plan: what taking it back needs, and what the brake counts.

use domain::ids::{GuildId, PlanId, RoleId, UserId};
use domain::time::Timestamp;

use crate::cells::{count, guild, role, user, values};
use crate::{Error, Tx};

statements! {
    BEGIN = [
        "insert into written (plan_id, guild, user_id, act, role, before, after, takes, strips, renames, empowers,
            counted, done, at_ms)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        returning id"
    ],
    DONE = [
        "update written
        set done = 1, after = coalesce($2, after)
        where id = $1"
    ],
    FORGET = [
        "delete from written
        where id = $1"
    ],
    FORGET_UNKNOWN = [
        "delete from written
        where user_id = $2 and guild = $1 and act = $3 and coalesce(role, 0) = $4 and done = 0"
    ],
    UNDER = [
        "select id, plan_id, guild, user_id, act, role, before, after, undone_by, at_ms
        from written
        where plan_id = $1
        order by id"
    ],
    UNDONE = [
        "update written
        set undone_by = $2
        where plan_id = $1 and undone_by is null"
    ],
    COUNTED = [
        "select role, count(distinct case when takes = 1 then user_id end),
            count(distinct case when strips = 1 then user_id end),
            count(distinct case when renames = 1 then user_id end),
            count(distinct case when empowers = 1 then user_id end)
        from written
        where guild = $1 and counted = 1 and done = 1 and at_ms > $2
        group by role"
    ],
    STRIPPED = [
        "select count(distinct user_id)
        from written
        where guild = $1 and counted = 1 and done = 1 and at_ms > $2 and strips = 1 and user_id <> $3"
    ],
    UNKNOWN = [
        "select user_id, act, role, takes, strips, renames, empowers
        from written
        where guild = $1 and counted = 1 and done = 0 and at_ms > $2"
    ],
    UNKNOWN_OF = [
        "select id, plan_id, guild, user_id, act, role, before, after, undone_by, at_ms
        from written
        where guild = $1 and user_id = $2 and done = 0
        order by id"
    ],
    LAST_UNDER = [
        "select max(at_ms)
        from written
        where plan_id = $1 and done = 1"
    ],
    COUNT_UNDER = [
        "select count(*)
        from written
        where plan_id = $1 and done = 1"
    ],
}

/// Something that is about to be written, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWritten {
    /// Under which plan.
    pub plan: PlanId,
    /// Where.
    pub guild: GuildId,
    /// To whom.
    pub user: UserId,
    /// `give`, `take`, or `nickname`.
    pub act: String,
    /// Which role.
    pub role: Option<RoleId>,
    /// The nickname before.
    pub before: Option<String>,
    /// The nickname after.
    pub after: Option<String>,
    /// How it counts: takes, strips, renames, empowers.
    pub counts: [bool; 4],
    /// Whether it counts, for nobody gave their word for it.
    pub counted: bool,
    /// When.
    pub at: Timestamp,
}

/// Something that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its number.
    pub id: i64,
    /// Under which plan.
    pub plan: PlanId,
    /// Where.
    pub guild: GuildId,
    /// To whom.
    pub user: UserId,
    /// `give`, `take`, or `nickname`.
    pub act: String,
    /// Which role.
    pub role: Option<RoleId>,
    /// The nickname before.
    pub before: Option<String>,
    /// The nickname after.
    pub after: Option<String>,
    /// Which plan took it back.
    pub undone_by: Option<PlanId>,
    /// When.
    pub at: Timestamp,
}

/// What counted in a guild since a moment, by role; nicknames have none. Whoever lost a role twice counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Which role.
    pub role: Option<RoleId>,
    /// From how many it was taken.
    pub takes: usize,
    /// Of how many it was the last.
    pub strips: usize,
    /// How many were renamed.
    pub renames: usize,
    /// How many were given power.
    pub empowers: usize,
}

/// Something that counts of which nobody knows whether it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// To whom.
    pub user: UserId,
    /// `give`, `take`, or `nickname`.
    pub act: String,
    /// Which role.
    pub role: Option<RoleId>,
    /// How it counts: takes, strips, renames, empowers.
    pub counts: [bool; 4],
}

type Cells = (i64, i64, i64, i64, String, Option<i64>, Option<String>, Option<String>, Option<i64>, i64);

impl Tx {
    /// Notes what is about to be written, before it is: nothing that happened is forgotten because the hall
    /// ended just then. Gives its number.
    pub async fn begin_written(&mut self, written: &NewWritten) -> Result<i64, Error> {
        let NewWritten { plan, guild, user, act, role, before, after, counts, counted, at } = written;
        let [takes, strips, renames, empowers] = *counts;
        let values = values![
            *plan, *guild, *user, act, *role, before, after, takes, strips, renames, empowers, *counted,
            false, *at
        ];
        let (id,): (i64,) = self.connection.one(&BEGIN, values).await?;
        Ok(id)
    }

    /// Notes that it was written, and what the nickname became.
    pub async fn written_is_done(&mut self, id: i64, after: Option<&str>) -> Result<(), Error> {
        self.connection.run(&DONE, values![id, after]).await.map(drop)
    }

    /// Forgets it: it was not written.
    pub async fn forget_written(&mut self, id: i64) -> Result<(), Error> {
        self.connection.run(&FORGET, values![id]).await.map(drop)
    }

    /// Forgets what was noted for the same before, of which it never was known whether it arrived: it is still needed,
    /// so it did not.
    pub async fn forget_unknown(
        &mut self,
        guild: GuildId,
        user: UserId,
        act: &str,
        role: Option<RoleId>,
    ) -> Result<(), Error> {
        let role = role.unwrap_or(RoleId(0));
        self.connection.run(&FORGET_UNKNOWN, values![guild, user, act, role]).await.map(drop)
    }

    /// What was written under a plan, in order, with what may have been: of some the answer never came.
    pub async fn written_under(&mut self, plan: PlanId) -> Result<Vec<Written>, Error> {
        Ok(self.connection.all(&UNDER, values![plan]).await?.into_iter().map(row).collect())
    }

    /// How much that is.
    pub async fn written_count(&mut self, plan: PlanId) -> Result<usize, Error> {
        let (rows,): (i64,) = self.connection.one(&COUNT_UNDER, values![plan]).await?;
        Ok(count(rows))
    }

    /// Notes that everything written under a plan is taken back by another.
    pub async fn written_is_undone(&mut self, plan: PlanId, by: PlanId) -> Result<u64, Error> {
        self.connection.run(&UNDONE, values![plan, by]).await
    }

    /// When the last of it was written.
    pub async fn last_written(&mut self, plan: PlanId) -> Result<Option<Timestamp>, Error> {
        let (at,): (Option<i64>,) = self.connection.one(&LAST_UNDER, values![plan]).await?;
        Ok(at.map(Timestamp))
    }

    /// How many lost their last role in a guild after a moment, where that counted; one of them may be left out.
    pub async fn stripped_since(
        &mut self,
        guild: GuildId,
        since: Timestamp,
        but: Option<UserId>,
    ) -> Result<usize, Error> {
        let but = but.unwrap_or(UserId(0));
        let (members,): (i64,) = self.connection.one(&STRIPPED, values![guild, since, but]).await?;
        Ok(count(members))
    }

    /// What was to be written to a member of a guild, and nobody knows whether it was.
    pub async fn unknown_of(&mut self, guild: GuildId, user: UserId) -> Result<Vec<Written>, Error> {
        Ok(self.connection.all(&UNKNOWN_OF, values![guild, user]).await?.into_iter().map(row).collect())
    }

    /// What counted in a guild after a moment.
    pub async fn counted_since(&mut self, guild: GuildId, since: Timestamp) -> Result<Vec<Counted>, Error> {
        let rows: Vec<(Option<i64>, i64, i64, i64, i64)> =
            self.connection.all(&COUNTED, values![guild, since]).await?;
        let counted = |(id, takes, strips, renames, empowers): (Option<i64>, i64, i64, i64, i64)| Counted {
            role: id.map(role),
            takes: count(takes),
            strips: count(strips),
            renames: count(renames),
            empowers: count(empowers),
        };
        Ok(rows.into_iter().map(counted).collect())
    }

    /// What would have counted in a guild after a moment, had its answer come.
    pub async fn unknown_since(&mut self, guild: GuildId, since: Timestamp) -> Result<Vec<Unknown>, Error> {
        type Cells = (i64, String, Option<i64>, i64, i64, i64, i64);
        let rows: Vec<Cells> = self.connection.all(&UNKNOWN, values![guild, since]).await?;
        let unknown = |(id, act, role_id, takes, strips, renames, empowers): Cells| Unknown {
            user: user(id),
            act,
            role: role_id.map(role),
            counts: [takes, strips, renames, empowers].map(|count| count == 1),
        };
        Ok(rows.into_iter().map(unknown).collect())
    }
}

fn row((id, plan, guild_id, user_id, act, role_id, before, after, undone, at): Cells) -> Written {
    Written {
        id,
        plan: PlanId(plan),
        guild: guild(guild_id),
        user: user(user_id),
        act,
        role: role_id.map(role),
        before,
        after,
        undone_by: undone.map(PlanId),
        at: Timestamp(at),
    }
}
