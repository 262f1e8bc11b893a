//! Keep or remove: what becomes of those who hold a role that its rule would take, or that no rule names any more.

use std::collections::BTreeSet;

use domain::exception::Origin;
use domain::ids::{GuildId, PlanId, RoleId, UserId};
use domain::plan::{Importance, Reason};
use domain::situation::Departure;
use domain::time::Timestamp;
use serde_json::json;

use super::State;
use super::apply::have_written;
use super::contents::Contents;
use super::log::begins;
use super::open::reasons_of;
use crate::actor::Actor;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, reconcile_guild, settle_member};
use crate::overrides;
use crate::reconcile::departure;
use crate::rules::SomebodyNamed;

/// What made a plan necessary by which a role is taken from those who held it before its rule came.
pub(super) const DECISION: &str = "decision";

/// How a refusal goes on that only the number is missing from.
pub const TYPE_THE_NUMBER: &str = "To take it, type that number:";

/// What is to be decided about a role.
enum Question {
    /// People held it before its rule came.
    HeldBefore(RoleId),
    /// Its rule was deleted.
    Released(RoleId),
}

impl Hall {
    /// Those who hold a role keep it: who held it before its rule came, for good; of a role whose rule was deleted,
    /// the hall forgets that it ever gave it. Says who. Refuses a role about which nothing is to be decided.
    pub async fn keep_role(
        &self,
        guild: GuildId,
        role: &str,
        by: &Actor,
    ) -> Result<Vec<SomebodyNamed>, Error> {
        let now = self.clock.now();
        let (question, name) = self.question(guild, role).await?;
        let mut tx = self.store.write().await?;
        tx.prune_overrides(now).await?;
        let who = holders(&mut tx, guild, &question).await?;
        let id = match question {
            Question::HeldBefore(id) => {
                tx.keep_held_before(guild, id, now).await?;
                id
            }
            Question::Released(id) => {
                for given in tx.given_roles_in(guild).await?.into_iter().filter(|given| given.role == id) {
                    tx.remove_given_role(given).await?;
                }
                self.forget_released(&mut tx, guild, id).await?;
                id
            }
        };
        let details = json!({ "role": id, "role_name": name, "members": who.len() });
        Entry::decided(guild, "keep_role", by, details).write(&mut tx, now).await?;
        jobs::order(&mut tx, reconcile_guild::order(guild, now)).await?;
        tx.commit().await?;
        self.wake.notify_one();
        self.with_names(who).await
    }

    /// From whom a role would be taken: those whom its rule would take it from, or whom the hall gave it by a rule that
    /// was deleted. Refuses a role about which nothing is to be decided.
    pub async fn would_lose(&self, guild: GuildId, role: &str) -> Result<Vec<SomebodyNamed>, Error> {
        let (question, _) = self.question(guild, role).await?;
        let mut tx = self.store.read().await?;
        let who = match question {
            Question::HeldBefore(id) => {
                let parked = tx.plan_in_state(guild, State::Parked.word()).await?;
                let Some(parked) = parked else { return Ok(Vec::new()) };
                held_before(&mut tx, (guild, parked.id), id, self.clock.now()).await?.users()
            }
            Question::Released(_) => holders(&mut tx, guild, &question).await?,
        };
        drop(tx);
        self.with_names(who).await
    }

    async fn with_names(&self, users: BTreeSet<UserId>) -> Result<Vec<SomebodyNamed>, Error> {
        let mut names = self.names_of(users.iter().copied()).await?;
        Ok(users.into_iter().map(|user| SomebodyNamed { name: names.remove(&user), user }).collect())
    }

    /// It is taken from them. `typed` is how many that are, as a person read it. Says from whom.
    pub async fn remove_role(
        &self,
        guild: GuildId,
        role: &str,
        typed: Option<usize>,
        by: &Actor,
    ) -> Result<Vec<SomebodyNamed>, Error> {
        let (question, name) = self.question(guild, role).await?;
        let who = match question {
            Question::HeldBefore(id) => self.remove_held_before(guild, (id, &name), typed, by).await?,
            Question::Released(id) => self.remove_released(guild, (id, &name), typed, by).await?,
        };
        self.with_names(who).await
    }

    async fn remove_held_before(
        &self,
        guild: GuildId,
        (id, name): (RoleId, &str),
        typed: Option<usize>,
        by: &Actor,
    ) -> Result<BTreeSet<UserId>, Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        tx.take_plans_turn().await?;
        let Some(parked) = tx.plan_in_state(guild, State::Parked.word()).await? else {
            return Err(Error::refused("Nothing waits any more. /plan shows what would change now."));
        };
        self.refuse_shrunk(&mut tx, guild, (id, name), &reasons_of(&parked)).await?;
        tx.prune_overrides(now).await?;
        let contents = held_before(&mut tx, (guild, parked.id), id, now).await?;
        confirm_members(contents.len(), typed)?;
        tx.end_overrides_from(guild, id, overrides::word(Origin::Before)).await?;
        let mut made = self.new_plan(guild, DECISION, State::Shown, &contents);
        made.actor = by.to_string();
        let plan = tx.put_plan(&made).await?;
        let decided = Some((made.actor.as_str(), now));
        tx.move_plan(plan, State::Shown.word(), State::Released.word(), decided).await?;
        let details = json!({ "role": id, "role_name": name, "plan": plan, "members": contents.len() });
        Entry::decided(guild, "remove_role", by, details).write(&mut tx, now).await?;
        have_written(&mut tx, guild, &contents, now).await?;
        tx.commit().await?;
        begins(guild, plan, DECISION, &contents);
        self.wake.notify_one();
        Ok(contents.users())
    }

    /// Refuses to take a role because of a source that shrank: that its size is right is for a person to say first.
    async fn refuse_shrunk(
        &self,
        tx: &mut store::Tx,
        guild: GuildId,
        (id, name): (RoleId, &str),
        reasons: &[Reason],
    ) -> Result<(), Error> {
        let seat = self.guild(guild)?;
        let bound = tx.role_bindings(guild).await?;
        let rules =
            seat.rules.roles.iter().filter(|rule| rule.role == name || bound.get(&rule.role) == Some(&id));
        let asked: BTreeSet<usize> =
            rules.flat_map(|rule| rule.when.facts()).map(|fact| fact.source).collect();
        for reason in reasons {
            let Reason::SourceShrank { source, was, now } = reason else { continue };
            if self.source(source).is_ok_and(|seat| asked.contains(&seat.index)) {
                return Err(Error::refused(format!(
                    "The rule for “{name}” follows {source}, which had {was} people and has {now} now. Until somebody \
                     says with /apply that this is right, nobody loses the role because of it."
                )));
            }
        }
        Ok(())
    }

    async fn remove_released(
        &self,
        guild: GuildId,
        (id, name): (RoleId, &str),
        typed: Option<usize>,
        by: &Actor,
    ) -> Result<BTreeSet<UserId>, Error> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let given: Vec<_> =
            tx.given_roles_in(guild).await?.into_iter().filter(|given| given.role == id).collect();
        confirm_members(given.len(), typed)?;
        for given in &given {
            let departure = Departure { user: given.user, roles: vec![id], nickname: None, released: true };
            departure::note(&mut tx, guild, departure, now).await?;
            jobs::order(&mut tx, settle_member::order(guild, given.user, Importance::Take, now)).await?;
        }
        self.forget_released(&mut tx, guild, id).await?;
        let details = json!({ "role": id, "role_name": name, "members": given.len() });
        Entry::decided(guild, "remove_role", by, details).write(&mut tx, now).await?;
        tx.commit().await?;
        self.wake.notify_one();
        Ok(given.into_iter().map(|given| given.user).collect())
    }

    async fn forget_released(&self, tx: &mut store::Tx, guild: GuildId, id: RoleId) -> Result<(), Error> {
        let seat = self.guild(guild)?;
        for (name, bound) in tx.role_bindings(guild).await? {
            if bound == id && !seat.rules.roles.iter().any(|rule| rule.role == name) {
                tx.forget_role_binding(guild, &name).await?;
            }
        }
        Ok(())
    }

    /// What is to be decided about a role, by its name or number; and its name.
    async fn question(&self, guild: GuildId, role: &str) -> Result<(Question, String), Error> {
        let seat = self.guild(guild)?;
        let mut tx = self.store.read().await?;
        let parked = tx.plan_in_state(guild, State::Parked.word()).await?;
        let reasons = parked.as_ref().map(reasons_of).unwrap_or_default();
        let held = reasons.into_iter().find_map(|reason| match reason {
            Reason::HeldBefore { role: name, id, .. } if name == role || id.to_string() == role => {
                Some((Question::HeldBefore(id), name))
            }
            _ => None,
        });
        if let Some(held) = held {
            return Ok(held);
        }
        let bound = tx.role_bindings(guild).await?;
        let ruled = |name: &String| seat.rules.roles.iter().any(|rule| rule.role == *name);
        // A rule may go on for the role under another name.
        let goes_on: BTreeSet<RoleId> =
            bound.iter().filter(|(name, _)| ruled(name)).map(|(_, id)| *id).collect();
        let named = |name: &str, id: RoleId| name == role || id.to_string() == role;
        let released =
            bound.into_iter().find(|(name, id)| !ruled(name) && !goes_on.contains(id) && named(name, *id));
        match released {
            Some((name, id)) => Ok((Question::Released(id), name)),
            None => Err(Error::refused(format!(
                "There is nothing to decide about the role “{role}”. /plan shows what waits."
            ))),
        }
    }
}

/// Who holds a role that is asked about: before its rule came, or from the hall by one that was deleted.
async fn holders(
    tx: &mut store::Tx,
    guild: GuildId,
    question: &Question,
) -> Result<BTreeSet<UserId>, store::Error> {
    match *question {
        Question::HeldBefore(id) => {
            let before = overrides::word(Origin::Before);
            let known = tx.overrides_in(guild).await?.into_iter().filter(|known| known.role == id);
            let held =
                known.filter(|known| known.origin == before || known.beneath.as_deref() == Some(before));
            Ok(held.map(|known| known.user).collect())
        }
        Question::Released(id) => {
            let given = tx.given_roles_in(guild).await?.into_iter().filter(|given| given.role == id);
            Ok(given.map(|given| given.user).collect())
        }
    }
}

/// What a plan takes of a role from those who held it before its rule came. Others lose it for another reason: about
/// them nothing was asked.
async fn held_before(
    tx: &mut store::Tx,
    (guild, plan): (GuildId, PlanId),
    id: RoleId,
    now: Timestamp,
) -> Result<Contents, Error> {
    let known = tx.overrides_in(guild).await?.into_iter().filter(|known| known.role == id);
    let standing = known.filter_map(|known| overrides::standing_at(known, now));
    let before = standing.filter(|known| overrides::origin(known) == Some(Origin::Before));
    let from: BTreeSet<UserId> = before.map(|known| known.user).collect();
    let text = tx.plan_contents(plan).await?.unwrap_or_default();
    Ok(Contents::read(&text)?.taking(id, &from))
}

/// Refuses a yes to another number than was read.
fn confirm_members(members: usize, typed: Option<usize>) -> Result<(), Error> {
    // Where nobody would lose it there is nothing to say yes to.
    if typed == Some(members) || (members == 0 && typed.is_none()) {
        return Ok(());
    }
    let who = if members == 1 { "1 member would".to_owned() } else { format!("{members} members would") };
    Err(Error::refused(format!("{who} lose this role. {TYPE_THE_NUMBER} {members}.")))
}
