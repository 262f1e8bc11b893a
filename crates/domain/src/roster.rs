//! The hall's compact picture of a guild's members: columns sorted by user, role sets interned.
//!
//! A member costs 21 bytes beside the interned sets: 8 for the id, 4 for the role set, 8 for the nickname's
//! fingerprint, 1 for flags. What a nickname *says* lives in the store, where it is needed.

use std::collections::HashMap;

use crate::ids::{RoleId, UserId};

/// How much of a guild a roster covers: absence means "not a member" only in a full one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// Every member is in it.
    Full,
    /// Only linked members are in it (the member intent is not granted).
    LinkedOnly,
    /// Not read yet, or the guild is unavailable at the moment.
    #[default]
    Partial,
}

/// One member as Discord has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub user: UserId,
    /// The roles, `@everyone` left out, in any order.
    pub roles: Vec<RoleId>,
    /// `nickname::fingerprint` of the nickname, 0 for none.
    pub nickname: u64,
    /// Whether this is a bot.
    pub bot: bool,
    /// Whether Membership Screening has not been passed yet.
    pub pending: bool,
}

/// One member, read from the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Who.
    pub user: UserId,
    /// The roles, sorted by id.
    pub roles: &'a [RoleId],
    /// `nickname::fingerprint` of the nickname, 0 for none.
    pub nickname: u64,
    /// Whether this is a bot.
    pub bot: bool,
    /// Whether Membership Screening has not been passed yet.
    pub pending: bool,
}

impl Seen<'_> {
    /// Whether the member holds a role.
    pub fn has(&self, role: RoleId) -> bool {
        self.roles.binary_search(&role).is_ok()
    }
}

/// A guild's members.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// How much of the guild it covers.
    pub completeness: Completeness,
    users: Vec<UserId>,
    role_sets: Vec<u32>,
    nicknames: Vec<u64>,
    flags: Vec<u8>,
    sets: RoleSets,
}

const BOT: u8 = 1;
const PENDING: u8 = 2;

impl Roster {
    /// Everybody at once, in any order; a user who stands twice counts once, as said last.
    pub fn of(completeness: Completeness, entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort_by_key(|entry| entry.user);
        let mut roster = Self { completeness, ..Self::default() };
        for entry in entries {
            roster.put(entry);
        }
        roster
    }

    /// Writes what Discord says of one member, who may be new.
    pub fn put(&mut self, entry: Entry) {
        let flags = if entry.bot { BOT } else { 0 } | if entry.pending { PENDING } else { 0 };
        let set = self.sets.intern(entry.roles);
        match self.users.binary_search(&entry.user) {
            Ok(at) => {
                replace(&mut self.role_sets, at, set);
                replace(&mut self.nicknames, at, entry.nickname);
                replace(&mut self.flags, at, flags);
            }
            Err(at) => {
                self.users.insert(at, entry.user);
                self.role_sets.insert(at, set);
                self.nicknames.insert(at, entry.nickname);
                self.flags.insert(at, flags);
            }
        }
    }

    /// Forgets a member who left; says whether there was one.
    pub fn remove(&mut self, user: UserId) -> bool {
        let Ok(at) = self.users.binary_search(&user) else { return false };
        self.users.remove(at);
        self.role_sets.remove(at);
        self.nicknames.remove(at);
        self.flags.remove(at);
        true
    }

    /// One member; `None` when the roster does not have them, which in a roster that is not full says nothing.
    pub fn get(&self, user: UserId) -> Option<Seen<'_>> {
        self.users.binary_search(&user).ok().and_then(|at| self.at(at))
    }

    /// Everybody, sorted by user.
    pub fn iter(&self) -> impl Iterator<Item = Seen<'_>> {
        (0..self.users.len()).filter_map(|at| self.at(at))
    }

    /// How many members it holds.
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether it holds nobody.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    fn at(&self, at: usize) -> Option<Seen<'_>> {
        let flags = *self.flags.get(at)?;
        Some(Seen {
            user: *self.users.get(at)?,
            roles: self.sets.get(*self.role_sets.get(at)?),
            nickname: *self.nicknames.get(at)?,
            bot: flags & BOT != 0,
            pending: flags & PENDING != 0,
        })
    }
}

fn replace<T>(column: &mut [T], at: usize, value: T) {
    if let Some(cell) = column.get_mut(at) {
        *cell = value;
    }
}

/// Each distinct set of roles once: guilds have far fewer of them than members.
#[derive(Clone, Debug, Default)]
struct RoleSets {
    sets: Vec<Box<[RoleId]>>,
    numbers: HashMap<Box<[RoleId]>, u32>,
}

impl RoleSets {
    fn intern(&mut self, mut roles: Vec<RoleId>) -> u32 {
        roles.sort_unstable();
        roles.dedup();
        let roles = roles.into_boxed_slice();
        if let Some(number) = self.numbers.get(&roles) {
            return *number;
        }
        let number = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(roles.clone());
        self.numbers.insert(roles, number);
        number
    }

    fn get(&self, number: u32) -> &[RoleId] {
        usize::try_from(number).ok().and_then(|number| self.sets.get(number)).map_or(&[], AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(user: u64, roles: &[u64]) -> Entry {
        let roles = roles.iter().copied().map(RoleId).collect();
        Entry { user: UserId(user), roles, nickname: user, bot: false, pending: user == 2 }
    }

    #[test]
    fn members_are_found_by_user_whatever_the_order_they_came_in() {
        let roster = Roster::of(Completeness::Full, [entry(3, &[9, 7]), entry(1, &[]), entry(2, &[7, 9])]);
        let users: Vec<u64> = roster.iter().map(|seen| seen.user.0).collect();
        assert_eq!(users, [1, 2, 3]);
        let seen = roster.get(UserId(3)).unwrap();
        assert_eq!((seen.roles, seen.nickname, seen.pending), (&[RoleId(7), RoleId(9)][..], 3, false));
        assert!(seen.has(RoleId(9)) && !seen.has(RoleId(8)));
        assert_eq!(roster.get(UserId(4)), None);
    }

    #[test]
    fn a_member_who_changes_keeps_their_place_and_one_who_left_is_forgotten() {
        let mut roster = Roster::of(Completeness::Full, [entry(1, &[5]), entry(2, &[5])]);
        roster.put(entry(1, &[6]));
        assert_eq!(roster.get(UserId(1)).unwrap().roles, [RoleId(6)]);
        assert!(roster.remove(UserId(1)) && !roster.remove(UserId(1)));
        assert_eq!(roster.len(), 1);
        assert_eq!(roster.get(UserId(2)).unwrap().roles, [RoleId(5)]);
    }
}
