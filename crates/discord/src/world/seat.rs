//! One guild: its picture, its members, and whether it can be read at the moment.

use std::sync::Arc;

use domain::ids::{ChannelId, RoleId, UserId};
use domain::roster::{Completeness, Entry, Roster, Seen};
use domain::situation::GuildPicture;

use super::channels::{Channels, Closed};
use super::reading::{Meanwhile, Reading};
use crate::breaker::Breaker;
use crate::wire::Channel;

/// One guild.
#[derive(Debug, Default)]
pub(super) struct Seat {
    picture: Option<Arc<GuildPicture>>,
    unavailable: bool,
    /// How often events told of the guild itself: its roles, its owner, the bot's own roles.
    told: u64,
    roster: Arc<Roster>,
    readings: u64,
    meanwhile: Option<Meanwhile>,
    breaker: Arc<Breaker>,
    channels: Channels,
}

impl Seat {
    pub(super) fn picture(&self) -> Option<Arc<GuildPicture>> {
        self.picture.clone().filter(|_| !self.unavailable)
    }

    pub(super) fn roster(&self) -> Arc<Roster> {
        self.roster.clone()
    }

    /// How often events told of the guild itself.
    pub(super) fn told(&self) -> u64 {
        self.told
    }

    /// An event tells of the guild itself: what was asked for before it is older, and tells of yesterday.
    pub(super) fn is_told_of(&mut self) {
        self.told += 1;
    }

    /// Writes the picture; says whether it changed.
    pub(super) fn set_picture(&mut self, picture: GuildPicture) -> bool {
        let back = std::mem::take(&mut self.unavailable);
        let changed = back || self.picture.as_deref() != Some(&picture);
        self.picture = Some(Arc::new(picture));
        self.seen_anew();
        changed
    }

    /// Changes the picture in place; says whether that changed anything.
    pub(super) fn change_picture(&mut self, change: impl FnOnce(&mut GuildPicture)) -> bool {
        let Some(picture) = &mut self.picture else { return false };
        let before = picture.clone();
        change(Arc::make_mut(picture));
        let changed = *before != **picture;
        if changed {
            self.seen_anew();
        }
        changed
    }

    /// What was forbidden may be allowed now.
    fn seen_anew(&mut self) {
        self.breaker.close();
        self.channels.try_again();
    }

    pub(super) fn knows_channels(&self) -> bool {
        self.channels.are_known()
    }

    pub(super) fn set_channels(&mut self, channels: &[Channel]) {
        self.channels.set(channels);
    }

    pub(super) fn put_channel(&mut self, channel: &Channel) {
        self.channels.put(channel);
    }

    pub(super) fn remove_channel(&mut self, channel: ChannelId) {
        self.channels.remove(channel);
    }

    pub(super) fn refuse_channel(&mut self, channel: ChannelId) {
        self.channels.refuse(channel);
    }

    /// What is in the way of writing in a channel, as far as it is known, with the guild's name.
    pub(super) fn closed(&self, channel: ChannelId) -> Option<(Closed, &str)> {
        let picture = self.picture.as_deref()?;
        Some((self.channels.closed(picture, channel)?, &picture.name))
    }

    /// An outage: nobody left.
    pub(super) fn becomes_unavailable(&mut self) {
        self.is_told_of();
        self.unavailable = true;
        self.set_completeness(Completeness::Partial);
        self.meanwhile = None;
    }

    /// What stops its writes.
    pub(super) fn breaker(&self) -> Arc<Breaker> {
        self.breaker.clone()
    }

    /// Everything at once, as far as it goes.
    pub(super) fn set_members(&mut self, completeness: Completeness, entries: Vec<Entry>) {
        self.roster = Arc::new(Roster::of(completeness, entries));
        self.meanwhile = None;
    }

    pub(super) fn set_completeness(&mut self, completeness: Completeness) {
        if self.roster.completeness != completeness {
            Arc::make_mut(&mut self.roster).completeness = completeness;
        }
    }

    /// From now on only linked members are known.
    pub(super) fn only_linked_members(&mut self) {
        if self.picture.is_some() && !self.unavailable {
            self.set_completeness(Completeness::LinkedOnly);
        }
    }

    /// Notes a member; says whether they were other than known.
    pub(super) fn put(&mut self, entry: Entry) -> bool {
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.is_here(entry.clone());
        }
        let changed = self.roster.get(entry.user).is_none_or(|seen| differs(seen, &entry));
        if changed {
            Arc::make_mut(&mut self.roster).put(entry);
        }
        changed
    }

    /// Notes that somebody left; says whether they were known.
    pub(super) fn remove(&mut self, user: UserId) -> bool {
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile.left(user);
        }
        self.roster.get(user).is_some() && Arc::make_mut(&mut self.roster).remove(user)
    }

    pub(super) fn put_role(&mut self, user: UserId, role: RoleId, held: bool) {
        self.change(user, |entry| {
            entry.roles.retain(|known| *known != role);
            if held {
                entry.roles.push(role);
            }
        });
    }

    pub(super) fn put_nickname(&mut self, user: UserId, fingerprint: u64) {
        self.change(user, |entry| entry.nickname = fingerprint);
    }

    pub(super) fn begin_reading(&mut self) -> Reading {
        self.readings += 1;
        self.meanwhile = Some(Meanwhile::default());
        Reading::new(self.readings)
    }

    pub(super) fn finish_reading(&mut self, reading: Reading) -> bool {
        if reading.number != self.readings || reading.next_after().is_some() {
            return false;
        }
        let Some(meanwhile) = self.meanwhile.take() else { return false };
        self.set_members(Completeness::Full, meanwhile.over(reading.entries));
        true
    }

    fn change(&mut self, user: UserId, change: impl FnOnce(&mut Entry)) {
        let Some(seen) = self.roster.get(user) else { return };
        let mut entry = owned(seen);
        change(&mut entry);
        entry.roles.sort_unstable();
        self.put(entry);
    }
}

/// A member, taken out of the columns.
pub(super) fn owned(seen: Seen<'_>) -> Entry {
    let Seen { user, roles, nickname, bot, pending } = seen;
    Entry { user, roles: roles.to_vec(), nickname, bot, pending }
}

fn differs(seen: Seen<'_>, entry: &Entry) -> bool {
    let roles = seen.roles != entry.roles.as_slice();
    roles || (seen.nickname, seen.bot, seen.pending) != (entry.nickname, entry.bot, entry.pending)
}
