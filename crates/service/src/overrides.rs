//! Overrides between the store and plans, and what people do with them.

use std::collections::{BTreeMap, BTreeSet};

use domain::exception::{NameOverride, Origin, Overrides, RoleOverride};
use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::{self, Importance};
use domain::roster::Roster;
use domain::time::Timestamp;
use store::Tx;
use store::overrides::StoredOverride;

use crate::actor::Actor;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, reconcile_guild, settle_member};
use crate::ports::HandAct;

/// What stands for a nickname where a role would stand.
pub(crate) const NICKNAME: RoleId = RoleId(0);

/// The overrides of a guild, of everybody or of one member.
pub(crate) async fn standing(
    tx: &mut Tx,
    guild: GuildId,
    only: Option<UserId>,
) -> Result<Overrides, store::Error> {
    let stored = match only {
        Some(user) => tx.overrides_of(guild, user).await?,
        None => tx.overrides_in(guild).await?,
    };
    let (mut roles, mut names) = (Vec::new(), Vec::new());
    for known in stored {
        let StoredOverride { user, role, has, until, .. } = known;
        match origin(&known) {
            Some(_) if role == NICKNAME => names.push(NameOverride { user, name: known.name, until }),
            Some(origin) => roles.push(RoleOverride { user, role, has, origin, until }),
            None => {}
        }
    }
    Ok(Overrides::of(roles, names))
}

/// The roles somebody has that are not the hall's to take back: they held them before the rule came, or were given
/// them by hand. Who held one before a rule that had gone and came back may have it from the hall all the same.
pub(crate) async fn held(
    tx: &mut Tx,
    guild: GuildId,
    user: UserId,
) -> Result<BTreeSet<RoleId>, store::Error> {
    let known = tx.overrides_of(guild, user).await?;
    let given = tx.given_roles_of(user).await?;
    let gave = |role: RoleId| given.iter().any(|given| given.guild == guild && given.role == role);
    let theirs = |known: &StoredOverride| match origin(known) {
        Some(Origin::Before) => known.has && !gave(known.role),
        Some(Origin::Undo) => false,
        _ => known.has,
    };
    Ok(known.into_iter().filter(theirs).map(|known| known.role).collect())
}

/// What the store calls an origin.
pub(crate) fn word(origin: Origin) -> &'static str {
    match origin {
        Origin::Before => "before",
        Origin::Kept => "kept",
        Origin::Hand(_) => "hand",
        Origin::Undo => "undo",
    }
}

fn origin(known: &StoredOverride) -> Option<Origin> {
    match known.origin.as_str() {
        "before" => Some(Origin::Before),
        "kept" => Some(Origin::Kept),
        "hand" => known.by.map(Origin::Hand),
        "undo" => Some(Origin::Undo),
        _ => None,
    }
}

/// Notes who holds a role whose rule is new, and was not given it by the hall: what becomes of them is for the owner
/// to say. Where not everybody is known, those who are not are noted once they are seen ([`note_newly_seen`]).
///
/// `goes_on` says that another name meant the role until now: then whoever the hall gave it has it by a rule. Of a
/// rule that had gone and came back it does not: those whom the hall gave the role are asked about too.
pub(crate) async fn note_holders(
    tx: &mut Tx,
    guild: GuildId,
    roster: &Roster,
    (role, goes_on): (RoleId, bool),
    now: Timestamp,
) -> Result<(), store::Error> {
    let given = tx.given_roles_in(guild).await?;
    let given: BTreeSet<UserId> =
        given.into_iter().filter(|given| goes_on && given.role == role).map(|given| given.user).collect();
    let known = tx.overrides_in(guild).await?;
    let known: BTreeSet<UserId> =
        known.into_iter().filter(|known| known.role == role).map(|known| known.user).collect();
    let holders: Vec<StoredOverride> = roster
        .iter()
        .filter(|seen| seen.has(role) && !seen.bot)
        .filter(|seen| !given.contains(&seen.user) && !known.contains(&seen.user))
        .map(|seen| stored(guild, (seen.user, role), true, Origin::Before, now, None))
        .collect();
    tx.put_overrides(guild, &holders).await
}

/// Notes which roles with a rule somebody linked holds whom the hall could not see before, where it sees only who is
/// linked: nobody can say that they did not hold them before the rule came. Each member and role is looked at once;
/// what comes later is judged by the rule.
pub(crate) async fn note_newly_seen(
    hall: &Hall,
    guild: GuildId,
    user: UserId,
    roles: &[RoleId],
) -> Result<(), Error> {
    let now = hall.clock.now();
    let bound: BTreeSet<RoleId> =
        hall.store.read().await?.role_bindings(guild).await?.into_values().collect();
    let mut held = Vec::new();
    for role in roles.iter().filter(|role| bound.contains(role)) {
        if !hall.store.read().await?.was_told(guild, user, &seen_with(*role)).await? {
            held.push(*role);
        }
    }
    if held.is_empty() {
        return Ok(());
    }
    let mut tx = hall.store.write().await?;
    // Who unlinks meanwhile is nobody's business any more.
    if tx.member_by_subject(hall.discord_place, &user.into()).await?.is_none() {
        return Ok(());
    }
    let given = tx.given_roles_of(user).await?;
    let given = |role: &RoleId| given.iter().any(|known| known.guild == guild && known.role == *role);
    let known = tx.overrides_of(guild, user).await?;
    let known = |role: &RoleId| known.iter().any(|known| known.role == *role);
    for role in &held {
        tx.tell_once(guild, user, &seen_with(*role), now).await?;
    }
    let before = held.iter().filter(|role| !given(role) && !known(role));
    let before: Vec<StoredOverride> =
        before.map(|role| stored(guild, (user, *role), true, Origin::Before, now, None)).collect();
    tx.put_overrides(guild, &before).await?;
    if !before.is_empty() {
        jobs::order(&mut tx, reconcile_guild::order(guild, now)).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}

/// What is remembered of a role with which somebody was seen, among what they were told; it goes when they unlink.
fn seen_with(role: RoleId) -> String {
    format!("seen with {role}")
}

/// Rules came back for roles that were released. They are found anew, and with them who holds them.
pub(crate) async fn rules_return(tx: &mut Tx, guild: GuildId, roles: &[String]) -> Result<(), store::Error> {
    for role in roles {
        tx.forget_role_binding(guild, role).await?;
    }
    Ok(())
}

/// An override of a role as the store takes it.
pub(crate) fn stored(
    guild: GuildId,
    (user, role): (UserId, RoleId),
    has: bool,
    origin: Origin,
    made_at: Timestamp,
    until: Option<Timestamp>,
) -> StoredOverride {
    let by = match origin {
        Origin::Hand(who) => Some(who),
        Origin::Before | Origin::Kept | Origin::Undo => None,
    };
    let origin = word(origin).to_owned();
    StoredOverride { guild, user, role, has, name: None, origin, by, made_at, until }
}

/// An override, for people to read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShownOverride {
    /// For whom.
    pub user: UserId,
    /// What the forum calls them, where they are linked. Untrusted.
    #[serde(default)]
    pub name: Option<String>,
    /// Which role; `None` for the nickname.
    pub role: Option<RoleId>,
    /// What the role is called; its number where the guild has it no more.
    pub role_name: Option<String>,
    /// Whether they have it.
    pub has: bool,
    /// Where it comes from: `before`, `kept`, `hand`, `undo`.
    pub origin: String,
    /// Who made it, where that was somebody in Discord.
    pub by: Option<UserId>,
    /// What the forum calls whoever made it. Untrusted.
    #[serde(default)]
    pub by_name: Option<String>,
    /// Since when.
    pub made_at: Timestamp,
    /// Until when; `None` until somebody ends it.
    pub until: Option<Timestamp>,
}

impl Hall {
    /// The overrides that stand in a guild, by member and role.
    pub async fn overrides(&self, guild: GuildId) -> Result<Vec<ShownOverride>, Error> {
        self.guild(guild)?;
        let picture = self.discord.picture(guild);
        let role_name = |role: RoleId| {
            let roles = picture.as_ref().map(|picture| picture.roles.as_slice()).unwrap_or_default();
            let known = roles.iter().find(|known| known.id == role);
            known.map_or_else(|| role.to_string(), |known| known.name.clone())
        };
        let now = self.clock.now();
        let stored = self.store.read().await?.overrides_in(guild).await?;
        let stored: Vec<StoredOverride> =
            stored.into_iter().filter(|known| known.until.is_none_or(|until| now < until)).collect();
        let people: Vec<UserId> =
            stored.iter().flat_map(|known| [Some(known.user), known.by]).flatten().collect();
        let names = self.names_of(people).await?;
        let shown = stored.into_iter().map(|known| {
            let role = (known.role != NICKNAME).then_some(known.role);
            ShownOverride {
                user: known.user,
                name: names.get(&known.user).cloned(),
                role,
                role_name: role.map(role_name),
                has: known.has,
                origin: known.origin,
                by: known.by,
                by_name: known.by.and_then(|by| names.get(&by).cloned()),
                made_at: known.made_at,
                until: known.until,
            }
        });
        Ok(shown.collect())
    }

    /// Ends an override: the rules say again what the member has. Refuses one that is not there. Without a role it
    /// is that of the nickname.
    pub async fn end_override(
        &self,
        guild: GuildId,
        user: UserId,
        role: Option<RoleId>,
        by: &Actor,
    ) -> Result<(), Error> {
        self.guild(guild)?;
        let (role, now) = (role.unwrap_or(NICKNAME), self.clock.now());
        let mut tx = self.store.write().await?;
        if !tx.end_override(guild, user, role).await? {
            return Err(Error::refused(
                "There is no such override any more. /overrides shows those that stand.",
            ));
        }
        Entry::decided_for(guild, "end_override", (user, role), by).write(&mut tx, now).await?;
        jobs::order(&mut tx, settle_member::order(guild, user, Importance::Urgent, now)).await?;
        tx.commit().await?;
        self.wake.notify_one();
        Ok(())
    }
}

/// What the rules say of roles that were given or taken by hand: of each member and role, whether they have it;
/// nothing where that is unknown, or where no rule names the role.
pub(crate) type Judged = BTreeMap<(UserId, RoleId), Option<bool>>;

/// Judges what was done by hand.
pub(crate) async fn judged(hall: &Hall, guild: GuildId, acts: &[HandAct]) -> Result<Judged, Error> {
    let mut judged = Judged::new();
    let users: BTreeSet<UserId> = acts.iter().map(|act| act.user).collect();
    for user in users {
        let ground = hall.ground(guild, Some(user)).await?;
        let members = hall.members_to_plan(guild, Some(user)).await?;
        let situation = ground.situation(hall, members, Vec::new());
        for (role, says) in plan::wanted(&situation, user) {
            judged.insert((user, role), says);
        }
    }
    Ok(judged)
}

/// What moderators did by hand stands against the rules for a while. What the rules say as well needs no exception,
/// and ends one that stood; roles that no rule names are nobody's business here.
pub(crate) async fn note_hands(
    tx: &mut Tx,
    hall: &Hall,
    guild: GuildId,
    acts: &[HandAct],
    judged: &Judged,
) -> Result<(), Error> {
    let lasts = hall.guild(guild)?.care.overrides_last;
    let now = hall.clock.now();
    let mut latest: BTreeMap<(UserId, RoleId), (bool, &HandAct)> = BTreeMap::new();
    for act in acts {
        let given = act.given.iter().map(|role| (*role, true));
        for (role, has) in given.chain(act.taken.iter().map(|role| (*role, false))) {
            latest.insert((act.user, role), (has, act));
        }
    }
    let mut made = Vec::new();
    for ((user, role), (has, act)) in latest {
        let Some(says) = judged.get(&(user, role)) else { continue };
        if *says == Some(has) {
            tx.end_override(guild, user, role).await?;
            continue;
        }
        made.push(stored(guild, (user, role), has, Origin::Hand(act.who), now, Some(now.after(lasts))));
        let by = Actor::User(act.who);
        let what = if has { "override_give" } else { "override_take" };
        Entry::decided_for(guild, what, (user, role), &by).write(tx, now).await?;
        jobs::order(tx, settle_member::order(guild, user, Importance::Give, now)).await?;
    }
    Ok(tx.put_overrides(guild, &made).await?)
}
