//! Overrides between the store and plans, and what people do with them.

use std::collections::BTreeSet;

use domain::exception::{NameOverride, Origin, Overrides, RoleOverride};
use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::Importance;
use domain::roster::{Completeness, Roster};
use domain::time::Timestamp;
use store::Tx;
use store::overrides::StoredOverride;

use crate::actor::Actor;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, reconcile_guild, settle_member};
use crate::ports::Standing;

/// What stands for a nickname where a role would stand.
pub(crate) const NICKNAME: RoleId = RoleId(0);

/// About how many people who are not there Discord is asked at once.
const ASKED_AT_ONCE_MAX: usize = 100;

/// The overrides of a guild that stand at a moment, of everybody or of one member.
pub(crate) async fn standing(
    tx: &mut Tx,
    guild: GuildId,
    only: Option<UserId>,
    now: Timestamp,
) -> Result<Overrides, store::Error> {
    let stored = match only {
        Some(user) => tx.overrides_of(guild, user).await?,
        None => tx.overrides_in(guild).await?,
    };
    let (mut roles, mut names) = (Vec::new(), Vec::new());
    for known in stored.into_iter().filter_map(|known| standing_at(known, now)) {
        let StoredOverride { user, role, has, until, .. } = known;
        match origin(&known) {
            Some(_) if role == NICKNAME => names.push(NameOverride { user, name: known.name, until }),
            Some(origin) => roles.push(RoleOverride { user, role, has, origin, until }),
            None => {}
        }
    }
    Ok(Overrides::of(roles, names))
}

/// What stands of an override at a moment: itself, or what lies beneath it once it ended.
pub(crate) fn standing_at(known: StoredOverride, now: Timestamp) -> Option<StoredOverride> {
    if known.until.is_none_or(|until| now < until) {
        return Some(known);
    }
    let origin = known.beneath?;
    Some(StoredOverride { has: true, name: None, origin, by: None, until: None, beneath: None, ..known })
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
        // What was given back to them had been theirs where that lies beneath.
        Some(Origin::Undo) => known.has && known.beneath.is_some(),
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

/// Where an override comes from; `None` for what this version does not know.
pub(crate) fn origin(known: &StoredOverride) -> Option<Origin> {
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
    let mut known = hall.store.read().await?;
    let bound: BTreeSet<RoleId> = known.role_bindings(guild).await?.into_values().collect();
    let mut held = Vec::new();
    for role in roles.iter().filter(|role| bound.contains(role)) {
        if !known.was_told(guild, user, &seen_with(*role)).await? {
            held.push(*role);
        }
    }
    drop(known);
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

/// What somebody had as a member of a guild is over: Discord says that they are none.
pub(crate) async fn membership_ended(hall: &Hall, guild: GuildId, user: UserId) -> Result<(), Error> {
    if hall.store.read().await?.overrides_of(guild, user).await?.is_empty() {
        return Ok(());
    }
    let mut tx = hall.store.write().await?;
    tx.membership_ended(guild, user).await?;
    Ok(tx.commit().await?)
}

/// What those had as members of a guild who left it while the hall could not see it is over: they are not in the list
/// that was read, and Discord says so of each when it is asked. At most [`ASKED_AT_ONCE_MAX`], the others next time.
pub(crate) async fn forget_who_left(hall: &Hall, guild: GuildId) -> Result<(), Error> {
    let roster = hall.discord.roster(guild);
    if roster.completeness != Completeness::Full {
        return Ok(());
    }
    let known = hall.store.read().await?.overrides_in(guild).await?;
    let theirs = known.iter().filter(|known| known.has || known.beneath.is_some()).map(|known| known.user);
    let missing: BTreeSet<UserId> = theirs.filter(|user| roster.get(*user).is_none()).collect();
    for user in missing.into_iter().take(ASKED_AT_ONCE_MAX) {
        if hall.discord.member(guild, user).await?.is_none() {
            membership_ended(hall, guild, user).await?;
        }
    }
    Ok(())
}

/// What somebody had as a member before they came the last time is over: they left and came back while the hall could
/// not see it. Says whether there was any.
pub(crate) async fn forget_before_coming(hall: &Hall, guild: GuildId, user: UserId) -> Result<bool, Error> {
    let member = hall.discord.member(guild, user).await?;
    let Some(joined_at) = member.and_then(|member| member.joined_at) else { return Ok(false) };
    let mut tx = hall.store.write().await?;
    let known = tx.overrides_of(guild, user).await?;
    let over: Vec<RoleId> = known
        .into_iter()
        .filter(|known| known.has && known.role != NICKNAME && known.made_at < joined_at)
        .map(|known| known.role)
        .collect();
    for role in &over {
        // What lies beneath it they had before as well.
        while tx.end_override(guild, user, *role).await? {}
    }
    tx.commit().await?;
    Ok(!over.is_empty())
}

/// What was decided about roles that a guild has no more is over. Of a guild that cannot be read nothing is known.
pub(crate) async fn forget_roles_gone(tx: &mut Tx, hall: &Hall) -> Result<(), store::Error> {
    for guild in hall.rules.now().guilds() {
        let Some(picture) = hall.discord.picture(guild.id) else { continue };
        let here: Vec<RoleId> = picture.roles.iter().map(|role| role.id).collect();
        tx.forget_roles_but(guild.id, &here).await?;
    }
    Ok(())
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
    StoredOverride { guild, user, role, has, name: None, origin, by, made_at, until, beneath: None }
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
            stored.into_iter().filter_map(|known| standing_at(known, now)).collect();
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

    /// Ends an override: the rules say again what the member has, or what the owner decided where a hand's lay over it.
    /// Refuses one that is not there. Without a role it is that of the nickname.
    pub async fn end_override(
        &self,
        guild: GuildId,
        user: UserId,
        role: Option<RoleId>,
        by: &Actor,
    ) -> Result<(), Error> {
        self.end(guild, (user, role.unwrap_or(NICKNAME)), by, None).await
    }

    /// Ends an override as somebody in Discord, who may decide about it otherwise. Refuses also who could not give by
    /// hand what comes back: a role with power over the community.
    pub async fn end_override_as(
        &self,
        guild: GuildId,
        who: &Standing,
        user: UserId,
        role: RoleId,
    ) -> Result<(), Error> {
        self.end(guild, (user, role), &Actor::User(who.user), Some(who)).await
    }

    async fn end(
        &self,
        guild: GuildId,
        (user, role): (UserId, RoleId),
        by: &Actor,
        who: Option<&Standing>,
    ) -> Result<(), Error> {
        self.guild(guild)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let known = tx.overrides_of(guild, user).await?.into_iter().find(|known| known.role == role);
        if let Some(who) = who
            && known.as_ref().is_some_and(|known| !known.has)
        {
            self.refuse_power(guild, who, (user, role))?;
        }
        if known.is_some_and(|known| known.origin == word(Origin::Undo) && known.beneath.is_some()) {
            // Who ends what took a plan back says what was asked about: the rule is to be followed.
            tx.end_override(guild, user, role).await?;
        }
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
