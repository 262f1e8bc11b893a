//! The rules that hold now: one value that never changes, replaced as a whole while the hall runs.

mod change;
mod difference;
mod history;
mod lost;
mod notes;
mod rehearsal;
mod text;
mod today;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::facts::{Cell, FactRef, Row};
use domain::ids::{GuildId, RevisionId};
use domain::rules::Condition;
use domain::situation::GuildRules;
use domain::time::Timestamp;
use serde::Serialize;
use store::Tx;
use tokio::sync::{Mutex, MutexGuard};

pub use change::RulesChanged;
pub use history::{REVISIONS_MAX, ReleasedRole, RevisionTold};
pub use lost::RulesLost;
pub use notes::Concern;
pub(crate) use notes::Notes;
pub use rehearsal::{FactsFrom, NicknameRehearsed, Rehearsal, RoleRehearsed, SomebodyNamed};

use self::text::Written;
use crate::error::Error;
use crate::hall::GuildSeat;

/// From where the rules were read, when, and because of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Why they were read.
    pub cause: Cause,
    /// Who owns the file: a user of the machine, by name where it has one. `None` where the system does not tell.
    pub owner: Option<String>,
    /// When.
    pub read_at: Timestamp,
}

/// Why the rules were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Cause {
    /// The hall began.
    #[serde(rename = "start")]
    Start,
    /// The hall was asked to read its settings anew.
    #[serde(rename = "SIGHUP")]
    Asked,
    /// The settings file changed.
    #[serde(rename = "file changed")]
    FileChanged,
}

/// Where the rules are read from. Whoever does one piece of work reads them once, so that all of it follows the
/// same rules.
#[derive(Debug)]
pub(crate) struct Rules {
    in_force: RwLock<Arc<InForce>>,
    /// Held by whoever replaces them or numbers them.
    changing: Mutex<()>,
    /// Whether they changed while another hall led, which may have followed others since.
    unfollowed: AtomicBool,
}

impl Rules {
    pub(crate) fn new(first: InForce) -> Self {
        Self {
            in_force: RwLock::new(Arc::new(first)),
            changing: Mutex::default(),
            unfollowed: AtomicBool::new(false),
        }
    }

    /// What holds at this moment.
    pub(crate) fn now(&self) -> Arc<InForce> {
        Arc::clone(&self.in_force.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until nobody else replaces or numbers them. To be asked for before a transaction begins.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// From now on these hold.
    fn replace(&self, next: InForce) {
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }

    fn are_unfollowed(&self, unfollowed: bool) -> bool {
        self.unfollowed.swap(unfollowed, Ordering::SeqCst)
    }
}

/// The rules of every guild, with what follows from all of them together.
#[derive(Clone, Debug)]
pub(crate) struct InForce {
    guilds: Vec<Arc<GuildSeat>>,
    /// The numbers of those that have one.
    revisions: BTreeMap<GuildId, RevisionId>,
    /// Where they come from; `None` where none could be read.
    origin: Option<Origin>,
    /// The facts that some guild's rules name: no other is ever stored.
    named: BTreeSet<FactRef>,
}

impl InForce {
    /// Rules that have no number yet.
    pub(crate) fn new(guilds: Vec<Arc<GuildSeat>>, origin: Option<Origin>) -> Self {
        let named = guilds.iter().flat_map(|seat| facts_of(&seat.rules)).collect();
        Self { guilds, revisions: BTreeMap::new(), origin, named }
    }

    /// Rules with the numbers of those that are the latest already.
    pub(crate) async fn known(
        tx: &mut Tx,
        guilds: Vec<GuildSeat>,
        origin: Option<Origin>,
    ) -> Result<Self, Error> {
        let mut rules = Self::new(guilds.into_iter().map(Arc::new).collect(), origin);
        for seat in &rules.guilds {
            let latest = tx.latest_revision(seat.id).await?;
            if let Some(latest) = latest.filter(|latest| latest.rules == Written::of(seat).to_text()) {
                rules.revisions.insert(seat.id, latest.id);
            }
        }
        Ok(rules)
    }

    /// Every guild, in the order of the settings.
    pub(crate) fn guilds(&self) -> &[Arc<GuildSeat>] {
        &self.guilds
    }

    /// Which guilds they are.
    pub(crate) fn ids(&self) -> Vec<GuildId> {
        self.guilds.iter().map(|seat| seat.id).collect()
    }

    /// One guild; refuses one that is not configured.
    pub(crate) fn guild(&self, guild: GuildId) -> Result<Arc<GuildSeat>, Error> {
        let found = self.guilds.iter().find(|seat| seat.id == guild).cloned();
        found.ok_or_else(|| Error::refused("This server is not one that the hall looks after."))
    }

    /// The number of a guild's rules; `None` while nobody has led by them.
    pub(crate) fn revision(&self, guild: GuildId) -> Option<RevisionId> {
        self.revisions.get(&guild).copied()
    }

    /// The guilds whose rules read a source, by its place in the schema.
    pub(crate) fn reading(&self, source: usize) -> impl Iterator<Item = &GuildSeat> {
        let reads = move |seat: &GuildSeat| facts_of(&seat.rules).any(|fact| fact.source == source);
        self.guilds.iter().map(Arc::as_ref).filter(move |seat| reads(seat))
    }

    /// The facts of a source that rules name, by their places in its schema.
    pub(crate) fn facts_named(&self, source: usize) -> impl Iterator<Item = usize> {
        self.named.iter().filter(move |fact| fact.source == source).map(|fact| fact.fact)
    }

    /// The groups of a source that rules name.
    pub(crate) fn groups_named(&self, source: usize) -> BTreeSet<&str> {
        let conditions = self.guilds.iter().flat_map(|seat| &seat.rules.roles).map(|rule| &rule.when);
        let groups = conditions.flat_map(Condition::groups);
        groups.filter(|(of, _)| *of == source).map(|(_, name)| name).collect()
    }

    /// A reading of a source with everything unknown that no rule names.
    pub(crate) fn named_only(&self, source: usize, row: &Row) -> Row {
        let is_named = |fact| self.named.contains(&FactRef { source, fact });
        let named = |at| if is_named(at) { row.cell(at).clone() } else { Cell::Unknown };
        Row { read_at: row.read_at, cells: (0..row.cells.len()).map(named).collect() }
    }
}

/// Every fact that the rules of a guild name.
pub(crate) fn facts_of(rules: &GuildRules) -> impl Iterator<Item = FactRef> {
    let by_roles = rules.roles.iter().flat_map(|rule| rule.when.facts());
    let by_name = rules.nickname.iter().flat_map(|rule| rule.template.facts());
    by_roles.chain(by_name)
}
