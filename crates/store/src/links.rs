//! Links: proofs that two accounts belong to one member. One account has one member, and a member has one
//! account at each place; both are kept by the tables too.

use domain::ids::{MemberId, PlaceId, Subject};
use domain::time::Timestamp;

use crate::accounts::{Account, AccountCells, account};
use crate::cells::values;
use crate::{Error, Tx};

statements! {
    INSERT_MEMBER = [
        "insert into members (made_at_ms)
        values ($1)
        returning id"
    ],
    INSERT_ACCOUNT = [
        "insert into accounts (member_id, place_id, subject, username, name)
        values ($1, $2, $3, $4, $5)"
    ],
    INSERT_LINK = [
        "insert into links (member_id, account_id, other_account_id, proven_by, linked_at_ms, second_factor)
        select source.member_id, source.id, owner.id, $5, $6, $7
        from accounts source
        join accounts owner on owner.member_id = source.member_id
        where source.place_id = $1 and source.subject = $2 and owner.place_id = $3 and owner.subject = $4"
    ],
    OF_USER = [
        "select source.member_id, source.place_id, source.subject, source.username, source.name,
            source.vanished_at_ms, links.proven_by, links.linked_at_ms
        from links
        join accounts source on source.id = links.account_id
        join accounts owner on owner.id = links.other_account_id
        where owner.place_id = $1 and owner.subject = $2
        order by source.place_id"
    ],
    DELETE_ACCOUNT = [
        "delete from accounts
        where member_id = $1 and place_id = $2"
    ],
    LINKS_LEFT = [
        "select count(id)
        from links
        where member_id = $1"
    ],
    DELETE_ACCOUNTS = [
        "delete from accounts
        where member_id = $1"
    ],
    DELETE_MEMBER = [
        "delete from members
        where id = $1"
    ],
    FORGET_GIVEN = [
        "delete from given_roles
        where user_id = $1"
    ],
    FORGET_NICKNAMES = [
        "delete from nicknames
        where user_id = $1"
    ],
    FORGET_CONFIRMED = [
        "delete from confirmed_roles
        where user_id = $1"
    ],
    FORGET_WRITTEN_NAMES = [
        "update written
        set before = null, after = null
        where user_id = $1 and act = 'nickname'"
    ],
    FORGET_NAME_OVERRIDES = [
        "delete from overrides
        where user_id = $1 and role = 0"
    ],
    FORGET_TOLD = [
        "delete from told
        where user_id = $1"
    ],
}

/// An account that was just proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// Where.
    pub place: PlaceId,
    /// The place's own id for it.
    pub subject: Subject,
    /// The account's name there.
    pub username: String,
    /// The person's full name there.
    pub name: Option<String>,
}

/// Two accounts of one person, proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    /// Where the person is given things: their account in the guilds.
    pub user: NewAccount,
    /// Where facts about them come from.
    pub other: NewAccount,
    /// How it was proven, for the records.
    pub proven_by: String,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// When.
    pub at: Timestamp,
}

/// What became of a new link. Unless it is `Made`, nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linked {
    /// It stands.
    Made {
        /// Whose it is.
        member: MemberId,
    },
    /// It stood already.
    Already {
        /// Whose it is.
        member: MemberId,
        /// Since when.
        since: Timestamp,
    },
    /// The account at the source belongs to somebody else.
    OtherTaken {
        /// The account that holds it.
        by: Account,
    },
    /// The person has another account at the same source.
    UserTaken {
        /// That account.
        by: Account,
    },
}

/// One link of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The account at the source.
    pub account: Account,
    /// How it was proven.
    pub proven_by: String,
    /// Since when.
    pub linked_at: Timestamp,
}

/// What unlinking left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlinked {
    /// The member has no other link and is forgotten.
    Forgotten,
    /// The member keeps links to other sources.
    Kept,
    /// There was no such link.
    NothingThere,
}

type LinkCells = (i64, i64, String, String, Option<String>, Option<i64>, String, i64);

impl Tx {
    /// Links two accounts. Of people who race for one account exactly one gets it, and the others are told
    /// whose it is.
    pub async fn link(&mut self, link: &NewLink) -> Result<Linked, Error> {
        self.take_turn("links").await?;
        let user = self.account(link.user.place, &link.user.subject).await?;
        let other = self.account(link.other.place, &link.other.subject).await?;
        let member = match (user, other) {
            (Some(user), Some(other)) if user.member == other.member => user.member,
            (user, Some(other)) => {
                if let Some(user) = user
                    && let Some(by) = self.account_at(user.member, link.other.place).await?
                {
                    return Ok(Linked::UserTaken { by });
                }
                let by = self.account_at(other.member, link.user.place).await?;
                return Ok(Linked::OtherTaken { by: by.unwrap_or(other) });
            }
            (Some(user), None) => {
                if let Some(by) = self.account_at(user.member, link.other.place).await? {
                    return Ok(Linked::UserTaken { by });
                }
                self.insert_account(user.member, &link.other).await?;
                user.member
            }
            (None, None) => self.insert_member(link).await?,
        };
        let known = self.links_of_user(link.user.place, &link.user.subject).await?;
        if let Some(known) = known.into_iter().find(|known| known.account.place == link.other.place) {
            return Ok(Linked::Already { member, since: known.linked_at });
        }
        self.insert_link(link).await?;
        Ok(Linked::Made { member })
    }

    async fn insert_member(&mut self, link: &NewLink) -> Result<MemberId, Error> {
        let (id,): (i64,) = self.connection.one(&INSERT_MEMBER, values![link.at]).await?;
        self.insert_account(MemberId(id), &link.user).await?;
        self.insert_account(MemberId(id), &link.other).await?;
        Ok(MemberId(id))
    }

    async fn insert_account(&mut self, member: MemberId, new: &NewAccount) -> Result<(), Error> {
        let values = values![member, new.place, &new.subject, &new.username, &new.name];
        self.connection.run(&INSERT_ACCOUNT, values).await.map(drop)
    }

    async fn insert_link(&mut self, link: &NewLink) -> Result<(), Error> {
        let (user, other) = (&link.user, &link.other);
        let (shown, at) = (link.second_factor, link.at);
        let values =
            values![other.place, &other.subject, user.place, &user.subject, &link.proven_by, at, shown];
        self.connection.run(&INSERT_LINK, values).await.map(drop)
    }

    /// The links of a person by their account in the guilds, by source.
    pub async fn links_of_user(&mut self, place: PlaceId, subject: &Subject) -> Result<Vec<Link>, Error> {
        let rows: Vec<LinkCells> = self.connection.all(&OF_USER, values![place, subject]).await?;
        Ok(rows.into_iter().map(link).collect())
    }

    /// Deletes a member's link to one source with the account there and its facts. With the last link go
    /// the member, the account in the guilds, and what the hall remembered of giving roles and nicknames:
    /// whoever has still to take those back reads them first, in the same transaction.
    pub async fn unlink(
        &mut self,
        member: MemberId,
        source: PlaceId,
        users: PlaceId,
    ) -> Result<Unlinked, Error> {
        self.take_turn("links").await?;
        if self.connection.run(&DELETE_ACCOUNT, values![member, source]).await? == 0 {
            return Ok(Unlinked::NothingThere);
        }
        let user = self.user_of(member, users).await?;
        if let Some(user) = user {
            // Who said yes said it of all the accounts that were linked then.
            self.connection.run(&FORGET_CONFIRMED, values![user]).await?;
        }
        let (left,): (i64,) = self.connection.one(&LINKS_LEFT, values![member]).await?;
        if left > 0 {
            return Ok(Unlinked::Kept);
        }
        if let Some(user) = user {
            self.connection.run(&FORGET_GIVEN, values![user]).await?;
            self.connection.run(&FORGET_NICKNAMES, values![user]).await?;
            self.connection.run(&FORGET_WRITTEN_NAMES, values![user]).await?;
            self.connection.run(&FORGET_NAME_OVERRIDES, values![user]).await?;
            self.connection.run(&FORGET_TOLD, values![user]).await?;
        }
        self.connection.run(&DELETE_ACCOUNTS, values![member]).await?;
        self.connection.run(&DELETE_MEMBER, values![member]).await?;
        Ok(Unlinked::Forgotten)
    }
}

fn link((member, place, subject, username, name, vanished, proven_by, linked_at): LinkCells) -> Link {
    let cells: AccountCells = (member, place, subject, username, name, vanished);
    Link { account: account(cells), proven_by, linked_at: Timestamp(linked_at) }
}
