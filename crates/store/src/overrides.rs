//! Overrides: what people decided against the rules; and which roles with power an admin said somebody gets.

use domain::ids::{GuildId, RoleId, UserId};
use domain::time::Timestamp;

use crate::cells::{guild, json, role, user, values};
use crate::{Error, Tx};

statements! {
    PUT = [
        "insert into overrides (guild, user_id, role, has, name, origin, by_user, made_at_ms, until_ms, beneath)
        select $1, cast(given.value ->> 0 as bigint), cast(given.value ->> 1 as bigint),
            cast(given.value ->> 2 as bigint), given.value ->> 3, given.value ->> 4,
            cast(given.value ->> 5 as bigint), cast(given.value ->> 6 as bigint),
            cast(given.value ->> 7 as bigint), given.value ->> 8
        from " (rows "$2") " as given
        where true
        on conflict (guild, user_id, role) do update
        set has = excluded.has,
            name = excluded.name,
            origin = excluded.origin,
            by_user = excluded.by_user,
            made_at_ms = excluded.made_at_ms,
            until_ms = excluded.until_ms,
            beneath = excluded.beneath"
    ],
    IN_GUILD = [
        "select guild, user_id, role, has, name, origin, by_user, made_at_ms, until_ms, beneath
        from overrides
        where guild = $1
        order by user_id, role"
    ],
    OF_USER = [
        "select guild, user_id, role, has, name, origin, by_user, made_at_ms, until_ms, beneath
        from overrides
        where guild = $1 and user_id = $2
        order by role"
    ],
    LAY_BARE = [
        "update overrides
        set has = 1, origin = beneath, by_user = null, until_ms = null, beneath = null
        where guild = $1 and user_id = $2 and role = $3 and beneath is not null"
    ],
    END = [
        "delete from overrides
        where guild = $1 and user_id = $2 and role = $3"
    ],
    END_OF_ORIGIN = [
        "delete from overrides
        where guild = $1 and role = $2 and origin = $3"
    ],
    KEEP = [
        "update overrides
        set origin = 'kept', made_at_ms = $3
        where guild = $1 and role = $2 and origin = 'before'"
    ],
    KEEP_BENEATH = [
        "update overrides
        set beneath = 'kept'
        where guild = $1 and role = $2 and beneath = 'before'"
    ],
    OF_A_MEMBERSHIP = [
        "delete from overrides
        where guild = $1 and user_id = $2 and has = 1"
    ],
    BENEATH_A_MEMBERSHIP = [
        "update overrides
        set beneath = null
        where guild = $1 and user_id = $2"
    ],
    OF_ROLES_GONE = [
        "delete from overrides
        where guild = $1 and role <> 0 and role not in (select cast(here.value ->> 0 as bigint) from "
        (rows "$2") " as here)"
    ],
    CONFIRMED_OF_ROLES_GONE = [
        "delete from confirmed_roles
        where guild = $1 and role not in (select cast(here.value ->> 0 as bigint) from "
        (rows "$2") " as here)"
    ],
    GIVEN_BACK = [
        "delete from given_roles
        where exists (
            select 1
            from overrides
            where overrides.guild = given_roles.guild
                and overrides.user_id = given_roles.user_id
                and overrides.role = given_roles.role
                and overrides.origin = 'undo'
                and overrides.beneath is not null
                and overrides.until_ms < $1
        )"
    ],
    LAPSE = [
        "update overrides
        set has = 1, origin = beneath, by_user = null, until_ms = null, beneath = null
        where until_ms < $1 and beneath is not null"
    ],
    PRUNE = [
        "delete from overrides
        where until_ms < $1"
    ],
    CONFIRM = [
        "insert into confirmed_roles (guild, user_id, role, actor, at_ms)
        values ($1, $2, $3, $4, $5)
        on conflict (guild, user_id, role) do nothing"
    ],
    CONFIRMED = [
        "select user_id, role
        from confirmed_roles
        where guild = $1"
    ],
    CONFIRMED_OF = [
        "select user_id, role
        from confirmed_roles
        where guild = $1 and user_id = $2"
    ],
    NOT_CONFIRMED = [
        "delete from confirmed_roles
        where guild = $1 and user_id = $2 and role = $3"
    ],
}

/// Overrides that one statement takes.
const ROWS_AT_ONCE_MAX: usize = 5_000;

/// An override as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOverride {
    /// Where.
    pub guild: GuildId,
    /// For whom.
    pub user: UserId,
    /// Which role; 0 for the nickname.
    pub role: RoleId,
    /// Whether they have it.
    pub has: bool,
    /// What the nickname is.
    pub name: Option<String>,
    /// Where it comes from, in one word.
    pub origin: String,
    /// Who made it.
    pub by: Option<UserId>,
    /// When.
    pub made_at: Timestamp,
    /// Until when.
    pub until: Option<Timestamp>,
    /// What stands again once it ends, in one word: another that says they have it, without end.
    pub beneath: Option<String>,
}

type Cells = (i64, i64, i64, i64, Option<String>, String, Option<i64>, i64, Option<i64>, Option<String>);

impl Tx {
    /// Notes overrides of a guild, in place of those for the same members and roles.
    pub async fn put_overrides(&mut self, guild: GuildId, overrides: &[StoredOverride]) -> Result<(), Error> {
        for some in overrides.chunks(ROWS_AT_ONCE_MAX) {
            let rows: Vec<_> = some
                .iter()
                .map(|known| {
                    let StoredOverride { user, role, has, name, origin, by, made_at, until, .. } = known;
                    let beneath = &known.beneath;
                    let by = by.map(|by| by.0.cast_signed());
                    let has = i64::from(*has);
                    let (user, role) = (user.0.cast_signed(), role.0.cast_signed());
                    (user, role, has, name, origin, by, made_at.0, until.map(|until| until.0), beneath)
                })
                .collect();
            self.connection.run(&PUT, values![guild, &json(&rows)?]).await?;
        }
        Ok(())
    }

    /// The overrides of a guild, by member and role.
    pub async fn overrides_in(&mut self, guild: GuildId) -> Result<Vec<StoredOverride>, Error> {
        Ok(self.connection.all(&IN_GUILD, values![guild]).await?.into_iter().map(row).collect())
    }

    /// The overrides of one member of a guild.
    pub async fn overrides_of(&mut self, guild: GuildId, user: UserId) -> Result<Vec<StoredOverride>, Error> {
        Ok(self.connection.all(&OF_USER, values![guild, user]).await?.into_iter().map(row).collect())
    }

    /// Ends an override, so that what lies beneath it stands again; says whether there was one.
    pub async fn end_override(&mut self, guild: GuildId, user: UserId, role: RoleId) -> Result<bool, Error> {
        if self.connection.run(&LAY_BARE, values![guild, user, role]).await? > 0 {
            return Ok(true);
        }
        Ok(self.connection.run(&END, values![guild, user, role]).await? > 0)
    }

    /// Ends all overrides of a role that come from the same; says how many.
    pub async fn end_overrides_from(
        &mut self,
        guild: GuildId,
        role: RoleId,
        origin: &str,
    ) -> Result<u64, Error> {
        self.connection.run(&END_OF_ORIGIN, values![guild, role, origin]).await
    }

    /// Whoever held a role before its rule came keeps it; says how many.
    pub async fn keep_held_before(
        &mut self,
        guild: GuildId,
        role: RoleId,
        at: Timestamp,
    ) -> Result<u64, Error> {
        let beneath = self.connection.run(&KEEP_BENEATH, values![guild, role]).await?;
        Ok(beneath + self.connection.run(&KEEP, values![guild, role, at]).await?)
    }

    /// Forgets overrides that ended before a moment, so that what lies beneath them stands again; says how many.
    pub async fn prune_overrides(&mut self, before: Timestamp) -> Result<u64, Error> {
        // The hall gave it back to whom it had been taken from: it is theirs, not the hall's to take when they unlink.
        self.connection.run(&GIVEN_BACK, values![before]).await?;
        let lapsed = self.connection.run(&LAPSE, values![before]).await?;
        Ok(lapsed + self.connection.run(&PRUNE, values![before]).await?)
    }

    /// Forgets the overrides by which somebody has something: they left, and had it as a member. What they are not
    /// to have they are not to have when they come back.
    pub async fn membership_ended(&mut self, guild: GuildId, user: UserId) -> Result<(), Error> {
        self.connection.run(&OF_A_MEMBERSHIP, values![guild, user]).await?;
        self.connection.run(&BENEATH_A_MEMBERSHIP, values![guild, user]).await.map(drop)
    }

    /// Forgets what was decided about roles that a guild has no more, given those that it has; says how much.
    pub async fn forget_roles_but(&mut self, guild: GuildId, roles: &[RoleId]) -> Result<u64, Error> {
        let here: Vec<_> = roles.iter().map(|role| (role.0.cast_signed(),)).collect();
        let here = json(&here)?;
        let overrides = self.connection.run(&OF_ROLES_GONE, values![guild, &here]).await?;
        Ok(overrides + self.connection.run(&CONFIRMED_OF_ROLES_GONE, values![guild, &here]).await?)
    }

    /// Notes that somebody gets a role with power, as a person says.
    pub async fn confirm_role(
        &mut self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
        actor: &str,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.connection.run(&CONFIRM, values![guild, user, role, actor, at]).await.map(drop)
    }

    /// Who gets which role with power, as people said; of one member, or of all.
    pub async fn confirmed_roles(
        &mut self,
        guild: GuildId,
        only: Option<UserId>,
    ) -> Result<Vec<(UserId, RoleId)>, Error> {
        let rows: Vec<(i64, i64)> = match only {
            Some(user) => self.connection.all(&CONFIRMED_OF, values![guild, user]).await?,
            None => self.connection.all(&CONFIRMED, values![guild]).await?,
        };
        Ok(rows.into_iter().map(|(id, held)| (user(id), role(held))).collect())
    }

    /// Forgets that somebody gets a role: it was taken from them.
    pub async fn forget_confirmed(
        &mut self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
    ) -> Result<(), Error> {
        self.connection.run(&NOT_CONFIRMED, values![guild, user, role]).await.map(drop)
    }
}

fn row(cells: Cells) -> StoredOverride {
    let (guild_id, user_id, role_id, has, name, origin, by, made_at, until, beneath) = cells;
    StoredOverride {
        guild: guild(guild_id),
        user: user(user_id),
        role: role(role_id),
        has: has != 0,
        name,
        origin,
        by: by.map(user),
        made_at: Timestamp(made_at),
        until: until.map(Timestamp),
        beneath,
    }
}
