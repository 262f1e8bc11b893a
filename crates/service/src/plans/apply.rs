//! Applying: a person says yes to what waits.

use domain::exception::Origin;
use domain::ids::{GuildId, PlanId, RoleId, UserId};
use domain::plan::{Importance, Reason};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use store::plans::PlanRow;

use super::State;
use super::contents::{Contents, Deed, Deeds};
use super::log::begins;
use super::open::{OpenPlan, meant, reasons_of, was_shown_long_ago};
use super::undo::UNDO;
use crate::actor::Actor;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, reconcile_guild, settle_member};
use crate::overrides;

/// What a person's yes came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Which plan.
    pub plan: PlanId,
    /// How many changes it showed: so many at most are written now, those that are still needed.
    pub changes: usize,
}

impl Hall {
    /// Has what a plan shows, and is still needed, written. Without a number it is the plan that waits, or the one
    /// that was shown last.
    ///
    /// A plan that waits needs the number of its changes as a person read it (`typed`), so that nobody says yes to
    /// something else than they saw. The word is good for an hour. Refuses a plan that is not open any more, and one
    /// that was shown more than an hour ago.
    pub async fn apply(
        &self,
        guild: GuildId,
        plan: Option<PlanId>,
        typed: Option<usize>,
        by: &Actor,
    ) -> Result<Applied, Error> {
        self.guild(guild)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        tx.take_plans_turn().await?;
        let row = meant(&mut tx, guild, plan, now).await?;
        let Some(row) = row else {
            return Err(Error::refused(match plan {
                Some(id) => {
                    format!(
                        "There is no plan {id} of this server. /plan shows what would change now, with its number."
                    )
                }
                None => "No plan waits. /plan shows what would change now.".to_owned(),
            }));
        };
        let text = tx.plan_contents(row.id).await?.unwrap_or_default();
        let contents = Contents::read(&text)?;
        let from = match row.plan.state.as_str() {
            "parked" => State::Parked,
            "shown" if !was_shown_long_ago(&row, now) => State::Shown,
            _ => {
                let written = tx.written_under(row.id).await?.len();
                return Err(Error::refused(not_open(&row, written)));
            }
        };
        if from == State::Parked {
            confirm_count(row.id, contents.len(), typed)?;
        }
        self.refuse_own_power(guild, by, &contents.deeds())?;
        let actor = by.to_string();
        tx.move_plan(row.id, from.word(), State::Released.word(), Some((&actor, now))).await?;
        self.honour(&mut tx, guild, &contents, &reasons_of(&row), by).await?;
        let details = json!({ "plan": row.id, "changes": contents.len() });
        Entry::decided(guild, "apply", by, details).write(&mut tx, now).await?;
        have_written(&mut tx, guild, &contents, now).await?;
        tx.commit().await?;
        begins(guild, row.id, "apply", &contents);
        self.wake.notify_one();
        Ok(Applied { plan: row.id, changes: contents.len() })
    }

    /// What else a person's yes means: whoever held a role before its rule is judged by the rule from now on, who was
    /// to be given power may have it, and a source may be as small as it is.
    async fn honour(
        &self,
        tx: &mut Tx,
        guild: GuildId,
        contents: &Contents,
        reasons: &[Reason],
        by: &Actor,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let deeds = contents.deeds();
        // What lies beneath overrides that ended is decided about as well.
        tx.prune_overrides(now).await?;
        for reason in reasons {
            match reason {
                Reason::HeldBefore { id, .. } => {
                    for known in tx.overrides_in(guild).await? {
                        let shown = deeds.contains(&(known.user, Deed::Take(*id)));
                        if known.role == *id && known.origin == overrides::word(Origin::Before) && shown {
                            tx.end_override(guild, known.user, *id).await?;
                        }
                    }
                }
                Reason::Unconfirmed { id, .. } => {
                    for (user, _) in deeds.iter().filter(|(_, deed)| *deed == Deed::Empower(*id)) {
                        tx.confirm_role(guild, *user, *id, &by.to_string(), now).await?;
                    }
                }
                Reason::SourceShrank { source, now: shown, .. } => {
                    let seat = self.source(source)?;
                    let Some((_, people)) = tx.shrunk(seat.place, guild).await? else { continue };
                    if people < *shown {
                        return Err(Error::refused(format!(
                            "{source} has {people} people by now, and the plan said {shown}. /plan shows what would \
                             change now."
                        )));
                    }
                    tx.accept_size(seat.place, guild, people).await?;
                }
                Reason::Removals { .. }
                | Reason::Stripped { .. }
                | Reason::Nicknames { .. }
                | Reason::Dangerous { .. }
                | Reason::Asked { .. } => {}
            }
        }
        Ok(())
    }

    /// An admin says that somebody gets a role with power over the community. Refuses what no plan waits for.
    pub async fn confirm_role(
        &self,
        guild: GuildId,
        user: UserId,
        role: RoleId,
        by: &Actor,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let open = self.open_plans(guild).await?;
        let waits = |plan: &OpenPlan| plan.is(State::Parked) && plan.does(user, Deed::Empower(role));
        if !open.iter().any(waits) {
            return Err(Error::refused(
                "This does not wait any more: it was decided already, or the rules say something else now.",
            ));
        }
        self.refuse_own_power(guild, by, &Deeds::from([(user, Deed::Empower(role))]))?;
        let mut tx = self.store.write().await?;
        tx.confirm_role(guild, user, role, &by.to_string(), now).await?;
        Entry::decided_for(guild, "confirm_role", (user, role), by).write(&mut tx, now).await?;
        jobs::order(&mut tx, settle_member::order(guild, user, Importance::Urgent, now)).await?;
        jobs::order(&mut tx, reconcile_guild::order(guild, now)).await?;
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }
}

/// Has everybody in a plan settled, and then everybody looked at: what waited for a person may be more than the
/// members of the plan, a source's new size for one.
pub(super) async fn have_written(
    tx: &mut Tx,
    guild: GuildId,
    contents: &Contents,
    now: Timestamp,
) -> Result<(), store::Error> {
    for user in contents.users() {
        jobs::order(tx, settle_member::order(guild, user, Importance::Take, now)).await?;
    }
    jobs::order(tx, reconcile_guild::order(guild, now)).await
}

/// Refuses a yes to another number than was read.
fn confirm_count(plan: PlanId, changes: usize, typed: Option<usize>) -> Result<(), Error> {
    match typed {
        Some(typed) if typed == changes => Ok(()),
        Some(typed) => Err(Error::refused(format!(
            "Plan {plan} has {}, not {typed}. Look at it again, and type the number of changes that you \
             agree to.",
            if changes == 1 { "1 change".to_owned() } else { format!("{changes} changes") }
        ))),
        None => Err(Error::refused(format!(
            "Plan {plan} waits for your word. To agree, type the number of its changes: {changes}."
        ))),
    }
}

fn not_open(row: &PlanRow, written: usize) -> String {
    let why = match (row.plan.state.as_str(), row.plan.cause.as_str(), written) {
        ("running", UNDO, _) => "takes another plan back, and needs no word more",
        ("running", _, 0) => "was made by the hall itself and needs no word; nothing was written under it",
        ("running", _, _) => "was made by the hall itself and needs no word; it is being written already",
        ("shown", _, _) => "was shown more than an hour ago",
        ("released", _, _) => "was agreed to already, and is being written",
        ("done", _, _) => "was written already",
        ("expired", _, _) => "was not written in time",
        ("lapsed", _, _) => "is not needed any more",
        ("replaced", _, _) => "was replaced by a newer one",
        _ => "is not open any more",
    };
    format!("Plan {} {why}. /plan shows what would change now.", row.id)
}
