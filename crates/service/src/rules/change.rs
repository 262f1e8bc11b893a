//! Rules change: they are numbered, told, and followed from then on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::ids::{GuildId, RevisionId};
use domain::time::Timestamp;
use serde_json::json;
use store::Tx;
use store::revisions::{Revision, RevisionNoted};

use super::text::Written;
use super::{Concern, InForce, Origin, difference};
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::{GuildSeat, Hall};
use crate::jobs::{order, reconcile_guild, refresh_source};
use crate::overrides;

/// Said by a hall whose rules are older than those that hold.
const OLDER: &str = "the rules here are older than those that another hall on this database has read since, so this \
                     hall does not lead: bring its settings file up to date, and they are read at once";
/// Said by a hall that waits, when the others follow other rules.
const OTHERS: &str = "the hall that leads follows other rules than the settings file here: make the files the same, or \
                      these rules hold as soon as this hall leads";

/// Said by a hall whose rules could not be read, where no other runs that it could ask.
const UNREAD: &str = "No hall runs that could be asked, and this command cannot stand in for one while the settings file \
                      has rules that are not in order. `guildhall check` says what is wrong with them.";

/// A guild's rules changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesChanged {
    /// Where.
    pub guild: GuildId,
    /// The number of the rules from now on.
    pub revision: RevisionId,
    /// What differs from the rules before, a line each; nothing where these are the first.
    pub difference: Vec<String>,
}

/// The rules of all guilds with their numbers, some of them new.
pub(crate) struct Numbered {
    rules: InForce,
    changed: Vec<RulesChanged>,
}

impl Hall {
    /// From now on guilds follow these rules. What they ask for that was never read is read at once, and every
    /// guild whose rules changed is looked at.
    ///
    /// A guild that is not configured until the next start is left out, and one that is missing follows what it
    /// did. Refuses rules that were read before another hall on this database read others.
    pub async fn change_rules(
        &self,
        guilds: Vec<GuildSeat>,
        origin: Origin,
    ) -> Result<Vec<RulesChanged>, Error> {
        let _turn = self.rules.turn().await;
        let before = self.rules.now();
        let next = InForce::new(in_place_of(&before, guilds), Some(origin));
        let mut tx = self.store.write().await?;
        let numbered = number(&mut tx, next, self.clock.now()).await?;
        let Some(Numbered { rules, changed }) = numbered else { return Err(Error::refused(OLDER)) };
        tx.commit().await?;
        let asked = sources_asked_anew(&before, &rules, self.sources.len());
        self.rules.replace(rules);
        self.note(Concern::RulesElsewhere, None);
        if !changed.is_empty() {
            self.rules.are_unfollowed(self.term.borrow().is_none());
            self.look_at(&changed, &asked).await?;
        }
        Ok(changed)
    }

    /// Numbers the rules by which this hall is about to lead, in the transaction that makes it lead; `None` when
    /// it may not, since another hall read others later. Whoever asks has the turn ([`super::Rules::turn`]).
    pub(crate) async fn number_rules(&self, tx: &mut Tx) -> Result<Option<Numbered>, Error> {
        let now = self.clock.now();
        let rules = self.rules.now();
        let Some(numbered) = number(tx, InForce::clone(&rules), now).await? else {
            let note = if rules.origin.is_some() { OLDER } else { UNREAD };
            self.note(Concern::RulesElsewhere, Some(note.to_owned()));
            return Ok(None);
        };
        if self.rules.are_unfollowed(false) || !numbered.changed.is_empty() {
            // Whoever led meanwhile read what other rules ask for.
            self.order_looks(tx, &numbered.rules.ids(), |_| true, now).await?;
        }
        Ok(Some(numbered))
    }

    /// That transaction stands: the numbers hold.
    pub(crate) fn rules_are_numbered(&self, numbered: Numbered) {
        self.rules.replace(numbered.rules);
        self.note(Concern::RulesElsewhere, None);
    }

    /// Compares the rules with the latest that were numbered, and notes what an owner should know. Says whether
    /// this hall may lead, or go on leading, by its own.
    pub(crate) async fn compare_rules(&self) -> Result<bool, Error> {
        let now = self.rules.now();
        let Some(origin) = &now.origin else { return Ok(false) };
        let mut tx = self.store.read().await?;
        let mut differs = false;
        let mut is_older = false;
        let newest = tx.newest_revisions().await?;
        for seat in &now.guilds {
            if newest.get(&seat.id) == now.revisions.get(&seat.id) {
                continue;
            }
            let Some(latest) = tx.latest_revision(seat.id).await? else { continue };
            if latest.rules != Written::of(seat).to_text() {
                differs = true;
                is_older |= latest.made_at > origin.read_at;
            }
        }
        let note = match (is_older, differs) {
            (true, _) => Some(OLDER),
            (false, true) if self.term.borrow().is_none() => Some(OTHERS),
            _ => None,
        };
        self.note(Concern::RulesElsewhere, note.map(str::to_owned));
        Ok(!is_older)
    }

    async fn look_at(&self, changed: &[RulesChanged], asked: &BTreeSet<usize>) -> Result<(), Error> {
        let now = self.clock.now();
        let guilds: Vec<GuildId> = changed.iter().map(|changed| changed.guild).collect();
        let mut tx = self.store.write().await?;
        self.order_looks(&mut tx, &guilds, |source| asked.contains(&source), now).await?;
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    async fn order_looks(
        &self,
        tx: &mut Tx,
        guilds: &[GuildId],
        is_read: impl Fn(usize) -> bool + Send,
        now: Timestamp,
    ) -> Result<(), store::Error> {
        for seat in &self.sources {
            if is_read(seat.index) {
                order(tx, refresh_source::order(&seat.name, now)).await?;
            }
        }
        for guild in guilds {
            order(tx, reconcile_guild::order(*guild, now)).await?;
        }
        Ok(())
    }
}

/// The guilds that were there, each with its new rules where there are some.
fn in_place_of(before: &InForce, guilds: Vec<GuildSeat>) -> Vec<Arc<GuildSeat>> {
    let mut new: BTreeMap<GuildId, GuildSeat> = guilds.into_iter().map(|seat| (seat.id, seat)).collect();
    let seat = |old: &Arc<GuildSeat>| new.remove(&old.id).map_or_else(|| Arc::clone(old), Arc::new);
    before.guilds.iter().map(seat).collect()
}

/// The sources of which the rules name a fact or a group that none named before.
fn sources_asked_anew(before: &InForce, next: &InForce, sources: usize) -> BTreeSet<usize> {
    let is_asked = |source: &usize| {
        let facts = next.named.difference(&before.named).any(|fact| fact.source == *source);
        facts || !next.groups_named(*source).is_subset(&before.groups_named(*source))
    };
    (0..sources).filter(is_asked).collect()
}

/// Numbers the rules of every guild, and writes down what is new; `None` when another hall read others later, and of
/// rules that could not be read.
async fn number(tx: &mut Tx, mut rules: InForce, now: Timestamp) -> Result<Option<Numbered>, Error> {
    let Some(origin) = rules.origin.clone() else { return Ok(None) };
    let mut changed = Vec::new();
    for seat in &rules.guilds {
        let is = Written::of(seat);
        let noted = tx.put_revision(seat.id, &is.to_text(), origin.read_at).await?;
        let Some(revision) = noted.id() else { return Ok(None) };
        rules.revisions.insert(seat.id, revision);
        if let RevisionNoted::New { before, .. } = noted {
            changed.push(write_down(tx, seat.id, revision, (before.as_ref(), &is), &origin, now).await?);
        }
    }
    Ok(Some(Numbered { rules, changed }))
}

async fn write_down(
    tx: &mut Tx,
    guild: GuildId,
    revision: RevisionId,
    (before, is): (Option<&Revision>, &Written),
    origin: &Origin,
    now: Timestamp,
) -> Result<RulesChanged, Error> {
    let was = before.map(|before| Written::from_text(&before.rules));
    let difference = was.as_ref().map(|was| difference::lines(was, is)).unwrap_or_default();
    match difference.as_slice() {
        [] => tracing::info!(%guild, %revision, cause = ?origin.cause, "new rules hold"),
        lines => {
            tracing::info!(%guild, %revision, cause = ?origin.cause, "new rules hold: {}", lines.join("; "));
        }
    }
    // The log shows no condition: it may name what is not everybody's to read. The revision has them.
    let details = json!({
        "revision": revision,
        "before": before.map(|before| before.id),
        "cause": origin.cause,
        "owner": origin.owner,
        "changes": difference.len(),
    });
    Entry::rules(guild, details).write(tx, now).await?;
    if let Some(was) = &was {
        released(tx, guild, &difference::roles_released(was, is), now).await?;
        // Whatever the rules before these lack had none: a rule that had gone comes back like one that is new.
        let returned = difference::roles_released(is, was);
        overrides::rules_return(tx, guild, &returned).await?;
    }
    Ok(RulesChanged { guild, revision, difference })
}

/// A rule is gone from the settings: whoever holds its role keeps it until the owner decides.
async fn released(tx: &mut Tx, guild: GuildId, roles: &[String], now: Timestamp) -> Result<(), Error> {
    for role in roles {
        Entry::released(guild, role).write(tx, now).await?;
    }
    Ok(())
}
