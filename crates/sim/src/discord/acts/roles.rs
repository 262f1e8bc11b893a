//! Acts on roles themselves: make, change, move, delete.

use serde_json::{Value, json};

use super::Actor;
use super::log::change;
use crate::discord::gateway::{Event, intent};
use crate::discord::ids::Snowflake;
use crate::discord::model::{AuditAction, Guild, Role};
use crate::discord::permissions::{Rank, bits, in_guild, rank_of, rank_of_role};
use crate::discord::refusal::{
    INVALID_ROLE, MISSING_PERMISSIONS, ROLES_FULL, Refusal, UNKNOWN_ROLE, invalid,
};
use crate::discord::state::State;

/// Roles in one guild, @everyone included.
const ROLES_MOST: usize = 250;
/// The longest name of a role, in characters.
const NAME_MOST: usize = 100;

/// What to set on a role; what is none stays, or is Discord's default on a new one.
#[derive(Clone, Debug, Default)]
pub(in crate::discord) struct RoleEdit {
    pub(in crate::discord) name: Option<String>,
    pub(in crate::discord) permissions: Option<u64>,
    pub(in crate::discord) color: Option<u32>,
    pub(in crate::discord) hoist: Option<bool>,
    pub(in crate::discord) mentionable: Option<bool>,
}

impl State {
    /// A new role, just above @everyone. Without permissions it copies those of @everyone.
    pub(in crate::discord) fn create_role(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        edit: &RoleEdit,
    ) -> Result<Snowflake, Refusal> {
        let known = self.allowed(guild, actor.user, bits::MANAGE_ROLES)?;
        let everyone = known.roles.get(&guild).map_or(0, |role| role.permissions);
        if known.roles.len() >= ROLES_MOST {
            return Err(ROLES_FULL);
        }
        self.may_set(actor, guild, 0, edit)?;
        let id = self.new_id();
        let mut role = Role {
            id,
            name: "new role".into(),
            color: 0,
            hoist: false,
            position: 1,
            permissions: everyone,
            managed: false,
            mentionable: false,
            flags: 0,
            bot: None,
            booster: false,
            linked: false,
        };
        role.set(edit);
        let changes = role_changes(None, &role);
        self.add_role(guild, role)?;
        self.log(guild, actor, AuditAction::RoleCreate, id, changes);
        Ok(id)
    }

    /// Puts a role into a guild as it is, whoever wants it.
    pub(in crate::discord) fn add_role(&mut self, guild: Snowflake, role: Role) -> Result<(), Refusal> {
        let data = json!({ "guild_id": guild, "role": role.json() });
        self.guild_mut(guild)?.roles.insert(role.id, role);
        self.emit(Event::in_guild("GUILD_ROLE_CREATE", guild, intent::GUILDS, data));
        Ok(())
    }

    pub(in crate::discord) fn change_role(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        role: Snowflake,
        edit: &RoleEdit,
    ) -> Result<(), Refusal> {
        let before = self.may_change_role(actor, guild, role)?.clone();
        self.may_set(actor, guild, before.permissions, edit)?;
        let mut after = before.clone();
        after.set(edit);
        let changes = role_changes(Some(&before), &after);
        if !changes.is_empty() {
            self.guild_mut(guild)?.roles.insert(role, after);
            self.tell_role(guild, role);
            self.log(guild, actor, AuditAction::RoleUpdate, role, changes);
        }
        Ok(())
    }

    pub(in crate::discord) fn delete_role(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        role: Snowflake,
    ) -> Result<(), Refusal> {
        let gone = self.may_change_role(actor, guild, role)?.clone();
        if gone.id == guild || gone.managed {
            return Err(INVALID_ROLE);
        }
        self.drop_role(guild, role);
        let rows = role_changes(None, &gone).into_iter();
        let rows = rows.map(|row| json!({ "key": row.get("key"), "old_value": row.get("new_value") }));
        self.log(guild, actor, AuditAction::RoleDelete, role, rows.collect());
        Ok(())
    }

    /// Takes a role out of the guild and from everybody, without asking. Discord tells of the role
    /// alone: that its holders lost it, a client must conclude.
    pub(in crate::discord) fn drop_role(&mut self, guild: Snowflake, role: Snowflake) {
        if let Some(known) = self.guilds.get_mut(&guild) {
            known.roles.remove(&role);
            for member in known.members.values_mut() {
                member.roles.remove(&role);
            }
        }
        let data = json!({ "guild_id": guild, "role_id": role });
        self.emit(Event::in_guild("GUILD_ROLE_DELETE", guild, intent::GUILDS, data));
    }

    /// Moves roles to positions and numbers all anew, as Discord does.
    pub(in crate::discord) fn move_roles(
        &mut self,
        actor: &Actor,
        guild: Snowflake,
        moves: &[(Snowflake, i64)],
    ) -> Result<(), Refusal> {
        let known = self.allowed(guild, actor.user, bits::MANAGE_ROLES)?;
        let own = rank_of(known, actor.user);
        if moves.iter().any(|(role, _)| !known.roles.contains_key(role)) {
            return Err(UNKNOWN_ROLE);
        }
        let order = reordered(known, moves);
        if !keeps_above(known, own, &order) {
            return Err(MISSING_PERMISSIONS);
        }
        let mut changed = Vec::new();
        for (role, position) in order.into_iter().zip(0..) {
            let Some(role) = self.guild_mut(guild)?.roles.get_mut(&role) else { continue };
            if role.position != position {
                changed.push((role.id, change("position", &json!(role.position), &json!(position))));
                role.position = position;
            }
        }
        for (role, row) in changed {
            self.tell_role(guild, role);
            if moves.iter().any(|(moved, _)| *moved == role) {
                self.log(guild, actor, AuditAction::RoleUpdate, role, row.into_iter().collect());
            }
        }
        Ok(())
    }

    pub(in crate::discord) fn tell_role(&mut self, guild: Snowflake, role: Snowflake) {
        if let Ok(role) = self.role(guild, role) {
            let data = json!({ "guild_id": guild, "role": role.json() });
            self.emit(Event::in_guild("GUILD_ROLE_UPDATE", guild, intent::GUILDS, data));
        }
    }

    fn may_change_role(&self, actor: &Actor, guild: Snowflake, role: Snowflake) -> Result<&Role, Refusal> {
        let known = self.allowed(guild, actor.user, bits::MANAGE_ROLES)?;
        let role = known.roles.get(&role).ok_or(UNKNOWN_ROLE)?;
        match rank_of_role(role) < rank_of(known, actor.user) {
            true => Ok(role),
            false => Err(MISSING_PERMISSIONS),
        }
    }

    /// Nobody grants a permission that he does not hold.
    fn may_set(&self, actor: &Actor, guild: Snowflake, has: u64, edit: &RoleEdit) -> Result<(), Refusal> {
        if edit.name.as_ref().is_some_and(|name| name.chars().count() > NAME_MOST) {
            let text = format!("Must be between 1 and {NAME_MOST} in length.");
            return Err(invalid("name", "BASE_TYPE_BAD_LENGTH", &text));
        }
        let held = in_guild(self.guild(guild)?, actor.user, self.now_ms());
        let new = edit.permissions.unwrap_or(0) & !has;
        if new & !held == 0 { Ok(()) } else { Err(MISSING_PERMISSIONS) }
    }
}

impl Role {
    fn set(&mut self, edit: &RoleEdit) {
        let everyone = self.position == 0;
        self.name = edit.name.clone().filter(|_| !everyone).unwrap_or_else(|| self.name.clone());
        self.permissions = edit.permissions.unwrap_or(self.permissions) & bits::ALL;
        self.color = edit.color.unwrap_or(self.color);
        self.hoist = edit.hoist.unwrap_or(self.hoist);
        self.mentionable = edit.mentionable.unwrap_or(self.mentionable);
    }
}

fn role_changes(before: Option<&Role>, after: &Role) -> Vec<Value> {
    let shown = |role: Option<&Role>, key: &str| role.and_then(|role| role.json().get(key).cloned());
    let keys = ["name", "permissions", "color", "hoist", "mentionable"];
    let row = |key: &str| {
        let old = shown(before, key).unwrap_or_default();
        change(key, &old, &shown(Some(after), key).unwrap_or_default())
    };
    keys.into_iter().filter_map(row).collect()
}

/// Whether the roles at and above a rank stay on top of all others, in the order they had. Libraries
/// send the whole list anew, so only what really moves counts.
fn keeps_above(guild: &Guild, own: Rank, after: &[Snowflake]) -> bool {
    let mut above: Vec<&Role> = guild.roles.values().filter(|role| rank_of_role(role) >= own).collect();
    above.sort_by_key(|role| rank_of_role(role));
    let above: Vec<Snowflake> = above.into_iter().map(|role| role.id).collect();
    after.ends_with(&above)
}

/// Ids from the lowest up, @everyone first, with each moved role at its new place.
fn reordered(guild: &Guild, moves: &[(Snowflake, i64)]) -> Vec<Snowflake> {
    let mut roles: Vec<&Role> = guild.roles.values().collect();
    roles.sort_by_key(|role| rank_of_role(role));
    let mut order: Vec<Snowflake> = roles.into_iter().map(|role| role.id).collect();
    let mut moves = moves.to_vec();
    moves.retain(|(role, _)| *role != guild.id);
    moves.sort_by_key(|(_, position)| *position);
    order.retain(|id| !moves.iter().any(|(moved, _)| moved == id));
    for (role, position) in moves {
        let place = usize::try_from(position).unwrap_or(1).clamp(1, order.len());
        order.insert(place, role);
    }
    order
}
