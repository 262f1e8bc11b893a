//! The admin's lists of people, pages of 100 by creation: everybody, or those under one flag.

use std::collections::BTreeSet;

use service::ports::SourceError;

use super::facts::Fact;
use super::wire::AdminUser;
use super::{Way, WaySpec};
use crate::client::{Answer, Client, Question, Urgency};

/// People on a page; the forum fixes it.
pub(crate) const LIST_PAGE: usize = 100;

/// The most pages that are read: a million people.
const PAGES_MAX: usize = 10_000;

/// What the list says of everybody, for a call a hundred people.
pub(super) const WAY: WaySpec = WaySpec {
    way: Way::List,
    knows: &[
        Fact::TrustLevel,
        Fact::Admin,
        Fact::Moderator,
        Fact::Title,
        Fact::Name,
        Fact::Username,
        Fact::Suspended,
        Fact::Silenced,
        Fact::Staged,
        Fact::Active,
        Fact::JoinedAt,
    ],
    names_everybody: true,
    calls: |people| pages_of(people) + 2,
};

/// Who is suspended: a short list.
pub(super) const SUSPENDED: WaySpec =
    WaySpec { way: Way::Suspended, knows: &[Fact::Suspended], names_everybody: false, calls: |_| 1 };

/// Who is silenced: a short list.
pub(super) const SILENCED: WaySpec =
    WaySpec { way: Way::Silenced, knows: &[Fact::Silenced], names_everybody: false, calls: |_| 1 };

/// Who is staged: a short list.
pub(super) const STAGED: WaySpec =
    WaySpec { way: Way::Staged, knows: &[Fact::Staged], names_everybody: false, calls: |_| 1 };

/// Which list. The names are the forum's; `active` holds everybody, whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Everybody,
    Suspended,
    Silenced,
    Staged,
}

impl List {
    fn path(self) -> &'static str {
        match self {
            Self::Everybody => "active",
            Self::Suspended => "suspended",
            Self::Silenced => "silenced",
            Self::Staged => "staged",
        }
    }
}

/// What reading a list gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed<T> {
    /// How many it named, programs (ids below 1) left out.
    pub(crate) people: usize,
    /// What was picked of them.
    pub(crate) picked: Vec<T>,
    /// Why nobody can be said to be missing from it, if so.
    pub(crate) torn: Option<String>,
}

/// Reads a list by creation from its first page to the first short one, keeping what `pick` makes of people.
///
/// The list has no total. Whoever is created joins at its end; whoever leaves it moves all after them forward,
/// past the page that is being read. So the page where it should end (`pages_expected`) is looked at before and
/// again at the end: unless it begins with the same person both times, somebody left meanwhile, and the list is
/// read once more.
pub(crate) async fn list<T>(
    client: &Client,
    list: List,
    pages_expected: usize,
    pick: impl Fn(&AdminUser) -> Option<T>,
) -> Result<Listed<T>, SourceError> {
    let first = list_once(client, list, pages_expected, &pick).await?;
    if first.torn.is_none() {
        return Ok(Listed { people: first.people, picked: first.picked, torn: None });
    }
    let edge = pages_of(first.rows);
    let second = list_once(client, list, edge, &pick).await?;
    let path = list.path();
    let torn = second.torn.map(|why| format!("the list of people ({path}) could not be read whole: {why}"));
    Ok(Listed { people: second.people, picked: second.picked, torn })
}

/// On how many pages so many rows lie.
pub(crate) fn pages_of(rows: usize) -> usize {
    rows.div_ceil(LIST_PAGE).max(1)
}

struct Once<T> {
    rows: usize,
    people: usize,
    picked: Vec<T>,
    torn: Option<&'static str>,
}

async fn list_once<T>(
    client: &Client,
    list: List,
    edge: usize,
    pick: &impl Fn(&AdminUser) -> Option<T>,
) -> Result<Once<T>, SourceError> {
    let before = if edge > 1 { first_of(&page(client, list, edge).await?) } else { None };
    let mut seen = BTreeSet::new();
    let mut picked = Vec::new();
    let mut torn = None;
    for number in 1..=PAGES_MAX {
        let people = page(client, list, number).await?;
        for person in &people {
            if !seen.insert(person.id) {
                torn = Some("somebody appears twice");
            }
            picked.extend(Some(person).filter(|person| person.id > 0).and_then(pick));
        }
        if people.len() < LIST_PAGE {
            break;
        }
        if people.len() > LIST_PAGE || number == PAGES_MAX {
            return Err(client.nonsense("its list of people does not come in pages of 100 that end"));
        }
    }
    if seen.len() > LIST_PAGE {
        let after = if edge > 1 { first_of(&page(client, list, edge).await?) } else { None };
        if after.is_none() || after != before {
            torn = torn.or(Some("people left it meanwhile"));
        }
    }
    let people = seen.iter().filter(|id| **id > 0).count();
    Ok(Once { rows: seen.len(), people, picked, torn })
}

fn first_of(people: &[AdminUser]) -> Option<i64> {
    people.first().map(|person| person.id)
}

async fn page(client: &Client, list: List, number: usize) -> Result<Vec<AdminUser>, SourceError> {
    let path = format!("/admin/users/list/{}.json?order=created&asc=true&page={number}", list.path());
    let question = Question { path, route: "users/index", urgency: Urgency::CanWait, with_key: true };
    let answer: Answer<Vec<AdminUser>> = client.ask(&question).await?;
    answer.or_missing(client.address(), "the list of people")
}
