//! The rules that hold now: one value that never changes, replaced as a whole while the hall runs.

mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use domain::facts::{Cell, FactRef, Row};
use domain::ids::{GuildId, RevisionId};
use domain::rules::Condition;
use domain::situation::GuildRules;
use domain::time::Timestamp;
use store::Tx;

use crate::error::Error;
use crate::hall::GuildSeat;

/// Where the rules are read from. Whoever does one piece of work reads them once, so that all of it follows the
/// same rules.
#[derive(Debug)]
pub(crate) struct Rules(RwLock<Arc<InForce>>);

impl Rules {
    pub(crate) fn new(first: InForce) -> Self {
        Self(RwLock::new(Arc::new(first)))
    }

    /// What holds at this moment.
    pub(crate) fn now(&self) -> Arc<InForce> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The rules of every guild, with what follows from all of them together.
#[derive(Debug, Default)]
pub(crate) struct InForce {
    guilds: Vec<Arc<GuildSeat>>,
    revisions: BTreeMap<GuildId, RevisionId>,
    /// The facts that some guild's rules name: no other is ever stored.
    named: BTreeSet<FactRef>,
}

impl InForce {
    /// Gives the rules of each guild their numbers: new ones only where they differ from the last.
    pub(crate) async fn noted(tx: &mut Tx, guilds: Vec<GuildSeat>, at: Timestamp) -> Result<Self, Error> {
        let mut revisions = BTreeMap::new();
        for seat in &guilds {
            let revision = tx.put_revision(seat.id, &text::of(seat), at).await?;
            revisions.insert(seat.id, revision);
        }
        let named = guilds.iter().flat_map(|seat| facts_of(&seat.rules)).collect();
        Ok(Self { guilds: guilds.into_iter().map(Arc::new).collect(), revisions, named })
    }

    /// Every guild, in the order of the settings.
    pub(crate) fn guilds(&self) -> &[Arc<GuildSeat>] {
        &self.guilds
    }

    /// One guild; refuses one that is not configured.
    pub(crate) fn guild(&self, guild: GuildId) -> Result<Arc<GuildSeat>, Error> {
        let found = self.guilds.iter().find(|seat| seat.id == guild).cloned();
        found.ok_or_else(|| Error::refused("This server is not one that the hall looks after."))
    }

    /// The number of a guild's rules.
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
