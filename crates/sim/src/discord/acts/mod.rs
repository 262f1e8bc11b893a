//! What can be done in a guild, by whomever: one function an act, which checks whether the actor may,
//! does it, writes the audit log and tells the gateway. REST and the people's own hands both come here.

mod bans;
mod interactions;
mod log;
mod members;
mod messages;
mod roles;
mod world;

pub(super) use interactions::{FIRST_ANSWER_MS, Use};
pub(super) use members::MemberEdit;
pub(super) use roles::RoleEdit;
pub(super) use world::plain_role;

use super::ids::Snowflake;

/// Who does it, and the reason given for the audit log.
#[derive(Clone, Debug)]
pub(super) struct Actor {
    pub(super) user: Snowflake,
    pub(super) reason: Option<String>,
}

impl Actor {
    pub(super) fn silent(user: Snowflake) -> Self {
        Self { user, reason: None }
    }
}
