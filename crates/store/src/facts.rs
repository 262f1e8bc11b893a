//! Facts: what sources said about accounts, written in bulk, and only where it changed.

use std::collections::{HashMap, HashSet};

use domain::ids::{MemberId, PlaceId, Subject};
use domain::time::Timestamp;

use crate::cells::{json, limit, values};
use crate::{Error, Tx};

// `cross join` is the one word by which SQLite keeps the order of a join: each given row finds its account.
// Left to itself it reads the whole list again for every account.
statements! {
    PUT_CHANGED = [
        "insert into facts (account_id, facts, read_at_ms, look_again_at_ms)
        select accounts.id, given.value ->> 3, $3, cast(given.value ->> 4 as bigint)
        from " (rows "$1") " as given
        cross join accounts
        where accounts.place_id = $2 and accounts.subject = given.value ->> 0
        on conflict (account_id) do update
        set facts = excluded.facts,
            read_at_ms = excluded.read_at_ms,
            look_again_at_ms = excluded.look_again_at_ms,
            absent_since_ms = null
        where excluded.read_at_ms >= facts.read_at_ms
            and (facts.facts <> excluded.facts
                or facts.look_again_at_ms is distinct from excluded.look_again_at_ms
                or facts.absent_since_ms is not null)
        returning (select accounts.member_id from accounts where accounts.id = facts.account_id)"
    ],
    PUT_NAMES = [
        "with fresh as materialized (
            select accounts.id, given.value ->> 1 as username, given.value ->> 2 as name
            from " (rows "$1") " as given
            cross join accounts
            where accounts.place_id = $2
                and accounts.subject = given.value ->> 0
                and (accounts.username <> given.value ->> 1
                    or accounts.name is distinct from given.value ->> 2
                    or accounts.vanished_at_ms is not null)
        )
        update accounts
        set username = fresh.username, name = fresh.name, vanished_at_ms = null
        from fresh
        where accounts.id = fresh.id"
    ],
    PUT_READ_AT = [
        "update facts
        set read_at_ms = $3
        where read_at_ms < $3
            and account_id in (
                select accounts.id
                from " (texts "$1") " as given
                cross join accounts
                where accounts.place_id = $2 and accounts.subject = given.value
            )"
    ],
    SET_ABSENT = [
        "update facts
        set absent_since_ms = $3,
            read_at_ms = case when read_at_ms < $4 then $4 else read_at_ms end
        where absent_since_ms is null
            and read_at_ms < $3
            and account_id in (
                select accounts.id
                from " (texts "$1") " as given
                cross join accounts
                where accounts.place_id = $2 and accounts.subject = given.value
            )"
    ],
    KNOWN_BEFORE = [
        "select accounts.subject
        from accounts
        join links on links.account_id = accounts.id
        where accounts.place_id = $1 and links.linked_at_ms < $2
        order by accounts.id"
    ],
    SWEPT_AT = [
        "select coalesce(swept_at_ms, 0)
        from places
        where id = $1"
    ],
    SET_SWEPT = [
        "update places
        set swept_at_ms = $2
        where id = $1 and (swept_at_ms is null or swept_at_ms < $2)"
    ],
    DUE_LOOKS = [
        "select accounts.place_id, accounts.subject, facts.look_again_at_ms
        from facts
        join accounts on accounts.id = facts.account_id
        where facts.look_again_at_ms <= $1
        order by facts.look_again_at_ms
        limit $2"
    ],
    NEXT_LOOK = [
        "select min(look_again_at_ms)
        from facts
        where look_again_at_ms > $1"
    ],
}

/// Accounts that one statement takes.
const ROWS_AT_ONCE_MAX: usize = 5_000;

/// What a source said about one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactsRead {
    /// Which account.
    pub subject: Subject,
    /// What it is called there.
    pub username: String,
    /// The person's full name there.
    pub name: Option<String>,
    /// The facts as JSON. Equal facts must be equal text: leave out when they were read.
    pub facts: String,
    /// When a fact ends by itself.
    pub look_again: Option<Timestamp>,
}

/// What a complete reading of a source brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Members of whom something is new.
    pub changed: Vec<MemberId>,
    /// Linked accounts that the reading left out. This proves nothing: each must be asked for by id.
    pub absent: Vec<Subject>,
}

/// An account whose facts end by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueLook {
    /// At which source.
    pub place: PlaceId,
    /// Who.
    pub subject: Subject,
    /// When.
    pub at: Timestamp,
}

type Cells<'a> = (&'a str, &'a str, Option<&'a str>, &'a str, Option<i64>);

impl Tx {
    /// Writes what a source said about some accounts at a moment; accounts nobody linked are passed over,
    /// and so is what is older than what stands. Says of whom something is new. An account that was read
    /// is there, so it has not vanished.
    pub async fn put_facts(
        &mut self,
        place: PlaceId,
        read: &[FactsRead],
        at: Timestamp,
    ) -> Result<Vec<MemberId>, Error> {
        let changed = self.put_changed(place, read, at).await?;
        for some in read.chunks(ROWS_AT_ONCE_MAX) {
            let subjects: Vec<&str> = some.iter().map(|read| read.subject.0.as_str()).collect();
            self.connection.run(&PUT_READ_AT, values![&json(&subjects)?, place, at]).await?;
        }
        Ok(changed)
    }

    /// Writes a reading that is proven complete; `at` is when it *began*. Accounts of which nothing is new
    /// cost no write: the place remembers the moment for all of them.
    pub async fn put_sweep(
        &mut self,
        place: PlaceId,
        read: &[FactsRead],
        at: Timestamp,
    ) -> Result<Swept, Error> {
        let changed = self.put_changed(place, read, at).await?;
        let here: HashSet<&str> = read.iter().map(|read| read.subject.0.as_str()).collect();
        let known: Vec<(String,)> = self.connection.all(&KNOWN_BEFORE, values![place, at]).await?;
        let mut absent: Vec<Subject> = known.into_iter().map(|(subject,)| Subject(subject)).collect();
        absent.retain(|subject| !here.contains(subject.0.as_str()));
        self.set_absent(place, &absent, at).await?;
        self.connection.run(&SET_SWEPT, values![place, at]).await?;
        Ok(Swept { changed, absent })
    }

    async fn put_changed(
        &mut self,
        place: PlaceId,
        read: &[FactsRead],
        at: Timestamp,
    ) -> Result<Vec<MemberId>, Error> {
        let mut changed = Vec::new();
        for some in read.chunks(ROWS_AT_ONCE_MAX) {
            // An account that stands twice counts once, as said last.
            let cells: HashMap<&str, Cells<'_>> =
                some.iter().map(|read| (read.subject.0.as_str(), cells(read))).collect();
            let rows = json(&cells.into_values().collect::<Vec<_>>())?;
            let members: Vec<(i64,)> = self.connection.all(&PUT_CHANGED, values![&rows, place, at]).await?;
            self.connection.run(&PUT_NAMES, values![&rows, place]).await?;
            changed.extend(members.into_iter().map(|(member,)| MemberId(member)));
        }
        changed.sort_unstable();
        Ok(changed)
    }

    /// Whoever is left out is not spoken for by this reading; what was known until the reading before stays.
    async fn set_absent(&mut self, place: PlaceId, absent: &[Subject], at: Timestamp) -> Result<(), Error> {
        let (swept_at,): (i64,) = self.connection.one(&SWEPT_AT, values![place]).await?;
        for some in absent.chunks(ROWS_AT_ONCE_MAX) {
            let subjects: Vec<&str> = some.iter().map(|subject| subject.0.as_str()).collect();
            self.connection.run(&SET_ABSENT, values![&json(&subjects)?, place, at, swept_at]).await?;
        }
        Ok(())
    }

    /// Accounts with a fact that has ended by itself, longest ago first. Each stays due until its facts
    /// are written again.
    pub async fn due_looks(&mut self, now: Timestamp, most: usize) -> Result<Vec<DueLook>, Error> {
        let rows: Vec<(i64, String, i64)> =
            self.connection.all(&DUE_LOOKS, values![now, limit(most)]).await?;
        let due = |(place, subject, at)| DueLook {
            place: PlaceId(place),
            subject: Subject(subject),
            at: Timestamp(at),
        };
        Ok(rows.into_iter().map(due).collect())
    }

    /// When the next fact after a moment ends by itself.
    pub async fn next_look(&mut self, after: Timestamp) -> Result<Option<Timestamp>, Error> {
        let (at,): (Option<i64>,) = self.connection.one(&NEXT_LOOK, values![after]).await?;
        Ok(at.map(Timestamp))
    }
}

fn cells(read: &FactsRead) -> Cells<'_> {
    (&read.subject.0, &read.username, read.name.as_deref(), &read.facts, read.look_again.map(|at| at.0))
}
