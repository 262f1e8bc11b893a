//! What moderators did by hand becomes overrides, as far as the rules or the owner say something else.

use std::collections::{BTreeMap, BTreeSet};

use domain::exception::Origin;
use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::{self, Importance};
use domain::time::Timestamp;
use store::Tx;
use store::overrides::StoredOverride;

use crate::actor::Actor;
use crate::audit::Entry;
use crate::error::Error;
use crate::hall::Hall;
use crate::jobs::{self, settle_member};
use crate::overrides::{origin, standing_at, stored, word};
use crate::plans::has_power;
use crate::ports::HandAct;

/// What the rules say of roles that were given or taken by hand: of each member and role, whether they have it;
/// nothing where that is unknown, or where no rule names the role.
pub(super) type Judged = BTreeMap<(UserId, RoleId), Option<bool>>;

/// Judges what was done by hand.
pub(super) async fn judged(hall: &Hall, guild: GuildId, acts: &[HandAct]) -> Result<Judged, Error> {
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

/// What is left of acts once each role counts from its own rule on: what was done before that is not against the
/// rule, and who held a role then is noted by the role itself.
pub(super) async fn since_their_rules(
    tx: &mut Tx,
    guild: GuildId,
    acts: Vec<HandAct>,
) -> Result<Vec<HandAct>, store::Error> {
    let bound = tx.bound_since(guild).await?;
    let since = |mut act: HandAct| {
        let counts = |role: &RoleId| bound.get(role).is_some_and(|since| act.at >= *since);
        act.given.retain(counts);
        act.taken.retain(counts);
        (!act.given.is_empty() || !act.taken.is_empty()).then_some(act)
    };
    Ok(acts.into_iter().filter_map(since).collect())
}

/// What becomes of what stood until a hand decided.
enum Becomes {
    /// It stays as it is: it says the same.
    Stays,
    /// It ends: the rules, or what lies beneath it, say the same.
    Ends,
    /// The hand's own stands in its place, over what the owner decided, or has still to.
    ByHand { over: Option<String> },
}

/// What moderators did by hand stands against the rules for a while. What the rules say as well needs no exception,
/// and ends one that a hand had made; roles that no rule names are nobody's business here. Who is taken a role with
/// power by hand gets it again only once somebody who could give it by hand says so, by ending what stands here: it
/// does not end by itself, and it stands also where the rules say the same at the moment.
pub(super) async fn note(
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
        for role in &act.taken {
            tx.forget_confirmed(guild, act.user, *role).await?;
        }
        let given = act.given.iter().map(|role| (*role, true));
        for (role, has) in given.chain(act.taken.iter().map(|role| (*role, false))) {
            latest.insert((act.user, role), (has, act));
        }
    }
    let picture = hall.discord.picture(guild);
    let powers: BTreeSet<RoleId> = picture
        .iter()
        .flat_map(|picture| picture.roles.iter().filter(|role| has_power(role)).map(|role| role.id))
        .collect();
    let mut made = Vec::new();
    for ((user, role), (has, act)) in latest {
        let Some(says) = judged.get(&(user, role)) else { continue };
        let standing = stands(tx, guild, (user, role), now).await?;
        let takes_power = !has && powers.contains(&role);
        let says = says.filter(|_| !takes_power);
        let over = match becomes(standing.as_ref(), has, says) {
            // What ends by itself is not enough here.
            Becomes::Stays if takes_power => standing.and_then(|known| known.beneath),
            Becomes::Stays => continue,
            Becomes::Ends => {
                tx.end_override(guild, user, role).await?;
                continue;
            }
            Becomes::ByHand { over } => over,
        };
        let until = (!takes_power).then(|| now.after(lasts));
        let known = stored(guild, (user, role), has, Origin::Hand(act.who), now, until);
        made.push(StoredOverride { beneath: over, ..known });
        let by = Actor::User(act.who);
        let what = if has { "override_give" } else { "override_take" };
        Entry::decided_for(guild, what, (user, role), &by).write(tx, now).await?;
        jobs::order(tx, settle_member::order(guild, user, Importance::Give, now)).await?;
    }
    Ok(tx.put_overrides(guild, &made).await?)
}

fn becomes(standing: Option<&StoredOverride>, has: bool, says: Option<bool>) -> Becomes {
    let from = standing.and_then(origin);
    let same = standing.is_some_and(|known| known.has == has);
    if same && matches!(from, Some(Origin::Before | Origin::Kept | Origin::Undo)) {
        return Becomes::Stays;
    }
    let over = match from {
        Some(Origin::Before) => Some(word(Origin::Before).to_owned()),
        Some(Origin::Kept) => Some(word(Origin::Kept).to_owned()),
        _ => standing.and_then(|known| known.beneath.clone()),
    };
    match over {
        Some(_) if has => Becomes::Ends,
        None if says == Some(has) => Becomes::Ends,
        over => Becomes::ByHand { over },
    }
}

/// What stands for a member and a role now.
async fn stands(
    tx: &mut Tx,
    guild: GuildId,
    (user, role): (UserId, RoleId),
    now: Timestamp,
) -> Result<Option<StoredOverride>, store::Error> {
    let known = tx.overrides_of(guild, user).await?.into_iter().find(|known| known.role == role);
    Ok(known.and_then(|known| standing_at(known, now)))
}
