//! Linked members with everything the rules may ask: what plans are made from, read in one go.

use domain::ids::{MemberId, PlaceId, Subject, UserId};
use domain::time::Timestamp;

use crate::cells::values;
use crate::{Error, Tx};

statements! {
    EVERYBODY = [
        "select owner.member_id, owner.subject, source.place_id, source.subject, source.vanished_at_ms,
            facts.facts, facts.read_at_ms, facts.absent_since_ms, places.swept_at_ms, links.linked_at_ms,
            links.second_factor
        from accounts owner
        join links on links.other_account_id = owner.id
        join accounts source on source.id = links.account_id
        join places on places.id = source.place_id
        left join facts on facts.account_id = source.id
        where owner.place_id = $1
        order by owner.member_id, source.place_id"
    ],
    ONE = [
        "select owner.member_id, owner.subject, source.place_id, source.subject, source.vanished_at_ms,
            facts.facts, facts.read_at_ms, facts.absent_since_ms, places.swept_at_ms, links.linked_at_ms,
            links.second_factor
        from accounts owner
        join links on links.other_account_id = owner.id
        join accounts source on source.id = links.account_id
        join places on places.id = source.place_id
        left join facts on facts.account_id = source.id
        where owner.place_id = $1 and owner.member_id = $2
        order by owner.member_id, source.place_id"
    ],
    NAMES = [
        "select owner.subject, source.username
        from accounts owner
        join links on links.other_account_id = owner.id
        join accounts source on source.id = links.account_id
        where owner.place_id = $1
        order by owner.member_id, source.place_id"
    ],
    NAME = [
        "select source.username
        from accounts owner
        join links on links.other_account_id = owner.id
        join accounts source on source.id = links.account_id
        where owner.place_id = $1 and owner.subject = $2
        order by source.place_id desc
        limit 1"
    ],
    CALLED = [
        "select owner.subject
        from accounts source
        join links on links.account_id = source.id
        join accounts owner on owner.id = links.other_account_id
        where lower(source.username) = lower($2) and owner.place_id = $1
        order by owner.member_id, source.place_id
        limit 1"
    ],
    USER_OF = [
        "select subject
        from accounts
        where member_id = $1 and place_id = $2"
    ],
}

/// A linked member with what sources said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedRow {
    /// Who, in the hall.
    pub member: MemberId,
    /// Who, in the guilds.
    pub user: UserId,
    /// When they linked first.
    pub linked_at: Timestamp,
    /// Their accounts at sources, by place.
    pub accounts: Vec<SourceAccount>,
}

/// An account at a source with what the source said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceAccount {
    /// Which source.
    pub place: PlaceId,
    /// Who, there.
    pub subject: Subject,
    /// Since when the source is known to have no such account any more.
    pub vanished_at: Option<Timestamp>,
    /// Whether they showed a second factor there when they linked.
    pub second_factor: bool,
    /// What it said; `None` when it was never read.
    pub facts: Option<StoredFacts>,
}

/// Facts as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFacts {
    /// JSON, as it was given to the store.
    pub facts: String,
    /// When the source was last heard to say so, by itself or in a complete reading.
    pub read_at: Timestamp,
    /// Since when complete readings leave the person out. This proves nothing by itself.
    pub absent_since: Option<Timestamp>,
}

type Cells =
    (i64, String, i64, String, Option<i64>, Option<String>, Option<i64>, Option<i64>, Option<i64>, i64, i64);

impl Tx {
    /// Everybody who has an account at `users` and a link, sorted by member.
    pub async fn linked_members(&mut self, users: PlaceId) -> Result<Vec<LinkedRow>, Error> {
        let mut people = Vec::new();
        self.connection.each(&EVERYBODY, values![users], |cells| add(&mut people, cells)).await?;
        Ok(people)
    }

    /// One of them.
    pub async fn linked_member(
        &mut self,
        users: PlaceId,
        member: MemberId,
    ) -> Result<Option<LinkedRow>, Error> {
        let mut people = Vec::new();
        self.connection.each(&ONE, values![users, member], |cells| add(&mut people, cells)).await?;
        Ok(people.pop())
    }

    /// What everybody who is linked is called at their sources; of several names the last.
    pub async fn names_at_sources(&mut self, users: PlaceId) -> Result<Vec<(UserId, String)>, Error> {
        let rows: Vec<(String, String)> = self.connection.all(&NAMES, values![users]).await?;
        rows.into_iter().map(|(subject, name)| Ok((user(&subject)?, name))).collect()
    }

    /// What somebody who is linked is called at their source; of several names the last.
    pub async fn name_at_source(&mut self, users: PlaceId, user: UserId) -> Result<Option<String>, Error> {
        let subject = Subject::from(user);
        let row: Option<(String,)> = self.connection.optional(&NAME, values![users, &subject]).await?;
        Ok(row.map(|(name,)| name))
    }

    /// Who of those who are linked is called so at a source, in whatever case it is written; of several the first.
    pub async fn user_called(&mut self, users: PlaceId, name: &str) -> Result<Option<UserId>, Error> {
        let row: Option<(String,)> = self.connection.optional(&CALLED, values![users, name]).await?;
        row.map(|(subject,)| user(&subject)).transpose()
    }

    /// Who a member is in the guilds.
    pub async fn user_of(&mut self, member: MemberId, users: PlaceId) -> Result<Option<UserId>, Error> {
        let row: Option<(String,)> = self.connection.optional(&USER_OF, values![member, users]).await?;
        row.map(|(subject,)| user(&subject)).transpose()
    }
}

fn add(people: &mut Vec<LinkedRow>, cells: Cells) -> Result<(), Error> {
    let (member, owner, place, subject, vanished, facts, read_at, absent, swept_at, linked, factor) = cells;
    let linked_at = Timestamp(linked);
    let account = SourceAccount {
        place: PlaceId(place),
        subject: Subject(subject),
        vanished_at: vanished.map(Timestamp),
        second_factor: factor != 0,
        facts: facts.map(|facts| StoredFacts {
            facts,
            read_at: Timestamp(heard_at(read_at, absent, swept_at)),
            absent_since: absent.map(Timestamp),
        }),
    };
    match people.last_mut() {
        Some(last) if last.member.0 == member => {
            last.linked_at = last.linked_at.min(linked_at);
            last.accounts.push(account);
        }
        _ => people.push(LinkedRow {
            member: MemberId(member),
            user: user(&owner)?,
            linked_at,
            accounts: vec![account],
        }),
    }
    Ok(())
}

/// A complete reading that found nothing new writes no row, only the place's own time; it speaks for
/// everybody whom it did not leave out.
fn heard_at(read_at: Option<i64>, absent: Option<i64>, swept_at: Option<i64>) -> i64 {
    let read_at = read_at.unwrap_or(0);
    if absent.is_some() { read_at } else { read_at.max(swept_at.unwrap_or(0)) }
}

fn user(subject: &str) -> Result<UserId, Error> {
    subject.parse().map_err(|_| Error::strange("accounts", subject))
}
