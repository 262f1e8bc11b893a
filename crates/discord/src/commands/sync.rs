//! `/sync`: reads everything about somebody now.

use service::{Error, Hall};

use super::{Allowed, Call, Choice, ChoiceKind, Command, Costs, Reply};
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "sync",
    about: "Look at your forum account again, now",
    allowed: Allowed::ThemselvesOrManageRoles,
    costs: Costs::Calls,
    options: &[Choice {
        name: "member",
        about: "Somebody else, if you may manage roles",
        kind: ChoiceKind::Member,
        needed: false,
    }],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    let (plan, waits) = hall.sync(call.asker.guild, call.person()).await?;
    Ok(Reply::private(view::sync::changes((&plan, &waits), call.person(), call.powers.manage_roles())))
}
