//! Looks at one group of a source again: what it is called, and whom its members' roles may concern.

use std::collections::BTreeSet;

use domain::facts::{Cell, Row, SourceSchema};
use domain::ids::{GroupId, SourceName, Subject};
use domain::plan::Importance;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Job, Lane, Next, Order, Retry, read_staff_log, refresh_member, refresh_source};
use crate::error::Error;
use crate::hall::Hall;
use crate::ports::SourceError;
use crate::reconcile::{bind_groups, known_facts};

pub(crate) const JOB: Job = Job {
    kind: "refresh_group",
    lane: Lane::Reading,
    retry: Retry::FOREVER,
    run: |hall, claimed| {
        Box::pin(async move {
            let Payload { source, group } = super::payload(claimed)?;
            let Some(source) = SourceName::new(&source) else { return Ok(Next::Done) };
            refresh(hall, &source, group, super::hinted_at(claimed)).await?;
            Ok(Next::Done)
        })
    },
};

/// How many people are looked at one by one; more cost the source less in one reading of everybody.
const LOOKS_MAX: usize = 10;

#[derive(Serialize, Deserialize)]
struct Payload {
    source: String,
    group: GroupId,
}

pub(crate) fn order(source: &SourceName, group: GroupId, at: Timestamp) -> Order {
    let payload = Payload { source: source.to_string(), group };
    Order::new(JOB.kind, format!("{source}:{group}"), &payload, Importance::Take.priority(), at).keyed()
}

/// Whether one of these facts was known to hold.
fn held_any(schema: &SourceSchema, facts: &[&str], row: &Row) -> bool {
    let mut specs = schema.facts.iter().enumerate();
    specs.any(|(place, spec)| facts.contains(&&*spec.name) && *row.cell(place) == Cell::Bool(true))
}

/// Has everybody looked at whose stored groups disagree with the group as it is now.
async fn refresh(
    hall: &Hall,
    source: &SourceName,
    group: GroupId,
    hinted_at: Option<Timestamp>,
) -> Result<(), Error> {
    let seat = hall.source(source)?;
    // One call that names the people instead of several that list the group: a forum tells of three groups
    // whenever somebody joins or leaves its staff, and its limit is soon used up.
    let standing = seat.source.standing_in(group);
    if !standing.is_empty() && read_staff_log::names_people(hall, source).await {
        return Ok(());
    }
    if !bind_groups(hall, &hall.rules.now(), seat).await?.contains(&group) {
        return Ok(());
    }
    let members: BTreeSet<_> = match seat.source.members_of(group).await {
        Ok(members) => members.into_iter().collect(),
        // Gone: its rules are unknown from now on, and unknown changes nothing.
        Err(SourceError::Missing { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let known = known_facts(hall, seat).await?;
    let differs = |(subject, row): &(Subject, Option<Row>)| {
        let was_in = row.iter().flat_map(|row| &row.cells).find_map(|cell| match cell {
            Cell::Groups(groups) => Some(groups.contains(group)),
            _ => None,
        });
        // Where no rule names groups nothing says who was in it, but for the groups that are a standing.
        let was_staff = || row.iter().any(|row| held_any(seat.source.schema(), standing, row));
        // Whoever's groups were never read is looked at only when they are in it: the sweep finds the others.
        was_in.flatten().unwrap_or_else(was_staff) != members.contains(subject)
    };
    let to_look_at: Vec<(Subject, Option<Row>)> = known.into_iter().filter(differs).collect();
    let now = hall.clock.now();
    let mut tx = hall.store.write().await?;
    if to_look_at.len() > LOOKS_MAX {
        super::order(&mut tx, refresh_source::order(source, now)).await?;
    } else {
        for (subject, _) in to_look_at {
            let order = refresh_member::order(source, &subject, true, now).hinted(hinted_at);
            super::order(&mut tx, order).await?;
        }
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}
