//! Plans: what was shown, what waits, what is being written, and what people decided about it.

use domain::ids::{GuildId, PlanId, RevisionId};
use domain::time::Timestamp;

use crate::cells::{count, guild, limit, values};
use crate::{Error, Tx};

statements! {
    INSERT = [
        "insert into plans (guild, revision, cause, actor, state, made_at_ms, reasons, contents, takes, gives, renames)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        returning id"
    ],
    ONE = [
        "select id, guild, revision, cause, actor, state, made_at_ms, decided_by, decided_at_ms, reasons, takes,
            gives, renames
        from plans
        where id = $1"
    ],
    CONTENTS = [
        "select contents
        from plans
        where id = $1"
    ],
    LATEST_IN_STATE = [
        "select id, guild, revision, cause, actor, state, made_at_ms, decided_by, decided_at_ms, reasons, takes,
            gives, renames
        from plans
        where guild = $1 and state = $2
        order by id desc
        limit 1"
    ],
    OPEN = [
        "select id, guild, revision, cause, actor, state, made_at_ms, decided_by, decided_at_ms, reasons, takes,
            gives, renames
        from plans
        where guild = $1 and state in ('parked', 'released', 'running')
        order by id desc"
    ],
    LATEST = [
        "select id, guild, revision, cause, actor, state, made_at_ms, decided_by, decided_at_ms, reasons, takes,
            gives, renames
        from plans
        where guild = $1 and id < $2
        order by id desc
        limit $3"
    ],
    MOVE = [
        "update plans
        set state = $3, decided_by = coalesce($4, decided_by), decided_at_ms = coalesce($5, decided_at_ms)
        where id = $1 and state = $2"
    ],
    MOVE_ALL = [
        "update plans
        set state = $3
        where guild = $1 and state = $2 and id <> $4"
    ],
    REPLACE_REASONS = [
        "update plans
        set reasons = $2
        where id = $1"
    ],
    IN_STATE = [
        "select state, count(*)
        from plans
        where guild = $1
        group by state"
    ],
    PRUNE = [
        "delete from plans
        where made_at_ms < $1
            and coalesce(decided_at_ms, made_at_ms) < $1
            and state not in ('parked', 'released', 'running')
            and not exists (
                select 1
                from written
                where written.plan_id = plans.id and written.at_ms >= $1
            )"
    ],
}

/// A plan to be remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlan {
    /// Of which guild.
    pub guild: GuildId,
    /// By which rules.
    pub revision: Option<RevisionId>,
    /// What made it necessary, in one word.
    pub cause: String,
    /// Who asked for it: `hall`, or a person.
    pub actor: String,
    /// What becomes of it, in one word.
    pub state: String,
    /// When.
    pub made_at: Timestamp,
    /// Why it waits, as JSON.
    pub reasons: String,
    /// The changes and findings, as text that whoever made it can read.
    pub contents: String,
    /// How many roles it takes.
    pub takes: usize,
    /// How many it gives.
    pub gives: usize,
    /// How many nicknames it writes.
    pub renames: usize,
}

/// A plan that is remembered, without its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// Its number.
    pub id: PlanId,
    /// Who decided about it, if anybody did.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What was remembered; the contents are empty.
    pub plan: NewPlan,
}

type Cells =
    (i64, i64, Option<i64>, String, String, String, i64, Option<String>, Option<i64>, String, i64, i64, i64);

impl Tx {
    /// Remembers a plan and gives its number.
    pub async fn put_plan(&mut self, plan: &NewPlan) -> Result<PlanId, Error> {
        let NewPlan { guild, revision, cause, actor, state, made_at, reasons, contents, .. } = plan;
        let (takes, gives, renames) = (limit(plan.takes), limit(plan.gives), limit(plan.renames));
        let values = values![
            *guild, *revision, cause, actor, state, *made_at, reasons, contents, takes, gives, renames
        ];
        let (id,): (i64,) = self.connection.one(&INSERT, values).await?;
        Ok(PlanId(id))
    }

    /// One plan.
    pub async fn plan(&mut self, id: PlanId) -> Result<Option<PlanRow>, Error> {
        Ok(self.connection.optional(&ONE, values![id]).await?.map(row))
    }

    /// What one plan holds.
    pub async fn plan_contents(&mut self, id: PlanId) -> Result<Option<String>, Error> {
        let row: Option<(String,)> = self.connection.optional(&CONTENTS, values![id]).await?;
        Ok(row.map(|(contents,)| contents))
    }

    /// The latest plan of a guild in a state.
    pub async fn plan_in_state(&mut self, guild: GuildId, state: &str) -> Result<Option<PlanRow>, Error> {
        Ok(self.connection.optional(&LATEST_IN_STATE, values![guild, state]).await?.map(row))
    }

    /// The plans of a guild that wait or are being written, newest first.
    pub async fn open_plans(&mut self, guild: GuildId) -> Result<Vec<PlanRow>, Error> {
        Ok(self.connection.all(&OPEN, values![guild]).await?.into_iter().map(row).collect())
    }

    /// The latest plans of a guild, newest first; `before` goes on after the last of a page.
    pub async fn latest_plans(
        &mut self,
        guild: GuildId,
        before: Option<PlanId>,
        most: usize,
    ) -> Result<Vec<PlanRow>, Error> {
        let before = before.unwrap_or(PlanId(i64::MAX));
        let rows = self.connection.all(&LATEST, values![guild, before, limit(most)]).await?;
        Ok(rows.into_iter().map(row).collect())
    }

    /// Moves a plan from one state into another; says whether it was in that state. Who decided is kept.
    pub async fn move_plan(
        &mut self,
        id: PlanId,
        from: &str,
        to: &str,
        decided: Option<(&str, Timestamp)>,
    ) -> Result<bool, Error> {
        let (by, at) = decided.unzip();
        Ok(self.connection.run(&MOVE, values![id, from, to, by, at]).await? > 0)
    }

    /// Moves all plans of a guild from one state into another, but one.
    pub async fn move_other_plans(
        &mut self,
        guild: GuildId,
        from: &str,
        to: &str,
        but: Option<PlanId>,
    ) -> Result<(), Error> {
        let but = but.unwrap_or(PlanId(0));
        self.connection.run(&MOVE_ALL, values![guild, from, to, but]).await.map(drop)
    }

    /// Notes why a plan waits now.
    pub async fn replace_reasons(&mut self, id: PlanId, reasons: &str) -> Result<(), Error> {
        self.connection.run(&REPLACE_REASONS, values![id, reasons]).await.map(drop)
    }

    /// How many plans of a guild are in each state.
    pub async fn plan_counts(&mut self, guild: GuildId) -> Result<Vec<(String, usize)>, Error> {
        let rows: Vec<(String, i64)> = self.connection.all(&IN_STATE, values![guild]).await?;
        Ok(rows.into_iter().map(|(state, plans)| (state, count(plans))).collect())
    }

    /// Forgets plans from before a moment, with what was written under them. What waits, is being written, or was
    /// decided about or written under since stays, so that it can be taken back. Says how many.
    pub async fn prune_plans(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.connection.run(&PRUNE, values![before]).await
    }

    /// Lets nobody else decide about plans until this transaction ends.
    pub async fn take_plans_turn(&mut self) -> Result<(), Error> {
        self.take_turn("plans").await
    }
}

fn row(cells: Cells) -> PlanRow {
    let (id, guild_id, revision, cause, actor, state, made, by, at, reasons, takes, gives, renames) = cells;
    let plan = NewPlan {
        guild: guild(guild_id),
        revision: revision.map(RevisionId),
        cause,
        actor,
        state,
        made_at: Timestamp(made),
        reasons,
        contents: String::new(),
        takes: count(takes),
        gives: count(gives),
        renames: count(renames),
    };
    PlanRow { id: PlanId(id), decided_by: by, decided_at: at.map(Timestamp), plan }
}
