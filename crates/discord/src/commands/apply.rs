//! `/apply`: has what a plan shows written.

use domain::ids::PlanId;
use service::actor::Actor;
use service::{Asker, Error, Hall};

use super::{Allowed, Call, Choice, ChoiceKind, Command, Costs, Reply};
use crate::powers::Powers;
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "apply",
    about: "Write what a plan shows and is still needed",
    allowed: Allowed::ManageGuildOrAboveRoles,
    costs: Costs::Nothing,
    options: &[
        Choice {
            name: "plan",
            about: "The number of the plan; without it the one that waits",
            kind: ChoiceKind::Plan,
            needed: false,
        },
        Choice {
            name: "count",
            about: "How many changes the plan has, for one that waits for your word",
            kind: ChoiceKind::Count,
            needed: false,
        },
    ],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    apply(hall, &call.asker, &call.powers, call.plan, call.count).await
}

/// Has it written, if they may decide about it.
pub(crate) async fn apply(
    hall: &Hall,
    asker: &Asker,
    powers: &Powers,
    plan: Option<PlanId>,
    typed: Option<usize>,
) -> Result<Reply, Error> {
    may_decide(hall, asker, powers, plan).await?;
    // The plan they were weighed against is the one that is written, whatever waits by then.
    let plan = hall.may_agree(asker.guild, &powers.standing(), plan).await?;
    let applied = hall.apply(asker.guild, plan, typed, &Actor::User(asker.user)).await?;
    Ok(Reply::private(view::decided::applied(&applied)))
}

/// Refuses whoever may not decide about a plan. Somebody who may decide about some plans has to say which one: another
/// could wait by the time it is written.
pub(super) async fn may_decide(
    hall: &Hall,
    asker: &Asker,
    powers: &Powers,
    plan: Option<PlanId>,
) -> Result<(), Error> {
    let standing = powers.standing();
    if standing.manages_guild {
        return Ok(());
    }
    let Some(plan) = plan else {
        return Err(Error::refused("Say which plan, by its number; /plan shows it."));
    };
    powers.may_write(&[])?;
    match hall.may_decide(asker.guild, &standing, plan).await? {
        true => Ok(()),
        false => Err(Error::refused(crate::powers::ABOVE_ROLES)),
    }
}
