//! What the staff of a guild is told, and where: in their channel, else the owner by direct message.

use domain::ids::{GuildId, PlanId, RoleId, UserId};
use domain::plan::Reason;

use crate::error::Error;
use crate::hall::Hall;
use crate::plans::{Contents, Deed, LastTold, State, reasons_of};
use crate::ports::{GuildError, Notice, Offer, Offered, Told};

/// Tells of the plan that waits, unless none does any more.
pub(crate) async fn plan_waits(hall: &Hall, guild: GuildId) -> Result<(), Error> {
    let mut tx = hall.store.read().await?;
    let Some(row) = tx.plan_in_state(guild, State::Parked.word()).await? else { return Ok(()) };
    let plan = row.id;
    let contents = Contents::read(&tx.plan_contents(plan).await?.unwrap_or_default())?;
    drop(tx);
    let reasons = reasons_of(&row);
    tracing::warn!(%guild, %plan, changes = contents.len(), "a plan waits for a person");
    let text = waiting(hall, guild, plan, contents.len(), &reasons);
    let offers = offers(hall, plan, &contents, &reasons).await?;
    tell_staff(hall, guild, &Notice { text, offers }).await?;
    let mut tx = hall.store.write().await?;
    LastTold::note(hall, &mut tx, guild, &reasons, contents.deeds()).await?;
    Ok(tx.commit().await?)
}

/// Tells whoever is in charge of a guild; where nobody can be told, the log has it, and `doctor` shows what waits.
pub(crate) async fn tell_staff(hall: &Hall, guild: GuildId, notice: &Notice) -> Result<(), Error> {
    let Ok(seat) = hall.guild(guild) else { return Ok(()) };
    if let Some(channel) = seat.care.staff_channel {
        match delivered(hall.discord.post(guild, channel, notice).await)? {
            true => return Ok(()),
            false => {
                tracing::warn!(%guild, %channel, "could not write to the staff's channel; writing to the owner");
            }
        }
    }
    let Some(picture) = hall.discord.picture(guild) else {
        tracing::warn!(%guild, notice = %one_line(notice), "nobody could be told: the server cannot be seen");
        return Ok(());
    };
    if !delivered(hall.discord.tell(picture.owner, notice).await)? {
        tracing::warn!(%guild, notice = %one_line(notice), "nobody could be told: the owner takes no direct messages; set staff_channel under [[guild]]");
    }
    Ok(())
}

/// The words as one line of a log: whoever reads the log is told what, why, and which command.
fn one_line(notice: &Notice) -> String {
    notice.text.replace('\n', " ")
}

/// Whether it arrived. That it cannot is no error: somebody else is told.
fn delivered(told: Result<Told, GuildError>) -> Result<bool, Error> {
    match told {
        Ok(Told::Delivered) => Ok(true),
        Ok(Told::Closed)
        | Err(GuildError::Forbidden { .. } | GuildError::Refused { .. } | GuildError::Gone { .. }) => {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// The message about a plan that waits.
fn waiting(hall: &Hall, guild: GuildId, plan: PlanId, changes: usize, reasons: &[Reason]) -> String {
    let picture = hall.discord.picture(guild);
    let name = picture.map_or_else(|| guild.to_string(), |picture| picture.name.clone());
    let mut lines = vec![match changes {
        0 => format!("{name}: plan {plan} waits for your word."),
        1 => format!("{name}: plan {plan} waits for your word. It has 1 change."),
        changes => format!("{name}: plan {plan} waits for your word. It has {changes} changes."),
    }];
    // As many of them as a message holds are shown, and the others counted.
    lines.extend(reasons.iter().map(|reason| format!("• {}", reason.says())));
    lines.push(format!(
        "Nothing of it happens by itself. In the server, /plan shows who and why. To agree, type /apply plan:{plan} \
         count:{changes} there.{}{}",
        held_before(reasons),
        unconfirmed_too(reasons)
    ));
    lines.join("\n")
}

fn held_before(reasons: &[Reason]) -> String {
    let held = reasons.iter().filter_map(|reason| match reason {
        Reason::HeldBefore { role, .. } => Some(role),
        _ => None,
    });
    match held.collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [role] => format!(" Those who held “{role}” before its rule came may keep it: /keep with that role."),
        _ => {
            " Those who held a role before its rule came may keep it: /keep with that role, for each role by \
              itself."
                .to_owned()
        }
    }
}

fn unconfirmed_too(reasons: &[Reason]) -> &'static str {
    match unconfirmed(reasons).is_empty() {
        true => "",
        false => " Below /plan, a button gives a role with power to one member alone.",
    }
}

/// The roles that need an admin's word for each person.
fn unconfirmed(reasons: &[Reason]) -> Vec<(&str, RoleId)> {
    let unconfirmed = reasons.iter().filter_map(|reason| match reason {
        Reason::Unconfirmed { role, id, .. } => Some((role.as_str(), *id)),
        _ => None,
    });
    unconfirmed.collect()
}

/// A button that shows the plan, and one for each of the first who would be given power.
async fn offers(
    hall: &Hall,
    plan: PlanId,
    contents: &Contents,
    reasons: &[Reason],
) -> Result<Vec<Offer>, Error> {
    let mut offers = vec![Offer { label: "Show the plan".to_owned(), does: Offered::Show { plan: plan.0 } }];
    let unconfirmed = unconfirmed(reasons);
    if unconfirmed.is_empty() {
        return Ok(offers);
    }
    let mut deeds: Vec<(UserId, Deed)> = contents.deeds().into_iter().collect();
    deeds.sort_unstable();
    let names = hall.names_of(deeds.iter().map(|(user, _)| *user)).await?;
    for (user, deed) in deeds {
        let Some((name, role)) = unconfirmed.iter().find(|(_, id)| deed == Deed::Empower(*id)) else {
            continue;
        };
        let who = names.get(&user).cloned().unwrap_or_else(|| user.to_string());
        offers.push(Offer {
            label: format!("Give {name} to {who}"),
            does: Offered::Confirm { user, role: *role },
        });
    }
    offers.truncate(Notice::OFFERS_MAX);
    Ok(offers)
}
