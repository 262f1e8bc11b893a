//! What every guild looks like now, kept up to date by events, readings and the hall's own writes.
//!
//! Pure but for the locks: who changes it gives what Discord said, and gets back what the hall should look
//! at again. What the roster has already is no news: the echo of a write gives no hint.

mod apply;
mod channels;
mod event;
mod reading;
mod seat;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ids::{ChannelId, GuildId, RoleId, UserId};
use domain::plan::{Permissions, Standing};
use domain::roster::Roster;
use domain::situation::GuildPicture;
use service::hint::Hint;

pub(crate) use event::{Event, News, data};
pub(crate) use reading::{PageError, Reading};
use seat::Seat;

use crate::breaker::Breaker;
use crate::wire::{Channel, Guild, Member};

/// All guilds.
#[derive(Default)]
pub(crate) struct World {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bot: Option<UserId>,
    /// Whether the roster can be more than the linked members.
    all_members: bool,
    seats: HashMap<GuildId, Seat>,
}

impl World {
    /// A world in which nothing was seen yet.
    pub(crate) fn new(all_members: bool) -> Self {
        Self { state: Mutex::new(State { all_members, ..State::default() }) }
    }

    /// The bot's own account, once known.
    pub(crate) fn bot(&self) -> Option<UserId> {
        self.state().bot
    }

    /// Notes the bot's own account.
    pub(crate) fn set_bot(&self, bot: UserId) {
        self.state().bot = Some(bot);
    }

    /// The member intent was refused: from now on only linked members are known.
    pub(crate) fn only_linked_members(&self) {
        let mut state = self.state();
        state.all_members = false;
        for seat in state.seats.values_mut() {
            seat.only_linked_members();
        }
    }

    /// Whether the roster can be more than the linked members.
    pub(crate) fn knows_all_members(&self) -> bool {
        self.state().all_members
    }

    /// A guild, while it can be read.
    pub(crate) fn picture(&self, guild: GuildId) -> Option<Arc<GuildPicture>> {
        self.state().seats.get(&guild).and_then(Seat::picture)
    }

    /// A guild's members.
    pub(crate) fn roster(&self, guild: GuildId) -> Arc<Roster> {
        self.state().seats.get(&guild).map(Seat::roster).unwrap_or_default()
    }

    /// What an event changes, and what should be looked at again.
    pub(crate) fn apply(&self, event: Event) -> News {
        self.state().apply(event)
    }

    /// How often events told of a guild itself, for [`Self::put_guild_as_of`].
    pub(crate) fn told_of(&self, guild: GuildId) -> u64 {
        self.state().seats.get(&guild).map_or(0, Seat::told)
    }

    /// Notes a guild that was read by hand, unless events told of it since it was asked for: an answer that comes
    /// late would outdo them. Says whether it was noted.
    pub(crate) fn put_guild_as_of(&self, guild: &Guild, bot_member: &Member, told: u64) -> bool {
        let mut state = self.state();
        let is_newest = state.seat(guild.id()).told() == told;
        if is_newest {
            state.put_guild(guild, bot_member);
        }
        is_newest
    }

    /// Notes a guild that was read by hand.
    pub(crate) fn put_guild(&self, guild: &Guild, bot_member: &Member) -> Vec<Hint> {
        self.state().put_guild(guild, bot_member)
    }

    /// Notes a member that was read by hand; `None` for one who is not there.
    pub(crate) fn put_member(&self, guild: GuildId, user: UserId, member: Option<&Member>) {
        self.state().put_member(guild, user, member);
    }

    /// Notes a role that was written.
    pub(crate) fn put_role(&self, guild: GuildId, user: UserId, role: RoleId, held: bool) {
        self.state().seat(guild).put_role(user, role, held);
    }

    /// Notes a nickname that was written, where Discord did not say what became of it.
    pub(crate) fn put_nickname(&self, guild: GuildId, user: UserId, fingerprint: u64) {
        self.state().seat(guild).put_nickname(user, fingerprint);
    }

    /// Whether the channels of a guild were seen.
    pub(crate) fn knows_channels(&self, guild: GuildId) -> bool {
        self.state().seats.get(&guild).is_some_and(Seat::knows_channels)
    }

    /// Notes the channels of a guild that were read by hand.
    pub(crate) fn put_channels(&self, guild: GuildId, channels: &[Channel]) {
        self.state().seat(guild).set_channels(channels);
    }

    /// Notes that Discord did not let the hall write in a channel.
    pub(crate) fn refuse_channel(&self, guild: GuildId, channel: ChannelId) {
        self.state().seat(guild).refuse_channel(channel);
    }

    /// What is in the way of writing in a channel, as far as it is known: a sentence for the owner.
    pub(crate) fn closed(&self, guild: GuildId, channel: ChannelId) -> Option<String> {
        let state = self.state();
        let (closed, name) = state.seats.get(&guild)?.closed(channel)?;
        Some(closed.says(name, channel))
    }

    /// Whether the guild was seen, and the bot lacks a permission there.
    pub(crate) fn lacks(&self, guild: GuildId, permission: Permissions) -> bool {
        self.picture(guild).is_some_and(|picture| !Standing::of(&picture).permissions().holds(permission))
    }

    /// What stops writes in a guild after Discord forbade several; closed again when the guild is seen anew.
    pub(crate) fn breaker(&self, guild: GuildId) -> Arc<Breaker> {
        self.state().seat(guild).breaker()
    }

    /// Starts to read all members. Only the last reading that was started counts.
    pub(crate) fn begin_reading(&self, guild: GuildId) -> Reading {
        self.state().seat(guild).begin_reading()
    }

    /// Puts a reading in place; says whether it still counted.
    pub(crate) fn finish_reading(&self, guild: GuildId, reading: Reading) -> bool {
        self.state().seat(guild).finish_reading(reading)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
