//! Which overrides take a plan back, and what is left alone.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use domain::exception::Origin;
use domain::ids::{GuildId, RoleId, UserId};
use domain::nickname;
use domain::roster::{Roster, Seen};
use domain::situation::GuildPicture;
use domain::time::Timestamp;
use store::Tx;
use store::overrides::StoredOverride;
use store::written::Written;

use crate::error::Error;
use crate::hall::Hall;
use crate::overrides::{NICKNAME, origin, standing_at, stored, word};
use crate::plans::Deed;
use crate::plans::contents::Deeds;
use crate::plans::has_power;

/// What is known of a guild while a plan of it is taken back.
pub(super) struct Back<'a> {
    pub(super) hall: &'a Hall,
    pub(super) guild: GuildId,
    pub(super) picture: &'a GuildPicture,
    pub(super) roster: Arc<Roster>,
    /// From when what takes it back stands, and until when.
    pub(super) stands: (Timestamp, Timestamp),
    /// When the plan was made.
    pub(super) planned_at: Timestamp,
    /// The roles that the plan takes from people who held them before their rule came.
    pub(super) held_before: BTreeSet<RoleId>,
    /// What was decided otherwise, as far as it stands.
    pub(super) decided: BTreeMap<(UserId, RoleId), StoredOverride>,
    /// What is left alone.
    pub(super) left: Left,
}

/// Why a change is not taken back.
#[derive(Default)]
pub(super) struct Left {
    gone: usize,
    roles: usize,
    renamed: usize,
    unlinked: usize,
    decided: usize,
    power: usize,
    unwritten: usize,
    unnamed: usize,
}

impl Back<'_> {
    /// The overrides of a guild that stand at a moment, by member and role.
    pub(super) async fn decided(
        tx: &mut Tx,
        guild: GuildId,
        now: Timestamp,
    ) -> Result<BTreeMap<(UserId, RoleId), StoredOverride>, store::Error> {
        let known = tx.overrides_in(guild).await?.into_iter().filter_map(|known| standing_at(known, now));
        Ok(known.map(|known| ((known.user, known.role), known)).collect())
    }

    /// The overrides that take back what was written, and those that keep the rest from being written.
    pub(super) async fn overrides(
        &mut self,
        tx: &mut Tx,
        written: &[Written],
        unwritten: Deeds,
    ) -> Result<(Vec<StoredOverride>, Vec<StoredOverride>), Error> {
        let (mut taken, mut kept) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        // Of what was written more than once the first knows how it was before.
        for row in written.iter().filter(|row| seen.insert((row.user, row.role))) {
            taken.extend(self.of_written(tx, row).await?);
        }
        for (user, deed) in unwritten {
            if seen.insert((user, deed.in_the_store().1)) {
                kept.extend(self.of_unwritten(tx, user, deed).await?);
            }
        }
        Ok((taken, kept))
    }

    /// The override that takes back what was written.
    async fn of_written(&mut self, tx: &mut Tx, row: &Written) -> Result<Option<StoredOverride>, Error> {
        let roster = Arc::clone(&self.roster);
        let Some(seen) = roster.get(row.user) else {
            self.left.gone += 1;
            return Ok(None);
        };
        if !self.is_linked(tx, row.user).await? {
            self.left.unlinked += 1;
            return Ok(None);
        }
        if self.was_decided_since(row) {
            self.left.decided += 1;
            return Ok(None);
        }
        Ok(match row.role {
            None => self.name_back(row, seen),
            Some(role) => self.role_back(row, role, seen),
        })
    }

    fn name_back(&mut self, row: &Written, seen: Seen<'_>) -> Option<StoredOverride> {
        if row.after.as_deref().map_or(0, nickname::fingerprint) != seen.nickname {
            self.left.renamed += 1;
            return None;
        }
        Some(StoredOverride { name: row.before.clone(), ..self.undoes(row.user, NICKNAME, true) })
    }

    fn role_back(&mut self, row: &Written, role: RoleId, seen: Seen<'_>) -> Option<StoredOverride> {
        let Some(known) = self.picture.roles.iter().find(|known| known.id == role) else {
            self.left.roles += 1;
            return None;
        };
        let has = row.act == "take";
        if has && !seen.has(role) && has_power(known) {
            self.left.power += 1;
            return None;
        }
        // Whether they keep it is for the owner to say again, once this ends.
        let asked = has && self.held_before.contains(&role);
        let beneath = asked.then(|| word(Origin::Before).to_owned());
        Some(StoredOverride { beneath, ..self.undoes(row.user, role, has) })
    }

    /// The override that keeps from being written what was not yet. A yes to power that was not used is forgotten.
    async fn of_unwritten(
        &mut self,
        tx: &mut Tx,
        user: UserId,
        deed: Deed,
    ) -> Result<Option<StoredOverride>, Error> {
        let roster = Arc::clone(&self.roster);
        let Some(seen) = roster.get(user) else { return Ok(None) };
        if !self.is_linked(tx, user).await? {
            return Ok(None);
        }
        let (role, has) = match deed {
            Deed::Give(role) | Deed::Empower(role) => (role, false),
            Deed::Take(role) => (role, true),
            Deed::Rename => return self.name_stays(tx, user, seen).await,
        };
        if !has {
            tx.forget_confirmed(self.guild, user, role).await?;
        }
        let is_there = self.picture.roles.iter().any(|known| known.id == role);
        if !is_there || seen.has(role) != has || self.is_decided(user, role) {
            return Ok(None);
        }
        self.left.unwritten += 1;
        if has && self.held_before.contains(&role) {
            return Ok(Some(stored(self.guild, (user, role), true, Origin::Before, self.stands.0, None)));
        }
        Ok(Some(self.undoes(user, role, has)))
    }

    /// What somebody is called is known only where the hall wrote it, or where they have no nickname.
    async fn name_stays(
        &mut self,
        tx: &mut Tx,
        user: UserId,
        seen: Seen<'_>,
    ) -> Result<Option<StoredOverride>, Error> {
        if self.is_decided(user, NICKNAME) {
            return Ok(None);
        }
        let written = tx.nickname(self.guild, user).await?;
        let name = match written.filter(|row| row.asked_print == seen.nickname) {
            _ if seen.nickname == 0 => None,
            Some(row) if !row.asked.is_empty() => Some(row.asked),
            _ => {
                self.left.unnamed += 1;
                return Ok(None);
            }
        };
        self.left.unwritten += 1;
        Ok(Some(StoredOverride { name, ..self.undoes(user, NICKNAME, true) }))
    }

    /// Whether somebody decided otherwise than a plan. What that plan itself was to bring about, taking another back,
    /// is no such decision.
    fn is_decided(&self, user: UserId, role: RoleId) -> bool {
        let known = self.decided.get(&(user, role));
        known.is_some_and(|known| origin(known) != Some(Origin::Undo) || known.made_at > self.planned_at)
    }

    /// Whether somebody decided after a change was written, or a moderator or the owner did at all.
    fn was_decided_since(&self, row: &Written) -> bool {
        let known = self.decided.get(&(row.user, row.role.unwrap_or(NICKNAME)));
        known.is_some_and(|known| match origin(known) {
            Some(Origin::Hand(_) | Origin::Kept) => true,
            Some(Origin::Undo) => known.made_at > row.at,
            Some(Origin::Before) | None => false,
        })
    }

    async fn is_linked(&self, tx: &mut Tx, user: UserId) -> Result<bool, store::Error> {
        Ok(tx.member_by_subject(self.hall.discord_place, &user.into()).await?.is_some())
    }

    fn undoes(&self, user: UserId, role: RoleId, has: bool) -> StoredOverride {
        let (from, until) = self.stands;
        stored(self.guild, (user, role), has, Origin::Undo, from, Some(until))
    }
}

const UNLINKED: &str = "unlinked since; what the hall gave them is taken back already";
const POWER: &str = "would give a role with power, which taking back never does. Give it by hand in Discord, or let the \
                     rule decide";

impl Left {
    pub(super) fn is_empty(&self) -> bool {
        self.says().is_empty()
    }

    pub(super) fn says(&self) -> Vec<String> {
        // What is said of one, and of several.
        let sentences = [
            (
                self.gone,
                "left the server, and has nothing to take back",
                "left the server, and have nothing to take back",
            ),
            (self.unlinked, UNLINKED, UNLINKED),
            (self.roles, "is about a role that is gone", "are about a role that is gone"),
            (
                self.renamed,
                "is a nickname that was changed since; it stays",
                "are nicknames that were changed since; they stay",
            ),
            (
                self.decided,
                "was decided otherwise since; that stays",
                "were decided otherwise since; that stays",
            ),
            (self.power, POWER, POWER),
            (
                self.unwritten,
                "was not written yet, and is not written now",
                "were not written yet, and are not written now",
            ),
            (
                self.unnamed,
                "is a nickname that was not written yet; the rules may still write it",
                "are nicknames that were not written yet; the rules may still write them",
            ),
        ];
        let told = sentences.into_iter().filter(|(count, ..)| *count > 0);
        told.map(|(count, one, many)| format!("{count} {}.", if count == 1 { one } else { many })).collect()
    }
}
