//! Who may say yes to a plan: nobody gives power over the community that they could not give by hand, and nobody gives
//! it to themselves.

use std::collections::BTreeSet;

use domain::ids::{GuildId, PlanId, RoleId, UserId};
use domain::plan::Permissions;
use domain::situation::{GuildPicture, GuildRole};

use super::contents::{Contents, Deed, Deeds};
use super::open::meant;
use crate::actor::Actor;
use crate::error::Error;
use crate::hall::Hall;
use crate::ports::Standing;

impl Hall {
    /// Whether somebody in Discord may decide about a plan: they may manage the server, or their highest role stands
    /// above every role in the plan. Of a plan that only renames, no role says who may.
    pub async fn may_decide(&self, guild: GuildId, who: &Standing, plan: PlanId) -> Result<bool, Error> {
        if who.manages_guild {
            return Ok(true);
        }
        let Some(picture) = self.discord.picture(guild) else { return Ok(false) };
        let Some(text) = self.store.read().await?.plan_contents(plan).await? else { return Ok(false) };
        let roles = Contents::read(&text)?.roles();
        Ok(!roles.is_empty() && domain::plan::stands_above(&picture, &who.roles, roles))
    }

    /// Whether somebody in Discord may read what would change now: they may manage the server, or their highest role
    /// stands above every role in it. Nothing is stored.
    pub async fn may_read_plan(&self, guild: GuildId, who: &Standing) -> Result<bool, Error> {
        if who.manages_guild {
            return Ok(true);
        }
        let Some(picture) = self.discord.picture(guild) else { return Err(Error::refused(NOT_SEEN)) };
        let plan = self.judge_for_a_person(guild).await?.plan;
        let roles = Contents::of(&plan.changes).roles();
        Ok(domain::plan::stands_above(&picture, &who.roles, roles))
    }

    /// To which plan somebody in Discord says yes, who may decide about it otherwise; `None` where there is none.
    /// Refuses who could not give by hand what it gives of power over the community, however much of the server they
    /// manage: their yes is what an admin's is.
    pub async fn may_agree(
        &self,
        guild: GuildId,
        who: &Standing,
        plan: Option<PlanId>,
    ) -> Result<Option<PlanId>, Error> {
        let mut tx = self.store.read().await?;
        let Some(row) = meant(&mut tx, guild, plan, self.clock.now()).await? else { return Ok(plan) };
        let contents = Contents::read(&tx.plan_contents(row.id).await?.unwrap_or_default())?;
        drop(tx);
        let Some(picture) = self.discord.picture(guild) else { return Err(Error::refused(NOT_SEEN)) };
        if who.user == picture.owner {
            return Ok(Some(row.id));
        }
        let powers = given_power(&picture, &contents.deeds());
        refuse_own(&powers, who.user)?;
        let roles: BTreeSet<RoleId> = powers.iter().map(|(_, role)| role.id).collect();
        let names: BTreeSet<&str> = powers.iter().map(|(_, role)| role.name.as_str()).collect();
        if !names.is_empty() && !may_give(&picture, who, roles) {
            return Err(Error::refused(format!(
                "Plan {} gives {}, which has power over the community. To agree, you need the permission Manage Roles \
                 and a role of your own above it. The owner of the server may always agree.",
                row.id,
                listed(&names)
            )));
        }
        Ok(Some(row.id))
    }

    /// Refuses who could not give somebody a role with power over the community by hand, nor would be let vouch for
    /// them; of any other role it says nothing.
    pub(crate) fn refuse_power(
        &self,
        guild: GuildId,
        who: &Standing,
        (user, role): (UserId, RoleId),
    ) -> Result<(), Error> {
        let Some(picture) = self.discord.picture(guild) else { return Err(Error::refused(NOT_SEEN)) };
        let Some(role) = picture.roles.iter().find(|known| known.id == role) else { return Ok(()) };
        if who.user == picture.owner || !has_power(role) {
            return Ok(());
        }
        refuse_own(&[(user, role)], who.user)?;
        if may_give(&picture, who, [role.id]) {
            return Ok(());
        }
        Err(Error::refused(format!(
            "They could be given “{}” again, which has power over the community. To end this, you need the permission \
             Manage Roles and a role of your own above it. The owner of the server may always end it.",
            role.name
        )))
    }

    /// Refuses who would give themselves power over the community, unless they own the server.
    pub(super) fn refuse_own_power(&self, guild: GuildId, by: &Actor, deeds: &Deeds) -> Result<(), Error> {
        let Actor::User(user) = by else { return Ok(()) };
        let Some(picture) = self.discord.picture(guild) else { return Err(Error::refused(NOT_SEEN)) };
        if *user == picture.owner {
            return Ok(());
        }
        refuse_own(&given_power(&picture, deeds), *user)
    }
}

/// Whether a role carries power over the community.
pub(crate) fn has_power(role: &GuildRole) -> bool {
    !Permissions(role.permissions).dangerous().is_empty()
}

/// Whether somebody could give these roles by hand.
fn may_give(picture: &GuildPicture, who: &Standing, roles: impl IntoIterator<Item = RoleId>) -> bool {
    who.manages_roles && domain::plan::stands_above(picture, &who.roles, roles)
}

/// What is given of power over the community, and to whom.
fn given_power<'a>(picture: &'a GuildPicture, deeds: &Deeds) -> Vec<(UserId, &'a GuildRole)> {
    let given = |&(user, deed): &(UserId, Deed)| {
        let Deed::Empower(id) = deed else { return None };
        picture.roles.iter().find(|role| role.id == id).map(|role| (user, role))
    };
    deeds.iter().filter_map(given).collect()
}

fn refuse_own(powers: &[(UserId, &GuildRole)], user: UserId) -> Result<(), Error> {
    match powers.iter().find(|(to, _)| *to == user) {
        None => Ok(()),
        Some((_, role)) => Err(Error::refused(format!(
            "You would be given “{}”, which has power over the community, and nobody vouches for themselves. Somebody \
             else whose role stands above it has to agree, or the owner of the server.",
            role.name
        ))),
    }
}

fn listed(names: &BTreeSet<&str>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
    names.join(" and ")
}

const NOT_SEEN: &str = "The server cannot be seen at the moment. Try again in a minute.";
