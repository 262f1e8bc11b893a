//! Reading people: which ways there are, what each knows, and which of them a reading takes.

pub(crate) mod facts;
pub(crate) mod groups;
pub(crate) mod one;

mod everybody;
mod list;
mod wire;

use facts::Fact;

pub(crate) use everybody::everybody;
pub(crate) use wire::{GroupOfUser, Maybe};

/// A way of reading everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Members of groups: the automatic ones say trust level and staff.
    Groups,
    /// The admin's list of all people.
    List,
    /// The admin's list of suspended people.
    Suspended,
    /// The admin's list of silenced people.
    Silenced,
    /// The admin's list of staged people.
    Staged,
}

/// What a way can say, and what it costs.
pub(crate) struct WaySpec {
    /// The way.
    pub(crate) way: Way,
    /// The facts it knows.
    pub(crate) knows: &'static [Fact],
    /// Whether it names everybody, and not only those under a flag.
    pub(crate) names_everybody: bool,
    /// About how many calls it takes for so many people.
    pub(crate) calls: fn(usize) -> usize,
}

/// The table, cheapest first for what several know.
pub(crate) const WAYS: &[WaySpec] = &[groups::WAY, list::SUSPENDED, list::SILENCED, list::STAGED, list::WAY];

/// The cheapest set of ways that knows all these facts of about so many people.
///
/// Groups always come along: their count of people is what the others are held against. The list joins when
/// only it knows something, or when it costs no more than the lists of flags that it would spare.
pub(crate) fn ways_for(facts: &[Fact], people: usize) -> Vec<Way> {
    let mut chosen = vec![Way::Groups];
    let mut flags = Vec::new();
    let mut flag_calls = 0;
    let mut only_list = false;
    for fact in facts.iter().filter(|fact| !knows(Way::Groups, **fact)) {
        match WAYS.iter().find(|spec| !spec.names_everybody && spec.knows.contains(fact)) {
            Some(spec) => {
                flags.push(spec.way);
                flag_calls += (spec.calls)(people);
            }
            None => only_list = true,
        }
    }
    let list_calls =
        WAYS.iter().find(|spec| spec.way == Way::List).map_or(usize::MAX, |spec| (spec.calls)(people));
    if only_list || (!flags.is_empty() && list_calls < flag_calls) {
        chosen.push(Way::List);
    } else {
        chosen.extend(flags);
    }
    chosen
}

fn knows(way: Way, fact: Fact) -> bool {
    WAYS.iter().any(|spec| spec.way == way && spec.knows.contains(&fact))
}
