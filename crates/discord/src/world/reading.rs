//! A reading of all members, page by page, while people come and go.

use std::collections::HashMap;

use domain::ids::UserId;
use domain::roster::Entry;

use crate::rest::PAGE_MEMBERS_MAX;
use crate::roster::entry;
use crate::wire::Member;

/// The most members a reading takes: Discord's largest guilds are below this.
const MEMBERS_MAX: usize = 30_000_000;

/// What was read so far.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(super) number: u64,
    pub(super) entries: Vec<Entry>,
    last: UserId,
    done: bool,
}

/// Why a page proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageError {
    /// The ids do not rise.
    OutOfOrder,
    /// More members than any guild has, or more than were asked for.
    TooMany,
}

impl Reading {
    pub(super) fn new(number: u64) -> Self {
        Self { number, entries: Vec::new(), last: UserId(0), done: false }
    }

    /// The id after which the next page begins; `None` once every page is there.
    pub(crate) fn next_after(&self) -> Option<UserId> {
        (!self.done).then_some(self.last)
    }

    /// Takes a page. Its ids must rise; a page that is not full is the last.
    pub(crate) fn page(&mut self, members: &[Member]) -> Result<(), PageError> {
        if members.len() > PAGE_MEMBERS_MAX || self.entries.len() + members.len() > MEMBERS_MAX {
            return Err(PageError::TooMany);
        }
        for member in members {
            let user = member.user.id();
            if user <= self.last {
                return Err(PageError::OutOfOrder);
            }
            self.last = user;
            self.entries.push(entry(member));
        }
        self.done = members.len() < PAGE_MEMBERS_MAX;
        Ok(())
    }
}

/// What events and writes said about members while a reading was under way; it outdoes the pages.
#[derive(Debug, Default)]
pub(super) struct Meanwhile {
    said: HashMap<UserId, Option<Entry>>,
}

impl Meanwhile {
    pub(super) fn is_here(&mut self, entry: Entry) {
        self.said.insert(entry.user, Some(entry));
    }

    pub(super) fn left(&mut self, user: UserId) {
        self.said.insert(user, None);
    }

    /// The members as they are, all in all.
    pub(super) fn over(mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let mut merged: Vec<Entry> =
            entries.into_iter().filter(|entry| !self.said.contains_key(&entry.user)).collect();
        merged.extend(self.said.drain().filter_map(|(_, entry)| entry));
        merged
    }
}
