//! Accounts: one identity of a member at one place.

use domain::ids::{MemberId, PlaceId, Subject};
use domain::time::Timestamp;

use crate::cells::{count, values};
use crate::{Error, Tx};

statements! {
    OF_SUBJECT = [
        "select member_id, place_id, subject, username, name, vanished_at_ms
        from accounts
        where place_id = $1 and subject = $2"
    ],
    OF_MEMBER = [
        "select member_id, place_id, subject, username, name, vanished_at_ms
        from accounts
        where member_id = $1
        order by place_id"
    ],
    OF_MEMBER_AT = [
        "select member_id, place_id, subject, username, name, vanished_at_ms
        from accounts
        where member_id = $1 and place_id = $2"
    ],
    SUBJECTS = [
        "select subject
        from accounts
        where place_id = $1
        order by id"
    ],
    COUNT = [
        "select count(id)
        from accounts
        where place_id = $1"
    ],
    RENAME = [
        "update accounts
        set username = $3, name = $4
        where place_id = $1 and subject = $2 and (username <> $3 or name is distinct from $4)"
    ],
    VANISH = [
        "update accounts
        set vanished_at_ms = coalesce(vanished_at_ms, $3)
        where place_id = $1 and subject = $2"
    ],
    REAPPEAR = [
        "update accounts
        set vanished_at_ms = null
        where place_id = $1 and subject = $2 and vanished_at_ms is not null"
    ],
    TAKE_TURN = [
        "update turns
        set taken = taken + 1
        where name = $1"
    ],
}

/// One identity of a member somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub member: MemberId,
    /// Where.
    pub place: PlaceId,
    /// The place's own id for it.
    pub subject: Subject,
    /// The account's name there, for people to read.
    pub username: String,
    /// The person's full name there.
    pub name: Option<String>,
    /// Since when the place is known to have no such account any more.
    pub vanished_at: Option<Timestamp>,
}

pub(crate) type AccountCells = (i64, i64, String, String, Option<String>, Option<i64>);

pub(crate) fn account((member, place, subject, username, name, vanished): AccountCells) -> Account {
    Account {
        member: MemberId(member),
        place: PlaceId(place),
        subject: Subject(subject),
        username,
        name,
        vanished_at: vanished.map(Timestamp),
    }
}

impl Tx {
    /// The account, if it is linked.
    pub async fn account(&mut self, place: PlaceId, subject: &Subject) -> Result<Option<Account>, Error> {
        Ok(self.connection.optional(&OF_SUBJECT, values![place, subject]).await?.map(account))
    }

    /// Whose account it is.
    pub async fn member_by_subject(
        &mut self,
        place: PlaceId,
        subject: &Subject,
    ) -> Result<Option<MemberId>, Error> {
        Ok(self.account(place, subject).await?.map(|account| account.member))
    }

    /// All accounts of a member, by place.
    pub async fn accounts_of(&mut self, member: MemberId) -> Result<Vec<Account>, Error> {
        Ok(self.connection.all(&OF_MEMBER, values![member]).await?.into_iter().map(account).collect())
    }

    /// A member's account at one place.
    pub async fn account_at(&mut self, member: MemberId, place: PlaceId) -> Result<Option<Account>, Error> {
        Ok(self.connection.optional(&OF_MEMBER_AT, values![member, place]).await?.map(account))
    }

    /// Everybody of a place who is linked.
    pub async fn subjects_of(&mut self, place: PlaceId) -> Result<Vec<Subject>, Error> {
        let rows: Vec<(String,)> = self.connection.all(&SUBJECTS, values![place]).await?;
        Ok(rows.into_iter().map(|(subject,)| Subject(subject)).collect())
    }

    /// How many accounts of a place are linked.
    pub async fn account_count(&mut self, place: PlaceId) -> Result<usize, Error> {
        let (accounts,): (i64,) = self.connection.one(&COUNT, values![place]).await?;
        Ok(count(accounts))
    }

    /// Notes what an account is called now; says whether that is new.
    pub async fn rename_account(
        &mut self,
        place: PlaceId,
        subject: &Subject,
        username: &str,
        name: Option<&str>,
    ) -> Result<bool, Error> {
        Ok(self.connection.run(&RENAME, values![place, subject, username, name]).await? > 0)
    }

    /// Notes that a place proved to have no such account any more. The first moment stays.
    pub async fn account_vanished(
        &mut self,
        place: PlaceId,
        subject: &Subject,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.connection.run(&VANISH, values![place, subject, at]).await.map(drop)
    }

    /// Notes that a place has the account (again); says whether it had been gone.
    pub async fn account_reappeared(&mut self, place: PlaceId, subject: &Subject) -> Result<bool, Error> {
        Ok(self.connection.run(&REAPPEAR, values![place, subject]).await? > 0)
    }

    /// Waits until no other transaction does this kind of work, and keeps them waiting until this one ends.
    pub(crate) async fn take_turn(&mut self, name: &'static str) -> Result<(), Error> {
        match self.connection.run(&TAKE_TURN, values![name]).await? {
            1 => Ok(()),
            _ => Err(Error::Broken { why: format!("turns has no row {name}") }),
        }
    }
}
