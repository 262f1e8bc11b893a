//! Reading sources: one person, everybody, and which group is which.

use std::collections::{BTreeMap, BTreeSet};

use domain::facts::Row;
use domain::ids::{GroupId, SourceName, Subject, UserId};
use domain::plan::{Importance, WINDOW_HOURS};
use domain::time::Timestamp;
use store::Tx;
use store::facts::FactsRead;
use store::guilds::GroupBinding;
use store::places::Population;

use crate::error::Error;
use crate::facts;
use crate::hall::{GuildSeat, Hall, SourceSeat};
use crate::jobs::{self, look_again, reconcile_guild, refresh_member, settle_member};
use crate::ports::{Person, PersonRead, SourceGroup, Wanted};
use crate::rules::InForce;

/// Reads one person anew and has every guild that reads this source settled for them. Nothing, where nobody here has
/// that account. `hinted_at` is when the hint came that asks for it.
pub(crate) async fn refresh_person(
    hall: &Hall,
    source: &SourceName,
    subject: &Subject,
    importance: Importance,
    hinted_at: Option<Timestamp>,
) -> Result<(), Error> {
    let seat = hall.source(source)?;
    let Some(user) = user_of(hall, seat, subject).await? else { return Ok(()) };
    let person = seat.source.one(subject).await?;
    keep(hall, seat, (user, subject), person, (importance, hinted_at)).await
}

/// Reads one person because somebody asked, and has what follows written before anything else.
pub(crate) async fn refresh_now(hall: &Hall, source: &SourceName, subject: &Subject) -> Result<(), Error> {
    let seat = hall.source(source)?;
    let Some(user) = user_of(hall, seat, subject).await? else { return Ok(()) };
    let asked_at = hall.clock.now();
    let person = seat.source.one_asked(subject).await?;
    keep(hall, seat, (user, subject), person, (Importance::Urgent, Some(asked_at))).await
}

/// Stores what reading one person gave, with the work that follows from it.
async fn keep(
    hall: &Hall,
    seat: &SourceSeat,
    (user, subject): (UserId, &Subject),
    person: Person,
    (importance, hinted_at): (Importance, Option<Timestamp>),
) -> Result<(), Error> {
    let (now, rules) = (hall.clock.now(), hall.rules.now());
    hall.noticed.answered(&seat.name, now);
    let mut tx = hall.store.write().await?;
    match person {
        Person::Here(read) => {
            let row = facts_read(&rules, seat, &read, &read.row);
            tx.put_facts(seat.place, &[row], read.row.read_at).await?;
            set_timer(&mut tx, &read).await?;
        }
        // The link stays: what vanished accounts lose, and when, is for the owner to decide. Until then their
        // last facts are unknown, and unknown takes nothing (docs/decisions/0008).
        Person::Gone => tx.account_vanished(seat.place, subject, now).await?,
    }
    for guild in rules.reading(seat.index) {
        let order = settle_member::order(guild.id, user, importance, now).hinted(hinted_at);
        jobs::order(&mut tx, order).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}

/// Reads everybody anew, and says how many. Whoever a complete reading does not name is asked for by id: absence
/// removes nothing.
pub(crate) async fn refresh_source(hall: &Hall, source: &SourceName) -> Result<usize, Error> {
    let seat = hall.source(source)?;
    let rules = hall.rules.now();
    bind_groups(hall, &rules, seat).await?;
    let known = known_facts(hall, seat).await?;
    let began = hall.clock.now();
    let wanted = wanted(hall, &rules, seat).await?;
    let snapshot = seat.source.everybody(&wanted, &|subject| known.contains_key(subject)).await?;
    if let Some(incomplete) = &snapshot.incomplete {
        tracing::warn!(%source, why = %incomplete, "a reading is not proven complete; nothing is taken because of it");
    }
    let rows = snapshot.people.iter().map(|read| {
        let before = known.get(&read.subject).and_then(Option::as_ref);
        facts_read(&rules, seat, read, &facts::merged(before, read.row.clone(), &wanted))
    });
    let rows: Vec<FactsRead> = rows.collect();
    let now = hall.clock.now();
    let mut tx = hall.store.write().await?;
    // Also beside a reading that is not whole: what it read of people counts, and so does how many they are.
    note_population(&mut tx, hall, seat, snapshot.population, now).await?;
    let absent = match snapshot.incomplete {
        None => tx.put_sweep(seat.place, &rows, began).await?.absent,
        Some(_) => {
            tx.put_facts(seat.place, &rows, began).await?;
            Vec::new()
        }
    };
    for read in &snapshot.people {
        set_timer(&mut tx, read).await?;
    }
    for subject in absent {
        jobs::order(&mut tx, refresh_member::order(source, &subject, false, now)).await?;
    }
    for guild in rules.reading(seat.index) {
        jobs::order(&mut tx, reconcile_guild::order(guild.id, now)).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(rows.len())
}

/// Notes how many people a source counts. When that is far less than within the last 24 hours for some guild, the
/// number of before stays, and nothing is taken there because of the source, until a person of that guild says that the
/// new one is right.
async fn note_population(
    tx: &mut Tx,
    hall: &Hall,
    seat: &SourceSeat,
    people: usize,
    now: Timestamp,
) -> Result<(), store::Error> {
    let known = tx.population(seat.place).await?;
    let before = known.as_ref().map_or(0, |known| known.people);
    let accepted = tx.accepted_sizes(seat.place).await?;
    let rules = hall.rules.now();
    let shrank = |guild: &GuildSeat| {
        let was = accepted.get(&guild.id).copied().unwrap_or(before);
        was.saturating_sub(people) > guild.care.limits.shrink.of(was)
    };
    if rules.reading(seat.index).any(shrank) {
        tracing::warn!(source = %seat.name, was = before, now = people, "a source has far fewer people than before; nothing is taken because of it");
        return tx.put_shrunk(seat.place, people).await;
    }
    // Within a day what is gone adds up, however often it is counted meanwhile, unless people said that it is right.
    let adds_up = |known: &Population| {
        let is_of_today = now.since(known.at).as_secs() < WINDOW_HOURS * 3_600;
        people < known.people && is_of_today && accepted.is_empty()
    };
    tx.put_population(seat.place, known.filter(adds_up).unwrap_or(Population { people, at: now })).await
}

pub(crate) async fn known_facts(
    hall: &Hall,
    seat: &SourceSeat,
) -> Result<BTreeMap<Subject, Option<Row>>, Error> {
    let linked = hall.store.read().await?.linked_members(hall.discord_place).await?;
    let accounts =
        linked.into_iter().flat_map(|row| row.accounts).filter(|account| account.place == seat.place);
    let decoded = accounts.map(|account| {
        let row = account.facts.map(|known| facts::decode(seat.source.schema(), &known.facts, known.read_at));
        (account.subject, row)
    });
    Ok(decoded.collect())
}

/// Whose account it is, on Discord.
async fn user_of(hall: &Hall, seat: &SourceSeat, subject: &Subject) -> Result<Option<UserId>, Error> {
    let mut tx = hall.store.read().await?;
    match tx.member_by_subject(seat.place, subject).await? {
        Some(member) => Ok(tx.user_of(member, hall.discord_place).await?),
        None => Ok(None),
    }
}

/// A fact that ends by itself sends no hint.
async fn set_timer(tx: &mut Tx, read: &PersonRead) -> Result<(), store::Error> {
    match read.look_again {
        Some(moment) => jobs::order(tx, look_again::order(moment)).await,
        None => Ok(()),
    }
}

fn facts_read(rules: &InForce, seat: &SourceSeat, read: &PersonRead, row: &Row) -> FactsRead {
    FactsRead {
        subject: read.subject.clone(),
        username: read.username.clone(),
        name: read.name.clone(),
        facts: seat.encoded(rules, row),
        look_again: read.look_again,
    }
}

/// What the rules of all guilds want to know from a source.
async fn wanted(hall: &Hall, rules: &InForce, seat: &SourceSeat) -> Result<Wanted, Error> {
    let bindings = hall.store.read().await?.group_bindings(seat.place).await?;
    let groups =
        bindings.iter().filter(|binding| binding.gone_at.is_none()).map(|binding| binding.group).collect();
    Ok(Wanted { facts: rules.facts_named(seat.index).collect(), groups })
}

/// Finds the group of each group name in the rules: by standard name or name once, by id from then on. A group
/// that is gone is unknown from then on, and says so; one whose name changed goes on. Gives the groups that
/// matter here: those, and the ones every source of this kind has.
pub(crate) async fn bind_groups(
    hall: &Hall,
    rules: &InForce,
    seat: &SourceSeat,
) -> Result<BTreeSet<GroupId>, Error> {
    let groups = seat.source.groups().await?;
    let mut matter: BTreeSet<GroupId> =
        groups.iter().filter(|group| group.standard_name.is_some()).map(|group| group.id).collect();
    let bound = hall.store.read().await?.group_bindings(seat.place).await?;
    let now = hall.clock.now();
    let mut tx = hall.store.write().await?;
    for name in rules.groups_named(seat.index) {
        let before = bound.iter().find(|binding| binding.name == name);
        let found = match before {
            Some(binding) => groups.iter().find(|group| group.id == binding.group),
            None => groups
                .iter()
                .find(|group| group.standard_name == Some(name))
                .or_else(|| groups.iter().find(|group| group.name == name)),
        };
        match (found, before) {
            (Some(group), before) => {
                matter.insert(group.id);
                if before.is_none_or(|before| differs(before, group)) {
                    tx.bind_group(seat.place, name, group.id, &group.name, group.hidden, now).await?;
                }
                if group.standard_name.is_none() && group.name != name {
                    tracing::info!(source = %seat.name, group = name, now = group.name, "a group was renamed; its rules go on");
                }
            }
            (None, Some(before)) => {
                matter.insert(before.group);
                tracing::warn!(source = %seat.name, group = name, "a group that rules name is gone; its rules change nothing");
                if before.gone_at.is_none() {
                    tx.group_gone(seat.place, name, now).await?;
                }
            }
            (None, None) => {
                tracing::warn!(source = %seat.name, group = name, "no group of that name; its rules change nothing");
            }
        }
    }
    tx.commit().await?;
    Ok(matter)
}

/// Whether the source shows a bound group otherwise than it is remembered.
fn differs(bound: &GroupBinding, group: &SourceGroup) -> bool {
    bound.gone_at.is_some() || bound.current_name != group.name || bound.hidden_at.is_some() != group.hidden
}
