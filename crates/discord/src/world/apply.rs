//! What each event of the gateway changes.

use domain::ids::{GuildId, UserId};
use domain::roster::Completeness;
use service::hint::Hint;

use super::event::{Event, News, Ready};
use super::{Seat, State};
use crate::roster::{entry, picture, role};
use crate::wire::{AuditEntry, Guild, Member, role_ids};

impl State {
    pub(super) fn apply(&mut self, event: Event) -> News {
        if let Some(guild) = event.guild().filter(|_| self.is_of_a_guild_itself(&event)) {
            self.seat(guild).is_told_of();
        }
        let (guild, changed) = match event {
            Event::Ready(ready) => return self.ready(&ready),
            Event::GuildCreate(guild) => return self.guild_create(&guild),
            Event::Member(guild, member) => return self.member(guild, &member),
            Event::MemberRemove(guild, user) => return self.member_remove(guild, user),
            Event::Members(guild, members) => {
                let hints = members.iter().flat_map(|member| self.member(guild, member).hints).collect();
                return News { hints, read_members: None };
            }
            Event::Audited(guild, entry) => return self.audited(guild, &entry),
            Event::Channel(guild, channel) => {
                self.seat(guild).put_channel(&channel);
                return News::default();
            }
            Event::ChannelDelete(guild, channel) => {
                self.seat(guild).remove_channel(channel);
                return News::default();
            }
            Event::GuildUnavailable(guild) => {
                self.seat(guild).becomes_unavailable();
                return News::default();
            }
            Event::GuildRemoved(guild) => {
                self.seats.remove(&guild);
                (guild, true)
            }
            Event::GuildUpdate(update) => (update.id(), self.guild_update(&update)),
            Event::Role(guild, new) => {
                let new = role(&new);
                let change = self.seat(guild).change_picture(|picture| {
                    picture.roles.retain(|known| known.id != new.id);
                    picture.roles.push(new);
                    picture.roles.sort_by_key(|role| role.id);
                });
                (guild, change)
            }
            Event::RoleDelete(guild, gone) => {
                let change = |picture: &mut domain::situation::GuildPicture| {
                    picture.roles.retain(|known| known.id != gone);
                    picture.bot_roles.retain(|known| *known != gone);
                };
                (guild, self.seat(guild).change_picture(change))
            }
        };
        News { hints: changed.then_some(Hint::Guild { guild }).into_iter().collect(), read_members: None }
    }

    /// Whether an event changes more than members and channels.
    fn is_of_a_guild_itself(&self, event: &Event) -> bool {
        match event {
            Event::GuildCreate(_) | Event::GuildUpdate(_) | Event::Role(..) | Event::RoleDelete(..) => true,
            Event::Member(_, member) => self.bot == Some(member.user.id()),
            _ => false,
        }
    }

    pub(super) fn seat(&mut self, guild: GuildId) -> &mut Seat {
        self.seats.entry(guild).or_default()
    }

    pub(super) fn put_guild(&mut self, guild: &Guild, bot_member: &Member) -> Vec<Hint> {
        let bot = bot_member.user.id();
        let (id, all_members) = (guild.id(), self.all_members);
        let seat = self.seat(id);
        let changed = seat.set_picture(picture(guild, bot, role_ids(&bot_member.roles)));
        seat.put(entry(bot_member));
        if !all_members {
            seat.only_linked_members();
        }
        changed.then_some(Hint::Guild { guild: id }).into_iter().collect()
    }

    pub(super) fn put_member(&mut self, guild: GuildId, user: UserId, member: Option<&Member>) {
        let seat = self.seat(guild);
        match member {
            Some(member) => seat.put(entry(member)),
            None => seat.remove(user),
        };
    }

    /// Roles that somebody else gave or took. The entry itself is read from the log, which also has those that
    /// nobody told of.
    fn audited(&self, guild: GuildId, entry: &AuditEntry) -> News {
        let by_others = entry.by().is_none_or(|who| self.bot != Some(who));
        let by_hand = entry.is_about_roles() && by_others;
        News { hints: by_hand.then_some(Hint::ByHand { guild }).into_iter().collect(), read_members: None }
    }

    /// What is not in the list is a guild the bot was removed from while nobody listened.
    fn ready(&mut self, ready: &Ready) -> News {
        self.bot = Some(ready.user.id());
        let here = ready.guilds();
        let gone: Vec<GuildId> = self.seats.keys().filter(|guild| !here.contains(guild)).copied().collect();
        self.seats.retain(|guild, _| here.contains(guild));
        for guild in here {
            self.seat(guild).becomes_unavailable();
        }
        let hints = gone.into_iter().map(|guild| Hint::Guild { guild }).collect();
        News { hints, read_members: None }
    }

    fn guild_create(&mut self, guild: &Guild) -> News {
        let Some(bot) = self.bot else { return News::default() };
        let (id, all_members) = (guild.id(), self.all_members);
        let own = guild.members.iter().find(|member| member.user.id() == bot);
        let bot_roles = own.map(|own| role_ids(&own.roles)).unwrap_or_default();
        let seat = self.seat(id);
        seat.set_picture(picture(guild, bot, bot_roles));
        seat.set_channels(&guild.channels);
        let entries: Vec<_> = guild.members.iter().map(entry).collect();
        if !all_members {
            let kept: Vec<_> = seat.roster().iter().map(super::seat::owned).collect();
            seat.set_members(Completeness::LinkedOnly, kept.into_iter().chain(entries).collect());
            return News { hints: vec![Hint::Guild { guild: id }], read_members: None };
        }
        let here = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        if guild.member_count == Some(here) {
            seat.set_members(Completeness::Full, entries);
            return News { hints: vec![Hint::Guild { guild: id }], read_members: None };
        }
        seat.set_members(Completeness::Partial, entries);
        News { hints: Vec::new(), read_members: Some(id) }
    }

    fn guild_update(&mut self, update: &Guild) -> bool {
        let Some(bot) = self.bot else { return false };
        let seat = self.seat(update.id());
        seat.change_picture(|known| {
            let bot_roles = std::mem::take(&mut known.bot_roles);
            *known = picture(update, bot, bot_roles);
        })
    }

    fn member(&mut self, guild: GuildId, member: &Member) -> News {
        let own = self.bot == Some(member.user.id());
        let (user, entry) = (member.user.id(), entry(member));
        let seat = self.seat(guild);
        let roles = entry.roles.clone();
        let changed = seat.put(entry);
        let hint = if own {
            seat.change_picture(|picture| picture.bot_roles = roles).then_some(Hint::Guild { guild })
        } else {
            changed.then_some(Hint::Member { guild, user })
        };
        News { hints: hint.into_iter().collect(), read_members: None }
    }

    fn member_remove(&mut self, guild: GuildId, user: UserId) -> News {
        // Also where a write was told first that they are gone: what they had as a member is over.
        self.seat(guild).remove(user);
        News { hints: vec![Hint::Left { guild, user }], read_members: None }
    }
}
