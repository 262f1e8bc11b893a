//! Undoing: what was written under a plan is taken back, and stays so until somebody says otherwise.

mod back;

use std::collections::BTreeSet;

use domain::ids::{GuildId, PlanId, RoleId};
use domain::plan::{Importance, Reason};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use store::plans::{NewPlan, PlanRow};

use self::back::{Back, Left};
use super::State;
use super::contents::{Contents, Deeds};
use super::decide::DECISION;
use super::open::reasons_of;
use super::park::NO_REASONS;
use crate::actor::Actor;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, reconcile_guild, settle_member};
use crate::overrides;

/// What made a plan necessary by which another is taken back.
pub(super) const UNDO: &str = "undo";

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
    /// What waits for a person's word again, in sentences.
    #[serde(default)]
    pub again: Vec<String>,
}

impl Hall {
    /// Takes back what was written under a plan: each role and nickname as it was before, with an override so that
    /// the rules do not bring it again. People who left, roles that are gone, what was decided otherwise since and what
    /// would give power are left alone, and counted. What is not written yet of a plan that is being written is not
    /// written any more, with overrides as well. Who held a role before its rule came is asked about again.
    ///
    /// Whoever agreed that a source may be smaller did not: it has as many people again as before, and what it says
    /// takes nothing.
    ///
    /// Refuses a plan under which nothing was written, or of which nothing is left to take back, unless that stops it or
    /// it let a source be smaller, and one that was undone already.
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
                "There is no plan {plan} of this server. `guildhall audit`, on the hall's machine, names those under \
                 which something was written."
            )));
        };
        let (cause, reasons, planned_at) = (row.plan.cause.clone(), reasons_of(&row), row.plan.made_at);
        let contents = Contents::read(&tx.plan_contents(plan).await?.unwrap_or_default())?;
        let by_itself = row.plan.state == State::Running.word();
        let again = self.restore_sizes(&mut tx, &row, &reasons).await?;
        let is_stopped = self.stop(&mut tx, row).await?;
        let written = tx.written_under(plan).await?;
        if written.is_empty() && !is_stopped && again.is_empty() {
            return Err(Error::refused(format!(
                "Nothing was written under plan {plan}, so there is nothing to undo."
            )));
        }
        if let Some(undone) = written.iter().find_map(|row| row.undone_by) {
            return Err(Error::refused(format!("Plan {plan} was taken back already, as plan {undone}.")));
        }
        let mut back = Back {
            hall: self,
            guild,
            picture: &picture,
            roster: self.discord.roster(guild),
            stands: (now, now.after(seat.care.overrides_last)),
            planned_at,
            held_before: held_before(&cause, &reasons, &contents),
            decided: Back::decided(&mut tx, guild, now).await?,
            left: Left::default(),
        };
        let unwritten = if is_stopped { contents.deeds() } else { Deeds::new() };
        let (taken, kept) = back.overrides(&mut tx, &written, unwritten).await?;
        if !is_stopped && taken.is_empty() && again.is_empty() {
            return Err(nothing_left(plan, &back.left));
        }
        if by_itself && written.is_empty() && kept.is_empty() && back.left.is_empty() {
            return Err(Error::refused(format!(
                "Plan {plan} was made by the hall itself, and nothing was written under it: there is nothing to undo."
            )));
        }
        tx.put_overrides(guild, &taken).await?;
        tx.put_overrides(guild, &kept).await?;
        if cause == DECISION {
            // Whoever is not linked was spared by what the decision ended, and is in no plan.
            for role in &back.held_before {
                overrides::note_holders(&mut tx, guild, &back.roster, (*role, true), now).await?;
            }
        }
        let number = self.note_undone(&mut tx, (guild, plan), &Contents::back(&taken, &picture), by).await?;
        for known in taken.iter().chain(&kept) {
            jobs::order(&mut tx, settle_member::order(guild, known.user, Importance::Urgent, now)).await?;
        }
        if is_stopped || !again.is_empty() {
            jobs::order(&mut tx, reconcile_guild::order(guild, now)).await?;
        }
        tx.commit().await?;
        tracing::info!(%guild, plan = %number, undone = %plan, changes = taken.len(), "a plan is taken back");
        self.wake.notify_one();
        Ok(Undone { plan, by: number, changes: taken.len(), left: back.left.says(), again })
    }

    /// The plan under which another is taken back, and who did it.
    async fn note_undone(
        &self,
        tx: &mut Tx,
        (guild, plan): (GuildId, PlanId),
        contents: &Contents,
        by: &Actor,
    ) -> Result<PlanId, Error> {
        let mut made = self.new_plan(guild, UNDO, State::Running, contents);
        made.actor = by.to_string();
        let number = tx.put_plan(&made).await?;
        tx.written_is_undone(plan, number).await?;
        let details = json!({ "plan": plan, "by": number, "changes": contents.len() });
        Entry::decided(guild, "undo", by, details).write(tx, self.clock.now()).await?;
        Ok(number)
    }

    /// Takes back that sources may be as small as a plan said that was agreed to; gives what that was, in sentences.
    async fn restore_sizes(
        &self,
        tx: &mut Tx,
        row: &PlanRow,
        reasons: &[Reason],
    ) -> Result<Vec<String>, Error> {
        let mut again = Vec::new();
        if ![State::Released.word(), State::Done.word()].contains(&row.plan.state.as_str()) {
            return Ok(again);
        }
        let rules = self.rules.now();
        for reason in reasons {
            let Reason::SourceShrank { source, was, .. } = reason else { continue };
            // One that the settings name no more takes nothing.
            let Ok(seat) = self.source(source) else { continue };
            let others: Vec<GuildId> = rules.reading(seat.index).map(|guild| guild.id).collect();
            tx.restore_size(seat.place, row.plan.guild, *was, &others).await?;
            again.push(reason.says());
        }
        if !again.is_empty() {
            // Once: what is decided about the size from here on is another plan's.
            tx.move_plan(row.id, State::Done.word(), State::Lapsed.word(), None).await?;
        }
        Ok(again)
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
}

fn nothing_left(plan: PlanId, left: &Left) -> Error {
    Error::refused(format!("Nothing of plan {plan} is left to take back. {}", left.says().join(" ")))
}

/// The roles that a plan takes from people who held them before their rule came: for them the owner's yes was needed,
/// and ended what spared them.
fn held_before(cause: &str, reasons: &[Reason], contents: &Contents) -> BTreeSet<RoleId> {
    if cause == DECISION {
        return contents.roles();
    }
    let held = reasons.iter().filter_map(|reason| match reason {
        Reason::HeldBefore { id, .. } => Some(*id),
        _ => None,
    });
    held.collect()
}
