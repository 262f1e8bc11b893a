//! `/why`: each managed role, had or not, by which rule and which facts.

use service::{Error, Hall};

use super::{Allowed, Call, Choice, ChoiceKind, Command, Costs, Reply};
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "why",
    about: "Say why you have, or do not have, each role",
    allowed: Allowed::ThemselvesOrManageRoles,
    costs: Costs::Nothing,
    options: &[Choice {
        name: "member",
        about: "Somebody else, if you may manage roles",
        kind: ChoiceKind::Member,
        needed: false,
    }],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    let why = hall.explain(call.asker.guild, call.person()).await?;
    let to = if call.about_themselves() { view::why::To::Themselves } else { view::why::To::Another };
    Ok(Reply::private(view::why::reasons(&why, to, call.powers.manage_roles())))
}
