//! `/plan`: what would change, what waits for a word, and why.

use service::actor::Actor;
use service::plans::PlanView;
use service::{Asker, Error};

use super::{Allowed, Call, Command, Costs, Desk, Reply};
use crate::powers::Powers;
use crate::shown::number_of;
use crate::view;

pub(super) const COMMAND: Command = Command {
    name: "plan",
    about: "Show what would change here, what waits for a word, and why",
    allowed: Allowed::ManageGuildOrAboveRoles,
    costs: Costs::Nothing,
    options: &[],
    run: |desk, call| Box::pin(run(desk, call)),
};

/// The first page.
const FIRST: u32 = 1;

async fn run(desk: Desk<'_>, call: Call) -> Result<Reply, Error> {
    made_anew(desk, &call.asker, &call.powers, None).await
}

/// A page of a plan that was shown; of a new one where it is not at hand any more.
pub(crate) async fn turn(
    desk: Desk<'_>,
    asker: &Asker,
    powers: &Powers,
    (plan, page): (i64, u32),
) -> Result<Reply, Error> {
    match desk.shown.at_hand(asker.guild, plan, desk.hall.now()) {
        Some(view) => shown(desk, &view, page, powers),
        None => made_anew(desk, asker, powers, Some((plan, page))).await,
    }
}

/// A plan from what is known now; on the page that was wanted if it is the plan that was wanted.
async fn made_anew(
    desk: Desk<'_>,
    asker: &Asker,
    powers: &Powers,
    wanted: Option<(i64, u32)>,
) -> Result<Reply, Error> {
    // Showing it numbers what waits anew: who may not read it must not have that done.
    if !desk.hall.may_read_plan(asker.guild, &powers.standing()).await? {
        return Err(Error::refused(crate::powers::ABOVE_ROLES));
    }
    let view = desk.hall.show_plan(asker.guild, &Actor::User(asker.user)).await?;
    let view = desk.shown.keep(view);
    let page = wanted.filter(|(plan, _)| *plan == number_of(&view)).map_or(FIRST, |(_, page)| page);
    shown(desk, &view, page, powers)
}

fn shown(desk: Desk<'_>, view: &PlanView, page: u32, powers: &Powers) -> Result<Reply, Error> {
    let roles: Vec<_> = view.waits.iter().chain(&view.at_once).filter_map(|part| part.role_id).collect();
    powers.may_write(&roles)?;
    let may = |user, role| powers.may_confirm(user, role);
    let message = view::plan::page(view, page);
    Ok(Reply::private(view::confirm::buttons(message, view, page, desk.hall.now(), may)))
}
