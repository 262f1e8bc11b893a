//! Undoing: what was written under a plan is taken back, and stays so until somebody says otherwise.

use std::collections::HashSet;

use domain::exception::Origin;
use domain::ids::{GuildId, PlanId};
use domain::nickname;
use domain::plan::Importance;
use domain::situation::GuildPicture;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use store::overrides::StoredOverride;
use store::plans::{NewPlan, PlanRow};
use store::written::Written;

use super::State;
use super::contents::Contents;
use super::park::NO_REASONS;
use crate::actor::Actor;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, settle_member};
use crate::overrides::{NICKNAME, stored};

/// What undoing came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// Which plan was taken back.
    pub plan: PlanId,
    /// Under which number.
    pub by: PlanId,
    /// How many changes are taken back.
    pub changes: usize,
    /// How many are not, and why, in sentences.
    pub left: Vec<String>,
}

/// Why a change is not taken back.
#[derive(Default)]
struct Left {
    gone: usize,
    roles: usize,
    renamed: usize,
    unlinked: usize,
}

impl Hall {
    /// Takes back what was written under a plan: each role and nickname as it was before, with an override so that
    /// the rules do not bring it again. People who left, roles that are gone and nicknames that were changed since are
    /// left alone, and counted. What is not written yet of a plan that is being written is not written any more. Refuses
    /// a plan under which nothing was written, unless that stops it, and one that was undone already.
    pub async fn undo(&self, guild: GuildId, plan: PlanId, by: &Actor) -> Result<Undone, Error> {
        let seat = self.guild(guild)?;
        let now = self.clock.now();
        let picture = self.discord.picture(guild).ok_or_else(|| {
            Error::refused(
                "The server cannot be read at the moment, so nothing is taken back. Try again soon.",
            )
        })?;
        let mut tx = self.store.write().await?;
        tx.take_plans_turn().await?;
        let Some(row) = tx.plan(plan).await?.filter(|row| row.plan.guild == guild) else {
            return Err(Error::refused(format!(
                "There is no plan {plan} of this server. /plan shows what would change now."
            )));
        };
        let is_stopped = self.stop(&mut tx, row).await?;
        let written = tx.written_under(plan).await?;
        if written.is_empty() && !is_stopped {
            return Err(Error::refused(format!(
                "Nothing was written under plan {plan}, so there is nothing to undo."
            )));
        }
        if let Some(undone) = written.iter().find_map(|row| row.undone_by) {
            return Err(Error::refused(format!("Plan {plan} was taken back already, as plan {undone}.")));
        }
        let stands = (now, now.after(seat.care.overrides_last));
        let (mut back, mut left) = (Vec::new(), Left::default());
        let mut seen = HashSet::new();
        // Of what was written more than once the first knows how it was before.
        for row in written.iter().filter(|row| seen.insert((row.user, row.role))) {
            back.extend(self.reversed(&mut tx, &picture, row, stands, &mut left).await?);
        }
        tx.put_overrides(guild, &back).await?;
        let mut made = self.new_plan(guild, "undo", State::Running, &Contents::back(&back, &picture));
        made.actor = by.to_string();
        let number = tx.put_plan(&made).await?;
        tx.written_is_undone(plan, number).await?;
        let details = json!({ "plan": plan, "by": number, "changes": back.len() });
        Entry::decided(guild, "undo", by, details).write(&mut tx, now).await?;
        for known in &back {
            jobs::order(&mut tx, settle_member::order(guild, known.user, Importance::Urgent, now)).await?;
        }
        tx.commit().await?;
        self.wake.notify_one();
        Ok(Undone { plan, by: number, changes: back.len(), left: left.says() })
    }

    /// Nothing more is written under a plan; says whether anything was still to be. What a person had agreed to waits
    /// again, so that nothing of it slips through one by one.
    async fn stop(&self, tx: &mut Tx, row: PlanRow) -> Result<bool, store::Error> {
        let (guild, lapsed) = (row.plan.guild, State::Lapsed.word());
        if tx.move_plan(row.id, State::Running.word(), lapsed, None).await? {
            return Ok(true);
        }
        if !tx.move_plan(row.id, State::Released.word(), lapsed, None).await? {
            return Ok(false);
        }
        let waits = tx.plan_in_state(guild, State::Parked.word()).await?.is_some();
        if !waits && row.plan.reasons != NO_REASONS {
            let contents = tx.plan_contents(row.id).await?.unwrap_or_default();
            let (state, made_at) = (State::Parked.word().to_owned(), self.clock.now());
            tx.put_plan(&NewPlan { state, made_at, contents, ..row.plan }).await?;
        }
        Ok(true)
    }

    /// The override that takes a change back, from and until when it stands.
    async fn reversed(
        &self,
        tx: &mut Tx,
        picture: &GuildPicture,
        row: &Written,
        (from, until): (Timestamp, Timestamp),
        left: &mut Left,
    ) -> Result<Option<StoredOverride>, Error> {
        let roster = self.discord.roster(row.guild);
        let Some(seen) = roster.get(row.user) else {
            left.gone += 1;
            return Ok(None);
        };
        if tx.member_by_subject(self.discord_place, &row.user.into()).await?.is_none() {
            left.unlinked += 1;
            return Ok(None);
        }
        let Some(role) = row.role else {
            let ours = row.after.as_deref().map_or(0, nickname::fingerprint) == seen.nickname;
            if !ours {
                left.renamed += 1;
                return Ok(None);
            }
            let known = stored(row.guild, (row.user, NICKNAME), true, Origin::Undo, from, Some(until));
            return Ok(Some(StoredOverride { name: row.before.clone(), ..known }));
        };
        if !picture.roles.iter().any(|known| known.id == role) {
            left.roles += 1;
            return Ok(None);
        }
        let has = row.act == "take";
        Ok(Some(stored(row.guild, (row.user, role), has, Origin::Undo, from, Some(until))))
    }
}

impl Left {
    fn says(&self) -> Vec<String> {
        let sentences = [
            (self.gone, "left the server, and have nothing to take back"),
            (self.unlinked, "unlinked since; what the hall gave them is taken back already"),
            (self.roles, "are about a role that is gone"),
            (self.renamed, "are nicknames that were changed since; they stay"),
        ];
        sentences
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, says)| format!("{count} {says}."))
            .collect()
    }
}
