//! Who may do what: Discord's permission bits, computed permissions and the order of roles.

use std::cmp::Reverse;

use super::ids::Snowflake;
use super::model::{Channel, Guild, Member, Role};

/// Bits as `Discord docs: Permissions` numbers them.
pub mod bits {
    /// Invite people; also what a bot needs to add a member.
    pub const CREATE_INSTANT_INVITE: u64 = 1 << 0;
    /// Remove members.
    pub const KICK_MEMBERS: u64 = 1 << 1;
    /// Ban and unban.
    pub const BAN_MEMBERS: u64 = 1 << 2;
    /// Everything, past every channel's own rules.
    pub const ADMINISTRATOR: u64 = 1 << 3;
    /// Change channels.
    pub const MANAGE_CHANNELS: u64 = 1 << 4;
    /// Change the guild; see its invites.
    pub const MANAGE_GUILD: u64 = 1 << 5;
    /// React to messages.
    pub const ADD_REACTIONS: u64 = 1 << 6;
    /// Read the audit log.
    pub const VIEW_AUDIT_LOG: u64 = 1 << 7;
    /// See channels and read what is new in them.
    pub const VIEW_CHANNEL: u64 = 1 << 10;
    /// Write in channels.
    pub const SEND_MESSAGES: u64 = 1 << 11;
    /// Delete and pin what others wrote.
    pub const MANAGE_MESSAGES: u64 = 1 << 13;
    /// Show previews and embeds.
    pub const EMBED_LINKS: u64 = 1 << 14;
    /// Attach files.
    pub const ATTACH_FILES: u64 = 1 << 15;
    /// Read what was written before.
    pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
    /// Mention everyone, here and all roles.
    pub const MENTION_EVERYONE: u64 = 1 << 17;
    /// Mute in voice channels.
    pub const MUTE_MEMBERS: u64 = 1 << 22;
    /// Deafen in voice channels.
    pub const DEAFEN_MEMBERS: u64 = 1 << 23;
    /// Change one's own nickname.
    pub const CHANGE_NICKNAME: u64 = 1 << 26;
    /// Change the nicknames of members below.
    pub const MANAGE_NICKNAMES: u64 = 1 << 27;
    /// Give, take and change roles below.
    pub const MANAGE_ROLES: u64 = 1 << 28;
    /// Change webhooks.
    pub const MANAGE_WEBHOOKS: u64 = 1 << 29;
    /// Use slash commands.
    pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
    /// Time members out.
    pub const MODERATE_MEMBERS: u64 = 1 << 40;
    /// Every bit there is today.
    pub const ALL: u64 = (1 << 53) - 1;
    /// What @everyone may in a new guild.
    pub const EVERYONE: u64 = CREATE_INSTANT_INVITE
        | ADD_REACTIONS
        | VIEW_CHANNEL
        | SEND_MESSAGES
        | EMBED_LINKS
        | ATTACH_FILES
        | READ_MESSAGE_HISTORY
        | CHANGE_NICKNAME
        | USE_APPLICATION_COMMANDS;
}

/// A place in the order of a guild. The owner is above every role; of two roles at the same position
/// the older one (lower id) is above.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Rank {
    Role(i64, Reverse<Snowflake>),
    Owner,
}

pub(super) fn rank_of_role(role: &Role) -> Rank {
    Rank::Role(role.position, Reverse(role.id))
}

pub(super) fn rank_of(guild: &Guild, user: Snowflake) -> Rank {
    if guild.owner == user {
        return Rank::Owner;
    }
    let everyone = Rank::Role(0, Reverse(guild.id));
    let member = guild.members.get(&user);
    let roles = member.into_iter().flat_map(|member| &member.roles).filter_map(|id| guild.roles.get(id));
    roles.map(rank_of_role).max().unwrap_or(everyone)
}

/// What a member may in the whole guild, before channels have their say. Nobody who is not a member
/// may anything.
pub(super) fn in_guild(guild: &Guild, user: Snowflake, now_ms: i64) -> u64 {
    if guild.owner == user {
        return bits::ALL;
    }
    let Some(member) = guild.members.get(&user) else { return 0 };
    let everyone = guild.roles.get(&guild.id).map_or(0, |role| role.permissions);
    let own = member.roles.iter().filter_map(|id| guild.roles.get(id));
    let all = own.fold(everyone, |sum, role| sum | role.permissions);
    if all & bits::ADMINISTRATOR != 0 { bits::ALL } else { all & while_timed_out(member, now_ms) }
}

/// What a member may in one channel: `Discord docs: Permission Overwrites`.
pub(super) fn in_channel(guild: &Guild, channel: &Channel, user: Snowflake, now_ms: i64) -> u64 {
    let base = in_guild(guild, user, now_ms);
    let Some(member) = guild.members.get(&user) else { return base };
    if base == bits::ALL {
        return base;
    }
    let overwrite = |id: Snowflake| channel.overwrites.iter().find(|overwrite| overwrite.of == id);
    let mut sum = base;
    if let Some(everyone) = overwrite(guild.id) {
        sum = sum & !everyone.deny | everyone.allow;
    }
    let roles = || member.roles.iter().filter_map(|id| overwrite(*id));
    sum &= !roles().fold(0, |denied, overwrite| denied | overwrite.deny);
    sum |= roles().fold(0, |allowed, overwrite| allowed | overwrite.allow);
    if let Some(own) = overwrite(user) {
        sum = sum & !own.deny | own.allow;
    }
    sum & while_timed_out(member, now_ms)
}

/// A member in a time-out keeps two permissions.
fn while_timed_out(member: &Member, now_ms: i64) -> u64 {
    match member.timed_out_until_ms {
        Some(until) if until > now_ms => bits::VIEW_CHANNEL | bits::READ_MESSAGE_HISTORY,
        _ => bits::ALL,
    }
}
