//! What members are told about themselves, by direct message and never in public.

use std::time::Duration;

use domain::ids::{GuildId, RoleId, UserId};
use domain::plan::{Act, Because, Change, Verdict, VerdictKind};
use domain::rules::Explanation;
use domain::situation::LinkedMember;
use store::Tx;

use crate::error::Error;
use crate::explain::Why;
use crate::hall::Hall;
use crate::jobs::{self, tell_member};

/// What people are told of when their nickname cannot follow.
const NICKNAME: &str = "nickname";
/// What people are told of after linking.
const LINKED: &str = "linked";
/// How long after linking somebody is told what it brought.
const LINKED_JUST_NOW: Duration = Duration::from_secs(900);
/// How many roles one message names.
const ROLES_SAID_MAX: usize = 15;

/// Tells somebody why their nickname does not follow, the first time that it does not.
pub(crate) async fn nickname_cannot_follow(
    hall: &Hall,
    guild: GuildId,
    user: UserId,
    is_owner: bool,
) -> Result<(), Error> {
    let why = match is_owner {
        true => "Discord lets nobody rename the owner of a server",
        false => "Discord lets the hall rename only members below its own role",
    };
    let text =
        format!("In {} your roles follow the forum, but your nickname stays as it is: {why}.", hall.name);
    tell_once(hall, guild, user, NICKNAME, text).await
}

/// Tells somebody who linked just now which roles came and why, and what could not follow and why.
pub(crate) async fn what_linking_brought(
    hall: &Hall,
    guild: GuildId,
    member: &LinkedMember,
) -> Result<(), Error> {
    if !hall.guild(guild)?.care.tell_linked {
        return Ok(());
    }
    let user = member.user;
    let is_read = member.facts.oldest_reading().is_some();
    if !is_read || hall.clock.now().since(member.linked_at) > LINKED_JUST_NOW {
        return Ok(());
    }
    if hall.store.read().await?.was_told(guild, user, LINKED).await? {
        return Ok(());
    }
    let why = hall.explain(guild, user).await?;
    match brought(hall, guild, &why) {
        Some(text) => tell_once(hall, guild, user, LINKED, text).await,
        None => Ok(()),
    }
}

/// `None` where the rules say nothing about them: they are not in the guild.
fn brought(hall: &Hall, guild: GuildId, why: &Why) -> Option<String> {
    if why.verdicts.is_empty() {
        return None;
    }
    let name = hall.discord.picture(guild)?.name.clone();
    let mut lines: Vec<String> =
        why.verdicts.iter().filter_map(|verdict| line(why, verdict)).take(ROLES_SAID_MAX).collect();
    if lines.is_empty() {
        lines.push("At the moment no role follows from that.".to_owned());
    }
    lines.insert(0, format!("You are linked in {name}."));
    lines.push(format!("In {name}, /why says this again any time, and /unlink takes it back."));
    Some(lines.join("\n"))
}

fn line(why: &Why, verdict: &Verdict) -> Option<String> {
    let (role, because) = (&verdict.role, verdict.explanation.second_person());
    match (verdict.kind, verdict.has) {
        (VerdictKind::InStep | VerdictKind::Kept, true) => {
            Some(format!("• You have {role}, because {because}."))
        }
        (VerdictKind::Give, _) => Some(match why.waits.get(role) {
            Some(waiting) => format!("• {role} {waiting}; {because}."),
            None => format!(
                "• {role} could not be given just now, although {because}. The hall tries again by itself."
            ),
        }),
        (VerdictKind::Unknown, _) => Some(format!("• {role} stays as it is; {because}.")),
        (VerdictKind::CannotWrite, false) => {
            Some(format!("• {role} cannot follow at the moment, although {because}."))
        }
        _ => None,
    }
}

/// Tells somebody what was taken from them, where the owner wants that.
pub(crate) async fn role_taken(
    tx: &mut Tx,
    hall: &Hall,
    guild: GuildId,
    change: &Change,
) -> Result<(), Error> {
    let (Act::Take(role), Because::Rule { explanation, .. }) = (&change.act, &change.because) else {
        return Ok(());
    };
    tell_taken(tx, hall, (guild, change.user), (role.id(), role.name()), explanation).await
}

/// Tells somebody that a rule took a role from them, and why, where the owner wants that.
pub(crate) async fn tell_taken(
    tx: &mut Tx,
    hall: &Hall,
    (guild, user): (GuildId, UserId),
    (role, name): (RoleId, &str),
    explanation: &Explanation,
) -> Result<(), Error> {
    if !hall.guild(guild)?.care.tell_removals {
        return Ok(());
    }
    let server = hall.discord.picture(guild).map_or_else(String::new, |picture| picture.name.clone());
    let text = format!(
        "In {server} you do not have the role {} any more, because {}. There, /why says more.",
        name,
        explanation.second_person()
    );
    let about = format!("taken {role}");
    jobs::order(tx, tell_member::order(guild, user, &about, text, hall.clock.now())).await?;
    Ok(())
}

async fn tell_once(
    hall: &Hall,
    guild: GuildId,
    user: UserId,
    about: &str,
    text: String,
) -> Result<(), Error> {
    if hall.store.read().await?.was_told(guild, user, about).await? {
        return Ok(());
    }
    let now = hall.clock.now();
    let mut tx = hall.store.write().await?;
    if tx.tell_once(guild, user, about, now).await? {
        jobs::order(&mut tx, tell_member::order(guild, user, about, text, now)).await?;
    }
    tx.commit().await?;
    hall.wake.notify_one();
    Ok(())
}
