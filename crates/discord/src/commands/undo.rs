//! `/undo`: takes back what was written under a plan.

use domain::ids::PlanId;
use service::actor::Actor;
use service::{Asker, Error, Hall};

use super::apply::may_decide;
use super::{Allowed, Call, Choice, ChoiceKind, Command, Costs, Reply};
use crate::powers::Powers;
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "undo",
    about: "Take back what was written under a plan",
    allowed: Allowed::ManageGuildOrAboveRoles,
    costs: Costs::Nothing,
    options: &[Choice {
        name: "plan",
        about: "The number of the plan",
        kind: ChoiceKind::Plan,
        needed: true,
    }],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    let plan = call.plan.ok_or_else(|| Error::refused("Say which plan to take back, by its number."))?;
    undo(hall, &call.asker, &call.powers, plan).await
}

/// Takes it back, if they may decide about it.
pub(crate) async fn undo(hall: &Hall, asker: &Asker, powers: &Powers, plan: PlanId) -> Result<Reply, Error> {
    may_decide(hall, asker, powers, Some(plan)).await?;
    let undone = hall.undo(asker.guild, plan, &Actor::User(asker.user)).await?;
    Ok(Reply::private(view::decided::undone(&undone)))
}
