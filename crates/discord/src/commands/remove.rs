//! `/remove`: a role is taken from those who hold it without a rule.

use domain::ids::RoleId;
use service::actor::Actor;
use service::{Asker, Error, Hall};

use super::keep::{ROLE, named};
use super::{Allowed, Call, Choice, ChoiceKind, Command, Costs, Reply};
use crate::powers::Powers;
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "remove",
    about: "Take a role from those who held it before its rule, or whose rule was deleted",
    allowed: Allowed::ManageGuildOrAboveRoles,
    costs: Costs::Nothing,
    options: &[
        ROLE,
        Choice { name: "count", about: "How many members lose it", kind: ChoiceKind::Count, needed: false },
    ],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    remove(hall, &call.asker, &call.powers, named(&call)?, call.count).await
}

/// It is taken from them, if whoever asks may write that role.
pub(crate) async fn remove(
    hall: &Hall,
    asker: &Asker,
    powers: &Powers,
    role: RoleId,
    typed: Option<usize>,
) -> Result<Reply, Error> {
    powers.may_write(&[role])?;
    let by = Actor::User(asker.user);
    let removed = hall.remove_role(asker.guild, &role.to_string(), typed, &by).await?;
    Ok(Reply::private(view::decided::removed(role, removed.len())))
}
