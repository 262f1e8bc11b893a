//! Decisions that a button carries by itself.

use domain::ids::{RoleId, UserId};
use service::actor::Actor;
use service::{Error, Hall};

use super::Pressing;
use crate::commands::Reply;
use crate::view;

/// An admin gives a role that needs an admin's word.
pub(super) async fn confirm(
    hall: &Hall,
    pressing: &Pressing,
    user: UserId,
    role: RoleId,
) -> Result<Reply, Error> {
    let asker = &pressing.asker;
    hall.confirm_role(asker.guild, user, role, &Actor::User(asker.user)).await?;
    Ok(Reply::private(view::decided::confirmed(user, role)))
}

/// A moderator ends an override.
pub(super) async fn end_override(
    hall: &Hall,
    pressing: &Pressing,
    user: UserId,
    role: RoleId,
) -> Result<Reply, Error> {
    let asker = &pressing.asker;
    hall.end_override_as(asker.guild, &pressing.powers.standing(), user, role).await?;
    Ok(Reply::private(view::decided::ended(user, role)))
}
