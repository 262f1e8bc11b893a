//! `/keep`: those who hold a role that its rule would take keep it.

use domain::ids::RoleId;
use service::actor::Actor;
use service::{Asker, Error, Hall};

use super::{Allowed, Call, Choice, ChoiceKind, Command, Costs, Reply};
use crate::powers::Powers;
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "keep",
    about: "Leave a role to those who held it before its rule, or whose rule was deleted",
    allowed: Allowed::ManageGuildOrAboveRoles,
    costs: Costs::Nothing,
    options: &[ROLE],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

/// The choice of the role.
pub(super) const ROLE: Choice =
    Choice { name: "role", about: "The role", kind: ChoiceKind::Role, needed: true };

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    keep(hall, &call.asker, &call.powers, named(&call)?).await
}

/// The role they named.
pub(super) fn named(call: &Call) -> Result<RoleId, Error> {
    call.role.ok_or_else(|| Error::refused("Say which role it is about."))
}

/// They keep it, if whoever asks may write that role.
pub(crate) async fn keep(hall: &Hall, asker: &Asker, powers: &Powers, role: RoleId) -> Result<Reply, Error> {
    powers.may_write(&[role])?;
    let kept = hall.keep_role(asker.guild, &role.to_string(), &Actor::User(asker.user)).await?;
    Ok(Reply::private(view::decided::kept(role, kept.len())))
}
