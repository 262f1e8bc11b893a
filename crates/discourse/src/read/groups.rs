//! The groups of a forum and who is in one: read completely or not at all.

use std::collections::BTreeSet;

use domain::ids::GroupId;
use percent_encoding::utf8_percent_encode;
use service::ports::{SourceError, SourceGroup};

use super::facts::Fact;
use super::wire::{GroupsPage, ListedGroup, MemberRow, MembersPage};
use super::{Way, WaySpec};
use crate::client::{Answer, Client, Question, SEGMENT, Urgency};

/// Most members that a forum gives at once (`MEMBERS_MAX_PAGE_SIZE`).
const MEMBERS_PAGE: usize = 1000;

/// Each page begins with the last row of the one before: had somebody come or gone, it would be another row.
const OVERLAP: usize = 1;

/// The most pages of groups (36 each) and of members that are read.
const GROUP_PAGES_MAX: usize = 100;
const MEMBER_PAGES_MAX: usize = 2000;

/// How often a group is read anew when it changed while it was read.
const READINGS_MAX: usize = 2;

/// The groups that every Discourse has, by ids that are the same everywhere; their names follow its language.
const STANDARD: &[(i64, &str)] = &[
    (1, "admins"),
    (2, "moderators"),
    (3, "staff"),
    (10, "trust_level_0"),
    (11, "trust_level_1"),
    (12, "trust_level_2"),
    (13, "trust_level_3"),
    (14, "trust_level_4"),
];

/// The flags that admins, moderators and both together are: the staff log names each person who is made one or is
/// one no longer.
pub(crate) fn standing_in(group: GroupId) -> &'static [&'static str] {
    match group.0 {
        1 => &["admin"],
        2 => &["moderator"],
        3 => &["admin", "moderator"],
        _ => &[],
    }
}

/// From here on a group is hidden from people who are not in it (`Group.visibility_levels`: 0 public, 1 whoever
/// is signed in, 2 members, 3 staff, 4 owners).
const HIDDEN_FROM_LEVEL: i64 = 2;

/// What groups say of everybody, for about a call a thousand people.
pub(super) const WAY: WaySpec = WaySpec {
    way: Way::Groups,
    knows: &[
        Fact::TrustLevel,
        Fact::Admin,
        Fact::Moderator,
        Fact::Groups,
        Fact::Title,
        Fact::Name,
        Fact::Username,
    ],
    names_everybody: true,
    calls: |people| people.div_ceil(MEMBERS_PAGE) + 2,
};

/// The groups of a forum (`/groups.json`, pages of 36, until an empty one).
pub(crate) async fn groups(client: &Client, urgency: Urgency) -> Result<Vec<SourceGroup>, SourceError> {
    let mut groups: Vec<SourceGroup> = Vec::new();
    for page in 0..GROUP_PAGES_MAX {
        let question = Question {
            path: format!("/groups.json?page={page}"),
            route: "groups/index",
            urgency,
            with_key: true,
        };
        let answer: Answer<GroupsPage> = client.ask(&question).await?;
        let listed = answer.or_missing(client.address(), "the list of groups")?;
        let was_empty = listed.groups.is_empty();
        for group in listed.groups {
            if groups.iter().all(|known| known.id.0 != group.id) {
                groups.push(known(group));
            }
        }
        if was_empty || listed.total_rows_groups.is_some_and(|total| groups.len() >= total) {
            return Ok(groups);
        }
    }
    Err(client.nonsense("its list of groups does not end"))
}

fn known(group: ListedGroup) -> SourceGroup {
    let ListedGroup { id, name, visibility_level } = group;
    let standard_name = STANDARD.iter().find(|(standard, _)| *standard == id).map(|(_, name)| *name);
    let hidden = visibility_level.is_some_and(|level| level >= HIDDEN_FROM_LEVEL);
    SourceGroup { id: GroupId(id), name, standard_name, hidden }
}

/// What reading a group gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading<T> {
    /// Proven complete: so many members, and what was picked of them.
    Complete {
        /// How many members the group has.
        total: usize,
        /// What was picked.
        picked: Vec<T>,
    },
    /// It changed while it was read, each time.
    Torn(String),
}

/// Reads a group's members by its name today, keeping what `pick` makes of them.
///
/// Complete means: all pages name one total, no page is short, no one appears twice, where two pages meet both
/// have the same row, and the rows are as many as the total.
pub(crate) async fn members<T>(
    client: &Client,
    name: &str,
    urgency: Urgency,
    pick: impl Fn(&MemberRow) -> Option<T>,
) -> Result<Reading<T>, SourceError> {
    let mut why = "";
    for _ in 0..READINGS_MAX {
        match members_once(client, name, urgency, &pick).await? {
            Ok((total, picked)) => return Ok(Reading::Complete { total, picked }),
            Err(torn) => why = torn,
        }
    }
    Ok(Reading::Torn(format!("the group {name} could not be read whole: {why}")))
}

type Torn = &'static str;

async fn members_once<T>(
    client: &Client,
    name: &str,
    urgency: Urgency,
    pick: &impl Fn(&MemberRow) -> Option<T>,
) -> Result<Result<(usize, Vec<T>), Torn>, SourceError> {
    let mut seen = BTreeSet::new();
    let mut picked = Vec::new();
    let mut expected = None;
    let mut last = None;
    for _ in 0..MEMBER_PAGES_MAX {
        let offset = seen.len().saturating_sub(OVERLAP);
        let page = members_page(client, name, offset, MEMBERS_PAGE, urgency).await?;
        let total = *expected.get_or_insert(page.meta.total);
        if page.meta.total != total {
            return Ok(Err("its size changed meanwhile"));
        }
        if page.members.len() != MEMBERS_PAGE.min(total.saturating_sub(offset)) {
            return Ok(Err("a page is short"));
        }
        let mut rows = page.members.iter();
        if last.is_some() && rows.next().map(|row| row.id) != last {
            return Ok(Err("its members moved meanwhile"));
        }
        for row in rows {
            if !seen.insert(row.id) {
                return Ok(Err("somebody appears twice"));
            }
            picked.extend(pick(row));
        }
        last = page.members.last().map(|row| row.id);
        if seen.len() == total {
            return Ok(Ok((total, picked)));
        }
    }
    Err(client.nonsense(format!("the group {name} does not end")))
}

/// One page of a group's members.
pub(crate) async fn members_page(
    client: &Client,
    name: &str,
    offset: usize,
    limit: usize,
    urgency: Urgency,
) -> Result<MembersPage, SourceError> {
    let encoded = utf8_percent_encode(name, SEGMENT);
    let path = format!("/groups/{encoded}/members.json?limit={limit}&offset={offset}");
    let question = Question { path, route: "groups/members", urgency, with_key: true };
    let answer: Answer<MembersPage> = client.ask(&question).await?;
    answer.or_missing(client.address(), &format!("the group {name}"))
}
