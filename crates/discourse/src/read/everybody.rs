//! Everybody at once: groups for standing, lists for the rest, and for each part whether it is proven whole.

use std::collections::BTreeMap;

use domain::facts::{Cell, Groups, Row};
use domain::ids::{GroupId, Subject};
use domain::time::Timestamp;
use service::ports::{Incomplete, PersonRead, Snapshot, SourceError, SourceGroup, Wanted};

use super::facts::{Fact, cells};
use super::groups::{Reading, groups, members};
use super::list::{List, Listed, list, pages_of};
use super::wire::{AdminUser, MemberRow, timestamp};
use super::{Way, ways_for};
use crate::client::{Client, Urgency};

/// The automatic groups that say something by themselves.
const ADMINS: GroupId = GroupId(1);
const MODERATORS: GroupId = GroupId(2);
const TRUST_LEVEL_0: GroupId = GroupId(10);

/// Trust levels above 0 with their groups, lowest first: whoever has one is in all groups up to it.
const TRUST_GROUPS: &[(i64, GroupId)] =
    &[(1, GroupId(11)), (2, GroupId(12)), (3, GroupId(13)), (4, GroupId(14))];

/// Whom the hall wants to keep, by the forum's number.
type Keep<'a> = &'a (dyn Fn(i64) -> bool + Sync + 'a);

/// The most people of a forum that is read in bulk.
const PEOPLE_MAX: usize = 2_000_000;

/// What is known of one person so far. Facts that are not here are unknown.
#[derive(Default)]
struct Draft {
    username: String,
    name: Option<String>,
    facts: BTreeMap<Fact, Cell>,
    member_of: Vec<GroupId>,
    ends: Vec<Timestamp>,
}

/// A reading in progress.
struct Reader<'a> {
    client: &'a Client,
    keep: Keep<'a>,
    wanted: Vec<Fact>,
    directory: Vec<SourceGroup>,
    people: BTreeMap<i64, Draft>,
    groups_read: Vec<GroupId>,
    gaps: Vec<String>,
}

/// Reads everybody, in the cheapest ways that know what is wanted; only those whom `keep` wants are kept.
///
/// What was not proven whole is unknown in every row and named in `incomplete`; nobody is ever said to be
/// outside of a group, or free of a flag, by a list that was not.
pub(crate) async fn everybody(
    client: &Client,
    wanted: &Wanted,
    keep: Keep<'_>,
) -> Result<Snapshot, SourceError> {
    let read_at = client.clock().now();
    let directory = groups(client, Urgency::CanWait).await?;
    let facts: Vec<Fact> = wanted.facts.iter().filter_map(|index| Fact::at(*index)).collect();
    let mut reader = Reader {
        client,
        keep,
        wanted: facts,
        directory,
        people: BTreeMap::new(),
        groups_read: Vec::new(),
        gaps: Vec::new(),
    };
    let population = reader.population().await?;
    if population > PEOPLE_MAX {
        return Err(
            client.nonsense(format!("it counts {population} people; at most {PEOPLE_MAX} are read in bulk"))
        );
    }
    let ways = ways_for(&reader.wanted, population);
    if ways.contains(&Way::List) {
        reader.whole_list(population).await?;
    } else {
        reader.staff().await?;
        reader.trust_levels().await?;
        for way in ways {
            reader.flagged(way).await?;
        }
    }
    for group in &wanted.groups {
        reader.group(*group).await?;
    }
    Ok(reader.snapshot(population, read_at))
}

impl Reader<'_> {
    fn wants(&self, fact: Fact) -> bool {
        self.wanted.contains(&fact)
    }

    fn is_kept(&self, id: i64) -> bool {
        id > 0 && (self.keep)(id)
    }

    fn name_of(&self, group: GroupId) -> Option<String> {
        self.directory.iter().find(|known| known.id == group).map(|known| known.name.clone())
    }

    /// Reads the group in which everybody is: names, titles and, where the forum writes it, trust levels.
    async fn population(&mut self) -> Result<usize, SourceError> {
        let unnamed = || {
            self.client.nonsense("its list of groups lacks trust_level_0, in which everybody is; may the key's user see all groups?")
        };
        let name = self.name_of(TRUST_LEVEL_0).ok_or_else(unnamed)?;
        let pick = |row: &MemberRow| self.is_kept(row.id).then(|| (row.id, draft_of(row)));
        match members(self.client, &name, Urgency::CanWait, pick).await? {
            Reading::Complete { total, picked } => {
                self.people = picked.into_iter().collect();
                let all: Vec<i64> = self.people.keys().copied().collect();
                self.joined(TRUST_LEVEL_0, &all);
                Ok(total)
            }
            Reading::Torn(why) => Err(self.client.nonsense(why)),
        }
    }

    /// Reads one group; whoever is kept and not in it is known not to be. A group that is gone says nothing.
    async fn group(&mut self, group: GroupId) -> Result<(), SourceError> {
        if self.groups_read.contains(&group) {
            return Ok(());
        }
        let Some(name) = self.name_of(group) else { return Ok(()) };
        let pick = |row: &MemberRow| self.people.contains_key(&row.id).then_some(row.id);
        match members(self.client, &name, Urgency::CanWait, pick).await {
            Ok(Reading::Complete { picked, .. }) => self.joined(group, &picked),
            Ok(Reading::Torn(why)) => self.gaps.push(why),
            Err(SourceError::Missing { .. }) => {
                self.gaps.push(format!("the group {name} vanished while people were read"));
            }
            Err(SourceError::Forbidden { why, .. }) => {
                self.gaps.push(format!("the group {name} could not be read: {why}"));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn joined(&mut self, group: GroupId, ids: &[i64]) {
        self.groups_read.push(group);
        for id in ids {
            if let Some(draft) = self.people.get_mut(id) {
                draft.member_of.push(group);
            }
        }
    }

    async fn staff(&mut self) -> Result<(), SourceError> {
        for (fact, group) in [(Fact::Admin, ADMINS), (Fact::Moderator, MODERATORS)] {
            if !self.wants(fact) {
                continue;
            }
            self.group(group).await?;
            let was_read = self.groups_read.contains(&group);
            for draft in self.people.values_mut().filter(|_| was_read) {
                draft.facts.insert(fact, Cell::Bool(draft.member_of.contains(&group)));
            }
        }
        Ok(())
    }

    /// Trust levels by groups, for forums that do not write them beside members.
    async fn trust_levels(&mut self) -> Result<(), SourceError> {
        let is_told = |draft: &Draft| draft.facts.contains_key(&Fact::TrustLevel);
        if !self.wants(Fact::TrustLevel) || self.people.values().all(is_told) {
            return Ok(());
        }
        for (_, group) in TRUST_GROUPS {
            self.group(*group).await?;
        }
        let all_read = TRUST_GROUPS.iter().all(|(_, group)| self.groups_read.contains(group));
        for draft in self.people.values_mut().filter(|_| all_read) {
            let reached = TRUST_GROUPS.iter().filter(|(_, group)| draft.member_of.contains(group));
            let level = reached.map(|(level, _)| *level).max().unwrap_or(0);
            draft.facts.entry(Fact::TrustLevel).or_insert(Cell::Int(level));
        }
        Ok(())
    }

    /// Reads the list of those under one flag; all others are known not to be when it is whole.
    async fn flagged(&mut self, way: Way) -> Result<(), SourceError> {
        let (fact, which) = match way {
            Way::Suspended => (Fact::Suspended, List::Suspended),
            Way::Silenced => (Fact::Silenced, List::Silenced),
            Way::Staged => (Fact::Staged, List::Staged),
            Way::Groups | Way::List => return Ok(()),
        };
        let now = self.client.clock().now();
        let pick = |user: &AdminUser| {
            let (holds, end) = match fact {
                Fact::Suspended => user.suspension(now),
                Fact::Silenced => user.silence(now),
                _ => (user.staged == Some(true), None),
            };
            (holds && self.people.contains_key(&user.id)).then_some((user.id, end))
        };
        let Listed { picked, torn, .. } = list(self.client, which, 1, pick).await?;
        if torn.is_none() {
            for draft in self.people.values_mut() {
                draft.facts.insert(fact, Cell::Bool(false));
            }
        }
        self.gaps.extend(torn);
        for (id, end) in picked {
            if let Some(draft) = self.people.get_mut(&id) {
                draft.facts.insert(fact, Cell::Bool(true));
                draft.ends.extend(end);
            }
        }
        Ok(())
    }

    /// Reads the list of all people. Who is on it is told in full; who is not is left as the groups said.
    async fn whole_list(&mut self, population: usize) -> Result<(), SourceError> {
        let now = self.client.clock().now();
        let pick =
            |user: &AdminUser| self.people.contains_key(&user.id).then(|| (user.id, facts_of(user, now)));
        let listed = list(self.client, List::Everybody, pages_of(population), pick).await?;
        if listed.torn.is_none() && listed.people < population {
            self.gaps.push(format!("the list of people holds {} of {population}", listed.people));
        }
        self.gaps.extend(listed.torn);
        for (id, (facts, ends)) in listed.picked {
            if let Some(draft) = self.people.get_mut(&id) {
                draft.facts.extend(facts);
                draft.ends.extend(ends);
            }
        }
        Ok(())
    }

    fn snapshot(self, population: usize, read_at: Timestamp) -> Snapshot {
        let read = self.groups_read;
        let people = self.people.into_iter().map(|(id, draft)| draft.finished(id, &read, read_at)).collect();
        let incomplete = (!self.gaps.is_empty()).then(|| Incomplete(self.gaps.join("; ")));
        Snapshot { people, population, incomplete }
    }
}

impl Draft {
    fn finished(self, id: i64, groups_read: &[GroupId], read_at: Timestamp) -> PersonRead {
        let groups = Cell::Groups(Groups::among(self.member_of, groups_read.iter().copied()));
        let row = Row { read_at, cells: cells(self.facts.into_iter().chain([(Fact::Groups, groups)])) };
        PersonRead {
            subject: Subject(id.to_string()),
            username: self.username,
            name: self.name,
            row,
            look_again: self.ends.into_iter().min(),
        }
    }
}

fn draft_of(row: &MemberRow) -> Draft {
    let name = row.name.value().filter(|name| !name.is_empty()).cloned();
    let mut facts = BTreeMap::from([
        (Fact::Username, Cell::Text(row.username.as_str().into())),
        (Fact::Name, Cell::text_or_null(name.as_deref())),
        (Fact::Title, row.title.cell()),
    ]);
    if let Some(level) = row.trust_level {
        facts.insert(Fact::TrustLevel, Cell::Int(level));
    }
    Draft { username: row.username.clone(), name, facts, ..Draft::default() }
}

fn facts_of(user: &AdminUser, now: Timestamp) -> (Vec<(Fact, Cell)>, Vec<Timestamp>) {
    let (suspended, suspended_until) = user.suspension(now);
    let (silenced, silenced_until) = user.silence(now);
    let mut facts = vec![
        (Fact::TrustLevel, Cell::Int(user.trust_level)),
        (Fact::Admin, Cell::Bool(user.admin)),
        (Fact::Moderator, Cell::Bool(user.moderator)),
        (Fact::Suspended, Cell::Bool(suspended)),
        (Fact::Silenced, Cell::Bool(silenced)),
    ];
    facts.extend(user.staged.map(|staged| (Fact::Staged, Cell::Bool(staged))));
    facts.extend(user.active.map(|active| (Fact::Active, Cell::Bool(active))));
    facts.extend(user.created_at.as_ref().map(|at| (Fact::JoinedAt, Cell::Time(timestamp(at)))));
    (facts, suspended_until.into_iter().chain(silenced_until).collect())
}
