//! What the hall gave in each guild, and what it has still to take back from people who unlinked.

use domain::ids::{GuildId, RoleId, UserId};
use domain::time::Timestamp;

use crate::cells::{guild, role, user, values};
use crate::{Error, Tx};

statements! {
    PUT_ROLE = [
        "insert into given_roles (guild, user_id, role, given_at_ms)
        values ($1, $2, $3, $4)
        on conflict (guild, user_id, role) do nothing"
    ],
    REMOVE_ROLE = [
        "delete from given_roles
        where guild = $1 and user_id = $2 and role = $3"
    ],
    ROLES_OF = [
        "select guild, user_id, role
        from given_roles
        where user_id = $1
        order by guild, role"
    ],
    ROLES_IN = [
        "select guild, user_id, role
        from given_roles
        where guild = $1
        order by user_id, role"
    ],
    PUT_NICKNAME = [
        "insert into nicknames (guild, user_id, before, asked, asked_print, became_print, written_at_ms)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (guild, user_id) do update
        set before = excluded.before,
            asked = excluded.asked,
            asked_print = excluded.asked_print,
            became_print = excluded.became_print,
            written_at_ms = excluded.written_at_ms"
    ],
    REMOVE_NICKNAME = [
        "delete from nicknames
        where guild = $1 and user_id = $2"
    ],
    NICKNAME = [
        "select guild, user_id, before, asked, asked_print, became_print, written_at_ms
        from nicknames
        where guild = $1 and user_id = $2"
    ],
    NICKNAMES_OF = [
        "select guild, user_id, before, asked, asked_print, became_print, written_at_ms
        from nicknames
        where user_id = $1
        order by guild"
    ],
    NICKNAMES_IN = [
        "select guild, user_id, before, asked, asked_print, became_print, written_at_ms
        from nicknames
        where guild = $1
        order by user_id"
    ],
    PUT_DEPARTURE = [
        "insert into departures (guild, user_id, departure, created_at_ms)
        values ($1, $2, $3, $4)
        on conflict (guild, user_id) do update
        set departure = excluded.departure, created_at_ms = excluded.created_at_ms"
    ],
    CUT_DEPARTURE = [
        "update departures
        set departure = $4
        where guild = $1 and user_id = $2 and departure = $3"
    ],
    REMOVE_DEPARTURE = [
        "delete from departures
        where guild = $1 and user_id = $2 and departure = $3"
    ],
    DEPARTURE = [
        "select user_id, departure, created_at_ms
        from departures
        where guild = $1 and user_id = $2"
    ],
    DEPARTURES_IN = [
        "select user_id, departure, created_at_ms
        from departures
        where guild = $1
        order by user_id"
    ],
}

/// A role the hall gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GivenRole {
    /// Where.
    pub guild: GuildId,
    /// To whom.
    pub user: UserId,
    /// Which.
    pub role: RoleId,
}

/// A nickname the hall wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenNickname {
    /// Where.
    pub guild: GuildId,
    /// Whose.
    pub user: UserId,
    /// What it was before the hall wrote for the first time; `None` for no nickname.
    pub before: Option<String>,
    /// What the hall asked for.
    pub asked: String,
    /// Its fingerprint.
    pub asked_print: u64,
    /// The fingerprint of what became of it.
    pub became_print: u64,
    /// When.
    pub written_at: Timestamp,
}

/// What is still to be taken back from somebody who unlinked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDeparture {
    /// From whom.
    pub user: UserId,
    /// `domain::situation::Departure` as JSON.
    pub departure: String,
    /// Since when.
    pub created_at: Timestamp,
}

type NicknameCells = (i64, i64, Option<String>, String, i64, i64, i64);

impl Tx {
    /// Notes that the hall gave a role.
    pub async fn put_given_role(&mut self, given: GivenRole, at: Timestamp) -> Result<(), Error> {
        self.connection.run(&PUT_ROLE, values![given.guild, given.user, given.role, at]).await.map(drop)
    }

    /// Notes that the hall took a role back, or that somebody else did; says whether it had been given.
    pub async fn remove_given_role(&mut self, given: GivenRole) -> Result<bool, Error> {
        Ok(self.connection.run(&REMOVE_ROLE, values![given.guild, given.user, given.role]).await? > 0)
    }

    /// What the hall gave to one person, in all guilds.
    pub async fn given_roles_of(&mut self, user: UserId) -> Result<Vec<GivenRole>, Error> {
        Ok(self.connection.all(&ROLES_OF, values![user]).await?.into_iter().map(given).collect())
    }

    /// What the hall gave in a guild, by person.
    pub async fn given_roles_in(&mut self, guild: GuildId) -> Result<Vec<GivenRole>, Error> {
        Ok(self.connection.all(&ROLES_IN, values![guild]).await?.into_iter().map(given).collect())
    }

    /// Notes a nickname the hall wrote, in place of the one before.
    pub async fn put_nickname(&mut self, nickname: &WrittenNickname) -> Result<(), Error> {
        let WrittenNickname { guild, user, before, asked, asked_print, became_print, written_at } = nickname;
        let values = values![*guild, *user, before, asked, *asked_print, *became_print, *written_at];
        self.connection.run(&PUT_NICKNAME, values).await.map(drop)
    }

    /// Forgets a nickname.
    pub async fn remove_nickname(&mut self, guild: GuildId, user: UserId) -> Result<(), Error> {
        self.connection.run(&REMOVE_NICKNAME, values![guild, user]).await.map(drop)
    }

    /// The nickname the hall wrote for one person in a guild.
    pub async fn nickname(&mut self, guild: GuildId, user: UserId) -> Result<Option<WrittenNickname>, Error> {
        Ok(self.connection.optional(&NICKNAME, values![guild, user]).await?.map(nickname))
    }

    /// The nicknames the hall wrote for one person, in all guilds.
    pub async fn nicknames_of(&mut self, user: UserId) -> Result<Vec<WrittenNickname>, Error> {
        Ok(self.connection.all(&NICKNAMES_OF, values![user]).await?.into_iter().map(nickname).collect())
    }

    /// The nicknames the hall wrote in a guild, sorted by person.
    pub async fn nicknames_in(&mut self, guild: GuildId) -> Result<Vec<WrittenNickname>, Error> {
        Ok(self.connection.all(&NICKNAMES_IN, values![guild]).await?.into_iter().map(nickname).collect())
    }

    /// Notes what is to be taken back from somebody, in place of what was noted before.
    pub async fn put_departure(
        &mut self,
        guild: GuildId,
        user: UserId,
        departure: &str,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.connection.run(&PUT_DEPARTURE, values![guild, user, departure, at]).await.map(drop)
    }

    /// Notes what is left to take back from somebody, or that nothing is. Says whether what was noted before was
    /// still `known`: otherwise they left once more meanwhile, and nothing is written.
    pub async fn cut_departure(
        &mut self,
        guild: GuildId,
        user: UserId,
        known: &str,
        left: Option<&str>,
    ) -> Result<bool, Error> {
        let rows = match left {
            Some(left) => self.connection.run(&CUT_DEPARTURE, values![guild, user, known, left]).await?,
            None => self.connection.run(&REMOVE_DEPARTURE, values![guild, user, known]).await?,
        };
        Ok(rows > 0)
    }

    /// What is to be taken back from somebody in a guild.
    pub async fn departure(
        &mut self,
        guild: GuildId,
        user: UserId,
    ) -> Result<Option<StoredDeparture>, Error> {
        Ok(self.connection.optional(&DEPARTURE, values![guild, user]).await?.map(departure))
    }

    /// What is to be taken back in a guild, sorted by person.
    pub async fn departures_in(&mut self, guild: GuildId) -> Result<Vec<StoredDeparture>, Error> {
        Ok(self.connection.all(&DEPARTURES_IN, values![guild]).await?.into_iter().map(departure).collect())
    }
}

fn given((guild_id, user_id, role_id): (i64, i64, i64)) -> GivenRole {
    GivenRole { guild: guild(guild_id), user: user(user_id), role: role(role_id) }
}

fn nickname(cells: NicknameCells) -> WrittenNickname {
    let (guild_id, user_id, before, asked, asked_print, became_print, written_at) = cells;
    WrittenNickname {
        guild: guild(guild_id),
        user: user(user_id),
        before,
        asked,
        asked_print: asked_print.cast_unsigned(),
        became_print: became_print.cast_unsigned(),
        written_at: Timestamp(written_at),
    }
}

fn departure((user_id, departure, created_at): (i64, String, i64)) -> StoredDeparture {
    StoredDeparture { user: user(user_id), departure, created_at: Timestamp(created_at) }
}
