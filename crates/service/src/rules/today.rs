//! What sources say today of what other rules ask for and the present ones do not: read for a rehearsal, and stored
//! nowhere.

use std::collections::{BTreeMap, BTreeSet};

use domain::facts::FactTable;
use domain::ids::{Subject, UserId};
use domain::rules::{Bindings, Condition};
use domain::situation::{GuildRules, LinkedMember};

use super::facts_of;
use crate::error::Error;
use crate::facts;
use crate::hall::{Hall, SourceSeat};
use crate::ports::{SourceGroup, Wanted};

/// Brings members up to date by reading everybody of each source of which the rules ask something new; finds the
/// groups that have no meaning yet.
pub(super) async fn read(
    hall: &Hall,
    rules: &GuildRules,
    members: &mut [LinkedMember],
    groups: &mut Bindings,
) -> Result<(), Error> {
    for seat in &hall.sources {
        let asked: BTreeSet<usize> =
            facts_of(rules).filter(|fact| fact.source == seat.index).map(|fact| fact.fact).collect();
        let known: BTreeSet<usize> = hall.rules.now().facts_named(seat.index).collect();
        let names = group_names(rules, seat.index);
        let unbound: Vec<&str> =
            names.iter().copied().filter(|name| groups.get(seat.index, name).is_none()).collect();
        if asked.is_subset(&known) && unbound.is_empty() {
            continue;
        }
        if !unbound.is_empty() {
            let there = seat.source.groups().await?;
            for name in unbound {
                groups.bind(seat.index, name, meant(&there, name));
            }
        }
        let bound = names.iter().filter_map(|name| groups.get(seat.index, name)).collect();
        read_everybody(hall, seat, &Wanted { facts: asked.into_iter().collect(), groups: bound }, members)
            .await?;
    }
    Ok(())
}

fn group_names(rules: &GuildRules, source: usize) -> BTreeSet<&str> {
    let groups = rules.roles.iter().map(|rule| &rule.when).flat_map(Condition::groups);
    groups.filter(|(of, _)| *of == source).map(|(_, name)| name).collect()
}

/// The group that a name means for the first time: as when rules that hold name it.
fn meant(groups: &[SourceGroup], name: &str) -> Option<domain::ids::GroupId> {
    let standard = groups.iter().find(|group| group.standard_name == Some(name));
    standard.or_else(|| groups.iter().find(|group| group.name == name)).map(|group| group.id)
}

async fn read_everybody(
    hall: &Hall,
    seat: &SourceSeat,
    wanted: &Wanted,
    members: &mut [LinkedMember],
) -> Result<(), Error> {
    let users = users(hall, seat).await?;
    let snapshot = seat.source.everybody(wanted, &|subject| users.contains_key(subject)).await?;
    let mut read: BTreeMap<UserId, _> = snapshot
        .people
        .into_iter()
        .filter_map(|person| Some((*users.get(&person.subject)?, person.row)))
        .collect();
    let said = |member: &LinkedMember| {
        let mut said: Vec<_> = hall.sources.iter().map(|known| member.facts.row(known.index)).collect();
        if let (Some(row), Some(slot)) = (read.remove(&member.user), said.get_mut(seat.index)) {
            *slot = Some(facts::merged(slot.as_ref(), row, wanted));
        }
        said
    };
    let today = FactTable::of(members.iter().map(said));
    for (member, facts) in members.iter_mut().zip(today) {
        member.facts = facts;
    }
    Ok(())
}

/// Whose account each is, on Discord.
async fn users(hall: &Hall, seat: &SourceSeat) -> Result<BTreeMap<Subject, UserId>, Error> {
    let linked = hall.store.read().await?.linked_members(hall.discord_place).await?;
    let mut users = BTreeMap::new();
    for row in linked {
        let there = row.accounts.into_iter().filter(|account| account.place == seat.place);
        users.extend(there.map(|account| (account.subject, row.user)));
    }
    Ok(users)
}
