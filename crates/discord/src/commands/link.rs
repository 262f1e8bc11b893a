//! `/link`: an address to link the forum account, or what is linked already.

use domain::ids::SourceName;
use service::linking::{ADDRESS_LASTS, LinkOffer};
use service::{Error, Hall};

use super::{Allowed, Call, Command, Costs, Reply, SOURCE};
use crate::press::Mine;
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "link",
    about: "Link your forum account; your roles and your name here follow it",
    allowed: Allowed::Everyone,
    costs: Costs::Nothing,
    options: &[SOURCE],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    let offer = hall.open_link(&call.asker, call.source.as_ref()).await?;
    let until = hall.now().after(ADDRESS_LASTS);
    let message = match &offer {
        LinkOffer::Address { address, until, source, linked } => {
            let forum = hall.source_names().find(|(name, _)| *name == source).map(|(_, address)| address);
            view::link::offer(forum.unwrap_or(source.as_str()), address, *until, linked)
        }
        LinkOffer::Already(linked) => {
            let mine = |source: &SourceName| Mine { user: call.asker.user, source: source.clone(), until };
            let buttons: Vec<Mine> = linked.iter().map(|account| mine(&account.source)).collect();
            view::link::already(linked, &buttons)
        }
    };
    Ok(Reply::private(message))
}
