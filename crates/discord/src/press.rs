//! Buttons: what each carries, read strictly, and who may press it.

mod decided;

use domain::ids::{PlanId, RoleId, SourceName, UserId};
use domain::time::Timestamp;
use service::ports::Offered;
use service::{Asker, Error};

use crate::commands::{Desk, Reply, apply, keep, overrides, plan, remove, undo, unlink};
use crate::powers::{Allowed, Powers};
use crate::view::Form;

/// The longest id that Discord lets a button carry, in characters.
pub(crate) const ID_CHARS_MAX: usize = 100;

/// Stands for nobody in particular; no account has this id.
const EVERYBODY: UserId = UserId(0);

/// What a button does. It carries `ACTION:…`, one way of writing each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// Asks whether to unlink.
    AskUnlink(Mine),
    /// Unlinks.
    Unlink(Mine),
    /// Leaves everything as it is.
    Stay(Mine),
    /// Gives a role that needs an admin's word.
    Confirm { user: UserId, role: RoleId, until: Timestamp },
    /// Ends an override.
    EndOverride { user: UserId, role: RoleId, until: Timestamp },
    /// Shows a page of a plan, the first being 1.
    Plan { plan: i64, page: u32 },
    /// Writes a plan.
    Apply { plan: i64 },
    /// Writes a plan that was parked; asks first how much it takes away.
    Release { plan: i64 },
    /// Takes a run back.
    Undo { run: i64 },
    /// Leaves a role to those who hold it without the rule.
    Keep { role: RoleId },
    /// Takes a role from those who hold it without the rule; asks first how many they are.
    Remove { role: RoleId },
    /// Shows a page of the overrides, the first being 1, of everybody or of one member.
    Overrides { user: Option<UserId>, page: u32 },
}

/// A button made for one person, about one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mine {
    /// For whom it was made: nobody else may press it.
    pub(crate) user: UserId,
    /// Which source it is about.
    pub(crate) source: SourceName,
    /// Until when it works.
    pub(crate) until: Timestamp,
}

/// Who pressed a button, or sent a form that a button opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pressing {
    /// Who, and where.
    pub(crate) asker: Asker,
    /// What they may do.
    pub(crate) powers: Powers,
    /// Whether nobody else sees the message with the button, so that the answer may take its place.
    pub(crate) alone: bool,
    /// What was typed into the form that the button opened.
    pub(crate) typed: Option<String>,
}

impl Press {
    /// The button of an offer, which works until then.
    pub(crate) fn offered(offered: Offered, until: Timestamp) -> Self {
        match offered {
            Offered::Confirm { user, role } => Self::Confirm { user, role, until },
            Offered::End { user, role } => Self::EndOverride { user, role, until },
            Offered::Show { plan } => Self::Plan { plan, page: 1 },
        }
    }

    /// What the button carries; at most [`ID_CHARS_MAX`].
    pub(crate) fn id(&self) -> String {
        match self {
            Self::AskUnlink(mine) => mine.id("unlink-ask"),
            Self::Unlink(mine) => mine.id("unlink"),
            Self::Stay(mine) => mine.id("stay"),
            Self::Confirm { user, role, until } => format!("confirm:{user}:{role}:{}", until.0),
            Self::EndOverride { user, role, until } => format!("end-override:{user}:{role}:{}", until.0),
            Self::Plan { plan, page } => format!("plan:{plan}:{page}"),
            Self::Apply { plan } => format!("apply:{plan}"),
            Self::Release { plan } => format!("release:{plan}"),
            Self::Undo { run } => format!("undo:{run}"),
            Self::Keep { role } => format!("keep:{role}"),
            Self::Remove { role } => format!("remove:{role}"),
            Self::Overrides { user, page } => format!("overrides:{}:{page}", user.unwrap_or(EVERYBODY)),
        }
    }

    /// Reads what a button carries; `None` for anything that [`Self::id`] does not make.
    pub(crate) fn read(id: &str) -> Option<Self> {
        if id.len() > ID_CHARS_MAX {
            return None;
        }
        let parts: Vec<&str> = id.split(':').collect();
        let press = match *parts.as_slice() {
            ["unlink-ask", user, source, until] => Self::AskUnlink(Mine::read(user, source, until)?),
            ["unlink", user, source, until] => Self::Unlink(Mine::read(user, source, until)?),
            ["stay", user, source, until] => Self::Stay(Mine::read(user, source, until)?),
            ["confirm", user, role, until] => {
                Self::Confirm { user: user.parse().ok()?, role: role.parse().ok()?, until: moment(until)? }
            }
            ["end-override", user, role, until] => Self::EndOverride {
                user: user.parse().ok()?,
                role: role.parse().ok()?,
                until: moment(until)?,
            },
            ["plan", plan, page] => Self::Plan { plan: plan.parse().ok()?, page: page.parse().ok()? },
            ["apply", plan] => Self::Apply { plan: plan.parse().ok()? },
            ["release", plan] => Self::Release { plan: plan.parse().ok()? },
            ["undo", run] => Self::Undo { run: run.parse().ok()? },
            ["keep", role] => Self::Keep { role: role.parse().ok()? },
            ["remove", role] => Self::Remove { role: role.parse().ok()? },
            ["overrides", user, page] => {
                let user = Some(user.parse().ok()?).filter(|user| *user != EVERYBODY);
                Self::Overrides { user, page: page.parse().ok()? }
            }
            _ => return None,
        };
        // Only one way of writing each: no plus signs, no leading zeros.
        (press.id() == id).then_some(press)
    }

    /// Refuses whoever may not press it, and everybody when it is too late.
    pub(crate) fn permit(&self, powers: &Powers, now: Timestamp) -> Result<(), Error> {
        powers.permit(self.allowed(), powers.user())?;
        if self.until().is_some_and(|until| now > until) {
            return Err(Error::refused("This button is too old. Run the command again."));
        }
        Ok(())
    }

    /// What is asked for before anything is done.
    pub(crate) fn form(&self) -> Option<Form> {
        match self {
            Self::Release { plan } => Some(Form {
                title: format!("Apply plan {plan}"),
                label: "How many changes wait in it?".to_owned(),
                hint: "Type the number that the plan shows; anything else changes nothing.".to_owned(),
                press: self.clone(),
            }),
            Self::Remove { .. } => Some(Form {
                title: "Take the role away".to_owned(),
                label: "How many members lose it?".to_owned(),
                hint: "Type the number that the plan shows; anything else changes nothing.".to_owned(),
                press: self.clone(),
            }),
            _ => None,
        }
    }

    fn allowed(&self) -> Allowed {
        match self {
            Self::AskUnlink(mine) | Self::Unlink(mine) | Self::Stay(mine) => Allowed::Only(mine.user),
            Self::Confirm { role, .. } => Allowed::AboveRole(*role),
            Self::EndOverride { role, .. } | Self::Keep { role } | Self::Remove { role } => {
                Allowed::ManageGuildOrAbove(*role)
            }
            Self::Plan { .. }
            | Self::Apply { .. }
            | Self::Release { .. }
            | Self::Undo { .. }
            | Self::Overrides { .. } => Allowed::ManageGuildOrAboveRoles,
        }
    }

    fn until(&self) -> Option<Timestamp> {
        match self {
            Self::AskUnlink(mine) | Self::Unlink(mine) | Self::Stay(mine) => Some(mine.until),
            Self::Confirm { until, .. } | Self::EndOverride { until, .. } => Some(*until),
            Self::Plan { .. }
            | Self::Apply { .. }
            | Self::Release { .. }
            | Self::Undo { .. }
            | Self::Keep { .. }
            | Self::Remove { .. }
            | Self::Overrides { .. } => None,
        }
    }

    /// Does what the button is for, once it is permitted.
    pub(crate) async fn run(self, desk: Desk<'_>, pressing: Pressing) -> Result<Reply, Error> {
        let (hall, asker, powers) = (desk.hall, &pressing.asker, &pressing.powers);
        match self {
            Self::AskUnlink(mine) => unlink::ask(hall, asker, Some(&mine.source)).await,
            Self::Unlink(mine) => unlink::confirmed(hall, asker, &mine.source).await,
            Self::Stay(_) => Ok(unlink::kept()),
            Self::Confirm { user, role, .. } => decided::confirm(hall, &pressing, user, role).await,
            Self::EndOverride { user, role, .. } => decided::end_override(hall, &pressing, user, role).await,
            Self::Plan { plan, page } => plan::turn(desk, asker, powers, (plan, page)).await,
            Self::Apply { plan } => apply::apply(hall, asker, powers, Some(PlanId(plan)), None).await,
            Self::Release { plan } => {
                apply::apply(hall, asker, powers, Some(PlanId(plan)), Some(pressing.count()?)).await
            }
            Self::Undo { run } => undo::undo(hall, asker, powers, PlanId(run)).await,
            Self::Keep { role } => keep::keep(hall, asker, powers, role).await,
            Self::Remove { role } => remove::remove(hall, asker, powers, role, Some(pressing.count()?)).await,
            Self::Overrides { user, page } => overrides::list(hall, asker, user, page).await,
        }
    }
}

impl Pressing {
    /// The number that was typed.
    fn count(&self) -> Result<usize, Error> {
        let typed = self.typed.as_deref().unwrap_or_default();
        typed
            .parse()
            .map_err(|_| Error::refused("Type the number by itself, such as 12. Nothing was changed."))
    }
}

impl Mine {
    fn id(&self, action: &str) -> String {
        format!("{action}:{}:{}:{}", self.user, self.source, self.until.0)
    }

    fn read(user: &str, source: &str, until: &str) -> Option<Self> {
        Some(Self { user: user.parse().ok()?, source: SourceName::new(source)?, until: moment(until)? })
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp)
}

#[cfg(test)]
mod tests;
