//! Tickets: the address a person was given to link their account, known by the hash of its secret.

use domain::ids::{GuildId, PlaceId, UserId};
use domain::time::Timestamp;

use crate::cells::{guild, limit, user, values};
use crate::{Error, Tx};

statements! {
    CREATE = [
        "insert into tickets (hash, user_id, guild, place_id, display_name, created_at_ms, expires_at_ms)
        values ($1, $2, $3, $4, $5, $6, $7)"
    ],
    GET = [
        "select hash, user_id, guild, place_id, display_name, created_at_ms, expires_at_ms, used_at_ms
        from tickets
        where hash = $1"
    ],
    OF_NONCE = [
        "select tickets.hash, tickets.user_id, tickets.guild, tickets.place_id, tickets.display_name,
            tickets.created_at_ms, tickets.expires_at_ms, tickets.used_at_ms
        from flows
        join tickets on tickets.hash = flows.ticket_hash
        where flows.nonce = $1 and flows.nonce <> '' and flows.hash <> $2 and flows.expires_at_ms > $3"
    ],
    USE = [
        "update tickets
        set used_at_ms = $2
        where hash = $1 and used_at_ms is null and expires_at_ms > $2"
    ],
    END_OLDEST = [
        "delete from tickets
        where user_id = $1
            and hash not in (
                select hash
                from tickets
                where user_id = $1
                order by created_at_ms desc, hash
                limit $2
            )"
    ],
    END_ALL = [
        "delete from tickets
        where user_id = $1"
    ],
    PRUNE = [
        "delete from tickets
        where expires_at_ms <= $1"
    ],
}

/// An address somebody was given to link an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The hash of the secret in the address; the secret itself is nowhere in the store.
    pub hash: String,
    /// To whom it was given, and for whom alone it works.
    pub user: UserId,
    /// In which guild it was asked for; `None` outside all guilds.
    pub guild: Option<GuildId>,
    /// The source to link to.
    pub source: PlaceId,
    /// What the person is called, to greet them.
    pub display_name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was used; it works once.
    pub used_at: Option<Timestamp>,
}

impl Ticket {
    /// Whether it still works.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && self.expires_at > now
    }
}

type Cells = (String, i64, Option<i64>, i64, String, i64, i64, Option<i64>);

impl Tx {
    /// Writes a new ticket.
    pub async fn create_ticket(&mut self, ticket: &Ticket) -> Result<(), Error> {
        let Ticket { hash, user, guild, source, display_name, created_at, expires_at, .. } = ticket;
        let values = values![hash, *user, *guild, *source, display_name, *created_at, *expires_at];
        self.connection.run(&CREATE, values).await.map(drop)
    }

    /// A ticket, open or not: ask [`Ticket::is_open`].
    pub async fn ticket(&mut self, hash: &str) -> Result<Option<Ticket>, Error> {
        Ok(self.connection.optional(&GET, values![hash]).await?.map(ticket))
    }

    /// The ticket of an attempt that still lives, by the nonce it waits for; of another attempt than `own`
    /// (the hash of its secret).
    pub async fn ticket_of_nonce(
        &mut self,
        nonce: &str,
        own: &str,
        now: Timestamp,
    ) -> Result<Option<Ticket>, Error> {
        Ok(self.connection.optional(&OF_NONCE, values![nonce, own, now]).await?.map(ticket))
    }

    /// Uses a ticket up. Of all who try at once exactly one is told that it was theirs.
    pub async fn use_ticket(&mut self, hash: &str, now: Timestamp) -> Result<bool, Error> {
        Ok(self.connection.run(&USE, values![hash, now]).await? > 0)
    }

    /// Ends all addresses of a person but for so many of the newest, with all attempts to use them.
    pub async fn end_oldest_tickets(&mut self, user: UserId, kept: usize) -> Result<(), Error> {
        self.connection.run(&END_OLDEST, values![user, limit(kept)]).await.map(drop)
    }

    /// Ends every address that a person was ever given, with all attempts to use it.
    pub async fn end_all_of_user(&mut self, user: UserId) -> Result<(), Error> {
        self.connection.run(&END_ALL, values![user]).await.map(drop)
    }

    /// Forgets tickets that have run out, with all attempts to use them; says how many.
    pub async fn prune_tickets(&mut self, now: Timestamp) -> Result<u64, Error> {
        self.connection.run(&PRUNE, values![now]).await
    }
}

fn ticket(cells: Cells) -> Ticket {
    let (hash, user_id, guild_id, source, display_name, created_at, expires_at, used_at) = cells;
    Ticket {
        hash,
        user: user(user_id),
        guild: guild_id.map(guild),
        source: PlaceId(source),
        display_name,
        created_at: Timestamp(created_at),
        expires_at: Timestamp(expires_at),
        used_at: used_at.map(Timestamp),
    }
}
