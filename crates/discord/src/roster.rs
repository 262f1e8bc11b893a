//! From Discord's members, roles and guilds to the hall's own.

use chrono::DateTime;
use domain::ids::{GuildId, RoleId, UserId};
use domain::nickname;
use domain::roster::Entry;
use domain::situation::{GuildPicture, GuildRole};
use domain::time::Timestamp;
use service::ports::MemberNow;

use crate::wire::{Guild, Member, Role, role_ids};

/// A member as the roster keeps them.
pub(crate) fn entry(member: &Member) -> Entry {
    Entry {
        user: member.user.id(),
        roles: role_ids(&member.roles),
        nickname: nickname_fingerprint(member.nick.as_deref()),
        bot: member.user.bot,
        pending: member.pending,
    }
}

/// The fingerprint of a nickname, 0 for none.
pub(crate) fn nickname_fingerprint(nickname: Option<&str>) -> u64 {
    nickname.filter(|name| !name.is_empty()).map_or(0, nickname::fingerprint)
}

/// A member for those who need words.
pub(crate) fn member_now(member: &Member) -> MemberNow {
    MemberNow {
        nickname: member.nick.clone().filter(|name| !name.is_empty()),
        roles: role_ids(&member.roles),
        display_name: member.user.display_name().to_owned(),
        username: member.user.username.clone(),
        joined_at: member.joined_at.as_deref().and_then(moment),
    }
}

/// A moment as Discord writes it. (Discord docs: ISO8601/RFC3339.)
fn moment(text: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| Timestamp(at.timestamp_millis()))
}

/// A role as plans need it.
pub(crate) fn role(role: &Role) -> GuildRole {
    GuildRole {
        id: RoleId(role.id.0),
        name: role.name.clone(),
        color: role.color,
        position: role.position,
        managed: role.managed,
        permissions: role.permissions.0,
    }
}

/// A guild as plans need it.
pub(crate) fn picture(guild: &Guild, bot: UserId, bot_roles: Vec<RoleId>) -> GuildPicture {
    let mut roles: Vec<GuildRole> = guild.roles.iter().map(role).collect();
    roles.sort_by_key(|role| role.id);
    let owner = UserId(guild.owner_id.0);
    GuildPicture { id: GuildId(guild.id.0), name: guild.name.clone(), owner, bot, bot_roles, roles }
}
