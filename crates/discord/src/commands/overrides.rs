//! `/overrides`: what people decided against the rules, and a button that ends each.

use domain::ids::UserId;
use service::{Asker, Error, Hall};

use super::{Allowed, Call, Choice, ChoiceKind, Command, Costs, Reply};
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "overrides",
    about: "List what people decided against the rules, and end it",
    allowed: Allowed::ManageGuildOrAboveRoles,
    costs: Costs::Nothing,
    options: &[Choice {
        name: "member",
        about: "Only those of this member",
        kind: ChoiceKind::Member,
        needed: false,
    }],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    list(hall, &call.asker, call.member, 1).await
}

/// A page of the overrides that stand, of everybody or of one member.
pub(crate) async fn list(
    hall: &Hall,
    asker: &Asker,
    only: Option<UserId>,
    page: u32,
) -> Result<Reply, Error> {
    let mut known = hall.overrides(asker.guild).await?;
    known.retain(|known| only.is_none_or(|user| known.user == user));
    Ok(Reply::private(view::overrides::page(&known, only, page, hall.now())))
}
