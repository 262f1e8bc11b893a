//! `/profile`: who somebody is in the forum.

use service::profile::Whose;
use service::{Error, Hall};

use super::{Allowed, Call, Choice, ChoiceKind, Command, Costs, Reply, SOURCE};
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "profile",
    about: "Show who somebody is in the forum: yourself, a member, or a forum name",
    allowed: Allowed::Everyone,
    costs: Costs::Calls,
    options: &[
        Choice { name: "member", about: "A member of this server", kind: ChoiceKind::Member, needed: false },
        Choice { name: "name", about: "A name in the forum", kind: ChoiceKind::Name, needed: false },
        Choice {
            name: "share",
            about: "Let everybody here see the answer",
            kind: ChoiceKind::Share,
            needed: false,
        },
        SOURCE,
    ],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    let whose = match (call.member, call.name.clone().filter(|name| !name.is_empty())) {
        (Some(_), Some(_)) => {
            return Err(Error::refused("Give either a member or a forum name, not both."));
        }
        (Some(member), None) => Whose::Member(member),
        (None, Some(name)) => Whose::Named(name),
        (None, None) => Whose::Own,
    };
    let (_, profile) = hall.profile(&call.asker, &whose, call.source.as_ref()).await?;
    Ok(Reply::shared(view::profile::card(&profile), call.share))
}
