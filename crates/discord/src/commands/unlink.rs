//! `/unlink`: asks, and on the button's word ends the link.

use domain::ids::SourceName;
use service::linking::ADDRESS_LASTS;
use service::{Asker, Error, Hall};

use super::{Allowed, Call, Command, Costs, Reply, SOURCE};
use crate::press::{Mine, Press};
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "unlink",
    about: "Unlink your forum account; what it gave you here is taken back",
    allowed: Allowed::Everyone,
    costs: Costs::Nothing,
    options: &[SOURCE],
    run: |desk, call| Box::pin(run(desk.hall, call)),
};

async fn run(hall: &Hall, call: Call) -> Result<Reply, Error> {
    ask(hall, &call.asker, call.source.as_ref()).await
}

/// Asks whether they mean it.
pub(crate) async fn ask(hall: &Hall, asker: &Asker, source: Option<&SourceName>) -> Result<Reply, Error> {
    let account = hall.account_to_unlink(asker, source).await?;
    let until = hall.now().after(ADDRESS_LASTS);
    let mine = || Mine { user: asker.user, source: account.source.clone(), until };
    let message = view::link::ask_unlink(&account, until, &Press::Unlink(mine()), &Press::Stay(mine()));
    Ok(Reply::private(message))
}

/// They mean it.
pub(crate) async fn confirmed(hall: &Hall, asker: &Asker, source: &SourceName) -> Result<Reply, Error> {
    let account = hall.unlink(asker, Some(source)).await?;
    Ok(Reply::private(view::link::unlinked(&account)))
}

/// They changed their mind.
pub(crate) fn kept() -> Reply {
    Reply::private(view::link::kept())
}
