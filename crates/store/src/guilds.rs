//! Which role and which group each name in the rules means: bound by id from the first match on.

use std::collections::BTreeMap;

use domain::ids::{GroupId, GuildId, PlaceId, RoleId};
use domain::time::Timestamp;

use crate::cells::{role, values};
use crate::{Error, Tx};

statements! {
    ROLES = [
        "select name, role
        from role_bindings
        where guild = $1"
    ],
    BOUND_SINCE = [
        "select role, min(bound_at_ms)
        from role_bindings
        where guild = $1
        group by role"
    ],
    BIND_ROLE = [
        "insert into role_bindings (guild, name, role, bound_at_ms)
        values ($1, $2, $3, $4)
        on conflict (guild, name) do update
        set role = excluded.role, bound_at_ms = excluded.bound_at_ms
        where role_bindings.role <> excluded.role"
    ],
    FORGET_ROLE = [
        "delete from role_bindings
        where guild = $1 and name = $2"
    ],
    GROUPS = [
        "select name, group_id, current_name, gone_at_ms, hidden_at_ms
        from group_bindings
        where place_id = $1
        order by name"
    ],
    BIND_GROUP = [
        "insert into group_bindings (place_id, name, group_id, current_name, bound_at_ms, hidden_at_ms)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (place_id, name) do update
        set group_id = excluded.group_id, current_name = excluded.current_name, gone_at_ms = null,
            hidden_at_ms = case
                when excluded.hidden_at_ms is not null
                then coalesce(group_bindings.hidden_at_ms, excluded.hidden_at_ms)
            end"
    ],
    GROUP_GONE = [
        "update group_bindings
        set gone_at_ms = coalesce(gone_at_ms, $3)
        where place_id = $1 and name = $2"
    ],
    FORGET_GROUP = [
        "delete from group_bindings
        where place_id = $1 and name = $2"
    ],
}

/// Which group of a source a name in the rules means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupBinding {
    /// The name in the rules.
    pub name: String,
    /// The group.
    pub group: GroupId,
    /// What the source calls it now.
    pub current_name: String,
    /// Since when the source does not show it any more.
    pub gone_at: Option<Timestamp>,
    /// Since when the source hides it: nobody is told its name.
    pub hidden_at: Option<Timestamp>,
}

impl Tx {
    /// The roles bound in a guild, by their names in the rules.
    pub async fn role_bindings(&mut self, guild: GuildId) -> Result<BTreeMap<String, RoleId>, Error> {
        let rows: Vec<(String, i64)> = self.connection.all(&ROLES, values![guild]).await?;
        Ok(rows.into_iter().map(|(name, id)| (name, role(id))).collect())
    }

    /// Since when each role of a guild is bound; by several names since the first.
    pub async fn bound_since(&mut self, guild: GuildId) -> Result<BTreeMap<RoleId, Timestamp>, Error> {
        let rows: Vec<(i64, i64)> = self.connection.all(&BOUND_SINCE, values![guild]).await?;
        Ok(rows.into_iter().map(|(id, since)| (role(id), Timestamp(since))).collect())
    }

    /// Binds a name to a role; a binding that stands is replaced.
    pub async fn bind_role(
        &mut self,
        guild: GuildId,
        name: &str,
        role: RoleId,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.connection.run(&BIND_ROLE, values![guild, name, role, at]).await.map(drop)
    }

    /// Forgets what a name means (the role was deleted, or no rule names it any more).
    pub async fn forget_role_binding(&mut self, guild: GuildId, name: &str) -> Result<(), Error> {
        self.connection.run(&FORGET_ROLE, values![guild, name]).await.map(drop)
    }

    /// The groups bound at a source, by name.
    pub async fn group_bindings(&mut self, place: PlaceId) -> Result<Vec<GroupBinding>, Error> {
        type Row = (String, i64, String, Option<i64>, Option<i64>);
        let rows: Vec<Row> = self.connection.all(&GROUPS, values![place]).await?;
        let binding = |(name, group, current_name, gone, hidden): Row| GroupBinding {
            name,
            group: GroupId(group),
            current_name,
            gone_at: gone.map(Timestamp),
            hidden_at: hidden.map(Timestamp),
        };
        Ok(rows.into_iter().map(binding).collect())
    }

    /// Binds a name to a group, or notes what a bound group is called now and whether it is hidden. A group that
    /// was gone is back; of a group that stays hidden the first moment stays.
    pub async fn bind_group(
        &mut self,
        place: PlaceId,
        name: &str,
        group: GroupId,
        current_name: &str,
        hidden: bool,
        at: Timestamp,
    ) -> Result<(), Error> {
        let hidden_at = hidden.then_some(at);
        let values = values![place, name, group, current_name, at, hidden_at];
        self.connection.run(&BIND_GROUP, values).await.map(drop)
    }

    /// Notes that the source does not show a bound group any more. The first moment stays.
    pub async fn group_gone(&mut self, place: PlaceId, name: &str, at: Timestamp) -> Result<(), Error> {
        self.connection.run(&GROUP_GONE, values![place, name, at]).await.map(drop)
    }

    /// Forgets what a name means.
    pub async fn forget_group_binding(&mut self, place: PlaceId, name: &str) -> Result<(), Error> {
        self.connection.run(&FORGET_GROUP, values![place, name]).await.map(drop)
    }
}
